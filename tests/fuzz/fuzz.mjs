/**
 * Random queries and messages against the page's own code that reads them, as it stands: no exception, and nothing passes that should not.
 * Run by `cargo xtask test` and, at full length, `cargo xtask fuzz`; by hand: `node tests/fuzz/fuzz.mjs [SEED] [COUNT]`. What a reader sees of such texts, the browser suite looks at.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { readNews, readOrder } from "../../www/reach/message.js";
import { attributeNames, attributeOf, figureNames, readConfig, settingsOf, shown } from "../../www/settings.js";
import { often } from "./chance.mjs";

// The bundler says which slices each figure has; nothing is bundled here, so the figures are asked.
const folder = new URL("../../www/figures/", import.meta.url);
const figures = await Promise.all(fs.readdirSync(folder).map(async (name) => ({ name, ...(await import(new URL(`${name}/figure.js`, folder).href)).figure })));
shown.push(...figures.map(({ name, slices }) => ({ name, slices: Object.keys(slices) })));

const seed = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 100000);

/** Every setting that there is, by its attribute. */
const settings = new Map(figureNames.flatMap((name) => settingsOf(name)).map((one) => [one.attribute, one]));

/** A value that a setting can have. @param {import("./chance.mjs").Chance} chance @param {any} setting */
const fitting = (chance, { kind, choices, default: usual, min, max }) =>
  String(kind === "choice" ? chance.pick(choices) : kind === "text" ? usual : min + chance.below(Math.min(max - min + 1, 2 ** 31)));

/** A query as an address may have it: parameters that fit, that almost fit, that don't, and some that nobody knows. @param {import("./chance.mjs").Chance} chance */
function query(chance) {
  if (chance.one(8)) return chance.text();
  const parts = Array.from({ length: chance.below(8) }, () => {
    const attribute = chance.one(8) ? chance.text() : chance.pick(attributeNames);
    const setting = settings.get(attribute);
    const fits = attribute === "figure" ? chance.pick(figureNames) : attribute === "show" ? chance.pick(chance.pick(shown).slices) : setting ? fitting(chance, setting) : chance.text();
    const value = chance.one(3) ? chance.text() : chance.one(4) ? chance.bent(fits) : fits;
    // Not every hand that writes an address escapes what it writes.
    return chance.one(4) ? `${attribute}=${value}` : `${encodeURIComponent(attribute.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`;
  });
  return parts.join("&");
}

/** What is read must be whole and in range, or named as wrong. @param {ReturnType<typeof readConfig>} read */
function isSound({ figure, config, wrong }) {
  for (const one of wrong) {
    assert.ok(one.got.length <= 81, "what is shown of a wrong value is short");
    assert.ok(one.allowed.length > 0);
  }
  for (const [name, value] of Object.entries(config)) {
    const setting = settingsOf(figure).find((one) => one.name === name);
    assert.ok(setting, `${figure} has no setting ${name}`);
    if (setting.kind === "choice") assert.ok(setting.choices?.includes(String(value)));
    else if (setting.kind === "text") assert.match(String(value), new RegExp(`^(${setting.pattern})$`));
    else assert.ok(Number.isInteger(value) && Number(value) >= Number(setting.min) && Number(value) <= Number(setting.max), `${name} is ${value}`);
  }
  if (wrong.length) return;
  assert.ok(figureNames.includes(figure));
  assert.deepEqual(Object.keys(config).sort(), settingsOf(figure).map((one) => one.name).sort());
}

let sound = 0;
often("queries", seed, count, (chance, keep) => {
  const text = query(chance);
  keep(text);
  const parameters = new URLSearchParams(text);
  const read = readConfig((attribute) => parameters.get(attribute));
  isSound(read);
  if (!read.wrong.length && parameters.size) sound += 1;
});
assert.ok(sound > count / 50, `only ${sound} queries asked for something that can be run: this shows little`);

/** A message, more often than not one that is almost right. @param {import("./chance.mjs").Chance} chance */
function message(chance) {
  if (chance.one(6)) return chance.value();
  const names = [...settings.values()].map((one) => one.name);
  const config = Object.fromEntries(Array.from({ length: chance.below(5) }, () => [chance.one(6) ? chance.text() : chance.pick(names), chance.one(2) ? chance.number() : chance.text()]));
  const whole = chance.pick([
    { type: "lab-run" }, { type: "lab-stop", id: chance.number() }, { type: "lab-kill", worker: chance.number() }, { type: "lab-config", config, look: { theme: chance.text(), lang: null } },
    { type: "lab-hello" }, { type: "lab-answer", id: 1, report: null }, { type: "lab-height", height: chance.number() }, { type: "lab-state", state: "ready" },
    { type: "lab-report", report: { schema: "locklab-report/1" } }, { type: "lab-error", error: { code: "stuck", message: "The threads did not stop." } },
  ]);
  return chance.one(3) ? whole : chance.mutated(whole);
}

let obeyed = 0;
often("messages", seed, count, (chance, keep) => {
  // As the browser hands it over.
  const data = structuredClone(message(chance));
  keep(data);
  const order = readOrder(data);
  const news = readNews(data);
  assert.ok(order === null || ["lab-run", "lab-stop", "lab-kill", "lab-config"].includes(order.type));
  if (order?.type === "lab-kill") assert.ok(Number.isSafeInteger(order.worker) && order.worker >= 0);
  if (order?.type === "lab-config") assert.ok(Object.keys(order.look).every((name) => name === "theme" || name === "lang"));
  assert.ok(news === null || ["lab-hello", "lab-config", "lab-answer", "lab-height", "lab-state", "lab-report", "lab-error"].includes(news.type));
  if (news?.type === "lab-height") assert.ok(news.height > 0 && news.height <= 100000);
  if (order?.type !== "lab-config") return;
  const fields = Object.entries(order.config);
  assert.ok(fields.length <= 64 && fields.every(([name, value]) => typeof value === "string" && value.length <= 100 && name.length <= 100));
  // What the element does with it.
  const attributes = new Map(fields.map(([name, value]) => [attributeOf(name), value]));
  attributes.delete(undefined);
  isSound(readConfig((attribute) => attributes.get(attribute) ?? null));
  obeyed += 1;
});
assert.ok(obeyed > count / 50, `only ${obeyed} messages set something: this shows little`);
assert.equal(/** @type {any} */ ({}).hacked, undefined, "no prototype was touched");
