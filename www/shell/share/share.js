/** What the dialog "Share, embed" holds: a card of the reader's own run, and the lines that put this figure, or a slice of it, into another page. Fetched when it is opened. */
import { h, put, refill } from "../../views/dom.js";
import { isFramed } from "../../reach/isolation.js";
import { frameRoomFor } from "../../reach/place.js";
import { languages } from "../../text/tags.js";
import { copyButton } from "../../views/take.js";
import { addressOf, attributesOf } from "../links.js";
import { cardOf } from "./card.js";

/** @typedef {import("../shell.js").Shell} Shell */
/** @typedef {typeof import("../../text/en/share.js").share} Said */
/** @typedef {{name: string, about: string, text: string}} Snippet */
/** What an author chooses, each "" for the usual; of `show` that is the whole figure. @typedef {Record<"show" | "width" | "theme" | "lang", string>} Chosen */

/** Widths that a figure can be held to, in px: a phone's and a text column's. */
const WIDTHS = ["390", "720"];

/** What must not stand in an attribute's value as it is. @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
/** @param {string} text */
const escape = (text) => text.replace(/[&"<>]/g, (sign) => ENTITIES[sign]);

/** Attributes as HTML. @param {Record<string, string | number>} values */
const written = (values) => Object.entries(values).map(([name, value]) => `${name}="${escape(String(value))}"`).join(" ");

/** The figure with its present settings, and with what is chosen. @param {Shell} shell @param {Chosen} chosen */
function attributesFor({ model, manifest }, { show, theme, lang }) {
  // Another slice than this one shows what it is for.
  const own = show === model.view.show ? {} : manifest?.slices[show]?.config;
  return attributesOf(model, { show, theme, lang }, { ...model.config, ...own });
}

/** Every way to embed a figure, as text to be pasted. @param {Shell} shell @param {Said} share @param {Chosen} chosen @returns {Snippet[]} */
function snippetsFor(shell, share, chosen) {
  const { links, own: { title } } = shell;
  const manifest = /** @type {import("../manifest.js").Manifest} */ (shell.manifest);
  const { heights } = manifest.slices[chosen.show] ?? manifest;
  const attributes = attributesFor(shell, chosen);
  const address = addressOf(links.live, attributes);
  const script = new URL("lock-lab.js", links.live).href;
  const most = chosen.width && `max-width: ${chosen.width}px`;
  // Seen where no script comes: in feeds, in a reader's view, in old posts. No digest goes with the script, whose name is the same for every build.
  const inside = `<a href="${escape(address)}"><img src="${escape(links.card)}" alt="" width="1200" height="630" loading="lazy" style="display: block; width: 100%; height: auto">${escape(shell.heading())}</a>`;
  const rest = written({ ...attributes, ...(most && { style: most }) });
  /** @param {keyof typeof share.ways} way @param {string} text */
  const snippet = (way, text) => ({ ...share.ways[way], text });
  return [
    // Its height goes by its column, which only something around it can tell.
    snippet("frame", `<div style="container-type: inline-size${most && `; ${most}`}"><iframe class="lock-lab" src="${escape(address)}" title="${escape(`Lock Lab: ${title}`)}" width="100%" height="${heights[0]}" loading="lazy" allow="cross-origin-isolated; clipboard-write" style="display: block; border: 0; min-height: 0 !important; max-height: none !important; height: ${frameRoomFor(heights)} !important"></iframe></div>`),
    snippet("element", `<script type="module" async src="${escape(script)}"></script>\n<lock-lab ${rest}>${inside}</lock-lab>`),
    snippet("link", address),
    snippet("jekyll", `{% comment %} _includes/lock-lab.html {% endcomment %}\n<script type="module" async src="{{ '/lock-lab/lock-lab.js' | relative_url }}"></script>\n<lock-lab ${rest}>${inside}</lock-lab>\n\n{% comment %} in a post {% endcomment %}\n{% include lock-lab.html %}`),
    snippet("hugo", `{{/* layouts/shortcodes/lock-lab.html */}}\n<script type="module" async src="{{ "lock-lab/lock-lab.js" | relURL }}"></script>\n<lock-lab {{ range $name, $value := .Params }}{{ printf "%s=%q " $name $value | safeHTMLAttr }}{{ end }}>${inside}</lock-lab>\n\n{{/* in a post */}}\n{{< lock-lab ${rest} >}}`),
    snippet("markdown", `[![${shell.heading()}](${links.card})](${address})`),
  ];
}

/** The part of this page that a reader sees: a frame may be much higher than the window that it is seen in. @returns {Promise<DOMRectReadOnly>} */
const inSight = () => new Promise((resolve) => {
  const observer = new IntersectionObserver(([{ intersectionRect }]) => {
    observer.disconnect();
    resolve(intersectionRect);
  });
  observer.observe(document.documentElement);
});

/** Room around the dialog, and how high it is at least, in px. */
const MARGIN = 12;
const LEAST = 240;

/** Opens the dialog in the figure; it is gone from there when it is closed. @param {Shell} shell */
export async function openShare(shell) {
  const { own, words: { figure } } = shell;
  const share = await shell.words.share();
  const slices = Object.keys(shell.manifest?.slices ?? {});
  /** @type {Chosen} */
  const chosen = { show: shell.model.view.show || slices[0], width: "", theme: "", lang: "" };
  /** @type {Record<keyof Chosen, [value: string, label: string][]>} */
  const choices = {
    show: [...slices.map((slice) => /** @type {[string, string]} */ ([slice, own.slices[slice]])), ["", share.whole]],
    width: [["", share.column], ...WIDTHS.map((width) => /** @type {[string, string]} */ ([width, share.width(Number(width))]))],
    theme: [["", share.reader], ["light", share.light], ["dark", share.dark]],
    lang: [["", share.reader], ...Object.entries(languages).map(([language, { name }]) => /** @type {[string, string]} */ ([language, name]))],
  };
  const dialog = h("dialog", { class: "share", "aria-label": share.title, onClose: () => dialog.remove(), onClick: outside });
  const texts = snippetsFor(shell, share, chosen).map(({ name }) => h("pre", { tabindex: 0, role: "group", "aria-label": name }));
  const preview = h("details", { class: "preview", onToggle: look }, h("summary", null, share.preview));

  /** A press beside the dialog closes it. @param {MouseEvent} event */
  function outside(event) {
    if (event.target === dialog) dialog.close();
  }

  function show() {
    snippetsFor(shell, share, chosen).forEach(({ text }, i) => (texts[i].textContent = text));
    look();
  }

  function look() {
    const frame = h("iframe", { src: addressOf(shell.links.live, attributesFor(shell, chosen)), title: share.preview, loading: "lazy", allow: "cross-origin-isolated" });
    frame.style.width = chosen.width ? `${chosen.width}px` : "100%";
    refill(preview, preview.firstElementChild, preview.open && frame);
  }

  put(dialog,
    h("header", null, h("h2", null, share.title), h("button", { type: "button", class: "close", onClick: () => dialog.close() }, share.close)),
    cardOf(shell, share.card),
    h("section", null, h("p", null, share.about), h("div", { class: "choices" }, /** @type {(keyof Chosen)[]} */ (Object.keys(choices)).map((name) => h("label", null, share.choices[name],
      h("select", { name, onChange: (/** @type {Event} */ { target }) => (chosen[name] = /** @type {HTMLSelectElement} */ (target).value, show()) },
        choices[name].map(([value, label]) => h("option", { value, selected: value === chosen[name] }, label))))))),
    snippetsFor(shell, share, chosen).map(({ name, about }, i) => h("section", null,
      h("h3", null, name), copyButton(figure.copy, figure, () => texts[i].textContent ?? ""),
      h("p", null, about), texts[i])),
    preview);
  show();
  shell.frameElement.append(dialog);
  if (isFramed()) {
    // In a frame's middle it may be far from what is seen.
    const { top, height } = await inSight();
    Object.assign(dialog.style, { marginBlock: 0, top: `${top + MARGIN}px`, bottom: "auto", maxHeight: `${Math.max(LEAST, height - 2 * MARGIN)}px` });
  }
  dialog.showModal();
}
