/** Finds out whether this page can share memory between threads, by trying it, and where it can't, why. Changes nothing. */

/** @typedef {"file-protocol" | "insecure-context" | "no-wasm" | "no-sab" | "blocked-in-frame" | "not-isolated"} Reason */
/** @typedef {{ok: true, isolated: boolean, isolatedBy: string} | {ok: false, reason: Reason}} Reach */

/** The flag alone is no proof: WebKit shares memory where it says it doesn't, and lacks it where it says it does. */
function canShare() {
  try {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    // A port refuses what a worker would be refused, and needs no worker.
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(memory);
    port1.close();
    port2.close();
    return true;
  } catch {
    return false;
  }
}

/** @returns {Reason} */
function whyNot() {
  if (location.protocol === "file:") return "file-protocol";
  if (!window.isSecureContext) return "insecure-context";
  if (typeof WebAssembly === "undefined") return "no-wasm";
  if (window.crossOriginIsolated) return "no-sab";
  return window.parent !== window ? "blocked-in-frame" : "not-isolated";
}

/** @returns {string} who made the page isolated, as the report names it */
function isolatedBy() {
  if (!window.crossOriginIsolated) return "browser";
  return navigator.serviceWorker?.controller ? "service-worker" : "headers";
}

/** @returns {Reach} */
export function probeReach() {
  if (location.protocol === "file:" || typeof SharedArrayBuffer === "undefined" || !canShare()) return { ok: false, reason: whyNot() };
  return { ok: true, isolated: window.crossOriginIsolated, isolatedBy: isolatedBy() };
}
