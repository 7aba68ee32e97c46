/** The one helper that builds DOM. Text goes in as text only, never as markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element. Properties that are functions and begin with "on" are listeners; `dataset` and ARIA names are attributes; the rest are
 * attributes too, where `true` is an empty one and `false`, null and undefined are none.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props, ...children) {
  return /** @type {HTMLElementTagNameMap[Tag]} */ (fill(document.createElement(tag), props, children));
}

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, props, ...children) {
  return /** @type {SVGElementTagNameMap[Tag]} */ (fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children));
}

/** @param {Element} element @param {Record<string, any> | null | undefined} props @param {(Child | Child[])[]} children */
function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === "function" && name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

/** Puts children at an element's end. @param {Element} element @param {...(Child | Child[])} children */
export function put(element, ...children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces an element's children. @param {Element} element @param {...(Child | Child[])} children */
export function refill(element, ...children) {
  element.replaceChildren();
  put(element, ...children);
}

/**
 * Calls back when an element's size has changed, in a frame of its own: what changes a size within the observer's call is an error on the page's window.
 * @param {Element} element @param {(entry: ResizeObserverEntry) => void} changed @param {ResizeObserverOptions} [options]
 * @returns {() => void}  ends it
 */
export function onResize(element, changed, options) {
  let frame = 0;
  const observer = new ResizeObserver((entries) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => changed(entries[entries.length - 1]));
  });
  observer.observe(element, options);
  return () => {
    cancelAnimationFrame(frame);
    observer.disconnect();
  };
}

/** How wide an element without padding is in its own pixels, however the page around scales or zooms it; 0 where it is not drawn. @param {Element} element */
export const widthOf = (element) => Number.parseFloat(getComputedStyle(element).width) || 0;

/** Where a pointer is in an element without padding, from its left and upper edge, in the same pixels. @param {Element} element @param {MouseEvent} event */
export function placeIn(element, { clientX, clientY }) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  return { x: (clientX - left) * (Number.parseFloat(style.width) / width || 1), y: (clientY - top) * (Number.parseFloat(style.height) / height || 1) };
}

/** Makes what is folded away only when somebody opens it. @param {() => Node[]} make @returns {(event: Event) => void} */
export function lazily(make) {
  let made = false;
  return (event) => {
    const details = /** @type {HTMLDetailsElement} */ (event.currentTarget);
    if (!details.open || made) return;
    made = true;
    put(details, make());
  };
}
