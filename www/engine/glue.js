/** What wasm-bindgen made to call the wasm modules: the build puts it into this file's place. */
export const { initSync, layout, quit, resume, run, takeWork, wake } = /** @type {any} */ ({});
