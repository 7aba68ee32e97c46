/** What the page's Content-Security-Policy has refused to load: browsers tell of it beside the failure, which itself says nothing of a policy. */

/** @type {Map<string, string>} the directive that was against it, by address */
const refused = new Map();
/** More than the lab has files; the page around us may be refused as many of its own as it likes. */
const KEPT = 64;

document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
  if (refused.size < KEPT) refused.set(blockedURI, effectiveDirective);
});

/** The directive that forbids an address, if it was one. The browser may tell of it a moment after the failure. @param {string} url @returns {Promise<string | undefined>} */
export async function directiveAgainst(url) {
  await new Promise((resolve) => setTimeout(resolve));
  return refused.get(url);
}
