/**
 * What stands in the page's head for other sites: pictures for who posts a link to it, and, where the site's own address is known, that address and
 * a description of the figure in oEmbed's form. Run by bundle.mjs. Reads no files.
 */
import { heightsOf } from "../www/reach/place.js";
import { escape } from "../www/text/fill.js";
import { CARD, altOf } from "./stills.mjs";

/** @typedef {import("../www/text/words.js").Words} Words */
/** @typedef {{site?: string, figures: string[], pages: Record<string, {tag: string, file: string}>}} About  `site`: the folder's address, with a slash at its end; `figures`: those that have a picture; `pages`: by language */

/** The figure that the page as a whole stands for. */
const FIRST = "lock-cost";
/** How wide an oEmbed frame is: a text column. */
const WIDTH = 720;

/** The page's address in a language; of English that of the folder. @param {About} about @param {string} language */
const addressOf = ({ site, pages }, language) => `${site ?? "./"}${language === "en" && site ? "" : pages[language].file}`;

/** @param {string} property @param {string | number} content */
const meta = (property, content) => `<meta ${property.startsWith("twitter:") ? "name" : "property"}="${property}" content="${escape(String(content))}">`;

/** @param {string} language @returns {string} */
export const oembedFile = (language) => (language === "en" ? "oembed.json" : `oembed.${language}.json`);

/**
 * Every picture there is, the first figure's first. Without the site's address they are named as seen from the page, which not every site follows.
 * @param {About} about @param {string} language @param {Words} words
 */
export function headFor(about, language, words) {
  const { site, figures, pages } = about;
  const others = Object.keys(pages).map((other) => `<link rel="alternate" hreflang="${pages[other].tag}" href="${escape(addressOf(about, other))}">`);
  const known = site === undefined ? [] : [
    `<link rel="canonical" href="${escape(addressOf(about, language))}">`,
    meta("og:url", addressOf(about, language)),
    `<link rel="alternate" type="application/json+oembed" href="${escape(site + oembedFile(language))}" title="${escape(words.figures[FIRST].title)}">`,
  ];
  const pictures = [FIRST, ...figures.filter((name) => name !== FIRST)].filter((name) => figures.includes(name)).flatMap((name) => [
    meta("og:image", `${site ?? "./"}cards/${name}.png`), meta("og:image:type", "image/png"), meta("og:image:width", CARD.width), meta("og:image:height", CARD.height), meta("og:image:alt", altOf(name, words)),
  ]);
  return [...others, ...known, meta("og:site_name", "Lock Lab"), meta("og:locale", pages[language].tag.replace("-", "_")), ...pictures, meta("twitter:card", pictures.length ? "summary_large_image" : "summary")].join("\n");
}

/**
 * The first figure as oEmbed 1.0 describes it. A static file says the same whatever size is asked for: the frame gives way by `max-width`.
 * @param {About & {site: string}} about @param {string} language @param {Words} words @param {string} title
 */
export function oembedFor(about, language, words, title) {
  const { site, figures } = about;
  const [height] = heightsOf(FIRST);
  const address = `${site}index.html?figure=${FIRST}${language === "en" ? "" : `&lang=${language}`}`;
  const name = `Lock Lab: ${words.figures[FIRST].title}`;
  return {
    version: "1.0",
    type: "rich",
    title,
    provider_name: "Lock Lab",
    provider_url: site,
    width: WIDTH,
    height,
    html: `<iframe src="${escape(address)}" title="${escape(name)}" width="${WIDTH}" height="${height}" loading="lazy" allow="cross-origin-isolated; clipboard-write" style="border: 0; max-width: 100%"></iframe>`,
    ...(figures.includes(FIRST) && { thumbnail_url: `${site}cards/${FIRST}.png`, thumbnail_width: CARD.width, thumbnail_height: CARD.height }),
  };
}
