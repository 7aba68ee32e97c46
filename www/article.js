/** What only the page needs: the address bar, its language, phrases in the text that run a figure, the reader's bets, and the figure alone where the address asks for one. */
import { LockLab } from "./lock-lab.js";
import { meantBy } from "./misspelt.js";
import { attributeNames, attributeOf, defaultOf, figureNames } from "./settings.js";
import { joinParent } from "./reach/frame.js";
import { isolate } from "./reach/isolate.js";
import { choose, named } from "./text/tags.js";

const [FIRST] = figureNames;

/**
 * A query parameter's name for a figure: bare where the figure stands alone, and for the article's first one; elsewhere behind the figure's name.
 * @param {string} figure @param {boolean} alone @param {string} attribute
 */
const parameter = (figure, alone, attribute) => (alone || figure === FIRST ? attribute : `${figure}.${attribute}`);

/** Puts what the address says onto a figure, but for what the article's author has set on it. @param {LockLab} figure @param {URLSearchParams} query @param {boolean} alone */
function obey(figure, query, alone) {
  const name = figure.getAttribute("figure") ?? FIRST;
  for (const attribute of attributeNames) {
    const value = query.get(attribute === "lang" || attribute === "theme" ? attribute : parameter(name, alone, attribute));
    if (value !== null && !figure.hasAttribute(attribute)) figure.setAttribute(attribute, value);
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
  const written = new Map(attributeNames.map((attribute) => [attribute, figure.getAttribute(attribute)]));
  const write = () => {
    const url = new URL(location.href);
    const name = figure.getAttribute("figure") ?? FIRST;
    for (const [setting, value] of Object.entries(figure.config)) {
      const attribute = attributeOf(setting);
      if (!attribute) continue;
      if (value === defaultOf(name, setting) || String(value) === written.get(attribute)) url.searchParams.delete(parameter(name, alone, attribute));
      else url.searchParams.set(parameter(name, alone, attribute), String(value));
    }
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  };
  figure.addEventListener("lab-config", () => {
    clearTimeout(timer);
    timer = setTimeout(write, REST_MS);
  });
}

/** How long a phrase's way to its figure may take, in ms. */
const ARRIVE_MS = 2000;

const stillness = matchMedia("(prefers-reduced-motion: reduce)");

/** Brings something into view, all of it where there is room. @param {Element} element */
function show(element) {
  const tall = element.getBoundingClientRect().height > innerHeight;
  element.scrollIntoView({ block: tall ? "start" : "nearest", behavior: stillness.matches ? "auto" : "smooth" });
}

/** The figure, or the slice of it, that a phrase is about: the next one of that name, else the last before it. @param {HTMLElement} phrase @returns {LockLab | undefined} */
function figureOf(phrase) {
  const [figure, slice] = phrase.dataset.figure?.split("/") ?? [];
  const named = (/** @type {string} */ rest) => /** @type {LockLab[]} */ ([...document.querySelectorAll(`lock-lab[figure="${figure}"]${rest}`)]);
  const [some, any] = [named(slice ? `[show="${slice}"]` : ":not([show])"), named("")];
  const found = some.length ? some : any;
  return found.find((one) => phrase.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) ?? found.at(-1);
}

/** "Twenty threads" in the text sets the slider and runs what it says; one that names an order of steps shows that. A way leads back. */
function listenToPhrases() {
  const back = /** @type {HTMLElement} */ (document.querySelector(".back"));
  /** @type {HTMLElement | null} */
  let left = null;
  const away = new IntersectionObserver(([{ isIntersecting }]) => (back.hidden = isIntersecting));
  back.addEventListener("click", () => {
    back.hidden = true;
    left?.focus({ preventScroll: true });
    left?.scrollIntoView({ block: "center", behavior: stillness.matches ? "auto" : "smooth" });
    left = null;
  });
  document.addEventListener("click", async ({ target }) => {
    const phrase = /** @type {HTMLElement | null} */ (target instanceof Element ? target.closest("button[data-set]") : null);
    const figure = phrase && figureOf(phrase);
    if (!figure) return;
    const said = new URLSearchParams(phrase.dataset.set);
    for (const [attribute, value] of said) figure.setAttribute(attribute, value);
    const folded = figure.closest("details");
    if (folded) folded.open = true;
    away.disconnect();
    away.observe((left = phrase));
    show(figure);
    // What it passes may come to its true height meanwhile.
    document.addEventListener("scrollend", () => left === phrase && show(figure), { once: true, signal: AbortSignal.timeout(ARRIVE_MS) });
    if (said.has("schedule")) return;
    await figure.stop().catch(() => {});
    // What hinders it, the figure says.
    figure.run().catch(() => {});
  });
}

/** Runs answer bets, with the reader's own numbers, and tick tasks. Kept by the page, for as long as it is open. */
function listenToRuns() {
  /** @type {Map<string, any>} */
  const reports = new Map();
  /** @param {string} figure */
  const answer = async (figure) => {
    const report = reports.get(figure);
    const place = document.querySelector(`[data-answer="${figure}"]`);
    if (!report || !place) return;
    const bet = /** @type {HTMLInputElement | null} */ (document.querySelector(`[data-bet="${figure}"] :checked`))?.value ?? "none";
    const { wordsFor } = await import("./text/words.js");
    const { time } = await wordsFor(choose(document.documentElement.lang));
    const [{ wallMs: without }, { wallMs: locked }] = [...(report.runs ?? []), {}, {}];
    const price = report.prices?.[0]?.nsPerOp;
    /** @type {Record<string, number>} */
    const values = { cost: (price * 400) / 1e6, apart: Math.abs(locked - without) };
    for (const said of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("p"))) {
      const numbers = /** @type {HTMLElement[]} */ ([...said.querySelectorAll("[data-value]")]);
      for (const one of numbers) one.textContent = time(values[one.dataset.value ?? ""]);
      said.hidden = (said.dataset.for ?? bet) !== bet || numbers.some(({ dataset: { value = "" } }) => Number.isNaN(values[value]));
    }
  };
  document.addEventListener("lab-report", async ({ target }) => {
    const figure = /** @type {LockLab} */ (target);
    const [name, { report }] = [figure.getAttribute("figure") ?? FIRST, figure];
    const { tick } = await import("./tasks.js");
    tick(name, report);
    if (report?.outcome !== "done" || report.config.counter === "none") return;
    reports.set(name, report);
    void answer(name);
  });
  document.addEventListener("change", ({ target }) => target instanceof HTMLInputElement && void answer(target.name));
  translated = () => [...reports.keys()].forEach((figure) => void answer(figure));
}

