/** What the dialog "Share, embed" holds: a link and the lines that put this figure with its present settings into another page, and how it looks there. Fetched when it is opened. */
import { h, put, refill } from "../../views/dom.js";
import { isFramed } from "../../reach/isolation.js";
import { roomFor } from "../../reach/place.js";
import { copyButton } from "../../views/take.js";
import { settingsOf } from "../../settings.js";

/** @typedef {import("../shell.js").Shell} Shell */
/** @typedef {{name: string, about: string, text: string}} Snippet */

/** Widths that a preview can have, in px: a phone's and a text column's. */
const WIDTHS = [390, 720];

/** What must not stand in an attribute's value as it is. @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;" };
/** @param {string} text */
const escape = (text) => text.replace(/[&"<>]/g, (sign) => ENTITIES[sign]);

/** Attributes as HTML. @param {Record<string, string | number>} values */
const written = (values) => Object.entries(values).map(([name, value]) => `${name}="${escape(String(value))}"`).join(" ");

/** The figure and all its settings, by their attributes. @param {Shell} shell @returns {Record<string, string | number>} */
function attributesOf({ name, model: { config } }) {
  const set = settingsOf(name).filter((one) => config[one.name] !== undefined);
  return { figure: name, ...Object.fromEntries(set.map((one) => [one.attribute, config[one.name]])) };
}

/** Every way to embed a figure, as text to be pasted. @param {Shell} shell @returns {Snippet[]} */
export function snippetsFor(shell) {
  const { share } = shell.words;
  const address = shell.address();
  const script = new URL("lock-lab.js", shell.links.live).href;
  const attributes = attributesOf(shell);
  const heights = /** @type {import("../manifest.js").Heights} */ (shell.heights);
  // Seen where no script comes: in feeds, in a reader's view, in old posts. No digest goes with the script, whose name is the same for every build.
  const inside = `<a href="${escape(address)}"><img src="${escape(shell.links.card)}" alt="" width="1200" height="630" loading="lazy" style="display: block; width: 100%; height: auto">${escape(shell.heading())}</a>`;
  const title = shell.own.title;
  const rest = written(attributes);
  /** @param {keyof typeof share.ways} way @param {string} text */
  const snippet = (way, text) => ({ ...share.ways[way], text });
  return [
    snippet("link", address),
    // Its height goes by its column, which only something around it can tell.
    snippet("frame", `<div style="container-type: inline-size"><iframe class="lock-lab" src="${escape(address)}" title="${escape(`Lock Lab: ${title}`)}" width="100%" height="${heights[0]}" loading="lazy" allow="cross-origin-isolated; clipboard-write" style="display: block; border: 0; min-height: 0 !important; max-height: none !important; height: ${roomFor(heights)} !important"></iframe></div>`),
    snippet("element", `<script type="module" async src="${escape(script)}"></script>\n<lock-lab ${rest}>${inside}</lock-lab>`),
    snippet("jekyll", `{% comment %} _includes/lock-lab.html {% endcomment %}\n<script type="module" async src="{{ '/lock-lab/lock-lab.js' | relative_url }}"></script>\n<lock-lab ${rest}>${inside}</lock-lab>\n\n{% comment %} in a post {% endcomment %}\n{% include lock-lab.html %}`),
    snippet("hugo", `{{/* layouts/shortcodes/lock-lab.html */}}\n<script type="module" async src="{{ "lock-lab/lock-lab.js" | relURL }}"></script>\n<lock-lab {{ range $name, $value := .Params }}{{ printf "%s=%q " $name $value | safeHTMLAttr }}{{ end }}>${inside}</lock-lab>\n\n{{/* in a post */}}\n{{< lock-lab ${rest} >}}`),
    snippet("markdown", `[![${shell.heading()}](${shell.links.card})](${address})`),
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
  const { share, figure } = shell.words;
  const snippets = snippetsFor(shell);
  const dialog = h("dialog", { class: "share", "aria-label": share.title, onClose: () => dialog.remove(), onClick: outside });
  const preview = h("div", { class: "preview" });

  /** A press beside the dialog closes it. @param {MouseEvent} event */
  function outside(event) {
    if (event.target === dialog) dialog.close();
  }

  /** @param {number} width */
  function look(width) {
    for (const button of widths) button.setAttribute("aria-pressed", String(Number(button.value) === width));
    const frame = h("iframe", { src: shell.address(), title: share.preview, loading: "lazy", allow: "cross-origin-isolated" });
    frame.style.width = `${width}px`;
    refill(preview, frame);
  }

  const widths = WIDTHS.map((width) => h("button", { type: "button", value: width, "aria-pressed": "false", onClick: () => look(width) }, share.width(width)));
  put(dialog,
    h("header", null, h("h2", null, share.title), h("button", { type: "button", class: "close", onClick: () => dialog.close() }, share.close)),
    h("p", null, share.about),
    snippets.map(({ name, about, text }) => h("section", null,
      h("h3", null, name), copyButton(figure.copy, figure, () => text),
      h("p", null, about),
      h("pre", { tabindex: 0, role: "group", "aria-label": name }, text))),
    h("section", null, h("h3", null, share.preview), h("span", { class: "widths" }, widths), preview));
  shell.frameElement.append(dialog);
  if (isFramed()) {
    // In a frame's middle it may be far from what is seen.
    const { top, height } = await inSight();
    Object.assign(dialog.style, { marginBlock: 0, top: `${top + MARGIN}px`, bottom: "auto", maxHeight: `${Math.max(LEAST, height - 2 * MARGIN)}px` });
  }
  dialog.showModal();
}
