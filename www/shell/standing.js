/** Where a page stands on the way to sharing memory, as a figure's foot tells it: from what was found out to words. */

/** @typedef {import("../reach/isolation.js").Reach} Reach */
/** @typedef {import("../text/words.js").Words} Words */

/** @param {Reach} reach @param {Words} words @returns {{setup: number, by: string, why: string, advice: string}} `setup`: 1 is the best of 4 */
export function sayStanding(reach, { reach: said, errors }) {
  if (!reach.ok) {
    const { why, todo } = errors["no-shared-memory"]({ reason: reach.reason });
    return { setup: 4, by: said.by.none, why: `${why} ${todo}`, advice: said.advice[reach.reason] ?? said.advice.other };
  }
  const { isolatedBy, ownWorker } = reach;
  const by = said.by[isolatedBy];
  switch (isolatedBy) {
    case "headers":
      return { setup: 1, by, why: said.why.headers, advice: said.advice.top };
    case "browser":
      return { setup: 1, by, why: said.why.browser, advice: said.advice.isolate };
    case "document-isolation-policy":
      return { setup: 2, by, why: said.why[ownWorker ? "policy-by-worker" : isolatedBy], advice: ownWorker ? said.advice.headers : said.advice.top };
    case "service-worker":
      return { setup: 3, by, why: said.why[ownWorker ? isolatedBy : "foreign-worker"], advice: said.advice.headers };
  }
}
