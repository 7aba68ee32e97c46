/**
 * What a figure is to whoever sees the page without JavaScript: the recorded run's picture, its sentences, its numbers as a table, and where they
 * come from; as HTML, in the words that the figure itself would use. Run by bundle.mjs. Reads no files.
 */
import described from "../www/generated/settings.js";
import { escape } from "../www/text/fill.js";

/** @typedef {import("../www/shell/manifest.js").Manifest} Manifest */
/** @typedef {Awaited<ReturnType<typeof import("./figures.mjs").wordsIn>>} Words  of one language */

/** How large the pictures are, in px: what social networks ask for. */
export const CARD = { width: 1200, height: 630 };

/** What a figure's picture says to who can't see it. @param {string} figure @param {Words} words */
export const altOf = (figure, words) => {
  const { title, question } = words.figures[figure];
  return `${title}: ${question(described.figures[figure].defaults)} (${words.shared.figure.recorded})`;
};

/**
 * Where a figure's recorded run stands in the page without scripts: what an address that asks for the figure has behind its `#`.
 * www/shell/shell.js writes such addresses.
 * @param {string} figure
 */
export const placeOf = (figure) => `still-${figure}`;

/**
 * The figure without scripts, as HTML for a `<noscript>`.
 * @param {any} report  of the recorded run @param {Manifest} manifest @param {Words} words @param {string} picture  of it, as seen from the page; none where it is empty
 */
export function stillOf(report, manifest, words, picture) {
  const { figure, environment, startedAt } = report;
  const own = words.figures[figure];
  const { shared } = words;
  const sentences = manifest.sentences(report, { words: shared, own });
  const { caption, columns, rows } = manifest.table(report, { words: shared, own });
  const side = (/** @type {number} */ i) => (columns[i].right ? ' class="right"' : "");
  const row = (/** @type {(string | number)[]} */ cells) => `<tr>${cells.map((cell, i) => (i === 0 ? `<th scope="row">${escape(String(cell))}</th>` : `<td${side(i)}>${escape(String(cell))}</td>`)).join("")}</tr>`;
  const size = `width="${CARD.width}" height="${CARD.height}"`;
  return [
    `<figure class="still" data-still="${figure}" id="${placeOf(figure)}">`,
    `<figcaption><b>${escape(own.title)}</b> ${escape(own.question(report.config))}</figcaption>`,
    picture && `<img src="${picture}" ${size} loading="lazy" alt="${escape(altOf(figure, words))}">`,
    ...sentences.map((text) => `<p>${escape(text)}</p>`),
    `<div class="wide" tabindex="0" role="group" aria-label="${escape(caption)}"><table><caption>${escape(caption)}</caption>`,
    `<thead><tr>${columns.map(({ head }, i) => `<th scope="col"${side(i)}>${escape(head)}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.map(row).join("\n")}</tbody></table></div>`,
    `<p class="soft">${escape([shared.figure.recorded, shared.figure.day(startedAt), shared.figure.environment(environment)].filter(Boolean).join(" · "))}</p>`,
    "</figure>",
  ].filter(Boolean).join("\n");
}
