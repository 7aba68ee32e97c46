/**
 * Holds the languages against each other: every one says what English says, in the same keys, as strings or as functions of the same data, with
 * the same settings behind its phrases; and nothing is said that nobody asks for. Run by `cargo xtask test`; prints what is wrong.
 */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import described from "../www/generated/settings.js";
import { languages, manifests, wordsIn } from "./figures.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
/** @type {string[]} */
const complaints = [];

/** @typedef {unknown} Word */
/** @param {Word} word */
const kindOf = (word) => (Array.isArray(word) ? "a list" : typeof word === "object" && word !== null ? "a group" : `a ${typeof word}`);
/** What stands behind a text's phrases and links: that is the same in every language. @param {string} text */
const behind = (text) => [...text.matchAll(/\{([^|}]+)(?:\|[^}]+)?\}|\]\(([^)]+)\)/g)].map(([, set, href]) => set ?? href).sort().join(", ");
/** What is written in code is nobody's language. @param {string} text */
const code = (text) => [...text.matchAll(/`([^`]+)`/g)].map(([, inside]) => inside).sort().join(", ");

const english = await wordsIn("en", false);

/** @param {string} place @param {Word} english @param {Word} own */
function compare(place, english, own) {
  if (own === undefined) return complaints.push(`${place} is missing`);
  if (english === undefined) return complaints.push(`${place} has no counterpart in English`);
  const [wanted, got] = [kindOf(english), kindOf(own)];
  if (wanted !== got) return complaints.push(`${place} is ${got}, in English ${wanted}`);
  if (typeof english === "function" && typeof own === "function" && english.length !== own.length) complaints.push(`${place} takes ${own.length} values, in English ${english.length}`);
  if (typeof english === "string" && typeof own === "string") compareTexts(place, english, own);
  if (typeof english !== "object" || typeof own !== "object" || !english || !own) return;
  for (const key of new Set([...Object.keys(english), ...Object.keys(own)])) compare(`${place}.${key}`, /** @type {any} */ (english)[key], /** @type {any} */ (own)[key]);
}

/** @param {string} place @param {string} english @param {string} own */
function compareTexts(place, english, own) {
  if (!own.trim() && english.trim()) complaints.push(`${place} is empty`);
  if (behind(english) !== behind(own)) complaints.push(`${place}: its phrases set "${behind(own)}", in English "${behind(english)}"`);
  if (code(english) !== code(own)) complaints.push(`${place}: its code is "${code(own)}", in English "${code(english)}"`);
  // A name with a number is the same everywhere.
  if (english === own && /[a-z]{3}/.test(own) && !/\d/.test(own)) complaints.push(`${place} is still English: "${own}"`);
}

/** Every word's path. @param {string[]} keys @param {Word} words @returns {string[][]} */
const leaves = (keys, words) => (kindOf(words) === "a group" ? Object.entries(/** @type {object} */ (words)).flatMap(([key, word]) => leaves([...keys, key], word)) : [keys]);

/** All of the sources but the words themselves. */
function sources() {
  const read = (/** @type {string} */ folder, /** @type {RegExp} */ which) => fs.readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && which.test(entry.name)).map((entry) => path.join(entry.parentPath, entry.name));
  return [...read("www", /\.js$/).filter((file) => !file.includes(`${path.sep}text${path.sep}`) && !/figures.[^/\\]+.\w\w\.js$/.test(file)), ...read("src", /\.rs$/)].map((file) => fs.readFileSync(file, "utf8")).join("\n");
}

// The report calls counters what Rust calls them; the page's English is the same.
for (const { name, label } of described.counters) {
  if (english.shared.counters[name] !== label) complaints.push(`en: counters.${name} is "${english.shared.counters[name]}", in Rust "${label}"`);
}

const page = fs.readFileSync(path.join(root, "index.html"), "utf8");
// A Rust variant goes into a report in kebab case.
const used = new Set((sources().match(/[\w-]+/g) ?? []).flatMap((name) => [name, name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()]));
for (const keys of [...leaves(["shared"], english.shared), ...leaves(["figures"], english.figures)]) if (!used.has(/** @type {string} */ (keys.at(-1)))) complaints.push(`en: nothing asks for ${keys.join(".")}`);
for (const keys of leaves(["article"], english.article)) if (!page.includes(`data-text="${keys.join(".")}"`)) complaints.push(`en: index.html does not ask for ${keys.join(".")}`);

for (const [figure, { presets, facts }] of Object.entries(manifests)) {
  const own = english.figures[figure];
  for (const key of ["title", "question", "none"]) if (!own[key]) complaints.push(`en: figures.${figure}.${key} is missing`);
  if (Object.keys(own.presets).join() !== presets.map(({ id }) => id).join()) complaints.push(`en: figures.${figure}.presets are not those of its manifest`);
  if (facts && facts({ config: {} }, english.shared).length !== own.facts?.length) complaints.push(`en: figures.${figure}.facts are not those of its manifest`);
}

for (const language of Object.keys(languages)) {
  if (language === "en") continue;
  compare(language, english, await wordsIn(language, false));
}

for (const one of complaints) console.error(`  ${one}`);
if (complaints.length) {
  console.error(`  ${complaints.length} words are missing, too many or other than in English (www/text/)`);
  process.exit(1);
}
