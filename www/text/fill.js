/**
 * Puts words into HTML where `data-text` asks for them. Runs in the build and needs no DOM, so that the page reads before any script does.
 * Words are plain text with a little markup: *emphasis*, `code`, [link](address), {#holding|holding the lock} for a mark in the figures' colours,
 * {=cost} for a number that a run fills in, and {lock-cost/lanes:threads=20|20 threads} for a phrase that sets and runs a figure, or one slice of it.
 */

/** @typedef {{tag: string, attributes: Record<string, string>, parts: Part[]}} Marked */
/** @typedef {string | Marked} Part */

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

const JOINER = "\u2060";
/** A number stays with its unit. */
const UNIT = /(\d) (?=(?:[nµm]?s|%)(?![\p{L}]))/gu;
const MARKUP = /`(?<code>[^`]+)`|\*(?<em>[^*]+)\*|\[(?<a>[^\]]+)\]\((?<href>[\w./#?=&:-]+)\)|\{#(?<mark>\w+)\|(?<name>[^}]+)\}|\{=(?<value>\w+)\}|\{(?<figure>[\w/-]+):(?<set>[\w=&.-]+)\|(?<phrase>[^}]+)\}/g;

/** @param {string} text */
export const escape = (text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

/** A text taken apart at its markup. @param {string} text @returns {Part[]} */
export function partsOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(MARKUP)) {
    if (found.index > from) parts.push(text.slice(from, found.index));
    parts.push(marked(found.groups ?? {}));
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  parts.forEach((part, i) => typeof part === "string" && (parts[i] = part.replace(UNIT, "$1\u00a0")));
  // A line may begin behind a button, but not with a comma.
  return parts.map((part, i) => (i > 0 && typeof part === "string" && /^\p{P}/u.test(part) && /** @type {Marked} */ (parts[i - 1]).tag === "button" ? JOINER + part : part));
}

/** @param {Record<string, string | undefined>} found @returns {Marked} */
function marked({ code, em, a, href = "", mark, name = "", value, figure = "", set = "", phrase = "" }) {
  if (code !== undefined) return { tag: "code", attributes: {}, parts: [code] };
  if (em !== undefined) return { tag: "em", attributes: {}, parts: partsOf(em) };
  if (a !== undefined) return { tag: "a", attributes: { href }, parts: partsOf(a) };
  if (mark !== undefined) return { tag: "span", attributes: { class: "mark", "data-mark": mark, tabindex: "0" }, parts: partsOf(name) };
  if (value !== undefined) return { tag: "b", attributes: { "data-value": value }, parts: [] };
  return { tag: "button", attributes: { type: "button", class: "phrase", "data-figure": figure, "data-set": set }, parts: partsOf(phrase) };
}

/** A text with its markup as HTML; everything else is escaped. @param {string} text */
export const render = (text) => html(partsOf(text));

/** @param {Part[]} parts @returns {string} */
const html = (parts) => parts.map((part) => {
  if (typeof part === "string") return escape(part);
  const attributes = Object.entries(part.attributes).map(([name, value]) => ` ${name}="${escape(value)}"`).join("");
  return `<${part.tag}${attributes}>${html(part.parts)}</${part.tag}>`;
}).join("");

/** A text without its markup. @param {string} text @returns {string} */
export const plain = (text) => bare(partsOf(text));

/** @param {Part[]} parts @returns {string} */
const bare = (parts) => parts.map((part) => (typeof part === "string" ? part : bare(part.parts))).join("");

/**
 * The word that a key such as "article.lede" names; undefined where there is none.
 * @param {object} words @param {string} key @returns {string | undefined}
 */
export function find(words, key) {
  /** @type {unknown} */
  let found = words;
  for (const part of key.split(".")) found = /** @type {Record<string, unknown> | undefined} */ (found)?.[part];
  return typeof found === "string" ? found : undefined;
}

/**
 * The word that a key names.
 * @param {object} words @param {string} key
 * @throws {Error} where there is none, so that a page is never built with a hole in it
 */
export function lookUp(words, key) {
  const found = find(words, key);
  if (found === undefined) throw new Error(`there are no words for "${key}"`);
  return found;
}

/**
 * HTML with the words in it: between the tags of an empty element, or in a `content` attribute. The marks stay, for who changes the language.
 * @param {string} html @param {object} words
 */
export function fillHtml(html, words) {
  return html
    .replace(/<(meta\b[^>]*?) data-text="([\w.]+)" content="">/g, (_, tag, key) => `<${tag} data-text="${key}" content="${escape(plain(lookUp(words, key)))}">`)
    .replace(/<(title)([^>]*?) data-text="([\w.]+)"><\/title>/g, (_, tag, rest, key) => `<${tag}${rest} data-text="${key}">${escape(plain(lookUp(words, key)))}</${tag}>`)
    .replace(/<(\w+)([^>]*?) data-text="([\w.]+)"><\/\1>/g, (_, tag, rest, key) => `<${tag}${rest} data-text="${key}">${render(lookUp(words, key))}</${tag}>`);
}