/** The part that is being read is marked in the list of them. */
function followParts() {
  const links = [...document.querySelectorAll("nav a")];
  const ends = new Map(links.map((link) => [document.querySelector(link.getAttribute("href") ?? ""), link]));
  const mark = () => {
    const [now] = [...ends].findLast(([section]) => section && section.getBoundingClientRect().top < innerHeight / 3) ?? [];
    for (const [section, link] of ends) section === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  };
  const passed = new IntersectionObserver(mark, { rootMargin: "0px 0px -66%" });
  for (const section of ends.keys()) if (section) passed.observe(section);
}

/** Opens what an address leads to. */
function unfold() {
  const folded = location.hash && document.getElementById(location.hash.slice(1))?.closest("details");
  if (folded) {
    folded.open = true;
    folded.scrollIntoView();
  }
}

/** What has to be written anew in another language. */
let translated = () => {};

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
    translated();
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

/** A browser's search finds what the labs will say before they come: each has the text of its recorded run, which stands beside it for readers without scripts. */
function fillLabs() {
  for (const still of document.querySelectorAll("noscript")) {
    const [, name] = /data-still="([\w-]+)"/.exec(still.textContent) ?? [];
    const entities = /** @type {{[entity: string]: string}} */ ({ "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"' });
    const text = still.textContent.replace(/<[^>]*>\s*/g, " ").replace(/&\w+;/g, (entity) => entities[entity] ?? entity);
    document.querySelector(`lock-lab[figure="${name}"]:not([show])`)?.append(Object.assign(document.createElement("span"), { slot: "text", textContent: text }));
  }
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
    follow(figure, false);
    obey(figure, query, false);
  }
  fillLabs();
  [...document.querySelectorAll("lock-lab:not([show])")].forEach((figure, i) => figure.setAttribute("data-number", String(i + 1)));
  listenToPhrases();
  listenToRuns();
  for (const type of ["pointermove", "focusin"]) document.addEventListener(type, () => import("./light.js"), { once: true });
  listenToLanguages();
  followParts();
  addEventListener("hashchange", unfold);
  unfold();
  void settleLanguage();
} else {
  const figure = makeFigure();
  figure.setAttribute("figure", asked);
  // First: what the address says is no author's setting, which an address leaves out.
  follow(figure, true);
  obey(figure, query, true);
  figure.setAttribute("data-alone", "");
  const main = document.createElement("main");
  main.className = "alone";
  main.append(figure);
  document.body.replaceChildren(main);
  // The page around the frame has decided when.
  figure.prepare();
  joinParent(figure);
}
