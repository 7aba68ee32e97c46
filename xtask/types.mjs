/**
 * What editors and compilers want to know of the element: TypeScript declarations, types for the templates of three frameworks, and the Custom
 * Elements Manifest. Made from what Rust describes and from the report's schema, as the docs' tables are; writes nothing itself.
 */
import described from "../www/generated/settings.js";
import { STATES } from "../www/model.js";
import { languages } from "./figures.mjs";

/** @typedef {Record<string, any>} Schema  JSON Schema, as far as ours goes */
/** @typedef {{name: string, type: string, meaning: string, default?: string}} Attribute */

const quoted = (/** @type {readonly string[]} */ names) => names.map((name) => JSON.stringify(name)).join(" | ");

/** Attributes that are no experiment's. @type {Attribute[]} */
const OWN = [
  { name: "figure", type: quoted(described.order), meaning: "Which experiment.", default: described.order[0] },
  { name: "src", type: "string", meaning: "The address of a report that is shown in place of our recorded run." },
  { name: "lang", type: quoted(Object.keys(languages)), meaning: "The language of the words." },
  { name: "theme", type: quoted(["auto", "light", "dark"]), meaning: "Its colours.", default: "auto" },
  { name: "autorun", type: "boolean | \"\" | \"true\" | \"false\" | \"1\" | \"0\" | \"on\" | \"off\"", meaning: "Whether it runs once by itself when it is visible." },
];

/** @type {Attribute[]} */
const attributes = [...OWN, ...Object.values(described.settings).map(({ attribute: name, kind, choices, meaning, min, max, default: usual }) => ({
  name, meaning: kind === "integer" ? `${meaning} ${min}–${max}.` : meaning, default: String(usual),
  type: kind === "choice" ? quoted(choices ?? []) : kind === "integer" ? "number | `${number}`" : "string | number",
}))];

/** The element's members, as class and manifest have them. @type {{name: string, type: string, meaning: string, arguments?: string, readonly?: boolean, written?: string}[]} */
const MEMBERS = [
  { name: "state", type: "LockLabState", meaning: "What goes on; each change is a `lab-state` event.", readonly: true },
  { name: "config", type: "LockLabConfig", meaning: "The settings in force. Assigning some sets their attributes; null takes one away.", written: "{ [Name in keyof LockLabConfig]?: LockLabConfig[Name] | null }" },
  { name: "report", type: "LockLabReport | null", meaning: "The last run's report.", readonly: true },
  { name: "error", type: "LockLabError | null", meaning: "What is wrong.", readonly: true },
  { name: "ready", type: "Promise<void>", meaning: "Fulfilled when `run()` can be called, or the state is `unsupported`.", readonly: true },
  { name: "run", arguments: "", type: "Promise<LockLabReport>", meaning: "Runs the figure; while it runs, the same promise again. Rejects with an `Error` that has a `code`." },
  { name: "stop", arguments: "", type: "Promise<LockLabReport | null>", meaning: "Stops the run: the partial report." },
  { name: "kill", arguments: "worker: number", type: "void", meaning: "Ends one worker of the run, by its index from 0." },
];

const EVENTS = [
  { name: "lab-state", detail: "{ state: LockLabState }", meaning: "The state has changed." },
  { name: "lab-report", detail: "LockLabReport", meaning: "A run has ended, with this report." },
  { name: "lab-error", detail: "LockLabError | null", meaning: "Something is wrong, or no longer." },
  { name: "lab-config", detail: "LockLabConfig", meaning: "The settings have changed." },
];

/** A schema as a type. @param {Schema} schema @param {string} [indent] @returns {string} */
function typeOf(schema, indent = "") {
  const { $ref, anyOf, oneOf, type } = schema;
  if ($ref) return `LockLab${$ref.split("/").pop()}`;
  if (anyOf ?? oneOf) return (anyOf ?? oneOf).map((/** @type {Schema} */ one) => typeOf(one, indent)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return quoted(schema.enum);
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, indent)).join(" | ");
  if (type === "array") return `Array<${typeOf(schema.items ?? {}, indent)}>`;
  if (type === "object") return schema.properties ? fieldsOf(schema, indent) : "Record<string, unknown>";
  return type === "integer" ? "number" : type ?? "unknown";
}

/** @param {string} text @param {string} indent */
const comment = (text, indent) => (text ? `${indent}/** ${text.replaceAll("\n", " ").replaceAll("*/", "*\u200b/")} */\n` : "");

/** @param {Schema} schema @param {string} indent */
function fieldsOf({ properties, required = [] }, indent) {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, of]) => `${comment(of.description ?? "", inner)}${inner}${name}${required.includes(name) ? "" : "?"}: ${typeOf(of, inner)};\n`);
  return `{\n${fields.join("")}${indent}}`;
}

/** @param {string} name @param {Schema} schema */
const exported = (name, schema) => `${comment(schema.description ?? "", "")}export type LockLab${name} = ${typeOf(schema)};\n`;

