/** Where a figure's links lead, and what becomes of them where nothing can be opened. */
import { settingsOf } from "../settings.js";
import { h } from "../views/dom.js";
import { copyButton } from "../views/take.js";

/** Attributes that are no settings; what is empty is not set. @typedef {Partial<Record<"show" | "src" | "details" | "theme" | "lang", string>>} Look */

/** All that a figure is told, by attributes, but for what is told otherwise. @param {import("../model.js").Model} model @param {Look} [look] @param {import("../settings.js").Config} [config] @returns {Record<string, string | number>} */
export function attributesOf({ figure, view, src, config: now }, look, config = now) {
  const set = settingsOf(figure).filter(({ name }) => config[name] !== undefined).map(({ name, attribute }) => [attribute, config[name]]);
  const rest = { show: view.show, src: src && new URL(src, document.baseURI).href, details: view.details ? "open" : "", ...look };
  return Object.fromEntries([["figure", figure], ...set, ...Object.entries(rest).filter(([, value]) => value)]);
}

/** The live page with such a figure. @param {string} live @param {Record<string, string | number>} attributes */
export function addressOf(live, attributes) {
  const url = new URL(live);
  // Who allows no scripts gets that part of the page which is the figure's recorded run.
  url.hash = `still-${attributes.figure}`;
  for (const [name, value] of Object.entries(attributes)) url.searchParams.set(name, String(value));
  return url.href;
}

/** Follows the links of a figure in a frame: a sandboxed one opens none, without a word, and so it is said where they lead. @param {HTMLElement} figure @param {import("../text/words.js").Words} words @param {(parts: import("../views/dom.js").Child[]) => void} say  what is to be said, or nothing @param {AbortSignal} signal */
export function followLinks(figure, { take, figure: { copy }, figure: words }, say, signal) {
  figure.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a");
    if (!link || event.defaultPrevented) return;
    event.preventDefault();
    let opened = null;
    try {
      opened = window.open(link.href, "_blank");
      if (opened) opened.opener = null;
    } catch {
      // Firefox throws where others give nothing.
    }
    say(opened ? [] : [take.closed, " ", h("code", null, link.href), " ", copyButton(copy, words, () => link.href)]);
  }, { signal });
}
