/** A break in the page's own work, so that no part of it keeps a reader's press or the next frame waiting. */

/** Resolves once the browser has done what was waiting. */
export function pause() {
  const { scheduler } = /** @type {{scheduler?: {yield?: () => Promise<void>}}} */ (globalThis);
  if (scheduler?.yield) return scheduler.yield();
  // A time-out would wait longer than it is told to, once they are nested.
  const { port1, port2 } = new MessageChannel();
  return new Promise((/** @type {(value?: undefined) => void} */ resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
