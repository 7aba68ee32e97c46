/**
 * What stands in the page's head for other sites: pictures for who posts a link to it, and, where the site's own address is known, that address and
 * a description of the figure in oEmbed's form. Run by bundle.mjs. Reads no files.
 */
import { escape } from "../www/text/fill.js";
import { CARD, altOf, placeOf } from "./stills.mjs";
import { figureNames, manifests } from "./figures.mjs";

/** @typedef {import("./stills.mjs").Words} Words */
/**
 * @typedef {object} About
 * @property {string} [site]  the folder's address, with a slash at its end
 * @property {string[]} figures  those that have a picture
 * @property {string[]} described  all that have a recorded run
 * @property {string[]} drawn  languages whose words stand in pictures of their own; the others have the English ones
 * @property {Record<string, {tag: string, file: string}>} pages  by language
 */

/** The figure that the page as a whole stands for. */
const [FIRST] = figureNames;
/** How wide an oEmbed frame is: a text column. */
const WIDTH = 720;

/** The page's address in a language; of English that of the folder. @param {About} about @param {string} language */
const addressOf = ({ site, pages }, language) => `${site ?? "./"}${language === "en" && site ? "" : pages[language].file}`;

/** @param {string} property @param {string | number} content */
const meta = (property, content) => `<meta ${property.startsWith("twitter:") ? "name" : "property"}="${property}" content="${escape(String(content))}">`;

/** A figure's picture. @param {Pick<About, "drawn">} about @param {string} figure @param {string} language */
export const cardOf = ({ drawn }, figure, language) => `cards/${figure}${drawn.includes(language) ? `.${language}` : ""}.png`;

/** Where a figure is described for other sites; the first one's file has the plain name. @param {string} language @param {string} [figure] */
export const oembedFile = (language, figure = FIRST) => ["oembed", ...(figure === FIRST ? [] : [figure]), ...(language === "en" ? [] : [language]), "json"].join(".");

/**
 * Every picture there is, the first figure's first. Without the site's address they are named as seen from the page, which not every site follows.
 * @param {About} about @param {string} language @param {Words} words
 */
export function headFor(about, language, words) {
  const { site, figures, described, pages } = about;
  const others = Object.keys(pages).map((other) => `<link rel="alternate" hreflang="${pages[other].tag}" href="${escape(addressOf(about, other))}">`);
  const ordered = [FIRST, ...described.filter((name) => name !== FIRST)];
  // A search engine takes whole addresses only.
  const known = site === undefined ? [] : [
    ...others,
    `<link rel="canonical" href="${escape(addressOf(about, language))}">`,
    meta("og:url", addressOf(about, language)),
    // Who reads one of these takes the first.
    ...ordered.map((name) => `<link rel="alternate" type="application/json+oembed" href="${escape(site + oembedFile(language, name))}" title="${escape(titleOf(name, words))}">`),
  ];
  const pictures = ordered.filter((name) => figures.includes(name)).flatMap((name) => [
    meta("og:image", `${site ?? "./"}${cardOf(about, name, language)}`), meta("og:image:type", "image/png"), meta("og:image:width", CARD.width), meta("og:image:height", CARD.height), meta("og:image:alt", altOf(name, words)),
  ]);
  return [...known, meta("og:site_name", "Lock Lab"), meta("og:locale", pages[language].tag.replace("-", "_")), ...pictures, meta("twitter:card", pictures.length ? "summary_large_image" : "summary")].join("\n");
}

/** @param {string} figure @param {Words} words */
const titleOf = (figure, words) => words.figures[figure].title;

/**
 * A figure as oEmbed 1.0 describes it. A static file says the same whatever size is asked for: the frame gives way by `max-width`.
 * @param {About & {site: string}} about @param {string} figure @param {string} language @param {Words} words @param {string} title
 */
export function oembedFor(about, figure, language, words, title) {
  const { site, figures } = about;
  const [height] = manifests[figure].heights;
  const address = `${site}index.html?figure=${figure}${language === "en" ? "" : `&lang=${language}`}#${placeOf(figure)}`;
  const name = `Lock Lab: ${titleOf(figure, words)}`;
  return {
    version: "1.0",
    type: "rich",
    title: figure === FIRST ? title : name,
    provider_name: "Lock Lab",
    provider_url: site,
    width: WIDTH,
    height,
    html: `<iframe src="${escape(address)}" title="${escape(name)}" width="${WIDTH}" height="${height}" loading="lazy" allow="cross-origin-isolated; clipboard-write" style="border: 0; max-width: 100%"></iframe>`,
    ...(figures.includes(figure) && { thumbnail_url: `${site}${cardOf(about, figure, language)}`, thumbnail_width: CARD.width, thumbnail_height: CARD.height }),
  };
}
