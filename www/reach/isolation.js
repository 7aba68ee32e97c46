/** Finds out whether this page can share memory between threads, by trying it, and if not, why. */

/**
 * Why memory can't be shared.
 * @typedef {"file-protocol" | "insecure-context" | "opaque-origin" | "no-wasm" | "no-sab" | "foreign-script" | "blocked-in-frame" | "not-isolated"
 *   | "no-service-worker" | "worker-refused" | "worker-idle" | "frame-silent" | "frame-refused"} Reason
 */
/** @typedef {"headers" | "service-worker" | "document-isolation-policy" | "browser"} IsolatedBy  what made it possible, as the report names it */
/**
 * Where a page stands.
 * @typedef {{ok: true, isolated: boolean, isolatedBy: IsolatedBy, ownWorker: boolean} | {ok: false, reason: Reason}} Reach
 *   `ownWorker`: the lab's own service worker put the headers on
 */

/** Whether the page is in a frame of another one. */
export const isFramed = () => window.parent !== window;

/** The flag alone is no proof: WebKit shares memory where it says it doesn't, and lacks it where it says it does. */
export function canShare() {
  if (typeof SharedArrayBuffer === "undefined") return false;
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    // A port refuses what a worker would refuse.
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(memory);
    port1.close();
    port2.close();
    return true;
  } catch {
    return false;
  }
}

/** Whether a page that can't share memory may still have one thread, with a memory of its own. @param {string} folder  the lab's own, as a URL */
export function hasOneThread(folder) {
  if (location.protocol === "file:" || self.origin === "null" || new URL(folder).origin !== self.origin) return false;
  try {
    return Boolean(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }));
  } catch {
    return false;
  }
}

/** @param {string} scripts  where the lab's scripts come from @returns {Reason | null} why isolation would not help */
function obstacle(scripts) {
  if (location.protocol === "file:") return "file-protocol";
  // Chromium isolates a sandboxed page, and then throws when it is to start a worker.
  if (self.origin === "null") return "opaque-origin";
  if (!window.isSecureContext) return "insecure-context";
  if (typeof WebAssembly === "undefined") return "no-wasm";
  // Not the address's: a page that another one has written into a frame has that one's origin, and an address without any.
  if (scripts !== self.origin) return "foreign-script";
  return null;
}

/** @returns {Reason} */
function whyNot() {
  if (window.crossOriginIsolated) return "no-sab";
  return isFramed() ? "blocked-in-frame" : "not-isolated";
}

/** The page's service worker, if it has one; where they are forbidden, asking throws. */
export function controllerUrl() {
  try {
    return navigator.serviceWorker?.controller?.scriptURL ?? null;
  } catch {
    return null;
  }
}

/**
 * Whether the page around this frame is isolated. A page of another origin does not tell; there the engine decides: without
 * Document-Isolation-Policy, it isolates a frame in an isolated page only.
 */
function isParentIsolated() {
  try {
    return window.parent.crossOriginIsolated;
  } catch {
    return !knowsPolicy();
  }
}

/** Whether this engine may know Document-Isolation-Policy. There is no way to ask; this is what sets apart the engines that do. */
export const knowsPolicy = () => "userAgentData" in navigator;

/** @returns {IsolatedBy} */
function isolatedBy() {
  if (!window.crossOriginIsolated) return "browser";
  if (isFramed() && !isParentIsolated()) return "document-isolation-policy";
  return controllerUrl() ? "service-worker" : "headers";
}

/** Where this page stands as it is. @param {string} folder  the lab's own, as a URL @returns {Reach} */
export function probeReach(folder) {
  const reason = obstacle(new URL(folder).origin) ?? (canShare() ? null : whyNot());
  if (reason) return { ok: false, reason };
  const isolated = window.crossOriginIsolated;
  return { ok: true, isolated, isolatedBy: isolatedBy(), ownWorker: isolated && controllerUrl()?.startsWith(folder) === true };
}
