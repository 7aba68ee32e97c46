/**
 * Whether the page is light or dark where an element stands, live: by the `color-scheme` there where the page has chosen one, else by what can be seen, light
 * text on dark. Many pages have a switch of their own that says nothing in `color-scheme`, and the system's wish is not the page's.
 */

/** @typedef {"light" | "dark"} Scheme */
/** @typedef {{css: () => string, probe: HTMLElement, look: () => void, scheme: () => Scheme, size: () => string}} Surroundings  `css` and `probe` go into the shadow root; `look` finds out now; `scheme`: what holds, a `theme` attribute included */

/** Luminances beyond which a text tells by itself that it stands on something dark, or light. */
const LIGHT_TEXT = 0.6;
const DARK_TEXT = 0.15;
/** How long a page may take to fade from one scheme to the other, in ms. */
const FADE_MS = 400;

/** What a reader's own size of text makes of ours at most. */
const LARGEST = 1.5;

/** What is around an element as it is drawn: the slot that it stands in, or a shadow tree's host. @param {Element} element */
const around = (element) => element.assignedSlot ?? element.parentElement ?? /** @type {Partial<ShadowRoot>} */ (element.getRootNode()).host ?? null;

/**
 * @param {Element} element  in a page @param {AbortSignal} signal @param {() => void} restyle  `css` is another one now @param {() => void} [changed]  the scheme is
 * @returns {Surroundings}
 */
export function watchSurroundings(element, signal, restyle, changed) {
  const probe = document.createElement("div");
  probe.setAttribute("aria-hidden", "true");
  // It inherits what the element inherits. Its colours' transition, of no length to speak of, tells of any change, whatever brought it about.
  Object.assign(probe.style, { position: "absolute", inset: "0 0 auto", pointerEvents: "none", transition: "color 1ms, background-color 1ms", backgroundColor: "light-dark(#fff, #000)", fontSize: "medium" });
  const style = getComputedStyle(probe);
  /** How bright a colour is, and how opaque, from 0 to 1. @param {string} colour */
  const measure = (colour) => {
    // In a form whose numbers can be compared, whatever the page wrote.
    probe.style.outlineColor = `color-mix(in srgb-linear, ${colour} 100%, transparent)`;
    const [red = 0, green = 0, blue = 0, opacity = 1] = (style.outlineColor.replace(/^.*srgb-linear/, "").match(/-?[\d.]+(e-?\d+)?/g) ?? []).map(Number);
    return { luminance: 0.2126 * red + 0.7152 * green + 0.0722 * blue, opacity };
  };
  /** @returns {Scheme} */
  const scheme = () => (probe.isConnected && measure(style.backgroundColor).luminance < 0.5 ? "dark" : "light");
  /** How bright what lies behind the element is. */
  const backdrop = () => {
    for (let one = around(element); one; one = around(one)) {
      const { luminance, opacity } = measure(getComputedStyle(one).backgroundColor);
      if (opacity > 0.5) return luminance;
    }
    return 1;
  };
  /** @returns {Scheme | null}  null where the page's `color-scheme` is one of the two */
  const seen = () => {
    const page = around(element);
    const chosen = page ? getComputedStyle(page).colorScheme.split(" ").filter((word) => word === "light" || word === "dark") : [];
    if (chosen.length === 1) return null;
    const { luminance: text } = measure("currentcolor");
    if (text > LIGHT_TEXT || text < DARK_TEXT) return text > LIGHT_TEXT ? "dark" : "light";
    return text > backdrop() ? "dark" : "light";
  };
  /** @type {Scheme | null | undefined} */
  let found;
  let told = "";
  const look = () => {
    if (!probe.isConnected) return;
    if (found !== (found = seen())) restyle();
    if (told !== (told = scheme())) changed?.();
  };
  /** @type {number | undefined} */
  let timer;
  probe.addEventListener("transitionend", () => {
    look();
    clearTimeout(timer);
    timer = setTimeout(look, FADE_MS);
  });
  // At first, and when it was hidden meanwhile.
  const observer = new ResizeObserver(look);
  observer.observe(probe);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
  });
  const css = () => (found ? `@media not print { :host { color-scheme: ${found} } }` : "");
  // The size of text that a reader has set in the browser is what "medium" means, and no page changes it.
  const size = () => (probe.isConnected ? `:host { zoom: ${Math.min(LARGEST, Number.parseFloat(style.fontSize) / 16)} }` : "");
  return { css, probe, look, scheme, size };
}
