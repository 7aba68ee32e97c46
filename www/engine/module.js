/** Fetches and compiles the wasm modules, each once a page, and says exactly why when it can't. */
import { moduleUrl } from "./assets.js";
import { LabError } from "./errors.js";
import { blamesPolicy, violatedRule } from "../csp.js";

/** How long the module may take, in ms: a connection that stalls says nothing, and browsers wait for minutes. */
const LOAD_MS = 30000;

/** By address. @type {Map<string, Promise<WebAssembly.Module>>} */
const loading = new Map();

/**
 * Finds out without fetching it whether a policy forbids the page to compile the module.
 * @throws {LabError} `wasm-load`, with `reason` csp or compile
 */
export function mayCompile() {
  try {
    // The shortest module there is.
    new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  } catch (error) {
    const said = String(error);
    throw new LabError("wasm-load", { reason: blamesPolicy(said) ? "csp" : "compile", said });
  }
}

/**
 * The compiled module that has an experiment, the same promise each time. A failure is not remembered: the next call tries again.
 * @param {string} experiment
 * @returns {Promise<WebAssembly.Module>}
 * @throws {LabError} `wasm-load`, with `reason` offline, slow, forbidden, http, mime, csp or compile
 */
export function loadModule(experiment) {
  const url = moduleUrl(experiment);
  const module = loading.get(url) ?? load(url);
  loading.set(url, module);
  module.catch(() => loading.delete(url));
  return module;
}

/** @param {string} url */
async function load(url) {
  const signal = AbortSignal.timeout(LOAD_MS);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal });
  } catch (error) {
    if (signal.aborted) throw new LabError("wasm-load", { reason: "slow", url });
    const directive = await violatedRule(url);
    throw new LabError("wasm-load", { reason: directive ? "forbidden" : "offline", directive, url, said: String(error) });
  }
  if (!response.ok) throw new LabError("wasm-load", { reason: "http", status: response.status, url });
  const mime = response.headers.get("content-type")?.split(";")[0].trim() ?? "";
  try {
    // Streaming compilation insists on the MIME type; hosts that send another one get the slower way.
    return mime === "application/wasm" ? await WebAssembly.compileStreaming(response) : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    if (signal.aborted) throw new LabError("wasm-load", { reason: "slow", url });
    const said = String(error);
    const reason = blamesPolicy(said) ? "csp" : mime === "application/wasm" ? "compile" : "mime";
    throw new LabError("wasm-load", { reason, mime, url, said });
  }
}
