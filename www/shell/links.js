/** Where a figure's links lead, and what becomes of them where nothing can be opened. */
import { settingsOf } from "../settings.js";
import { h } from "../views/dom.js";
import { copyButton } from "../views/take.js";

/** The live page with a figure's settings. @param {string} live @param {string} figure @param {import("../settings.js").Config} config */
export function addressOf(live, figure, config) {
  const url = new URL(live);
  url.searchParams.set("figure", figure);
  // Who allows no scripts gets that part of the page which is the figure's recorded run.
  url.hash = `still-${figure}`;
  for (const { name, attribute } of settingsOf(figure)) if (config[name] !== undefined) url.searchParams.set(attribute, String(config[name]));
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
