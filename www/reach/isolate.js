/**
 * Isolates a page of the lab's own: it is isolated already, or the lab's service worker isolates it from the next load on. At most one reload, never a
 * loop: the page's entry in the history remembers it, and nothing else is stored.
 */
import { trusted } from "../trust.js";
import { controllerUrl, isFramed, knowsPolicy, probeReach } from "./isolation.js";

/** @typedef {import("./isolation.js").Reach} Reach */

/** In the state of the page's history entry, while a reload has not yet helped. */
const MARK = "lockLabReloaded";
/** How long the browser may take for a service worker, in ms; and for a reload. */
const TIMEOUT_MS = 6000;

/** @type {Promise<Reach> | undefined} */
let isolating;

/** Tries once for all figures of a page. @param {string} folder  the lab's own, as a URL */
export const isolate = (folder) => (isolating ??= attempt(folder));

/** @param {string} folder @returns {Promise<Reach>} */
async function attempt(folder) {
  const reach = probeReach(folder);
  if (reach.ok) {
    remember(false);
    return reach;
  }
  if (reach.reason !== "blocked-in-frame" && reach.reason !== "not-isolated") return reach;
  const framed = isFramed();
  const script = new URL("service-worker.js", folder).href;
  const refusal = await within(register(script, folder), /** @type {const} */ ("worker-refused"));
  // Whatever became of its worker, a frame lacks something else; a tab may yet profit from the worker.
  if (framed && (refusal || !knowsPolicy())) return reach;
  if (refusal) return { ok: false, reason: refusal };
  // The worker served this page in vain, or a reload did not bring it to serve it.
  if (controllerUrl() === script || isRemembered()) return framed ? reach : { ok: false, reason: "worker-idle" };
  if (!remember(true)) return reach;
  location.reload();
  return within(new Promise(() => {}), /** @type {Reach} */ ({ ok: false, reason: "worker-idle" }));
}

/** The promise's value, or another one after the timeout. @template T, Late @param {Promise<T>} promise @param {Late} late @returns {Promise<T | Late>} */
function within(promise, late) {
  return Promise.race([promise, new Promise((/** @type {(late: Late) => void} */ resolve) => setTimeout(() => resolve(late), TIMEOUT_MS))]);
}

/**
 * Registers the worker for the pages that are loaded from now on.
 * @param {string} script @param {string} scope
 * @returns {Promise<"no-service-worker" | "worker-refused" | null>} why it failed, as in private windows or where cookies are blocked; null when it is there
 */
async function register(script, scope) {
  try {
    if (!navigator.serviceWorker) return "no-service-worker";
    const registration = await navigator.serviceWorker.register(trusted(script), { scope });
    const coming = registration.installing ?? registration.waiting;
    if (registration.active || !coming) return null;
    return await new Promise((resolve) => {
      coming.addEventListener("statechange", () => {
        if (coming.state === "activated") resolve(null);
        if (coming.state === "redundant") resolve("worker-refused");
      });
    });
  } catch {
    return "worker-refused";
  }
}

const isRemembered = () => history.state?.[MARK] === true;

/** Sets the mark or removes it. @param {boolean} yes @returns {boolean} whether that succeeded */
function remember(yes) {
  if (isRemembered() === yes) return true;
  try {
    const { [MARK]: _, ...others } = { ...history.state };
    const state = yes ? { ...others, [MARK]: true } : others;
    history.replaceState(Object.keys(state).length ? state : null, "");
    return isRemembered() === yes;
  } catch {
    return false;
  }
}
