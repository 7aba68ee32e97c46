/** Shapes that data from outside must have before anything reads it: how they are written down, and the first place where data does not fit. */

/** @typedef {{code: string, detail: any}} Wrong */
/** @typedef {{kind: "number", least: number, most: number} | {kind: "string", most: number} | {kind: "boolean"} | {kind: "choice", of: string[]}} Leaf */
/** @typedef {{kind: "list", of: Shape, most: number}} ListShape */
/** @typedef {{kind: "object", must: Record<string, Shape>, may: Record<string, Shape>}} ObjectShape */
/** @typedef {Leaf | ListShape | ObjectShape} Shape */

/** @param {number} [least] @param {number} [most] @returns {Shape} */
export const number = (least = 0, most = 1e15) => ({ kind: "number", least, most });
/** @param {number} most  characters @returns {Shape} */
export const string = (most) => ({ kind: "string", most });
/** @type {Shape} */
export const boolean = { kind: "boolean" };
/** @param {string[]} of @returns {Shape} */
export const choice = (...of) => ({ kind: "choice", of });
/** @param {Shape} of @param {number} most  entries @returns {Shape} */
export const list = (of, most) => ({ kind: "list", of, most });
/** @param {Record<string, Shape>} must @param {Record<string, Shape>} [may] @returns {ObjectShape} */
export const object = (must, may = {}) => ({ kind: "object", must, may });

/** What anything in a report may be called. */
export const name = string(80);
/** A time, in the unit that its field's name ends with. */
export const time = number();
/** What may be less than nothing: a difference, or the low end of an interval. */
export const signed = number(-1e15);

/** @param {unknown} value @returns {value is Record<string, any>} */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a report was made outside of any browser: on another machine, for all that a page can know. @param {any} report */
export const isNative = ({ environment }) => environment.engine.startsWith("native");

/** A value as it can be shown to its author. @param {unknown} value */
export const short = (value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).slice(0, 40);

/** What does not fit, the first of it. @param {any} value @param {Shape} shape @param {string} [path] @returns {Wrong | null} */
export function misfit(value, shape, path = "") {
  const wrong = (/** @type {string} */ wanted) => ({ code: "wrong-kind", detail: { path, wanted, got: short(value) } });
  switch (shape.kind) {
    case "number":
      if (typeof value !== "number") return wrong("number");
      return value >= shape.least && value <= shape.most ? null : { code: "out-of-range", detail: { path, got: short(value), least: shape.least, most: shape.most } };
    case "string":
      return typeof value === "string" && value.length <= shape.most ? null : wrong("string");
    case "boolean":
      return typeof value === "boolean" ? null : wrong("boolean");
    case "choice":
      return shape.of.includes(value) ? null : { code: "not-allowed", detail: { path, got: short(value), allowed: shape.of } };
    case "list":
      if (!Array.isArray(value)) return wrong("list");
      if (value.length > shape.most) return { code: "too-many", detail: { path, got: value.length, most: shape.most } };
      return first(value.keys(), (i) => misfit(value[i], shape.of, `${path}[${i}]`));
    case "object": {
      if (!isObject(value)) return wrong("object");
      const inner = (/** @type {string} */ key) => (path ? `${path}.${key}` : key);
      return first(Object.keys(shape.must), (key) => misfit(value[key], shape.must[key], inner(key)))
        ?? first(Object.keys(shape.may), (key) => (value[key] === undefined || value[key] === null ? null : misfit(value[key], shape.may[key], inner(key))));
    }
  }
}

/** @template T @param {Iterable<T>} all @param {(one: T) => Wrong | null} find @returns {Wrong | null} */
function first(all, find) {
  for (const one of all) {
    const found = find(one);
    if (found) return found;
  }
  return null;
}
