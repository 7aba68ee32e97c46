/** What a page's own rules forbid: browsers report that beside the failure, and often after it; the failure itself rarely names the rule. */

/** The rule (a directive of the Content-Security-Policy, or "Integrity-Policy"), by what it kept away. @type {Map<string, string>} */
const violations = new Map();
/** More than the lab has files; the page around us may break its rules as often as it likes. */
const MAX_VIOLATIONS = 64;
/** How long after a failure its report may come, in ms: a busy browser is late. */
const LATE_MS = 500;
const note = (/** @type {string} */ url, /** @type {string} */ rule) => violations.size < MAX_VIOLATIONS && violations.set(url, rule);

if (globalThis.document) {
  document.addEventListener("securitypolicyviolation", ({ blockedURI, effectiveDirective }) => note(blockedURI, effectiveDirective));
  // Chromium tells of that one here only.
  const { ReportingObserver } = /** @type {any} */ (globalThis);
  ReportingObserver && new ReportingObserver((/** @type {any[]} */ reports) => {
    for (const { body } of reports) note(String(body.blockedURL), "Integrity-Policy");
  }, { types: ["integrity-violation"], buffered: true }).observe();
}

/** The rule that has kept an address away, or one that begins with it, if any has. Waits for its report. @param {string} start @returns {Promise<string | undefined>} */
export async function violatedRule(start) {
  const late = AbortSignal.timeout(LATE_MS);
  for (;;) {
    const [, rule] = [...violations].find(([url]) => url.startsWith(start)) ?? [];
    if (rule || late.aborted) return rule;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
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
