/** Controls for settings: a slider and a number field that mean the same, or a choice. Know a setting's range and words, not what it does. */
import { h, put } from "./dom.js";

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {"integer" | "choice"} kind
 * @property {number} [min]
 * @property {number} [max]
 * @property {string[]} [choices]
 */
/**
 * @typedef {object} ControlWords
 * @property {string} label
 * @property {(value: number) => string} [say]  a value with its unit, as it is read out
 * @property {(choice: string) => string} [choice]
 */
/** @typedef {{element: HTMLElement, show(value: string | number): void, refuse(message: string | null): void, mark?(value: number, text: string): void}} Control */

/** Above so many values a slider goes through round numbers instead of through all. */
const ALL_OF = 200;

/** The values that a slider offers: all of them, or 1, 2, 5, 10, 20, 50, … @param {number} min @param {number} max */
export function stopsOf(min, max) {
  if (max - min < ALL_OF) return Array.from({ length: max - min + 1 }, (_, i) => min + i);
  const stops = new Set([min, max]);
  for (let power = 1; power <= max; power *= 10) for (const digit of [1, 2, 3, 5]) if (digit * power > min && digit * power < max) stops.add(digit * power);
  return [...stops].sort((a, b) => a - b);
}

/** Where a value stands among the stops, as well as it can. @param {number[]} stops @param {number} value */
function nearest(stops, value) {
  let best = 0;
  for (let i = 1; i < stops.length; i++) if (Math.abs(stops[i] - value) < Math.abs(stops[best] - value)) best = i;
  return best;
}

let serial = 0;

/**
 * @param {Setting} setting
 * @param {ControlWords} words
 * @param {(value: string) => void} changed
 * @returns {Control}
 */
export function makeControl(setting, words, changed) {
  return setting.kind === "choice" ? makeChoice(setting, words, changed) : makeNumber(setting, words, changed);
}

/** @param {Setting} setting @param {ControlWords} words @param {(value: string) => void} changed @returns {Control} */
function makeNumber(setting, words, changed) {
  const id = `lab-${setting.name}-${++serial}`;
  const min = Number(setting.min);
  const max = Number(setting.max);
  const stops = stopsOf(min, max);
  const say = words.say ?? String;
  const slider = h("input", { type: "range", id: `${id}-slider`, name: setting.name, min: 0, max: stops.length - 1, step: 1, "aria-label": words.label });
  const field = h("input", { type: "number", id, name: setting.name, min, max, step: 1, inputmode: "numeric", "aria-describedby": `${id}-wrong` });
  const wrong = h("span", { class: "wrong", id: `${id}-wrong` });
  field.style.setProperty("--digits", String(String(max).length));
  const marks = h("span", { class: "marks", "aria-hidden": "true" });
  /** @param {number} value */
  const speak = (value) => slider.setAttribute("aria-valuetext", say(value));
  slider.addEventListener("input", () => {
    const value = stops[Number(slider.value)];
    field.value = String(value);
    speak(value);
    changed(String(value));
  });
  field.addEventListener("change", () => changed(field.value));
  const element = h("div", { class: "control" }, h("label", { for: id }, words.label), field, h("span", { class: "slide" }, slider, marks), wrong);
  return {
    element,
    show(value) {
      if (field.value !== String(value)) field.value = String(value);
      const index = String(nearest(stops, Number(value)));
      if (slider.value !== index) slider.value = index;
      speak(Number(value));
    },
    refuse(message) {
      wrong.textContent = message ?? "";
      if (message === null) field.removeAttribute("aria-invalid");
      else field.setAttribute("aria-invalid", "true");
    },
    mark(value, text) {
      if (value < min || value > max) return;
      const mark = h("span", { class: "mark" }, text);
      mark.style.setProperty("--at", String(nearest(stops, value) / (stops.length - 1)));
      put(marks, mark);
    },
  };
}

/** @param {Setting} setting @param {ControlWords} words @param {(value: string) => void} changed @returns {Control} */
function makeChoice(setting, words, changed) {
  const id = `lab-${setting.name}-${++serial}`;
  const options = (setting.choices ?? []).map((choice) => h("option", { value: choice }, words.choice?.(choice) ?? choice));
  const wrong = h("span", { class: "wrong", id: `${id}-wrong` });
  const select = h("select", { id, name: setting.name, "aria-describedby": `${id}-wrong`, onChange: () => changed(select.value) }, options);
  return {
    element: h("div", { class: "control choice" }, h("label", { for: id }, words.label), select, wrong),
    show(value) {
      select.value = String(value);
    },
    refuse(message) {
      wrong.textContent = message ?? "";
      if (message === null) select.removeAttribute("aria-invalid");
      else select.setAttribute("aria-invalid", "true");
    },
  };
}
