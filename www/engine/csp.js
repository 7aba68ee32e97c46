/** What a Content-Security-Policy forbids: browsers report a violation beside the failure, whose own error rarely names the policy. */

/** The violated directive, by blocked address. @type {Map<string, string>} */
const violations = new Map();
/** More than the lab has files; the page around us may violate its policy as often as it likes. */
const MAX_VIOLATIONS = 64;

document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => {
  if (violations.size < MAX_VIOLATIONS) violations.set(blockedURI, effectiveDirective);
});

/** The directive that forbids an address, if any. The browser may report it a moment after the failure. @param {string} url @returns {Promise<string | undefined>} */
export async function violatedDirective(url) {
  await new Promise((resolve) => setTimeout(resolve));
  return violations.get(url);
}

/** Which directive an error from `new Worker(url)` is about, if any. @param {unknown} error @param {string} url */
export function directiveIn(error, url) {
  // The page enforces Trusted Types, and does not know the lab's policy.
  if (error instanceof TypeError) return "trusted-types";
  // Our own origin is secure: only a policy forbids it.
  const isSecurity = error instanceof DOMException && error.name === "SecurityError";
  return isSecurity && new URL(url).origin === self.origin ? "worker-src" : undefined;
}

/** Whether a browser's message blames a policy against wasm. @param {string} message */
export const blamesPolicy = (message) => /content security policy|unsafe-eval|blocked by csp/i.test(message);
