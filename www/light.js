/**
 * Words, lines of a listing and parts of a figure that show the same light each other: all that has the same `data-mark`, in the page and in the figures
 * that stand in it. Fetched when a reader first points or tabs.
 */

let lit = "";

/** Lights what has the mark of this, or nothing. @param {Element | null | undefined} pointed */
function light(pointed) {
  const mark = pointed?.getAttribute("data-mark") ?? "";
  if (mark === lit) return;
  lit = mark;
  // Whoever reads a timeline wants to see all of it.
  const lanes = pointed?.matches(".stage") ? "" : mark;
  for (const root of [document, ...[...document.querySelectorAll("lock-lab")].map(({ shadowRoot }) => shadowRoot)]) {
    for (const one of root?.querySelectorAll("[data-mark]") ?? []) one.classList.toggle("lit", one.getAttribute("data-mark") === mark);
    for (const stage of root?.querySelectorAll(`.stage:not([data-lit="${lanes}"])`) ?? []) {
      stage.setAttribute("data-lit", lanes);
      // A canvas is painted anew as when its colours change.
      stage.dispatchEvent(new Event("transitionrun"));
    }
  }
}

for (const type of ["pointermove", "focusin"]) {
  document.addEventListener(type, (event) => light(/** @type {Element | undefined} */ (event.composedPath().find((one) => one instanceof Element && one.hasAttribute("data-mark")))));
}
light(document.querySelector("[data-mark]:is(:hover, :focus)"));

export {};
