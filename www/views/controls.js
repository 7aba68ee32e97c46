/** Controls for settings: a slider and a number field for the same number, or a choice. */
import { h, put } from "./dom.js";

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {"integer" | "choice"} kind
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [most]  where the slider ends; larger values can be written, and `why` is said below
 * @property {string} [why]  the slider ends there
 * @property {string[]} [choices]
 */
/**
 * @typedef {object} ControlWords
 * @property {string} label
 * @property {(value: number) => string} [say]  a value with its unit, as it is read out
 * @property {(value: number) => string} [note]  a value in words below the slider, if its digits are hard to count
 * @property {(choice: string) => string} [choice]
 */
/** @typedef {{element: HTMLElement, show(value: string | number): void, refuse(message: string | null): void, mark?(value: number, text: string): void}} Control */

/** A slider with more values than this goes through round numbers only. */
const MAX_VALUES = 200;

/** The values of a slider that can't offer all: 0, 1, 2, 3, 5, 10, 20, … @param {number} min @param {number} max */
function stopsOf(min, max) {
  const stops = new Set([min, max]);
  for (let power = 1; power <= max; power *= 10) for (const digit of [1, 2, 3, 5]) if (digit * power > min && digit * power < max) stops.add(digit * power);
  return [...stops].sort((a, b) => a - b);
}

/** Maps between a slider's own numbers and a setting's values: the same, or indexes of round values. @param {number} min @param {number} max */
function scaleOf(min, max) {
  if (max - min < MAX_VALUES) return { from: min, to: max, valueAt: (/** @type {number} */ place) => place, placeOf: (/** @type {number} */ value) => value };
  const stops = stopsOf(min, max);
  return { from: 0, to: stops.length - 1, valueAt: (/** @type {number} */ place) => stops[place], placeOf: (/** @type {number} */ value) => nearest(stops, value) };
}

/** The index of the stop nearest to a value. @param {number[]} stops @param {number} value */
function nearest(stops, value) {
  let best = 0;
  for (let i = 1; i < stops.length; i++) if (Math.abs(stops[i] - value) < Math.abs(stops[best] - value)) best = i;
  return best;
}

let serial = 0;

/** @param {Setting} setting @param {ControlWords} words @param {(value: string) => void} changed @returns {Control} */
export function makeControl(setting, words, changed) {
  return setting.kind === "choice" ? makeChoice(setting, words, changed) : makeNumber(setting, words, changed);
}

/** What a number field takes. */
const NUMBER = /^-?\d{1,20}(\.\d{1,20})?$/;

/** @param {Setting} setting @param {ControlWords} words @param {(value: string) => void} changed @returns {Control} */
function makeNumber(setting, words, changed) {
  const id = `lab-${setting.name}-${++serial}`;
  const min = Number(setting.min);
  const max = Number(setting.max);
  const most = Math.min(max, setting.most ?? max);
  const scale = scaleOf(min, most);
  const say = words.say ?? String;
  const slider = h("input", { type: "range", id: `${id}-slider`, name: setting.name, min: scale.from, max: scale.to, step: 1, "aria-label": words.label });
  const field = h("input", { type: "number", id, name: setting.name, min, max, step: 1, inputmode: "numeric", "aria-describedby": `${setting.why === undefined ? "" : `${id}-why `}${id}-wrong` });
  const wrong = makeRefusal(field, id);
  const why = setting.why !== undefined && h("span", { class: "why", id: `${id}-why` }, setting.why);
  field.style.setProperty("--digits", String(String(max).length));
  const marks = h("span", { class: "marks", "aria-hidden": "true" });
  const note = words.note && h("span", { class: "note" });
  put(marks, note);
  /** @param {number} value */
  const speak = (value) => {
    slider.setAttribute("aria-valuetext", say(value));
    if (note) note.textContent = words.note?.(value) ?? "";
  };
  slider.addEventListener("input", () => {
    const value = scale.valueAt(Number(slider.value));
    field.value = String(value);
    speak(value);
    changed(String(value));
  });
  field.addEventListener("change", () => changed(field.value));
  const element = h("div", { class: "control" }, h("label", { for: id }, words.label), field, h("span", { class: "slide" }, slider), marks, why, wrong.element);
  return {
    element,
    refuse: wrong.refuse,
    show(value) {
      // The message below says what is no number; a number field would only log a warning.
      const text = NUMBER.test(String(value)) ? String(value) : "";
      if (field.value !== text) field.value = text;
      if (!text) return;
      const place = String(scale.placeOf(Number(value)));
      if (slider.value !== place) slider.value = place;
      speak(Number(value));
    },
    mark(value, text) {
      if (value < min || value > most) return;
      const mark = h("span", { class: "mark" }, text);
      mark.style.setProperty("--at", String((scale.placeOf(value) - scale.from) / (scale.to - scale.from)));
      put(marks, mark);
    },
  };
}

/** @param {Setting} setting @param {ControlWords} words @param {(value: string) => void} changed @returns {Control} */
function makeChoice(setting, words, changed) {
  const id = `lab-${setting.name}-${++serial}`;
  const options = (setting.choices ?? []).map((choice) => h("option", { value: choice }, words.choice?.(choice) ?? choice));
  const select = h("select", { id, name: setting.name, "aria-describedby": `${id}-wrong`, onChange: () => changed(select.value) }, options);
  const wrong = makeRefusal(select, id);
  return {
    element: h("div", { class: "control choice" }, h("label", { for: id }, words.label), select, wrong.element),
    refuse: wrong.refuse,
    show(value) {
      select.value = String(value);
    },
  };
}

/** What is wrong with a field, said below it. @param {HTMLElement} field @param {string} id */
function makeRefusal(field, id) {
  const element = h("span", { class: "wrong", id: `${id}-wrong` });
  return {
    element,
    /** @param {string | null} message */
    refuse(message) {
      element.textContent = message ?? "";
      if (message === null) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
    },
  };
}
