/**
 * How a page of the lab's own gets to share memory: as it is, or by the lab's service worker, which isolates it from the next load on. At most
 * one reload, never a loop: the page's entry in the history remembers it, and nothing else is stored.
 */
import { trusted } from "../trust.js";
import { controllerUrl, isFramed, knowsPolicy, probeReach } from "./isolation.js";

/** @typedef {import("./isolation.js").Reach} Reach */

/** In the state of the page's history entry, while a reload has not yet helped. */
const MARK = "lockLabReloaded";
/** How long the browser may take for a service worker, in ms; and for a reload. */
const PATIENCE_MS = 6000;

/** @type {Promise<Reach> | undefined} */
let climbing;

/** Climbs as high as it goes; all figures of a page climb together. @param {string} folder  the lab's own, as a URL */
export const climb = (folder) => (climbing ??= attempt(folder));

/** @param {string} folder @returns {Promise<Reach>} */
async function attempt(folder) {
  const reach = probeReach(folder);
  if (reach.ok) {
    remember(false);
    return reach;
  }
  const framed = isFramed();
  if (reach.reason !== "blocked-in-frame" && reach.reason !== "not-isolated") return reach;
  const script = new URL("service-worker.js", folder).href;
  const refusal = await inTime(register(script, folder), /** @type {const} */ ("worker-refused"));
  // What a frame lacks is another thing, whatever became of its worker; which a tab may yet profit from.
  if (framed && (refusal || !knowsPolicy())) return reach;
  if (refusal) return { ok: false, reason: refusal };
  // It did serve this page, or a reload did not bring it to do so.
  if (controllerUrl() === script || isRemembered()) return framed ? reach : { ok: false, reason: "worker-idle" };
  if (!remember(true)) return reach;
  location.reload();
  return inTime(new Promise(() => {}), /** @type {Reach} */ ({ ok: false, reason: "worker-idle" }));
}

/** Gives the promise's value, or another one when it takes too long. @template T, Late @param {Promise<T>} promise @param {Late} late @returns {Promise<T | Late>} */
function inTime(promise, late) {
  return Promise.race([promise, new Promise((/** @type {(late: Late) => void} */ resolve) => setTimeout(() => resolve(late), PATIENCE_MS))]);
}

/**
 * Puts the worker in charge of the pages that are loaded from now on.
 * @param {string} script @param {string} scope
 * @returns {Promise<"no-service-worker" | "worker-refused" | null>} why not, as private windows and blocked cookies have it; null when it is there
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

/** Writes the mark or takes it away. @param {boolean} yes @returns {boolean} whether that could be done */
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