/** Everything about the element, for any TypeScript. @param {Schema} schema  the report's */
function declarations(schema) {
  const figure = described.order.map((name) => JSON.stringify(name)).join(" | ");
  const report = { ...schema, properties: { ...schema.properties, figure: { ...schema.properties.figure, enum: described.order }, config: { $ref: "Config" } } };
  const members = MEMBERS.map(({ name, type, meaning, arguments: taken, readonly, written }) => `${comment(meaning, "  ")}${taken !== undefined ? `  ${name}(${taken}): ${type};` : written ? `  get ${name}(): ${type};\n  set ${name}(some: ${written});` : `  ${readonly ? "readonly " : ""}${name}: ${type};`}\n`);
  const heard = EVENTS.map(({ name, detail, meaning }) => `${comment(meaning, "  ")}  "${name}": CustomEvent<${detail}>;\n`);
  return [
    "/** Types of Lock Lab's element. Made by `cargo xtask build` from the experiments' settings and the report's schema. */\n",
    `export type LockLabFigure = ${figure};\n`, `export type LockLabState = ${quoted(STATES)};\n`,
    "export interface LockLabError {\n  /** What happened, for programs: `bad-config`, `no-shared-memory`, … */\n  code: string;\n  /** The same for people. */\n  message: string;\n  detail?: Record<string, unknown>;\n}\n",
    ...Object.entries(schema.$defs).map(([name, of]) => exported(name, of)),
    `/** Settings by their camelCase names. */\nexport interface LockLabConfig ${fieldsOf(schema.properties.config, "")}\n`,
    `/** What a run gives; a figure's own part is there with that figure only. */\nexport interface LockLabReport ${fieldsOf(report, "")}\n`,
    `/** What may stand in the element's tag. */\nexport interface LockLabAttributes {\n${attributes.map(({ name, type, meaning }) => `${comment(meaning, "  ")}  ${JSON.stringify(name)}?: ${type};\n`).join("")}}\n`,
    `export interface LockLabEventMap {\n${heard.join("")}}\n`,
    `export declare class LockLab extends HTMLElement {\n${members.join("")}  addEventListener<K extends keyof LockLabEventMap>(type: K, listener: (this: LockLab, event: LockLabEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;\n  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;\n}\n`,
    "declare global {\n  interface HTMLElementTagNameMap {\n    \"lock-lab\": LockLab;\n  }\n}\n",
  ].join("\n");
}

/** The element's tag in a framework's templates; `import type {} from "lock-lab/react"` puts it in force. @type {Record<string, string>} */
const TEMPLATES = {
  react: `import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { LockLab, LockLabAttributes, LockLabEventMap } from "./lock-lab.js";

type Listeners = { [Name in keyof LockLabEventMap as \`on\${Name}\`]?: (event: LockLabEventMap[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "lock-lab": Omit<DetailedHTMLProps<HTMLAttributes<LockLab>, LockLab>, keyof LockLabAttributes> & LockLabAttributes & Listeners;
    }
  }
}
`,
  vue: `import type { DefineComponent, HTMLAttributes } from "vue";
import type { LockLabAttributes, LockLabEventMap } from "./lock-lab.js";

type Camel<Name> = Name extends \`\${infer Head}-\${infer Tail}\` ? \`\${Head}\${Capitalize<Camel<Tail>>}\` : Name;
type Listeners = { [Name in keyof LockLabEventMap as \`on\${Capitalize<Camel<Name>>}\`]?: (event: LockLabEventMap[Name]) => void };

declare module "vue" {
  interface GlobalComponents {
    "lock-lab": DefineComponent<Omit<HTMLAttributes, keyof LockLabAttributes> & LockLabAttributes & Listeners>;
  }
}
`,
  svelte: `import type { HTMLAttributes } from "svelte/elements";
import type { LockLab, LockLabAttributes, LockLabEventMap } from "./lock-lab.js";

type Listeners = { [Name in keyof LockLabEventMap as \`on\${Name}\`]?: (event: LockLabEventMap[Name]) => void };

declare module "svelte/elements" {
  interface SvelteHTMLElements {
    "lock-lab": Omit<HTMLAttributes<LockLab>, keyof LockLabAttributes> & LockLabAttributes & Listeners;
  }
}
`,
};

/** The Custom Elements Manifest, for editors and catalogues. */
function manifest() {
  const path = "lock-lab.js";
  const named = MEMBERS.map(({ name, type: text, meaning: description, arguments: taken, readonly }) => {
    if (taken === undefined) return { kind: "field", name, type: { text }, description, ...(readonly && { readonly }) };
    const [parameter, of] = taken.split(": ");
    return { kind: "method", name, description, return: { type: { text } }, ...(parameter && { parameters: [{ name: parameter, type: { text: of } }] }) };
  });
  const element = {
    kind: "class", customElement: true, tagName: "lock-lab", name: "LockLab", superclass: { name: "HTMLElement" },
    description: "A live figure about locks and threads: what a lock costs, measured in the reader's browser.",
    attributes: attributes.map(({ name, type: text, meaning: description, default: usual }) => ({ name, type: { text }, description, ...(usual !== undefined && { default: usual }) })),
    members: named,
    events: EVENTS.map(({ name, detail, meaning: description }) => ({ name, type: { text: `CustomEvent<${detail}>` }, description })),
    slots: [{ name: "", description: "What readers see before the script has come, and where none comes: a picture with a link." }],
  };
  const exports = [{ kind: "js", name: "LockLab", declaration: { name: "LockLab", module: path } }, { kind: "custom-element-definition", name: "lock-lab", declaration: { name: "LockLab", module: path } }];
  return { schemaVersion: "1.0.0", modules: [{ kind: "javascript-module", path, declarations: [element], exports }] };
}

/** All of it, by the files' names. @param {Schema} schema  the report's @returns {Record<string, string>} */
export const typesFrom = (schema) => ({
  "lock-lab.d.ts": declarations(schema),
  ...Object.fromEntries(Object.entries(TEMPLATES).map(([name, text]) => [`${name}.d.ts`, text])),
  "custom-elements.json": `${JSON.stringify(manifest(), null, 2)}\n`,
});
