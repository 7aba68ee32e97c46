/** When to fetch what a run needs, if nobody has asked for one yet: those bytes are the reader's, who may only have come to read. */

/** @typedef {{saveData?: boolean, effectiveType?: string, type?: string, downlink?: number}} Connection  as far as a browser tells of it */

/** What a good connection brings at least, in Mbit/s: the module in a quarter of a second. */
const GOOD_MBITS = 5;

/**
 * `idle`: as soon as the page has nothing else to do, for the connection is said to be good. `interest`: when the reader turns to the figure, for
 * that is not said. `press`: with the run itself, for the reader saves, or the connection is slow or may be paid by the byte.
 * @returns {"idle" | "interest" | "press"}
 */
export function fetchAt() {
  const connection = /** @type {{connection?: Connection}} */ (navigator).connection;
  if (connection?.saveData || connection?.type === "cellular" || matchMedia("(prefers-reduced-data: reduce)").matches) return "press";
  if ((connection?.effectiveType ?? "4g") !== "4g") return "press";
  return (connection?.downlink ?? 0) < GOOD_MBITS ? "interest" : "idle";
}

/**
 * Calls once a reader turns to an element, with a pointer or the keyboard, or where that costs nothing as soon as the page rests.
 * @param {Element} element @param {AbortSignal} signal @param {() => void} begin
 */
export function onInterest(element, signal, begin) {
  const at = fetchAt();
  if (at === "press") return;
  for (const type of ["pointerover", "focusin"]) element.addEventListener(type, begin, { once: true, passive: true, signal });
  if (at !== "idle") return;
  // A browser that tells of its connection has this as well.
  const rest = () => requestIdleCallback(() => signal.aborted || begin());
  if (document.readyState === "complete") rest();
  else window.addEventListener("load", rest, { once: true, signal });
}
