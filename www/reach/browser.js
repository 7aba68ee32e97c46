/** The browser engine and the machine, as the report's environment names them. */

/** The first that matches names the engine. @type {[RegExp, string][]} */
const ENGINES = [
  [/(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/(?:Chrome|Chromium|HeadlessChrome)\/(\d+)/, "Chromium"],
  [/Version\/(\d+(?:\.\d+)?).*Safari/, "WebKit"],
  [/AppleWebKit\/(\d+)/, "WebKit"],
];

/** The engine's name and version, such as "Chromium 156". @param {string} [agent] */
function engineName(agent = navigator.userAgent) {
  for (const [pattern, name] of ENGINES) {
    const version = pattern.exec(agent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return "unknown";
}

/**
 * What the page knows of where it runs; Rust adds what it measures. To guard their readers, some browsers tell no number of cores, or a wrong one:
 * nothing is decided by it alone.
 * @param {{isolated: boolean, isolatedBy: string}} reach
 * @param {string} build
 */
export function environmentOf(reach, build) {
  return { engine: engineName(), cores: navigator.hardwareConcurrency || undefined, isolated: reach.isolated, isolatedBy: reach.isolatedBy, build };
}

/** The languages of an element and of those around it, its own first, as attributes name them. @param {Element} element @returns {(string | null)[]} */
export function languageTags(element) {
  /** @type {(string | null)[]} */
  const tags = [];
  for (let one = /** @type {Element | null | undefined} */ (element); one; one = one.parentElement ?? /** @type {ShadowRoot} */ (one.getRootNode()).host) tags.push(one.getAttribute("lang"));
  return tags;
}
