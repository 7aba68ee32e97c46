/** The line above a recorded run: whose it is, where it was made, what the reader can do, and what is wrong with the one that the author meant. */
import { h } from "../views/dom.js";

/** @param {import("../model.js").Model} model @param {import("../text/words.js").Words} words @param {(failure: import("../model.js").LabFailure) => string} sentence */
export function tagOf({ recorded, src, state }, { figure }, sentence) {
  const { report: { environment, startedAt }, refused } = /** @type {NonNullable<typeof recorded>} */ (recorded);
  const where = figure.where(environment);
  // For what an author shows, the author answers.
  const whose = src && !refused ? figure.recordedBy(where, figure.day(startedAt)) : figure.recordedIn(where);
  return [h("b", null, figure.recorded), " ", whose, state !== "unsupported" && h("span", { class: "own" }, " ", figure.runYourOwn), refused && h("span", { class: "warning" }, " ", sentence(refused))];
}
