/** Fetches and compiles the wasm module once a page, and says exactly why when it can't. */
import { assetUrl } from "./assets.js";
import { LabError } from "./errors.js";
import { blamesPolicy, violatedDirective } from "./csp.js";

/** How long the module may take, in ms: a connection that stalls says nothing, and browsers wait for minutes. */
const LOAD_MS = 30000;

/** @type {Promise<WebAssembly.Module> | undefined} */
let loading;

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
    throw new LabError("wasm-load", { reason: blamesPolicy(said) ? "csp" : "compile", url: assetUrl("wasm"), said });
  }
}

/**
 * The compiled module. A failure is not remembered: the next call tries again.
 * @returns {Promise<WebAssembly.Module>}
 * @throws {LabError} `wasm-load`, with `reason` offline, slow, forbidden, http, mime, csp or compile
 */
export function loadModule() {
  loading ??= load().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load() {
  const url = assetUrl("wasm");
  const signal = AbortSignal.timeout(LOAD_MS);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal });
  } catch (error) {
    if (signal.aborted) throw new LabError("wasm-load", { reason: "slow", url });
    const directive = await violatedDirective(url);
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
