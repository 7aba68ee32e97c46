/** What a figure says of where it stands: whether its page can share memory, by what means, and what would help; in English. */

/** Why a page can't share memory, and what its reader can do. @type {Record<string, [why: string, todo: string]>} */
export const noSharing = {
  "file-protocol": ["It was opened as a file, and browsers give files no workers.", "Serve the folder: cargo xtask serve, or any web server."],
  "insecure-context": ["It came over plain HTTP, and browsers share memory on secure pages only.", "Open it over HTTPS, or on localhost."],
  "opaque-origin": ["It is in a sandbox without an origin of its own, and browsers start no workers there.", "Open the figure in a tab of its own."],
  "no-wasm": ["This browser has WebAssembly switched off.", "Switch it on, or use another browser."],
  "no-sab": ["The page is isolated, but this browser has no SharedArrayBuffer: it is switched off, or the browser is an old one.", "Use a current Chromium, Firefox or Safari."],
  "foreign-script": ["Its script comes from another site than the page, and browsers start workers from the page's own site only.", "Open the figure in a tab of its own."],
  "blocked-in-frame": ["It is in a frame, and this browser shares memory in a frame only if the page around it is isolated as well.", "Open the figure in a tab of its own."],
  "not-isolated": ["The server did not send the headers that isolate a page (Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy).", "If this is your page: docs/api.md has the headers. If not: open the live page."],
  "no-service-worker": ["The server did not send the headers that isolate a page, and this window has no service workers, which could stand in for it. Private windows often have none.", "Open the page in a usual window."],
  "worker-refused": ["The server did not send the headers that isolate a page, and the browser refused the service worker that could stand in for it. Private windows and blocked cookies do that.", "Open the page in a usual window."],
  "worker-idle": ["The server did not send the headers that isolate a page, and the service worker that stands in for it had no effect.", "Reload the page, or open it in another browser."],
  "frame-refused": ["This page is isolated, and an isolated page holds only frames whose server agrees to that. The lab’s server does not: it sends no Cross-Origin-Embedder-Policy.", "Open the figure in a tab of its own."],
  "frame-silent": ["The page is not isolated, so the figure needs a frame, and that did not load: the page's Content-Security-Policy forbids it, or the connection failed.", "Open the figure in a tab of its own."],
};

/** Four setups, the best first: isolated already; a policy for this document alone; the lab's service worker; a recorded run. */
export const reach = {
  /** The line in a figure's foot, by what made the page isolated. @type {Record<string, string>} */
  by: {
    headers: "isolated by headers",
    "service-worker": "isolated by a service worker",
    "document-isolation-policy": "isolated by a policy of its own",
    browser: "shares memory, not isolated",
    none: "not isolated",
  },
  setup: (/** @type {number} */ setup) => `Setup ${setup} of 4, where 1 is best.`,
  /** Why it stands there. @type {Record<string, string>} */
  why: {
    headers: "The server sends the headers that isolate this page, or the page around it.",
    browser: "This browser shares memory between threads even where it says that the page is not isolated. Its clock stays coarse there.",
    "document-isolation-policy": "The server sends a Document-Isolation-Policy, which isolates this one frame, whatever the page around it is.",
    "policy-by-worker": "The lab’s own service worker puts a Document-Isolation-Policy on this one frame, whatever the page around it is. It touches no other page.",
    "service-worker": "The server sends no headers that isolate the page; the lab’s own service worker puts them on the lab’s pages, and on no others.",
    "foreign-worker": "A service worker of this site puts the headers on its pages.",
  },
  /** What an author who embeds the figure could do about it. @type {Record<string, string>} */
  advice: {
    top: "There is nothing better.",
    headers: "The first load would be quicker if the server sent the headers itself.",
    isolate: "Send Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy with the page for a finer clock.",
    "blocked-in-frame": "For the page’s author: in Chromium, put the lab’s folder on the page’s own site, or send the header Document-Isolation-Policy with it. In other browsers only an isolated page helps.",
    "not-isolated": "For the page’s author: send the two headers with the page, or load lock-lab.js from its own folder and let it make a frame.",
    "foreign-script": "For the page’s author: put the lab’s folder on your own site.",
    "opaque-origin": "For the page’s author: add allow-same-origin to the frame’s sandbox.",
    "frame-refused": "For the page’s author: put the lab’s folder on your own site, or let its server send Cross-Origin-Embedder-Policy: require-corp and Cross-Origin-Resource-Policy: cross-origin.",
    "frame-silent": "For the page’s author: allow the lab’s address in frame-src.",
    other: "There is nothing that the page could do about it.",
  },
};
