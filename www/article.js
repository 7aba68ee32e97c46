/** What only the page needs: the address bar, its language, phrases in the text that set a slider, and the figure alone where the address asks for one. */
import { LockLab } from "./lock-lab.js";
import { meantBy } from "./misspelt.js";
import { attributeNames, attributeOf, defaultOf, figureNames } from "./settings.js";
import { joinParent } from "./reach/frame.js";
import { isolate } from "./reach/isolate.js";
import { named } from "./text/tags.js";

const [FIRST] = figureNames;

/**
 * A query parameter's name for a figure: bare where the figure stands alone, and for the article's first one; elsewhere behind the figure's name.
 * @param {string} figure @param {boolean} alone @param {string} attribute
 */
const parameter = (figure, alone, attribute) => (alone || figure === FIRST ? attribute : `${figure}.${attribute}`);

/** Puts what the address says onto a figure. @param {LockLab} figure @param {URLSearchParams} query @param {boolean} alone */
function obey(figure, query, alone) {
  const name = figure.getAttribute("figure") ?? FIRST;
  for (const attribute of attributeNames) {
    const value = query.get(attribute === "lang" || attribute === "theme" ? attribute : parameter(name, alone, attribute));
    if (value !== null && attribute !== "figure") figure.setAttribute(attribute, value);
  }
  // The figure says what its author meant.
  if (alone) for (const [name, value] of query) if (meantBy(name) && /^[\w-]+$/.test(name)) figure.setAttribute(name, value);
}

/** How long the address waits for a slider to come to rest, in ms: browsers refuse too many changes of it. */
const REST_MS = 150;

/** Keeps the address such that it reopens what the reader sees. @param {LockLab} figure @param {boolean} alone */
function follow(figure, alone) {
  /** @type {number | undefined} */
  let timer;
  const write = () => {
    const url = new URL(location.href);
    const name = figure.getAttribute("figure") ?? FIRST;
    for (const [setting, value] of Object.entries(figure.config)) {
      const attribute = attributeOf(setting);
      if (!attribute) continue;
      if (value === defaultOf(name, setting)) url.searchParams.delete(parameter(name, alone, attribute));
      else url.searchParams.set(parameter(name, alone, attribute), String(value));
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };
  figure.addEventListener("lab-config", () => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  });
}

/** "20 threads" in the text sets the slider. */
function listenToPhrases() {
  document.addEventListener("click", (event) => {
    const phrase = event.target instanceof Element ? event.target.closest("button[data-set]") : null;
    const named = phrase?.getAttribute("data-figure");
    const figure = /** @type {LockLab | null} */ (document.querySelector(named ? `lock-lab[figure="${named}"]` : "lock-lab"));
    const said = phrase?.getAttribute("data-set");
    if (!said || !figure) return;
    for (const [attribute, value] of new URLSearchParams(said)) figure.setAttribute(attribute, value);
    figure.scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  });
}

/** Which language was asked for last: words of one that was asked for before it may come after its own. */
let wish = 0;

/** Says the page in a language; its code is fetched by those only who read another one. @param {string} language @returns {Promise<boolean>}  whether it still was the last one asked for */
async function translate(language) {
  const mine = ++wish;
  const latest = () => mine === wish;
  try {
    const { translatorFor } = await import("./translate.js");
    const say = await translatorFor(language);
    if (latest()) say();
  } catch (error) {
    // What failed for a language that nobody wants any more is no failure.
    if (latest()) throw error;
  }
  return latest();
}

/** Shows the page in the language that boot.js found to be wanted and hid the page for. */
async function settleLanguage() {
  const root = document.documentElement;
  const { wants } = root.dataset;
  if (wants === undefined) return;
  try {
    await translate(wants);
  } catch {
    // Without its words the page stays what it was built as; its figures may well speak the language all the same.
    Object.assign(root, named(root.dataset.built ?? "en"));
    for (const figure of document.querySelectorAll("lock-lab:not([lang])")) figure.setAttribute("lang", wants);
  }
  delete root.dataset.wants;
}

/** A link to the page in another language changes it in place; the address tells, and everything else in it stays. */
function listenToLanguages() {
  document.addEventListener("click", async (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-language]") : null;
    const language = link?.getAttribute("data-language");
    if (!language || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      if (!(await translate(language))) return;
    } catch {
      // The other page, which is complete, if it can be had.
      location.href = /** @type {HTMLAnchorElement} */ (link).href;
      return;
    }
    Object.assign(document.documentElement, named(language));
    const url = new URL(location.href);
    url.searchParams.set("lang", language);
    history.replaceState(history.state, "", url);
    for (const figure of document.querySelectorAll("lock-lab[lang]")) figure.setAttribute("lang", language);
  });
}

/** @returns {LockLab} */
const makeFigure = () => /** @type {LockLab} */ (document.createElement("lock-lab"));

// Before a figure looks where it stands, which it does when it nears the viewport.
LockLab.atHome = true;
void isolate(new URL("./", import.meta.url).href);
const query = new URLSearchParams(location.search);
const asked = query.get("figure");
if (asked === null) {
  for (const figure of /** @type {NodeListOf<LockLab>} */ (document.querySelectorAll("lock-lab"))) {
    obey(figure, query, false);
    follow(figure, false);
  }
  listenToPhrases();
  listenToLanguages();
  void settleLanguage();
} else {
  const figure = makeFigure();
  figure.setAttribute("figure", asked);
  obey(figure, query, true);
  follow(figure, true);
  figure.setAttribute("data-alone", "");
  const main = document.createElement("main");
  main.className = "alone";
  main.append(figure);
  document.body.replaceChildren(main);
  // The page around the frame has decided when.
  figure.prepare();
  joinParent(figure);
}
