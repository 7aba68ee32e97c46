/**
 * The lab's one Trusted Types policy, `lock-lab`: lets the addresses of the lab's own workers pass, and nothing else. Where a page enforces Trusted
 * Types, browsers start a worker only from an address that such a policy has passed. Knows no engine.
 */

/** The folder that all of the lab lies in, whichever of its scripts this has been bundled into. */
const folder = new URL(import.meta.url).href.replace(/(assets\/)?[^/]*$/, "");

/** Names as the bundler makes them. */
const WORKERS = /^(assets\/[a-z]+-worker-[A-Z0-9]{8}|service-worker)\.js$/;

/** Whether an address is that of one of the lab's workers. @param {string} url */
export const isOwn = (url) => url.startsWith(folder) && WORKERS.test(url.slice(folder.length));

/** @returns {{createScriptURL(url: string): unknown} | undefined} nothing where the browser knows no policies, or the page's list lacks ours */
function makePolicy() {
  /** @type {any} */
  const { trustedTypes } = globalThis;
  try {
    return trustedTypes?.createPolicy("lock-lab", {
      createScriptURL(/** @type {string} */ url) {
        if (isOwn(url)) return url;
        throw new TypeError(`Not a worker of the lab: ${url}`);
      },
    });
  } catch {
    // The page around us decides; the browser will say what it thinks of a bare address.
    return undefined;
  }
}

/** Made when the first worker is: a page that never starts one need not allow it. @type {{made: ReturnType<typeof makePolicy>} | undefined} */
let policy;

/** The address of one of the lab's workers, in the form that this page wants it in. @param {string} url @returns {string} */
export function trusted(url) {
  policy ??= { made: makePolicy() };
  // What a policy makes is no string, but every place that takes one takes it.
  return /** @type {string} */ (policy.made?.createScriptURL(url) ?? url);
}
