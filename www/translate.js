/** Puts the article's words in another language where those of the built page stand: into every element that names its text by `data-text`. */
import { find, partsOf, plain } from "./text/fill.js";
import { articleFor } from "./text/words.js";

/** @typedef {import("./text/fill.js").Part} Part */

/** Fetches a language's words. @param {string} language @returns {Promise<() => void>}  says the whole page in it; what it lacks stays as it is */
export async function translatorFor(language) {
  const words = { article: await articleFor(language) };
  return () => say(words);
}

/** @param {{article: Awaited<ReturnType<typeof articleFor>>}} words */
function say(words) {
  for (const element of document.querySelectorAll("[data-text]")) {
    const text = find(words, element.getAttribute("data-text") ?? "");
    if (text === undefined) continue;
    if (element.localName === "meta") element.setAttribute("content", plain(text));
    else if (element.localName === "title") element.textContent = plain(text);
    else element.replaceChildren(...partsOf(text).map(nodeOf));
  }
}

/** @param {Part} part @returns {Node} */
function nodeOf(part) {
  if (typeof part === "string") return document.createTextNode(part);
  const element = document.createElement(part.tag);
  for (const [name, value] of Object.entries(part.attributes)) element.setAttribute(name, value);
  element.append(...part.parts.map(nodeOf));
  return element;
}
