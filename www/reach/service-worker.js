/**
 * The lab's own service worker: puts the headers that isolate a page on the lab's own pages and on the scripts of their workers, if the server
 * does not. It touches nothing else of its folder or of the origin, and stores nothing.
 */

/** The pages of the lab, as seen from its folder; the bundler knows them. @type {string[]} */
// @ts-ignore: defined by the bundler
const pages = LAB_PAGES;

/** Each browser engine takes those it knows. */
const ISOLATION = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "cross-origin",
  "document-isolation-policy": "isolate-and-require-corp",
};

const worker = /** @type {any} */ (self);
const folder = new URL("./", location.href).href;

/** @param {Request} request */
function isOurs({ url, mode, destination }) {
  if (!url.startsWith(folder)) return false;
  const path = url.slice(folder.length).split(/[?#]/)[0];
  return mode === "navigate" ? pages.includes(path) : destination === "worker" && path.startsWith("assets/");
}

/** @param {Request} request */
async function isolated(request) {
  const response = await fetch(request);
  // A redirect is the browser's to follow.
  if (response.type === "opaqueredirect" || response.type === "error") return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  if (isOurs(event.request)) event.respondWith(isolated(event.request));
});
