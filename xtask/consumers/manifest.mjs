/** Holds the package's Custom Elements Manifest against the schema that its makers publish. */
import Ajv from "ajv";
import { createRequire } from "node:module";

const load = createRequire(import.meta.url);
const holds = new Ajv.default({ strict: false, validateFormats: false }).compile(load("custom-elements-manifest/schema.json"));
if (!holds(load("lock-lab/custom-elements.json"))) throw new Error(`custom-elements.json: ${JSON.stringify(holds.errors, null, 2)}`);
