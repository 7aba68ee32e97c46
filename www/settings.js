/**
 * From what an author wrote (attributes, query parameters, a message) to a config, or to sentences about what is wrong with it.
 * Works before any wasm is loaded; Rust checks the same table again before a run. Knows no DOM.
 *
 * Names, defaults and ranges are not written here: they come from Rust, by way of `generated/settings.js`.
 */
import described from "./generated/settings.js";
import { languageIn, languages } from "./text/tags.js";

/** @typedef {Record<string, string | number>} Config  a figure's settings by their camelCase names */
/** @typedef {{attribute: string, field: string, got: string, allowed: string}} Wrong  one attribute that can't be taken */
/** @typedef {{details: boolean, show: string}} View  what of a figure is shown: `details`, whether what lies below the verdict is open */
/** @typedef {import("./generated/settings.js").Setting} Setting */

const { settings, figures } = described;

/** What Rust says of a figure; undefined where there is none of that name. @param {string} name */
const about = (name) => (Object.hasOwn(figures, name) ? figures[name] : undefined);

/** So much of a value that can't be taken is shown: enough to know it again. */
const SHOWN = 80;

/** The figures that exist, in the article's order. */
export const figureNames = described.order;

/** What reports call their format. @type {string} */
export const SCHEMA = described.schemaVersion;

/** The attributes that are an element's own and no experiment's. */
const OWN = { theme: ["auto", "light", "dark"], lang: Object.keys(languages), autorun: ["true", "1", "on", "false", "0", "off"], details: ["folded", "open"] };

/** Whether a boolean attribute, or parameter, is on. Templates and frameworks write "false" where HTML means that it is left out. @param {string | null} text */
export const isOn = (text) => text !== null && !["false", "0", "off"].includes(text.trim().toLowerCase());

/** What there is to be shown: each figure with its slices. The bundler knows them. @type {{name: string, slices: string[]}[]} */
// @ts-ignore: defined by the bundler
export const shown = Object.entries(typeof LAB_HEIGHTS === "undefined" ? {} : LAB_HEIGHTS).map(([name, heights]) => ({ name, slices: Object.keys(heights).filter(Boolean) }));

/** Every attribute that has a meaning. */
export const attributeNames = ["figure", "show", "src", ...Object.values(settings).map((one) => one.attribute), ...Object.keys(OWN)];

/** What a figure's settings are called, and what they may be. @param {string} figure */
export const settingsOf = (figure) => (about(figure)?.settings ?? []).map((name) => ({ name, ...settingIn(figure, name) }));

/** @param {string} figure @param {string} name @returns {Setting} */
const settingIn = (figure, name) => ({ ...settings[name], ...about(figure)?.allowed?.[name] });

/** What may stand in a setting, as a person would write it. @param {Setting} setting */
export function allowedIn(setting) {
  if (setting.kind === "text") return setting.words ?? "";
  return setting.kind === "choice" ? (setting.choices ?? []).join(", ") : `${setting.min}–${setting.max}`;
}

/**
 * Reads a setting as strictly as it can be written: whole decimal numbers inside the range, names from the list, texts that match.
 * @param {Setting} setting
 * @param {string} text
 * @returns {string | number | undefined} undefined when it can't be taken
 */
function read(setting, text) {
  if (setting.kind === "choice") return setting.choices?.includes(text) ? text : undefined;
  if (setting.kind === "text") return new RegExp(`^(${setting.pattern})$`).test(text) ? (/^\d+$/.test(text) ? Number(text) : text) : undefined;
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= Number(setting.min) && value <= Number(setting.max) ? value : undefined;
}

/**
 * The config that these attributes ask for. Attributes of other figures are checked as well: a wrong value is wrong wherever it stands.
 * @param {(attribute: string) => string | null} get  null where the attribute is absent
 * @returns {{figure: string, config: Config, language: string | undefined, src: string, view: View, wrong: Wrong[]}} `config` is whole only if nothing is wrong; `language` is what `lang` asks for
 */
export function readConfig(get) {
  /** @type {Wrong[]} */
  const wrong = [];
  /** @param {string} attribute @param {string} field @param {string} got @param {string} allowed */
  const refuse = (attribute, field, got, allowed) => wrong.push({ attribute, field, got: got.length > SHOWN ? `${got.slice(0, SHOWN)}…` : got, allowed });
  const figure = get("figure") ?? figureNames[0];
  if (!about(figure)) refuse("figure", "figure", figure, figureNames.join(", "));
  for (const [attribute, choices] of Object.entries(OWN)) {
    const got = get(attribute);
    const fits = attribute === "lang" ? languageIn(got) !== undefined : got !== null && (attribute === "autorun" ? ["", "autorun", ...choices].includes(got.trim().toLowerCase()) : choices.includes(got));
    if (got !== null && !fits) refuse(attribute, attribute, got, choices.join(", "));
  }
  const show = get("show") ?? "";
  // Of a figure that nobody knows, any figure's.
  const slices = shown.find(({ name }) => name === figure)?.slices ?? shown.flatMap(({ slices }) => slices);
  if (show && !slices.includes(show)) refuse("show", "show", show, slices.join(", "));
  /** @type {Config} */
  const config = {};
  const mine = about(figure);
  for (const name of Object.keys(settings)) {
    const setting = settingIn(figure, name);
    const text = get(setting.attribute);
    const value = text === null ? mine?.defaults[name] : read(setting, text.trim());
    if (text !== null && value === undefined) refuse(setting.attribute, name, text, allowedIn(setting));
    else if (value !== undefined && mine?.settings.includes(name)) config[name] = value;
  }
  return { figure, config, language: languageIn(get("lang")), src: get("src") ?? "", view: { details: get("details") === "open", show: slices.includes(show) ? show : "" }, wrong };
}

/** The attribute that carries a setting. @param {string} name  camelCase @returns {string | undefined} */
export const attributeOf = (name) => (Object.hasOwn(settings, name) ? settings[name].attribute : undefined);

/** A figure's value where its author says nothing. @param {string} figure @param {string} name */
export const defaultOf = (figure, name) => about(figure)?.defaults[name];

/** Whether a counter promises that no update gets lost. @param {string} name */
export const isExact = (name) => described.counters.find((one) => one.name === name)?.exact ?? true;

/** Whether a figure can do with one thread in all. @param {string} figure */
export const canBeAlone = (figure) => about(figure)?.alone === true;

/** Whether it can with these settings. @param {string} figure @param {Config} config */
export const isAlone = (figure, config) => canBeAlone(figure) && (config.threads === undefined || (config.threads === 1 && !isServed(config)));

/** Whether the chosen counter takes a thread of its own. @param {Config} config */
const isServed = ({ counter }) => described.counters.some((one) => one.name === counter && one.server);

/**
 * How many threads a figure's run needs: its workers' (one, where its settings speak of none), and those beside them: an owner's, where the chosen
 * counter has one.
 * @param {string} figure @param {Config} config
 */
export function poolSize(figure, config) {
  return Number(config.threads ?? 1) + Math.max(about(figure)?.spare ?? 0, isServed(config) ? 1 : 0);
}

/** Who is to own the threads; the page, where a figure leaves no choice. @param {Config} config @returns {"page" | "master"} */
export const ownerIn = ({ owner }) => (owner === "master" ? "master" : "page");
