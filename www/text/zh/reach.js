/** What a figure says of where it stands: whether its page can share memory, by what means, and what would help; in Chinese. */

/** Why a page can't share memory, and what its reader can do. @type {Record<string, [why: string, todo: string]>} */
export const noSharing = {
  "file-protocol": ["它是作为本地文件打开的，而浏览器不给本地文件开 Worker。", "请用服务器打开这个文件夹：cargo xtask serve，或者任何一个 Web 服务器。"],
  "insecure-context": ["它是经由普通 HTTP 传来的，而浏览器只允许安全的页面共享内存。", "请通过 HTTPS 打开，或者在 localhost 上打开。"],
  "opaque-origin": ["它在一个没有自己源（origin）的沙盒里，浏览器不会在那里启动 Worker。", "请在单独的标签页里打开这张图。"],
  "no-wasm": ["这个浏览器关闭了 WebAssembly。", "请把它打开，或者换一个浏览器。"],
  "no-sab": ["页面已经隔离，但这个浏览器没有 SharedArrayBuffer：要么被关闭了，要么浏览器太旧。", "请使用新版的 Chromium、Firefox 或 Safari。"],
  "foreign-script": ["它的脚本来自另一个网站，而浏览器只从页面自己的网站启动 Worker。", "请在单独的标签页里打开这张图。"],
  "blocked-in-frame": ["它在一个框架里，而这个浏览器只有在外层页面同样被隔离时，才允许框架共享内存。", "请在单独的标签页里打开这张图。"],
  "not-isolated": ["服务器没有发送用来隔离页面的响应头（Cross-Origin-Opener-Policy 和 Cross-Origin-Embedder-Policy）。", "如果这是你的页面：需要的响应头写在 docs/api.md 里。如果不是：请打开在线页面。"],
  "no-service-worker": ["服务器没有发送用来隔离页面的响应头，而这个窗口里没有可以代劳的 Service Worker。隐私窗口往往没有。", "请在普通窗口里打开这个页面。"],
  "worker-refused": ["服务器没有发送用来隔离页面的响应头，而浏览器拒绝了可以代劳的 Service Worker。隐私窗口和被屏蔽的 Cookie 都会这样。", "请在普通窗口里打开这个页面。"],
  "worker-idle": ["服务器没有发送用来隔离页面的响应头，代劳的 Service Worker 也没有起作用。", "请重新加载页面，或者换一个浏览器打开。"],
  "frame-refused": ["这个页面是隔离的，而隔离的页面只容得下服务器同意这一点的框架。实验所在的服务器没有同意：它没有发送 Cross-Origin-Embedder-Policy。", "请在单独的标签页里打开这张图。"],
  "frame-silent": ["页面没有隔离，所以这张图需要一个框架，而框架没有加载：要么被页面的 Content-Security-Policy 禁止，要么连接失败。", "请在单独的标签页里打开这张图。"],
};

/** Four setups, the best first: isolated already; a policy for this document alone; the lab's service worker; a recorded run. @type {import("../words.js").Translated<import("../words.js").Words["reach"]>} */
export const reach = {
  by: {
    headers: "由响应头隔离",
    "service-worker": "由 Service Worker 隔离",
    "document-isolation-policy": "由自己的策略隔离",
    browser: "可共享内存，未隔离",
    none: "未隔离",
  },
  setup: (setup) => `第 ${setup} 种方式，共 4 种，第 1 种最好。`,
  why: {
    headers: "服务器发送了响应头，隔离了本页或者外层的页面。",
    browser: "这个浏览器即使声称页面没有隔离，也允许线程共享内存。只是时钟仍然粗糙。",
    "document-isolation-policy": "服务器发送了 Document-Isolation-Policy，只隔离这一个框架，不管外层是什么页面。",
    "policy-by-worker": "实验自己的 Service Worker 给这一个框架加上了 Document-Isolation-Policy，不管外层是什么页面。它不碰别的页面。",
    "service-worker": "服务器没有发送用来隔离页面的响应头；实验自己的 Service Worker 把它们加在实验的页面上，别的页面一概不动。",
    "foreign-worker": "这个网站的一个 Service Worker 给它的页面加上了响应头。",
  },
  advice: {
    top: "没有更好的方式了。",
    headers: "如果服务器自己发送这些响应头，首次加载会更快。",
    isolate: "随页面发送 Cross-Origin-Opener-Policy 和 Cross-Origin-Embedder-Policy，时钟会更精细。",
    "blocked-in-frame": "致嵌入者：在 Chromium 里，把实验的文件夹放到页面自己的网站上，或者随它发送响应头 Document-Isolation-Policy。在别的浏览器里，只有隔离的页面才行。",
    "not-isolated": "致嵌入者：随页面发送那两个响应头，或者从实验自己的文件夹加载 lock-lab.js，让它建一个框架。",
    "foreign-script": "致嵌入者：把实验的文件夹放到你自己的网站上。",
    "opaque-origin": "致嵌入者：在框架的 sandbox 里加上 allow-same-origin。",
    "frame-refused": "致嵌入者：把实验的文件夹放到你自己的站点上，或者让它的服务器发送 Cross-Origin-Embedder-Policy: require-corp 和 Cross-Origin-Resource-Policy: cross-origin。",
    "frame-silent": "致嵌入者：在 frame-src 里允许实验的地址。",
    other: "页面对此无能为力。",
  },
};
