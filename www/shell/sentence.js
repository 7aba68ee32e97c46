/** A figure's sentences: what went wrong, why, and what to do; and what came out. */

/** @param {import("../text/words.js").Words} words @param {string} code  one of the words' `errors` @param {any} detail @returns {string} */
export function sentenceOf({ errors }, code, detail) {
  const { what, why, todo } = errors[code](detail);
  return [what, why, todo].filter(Boolean).join(" ");
}

/** What came out, in one sentence: a slice's own, or the first. @param {import("./shell.js").Shell} shell @param {string[]} sentences @param {any} report @param {import("../settings.js").Config} config  what is looked at now */
export function verdictOf({ slice, words, own, language, model }, sentences, report, config) {
  const [first] = new Intl.Segmenter(language.lang, { granularity: "sentence" }).segment(sentences[0] ?? "");
  return slice?.say?.(sentences, report, { words, own, config, series: model.series }) ?? first?.segment ?? "";
}
