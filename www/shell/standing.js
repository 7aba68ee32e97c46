/** Where a page stands on the way to sharing memory, as a figure's foot tells it: from what was found out to words. */

/** @typedef {import("../reach/isolation.js").Reach} Reach */
/** @typedef {import("../text/words.js").Words} Words */

/**
 * @param {Reach} reach @param {Words} words
 * @returns {{rung: number, by: string, why: string, climb: string}} `rung`: 1 is the best of 4
 */
export function sayStanding(reach, { reach: said, errors }) {
  if (!reach.ok) {
    const { why = "" } = errors["no-shared-memory"]({ reason: reach.reason });
    return { rung: 4, by: said.by.none, why, climb: said.climb[reach.reason] ?? said.climb.other };
  }
  const { isolatedBy, ownWorker } = reach;
  const by = said.by[isolatedBy];
  switch (isolatedBy) {
    case "headers":
      return { rung: 1, by, why: said.why.headers, climb: said.climb.top };
    case "browser":
      return { rung: 1, by, why: said.why.browser, climb: said.climb.isolate };
    case "document-isolation-policy":
      return { rung: 2, by, why: said.why[ownWorker ? "policy-by-worker" : isolatedBy], climb: ownWorker ? said.climb.headers : said.climb.top };
    case "service-worker":
      return { rung: 3, by, why: said.why[ownWorker ? isolatedBy : "foreign-worker"], climb: said.climb.headers };
  }
}
