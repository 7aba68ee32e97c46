/** Why the parts of a figure don't come that the element fetches, while the words of all other failures are among them. */
import { languageIn } from "../text/tags.js";
import { unloaded } from "../text/unloaded.js";

/** What the page's own rules have kept away, and which of them. @type {Map<string, string>} */
const forbidden = new Map();
/** More than the lab has files; the page around it may break its own rules as often as it likes. */
const MOST = 64;
const note = (/** @type {unknown} */ url, /** @type {string} */ rule) => forbidden.size < MOST && forbidden.set(String(url), rule);

if (globalThis.document) {
  document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => note(blockedURI, `Content-Security-Policy: ${effectiveDirective}`));
  // Chromium tells of that one here only.
  const { ReportingObserver } = /** @type {any} */ (globalThis);
  ReportingObserver && new ReportingObserver((/** @type {any[]} */ reports) => {
    for (const { body } of reports) note(body.blockedURL, "Integrity-Policy");
  }, { types: ["integrity-violation"], buffered: true }).observe();
}

/** What is said of it in the language around an element, and on the button that tries again. @param {Element} element @param {string} folder  the lab's own @param {unknown} error */
export function whyUnloaded(element, folder, error) {
  const { failed, refused, again } = unloaded[languageIn(element.closest("[lang]")?.getAttribute("lang") ?? navigator.language) === "zh" ? "zh" : "en"];
  const [, rule] = [...forbidden].find(([url]) => url.startsWith(folder)) ?? [];
  return { message: rule ? refused(rule) : failed(error), again };
}
