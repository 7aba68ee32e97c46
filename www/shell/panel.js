/** A figure's settings: at most three in a row, its presets, and the rest folded away behind a line that says what differs from usual. */
import { makeControl } from "../views/controls.js";
import { h, put } from "../views/dom.js";
import { defaultOf, settingsOf } from "../settings.js";

/** @typedef {import("../settings.js").Config} Config */
/** @typedef {import("../views/controls.js").Control} Control */
/**
 * @typedef {object} About  whose settings they are
 * @property {string} name  of the figure
 * @property {import("./manifest.js").Manifest | null} manifest
 * @property {import("../text/words.js").Words} words
 * @property {any} own
 * @property {import("./shell.js").Room | null} room
 * @property {string[] | null} only  the only ones that are shown; null for all
 * @property {(patch: Config) => void} configure
 */

export class Panel {
  /** @param {About} about */
  constructor({ name, manifest, words, own, room, only, configure }) {
    this.name = name;
    this.manifest = manifest;
    this.words = words;
    /** @type {Map<string, {control: Control, label: string, say: (value: string | number) => string}>} */
    this.controls = new Map();
    for (const setting of settingsOf(name)) {
      // A text is the figure's own to show and to change.
      const { kind } = setting;
      if (kind === "text" || (only && !only.includes(setting.name))) continue;
      const said = own?.controls?.[setting.name] ?? /** @type {Record<string, any>} */ (words.controls)[setting.name] ?? { label: setting.name };
      const choice = (/** @type {string} */ value) => said.choices?.[value] ?? words.counter(value);
      const most = room && setting.name === "threads" ? { most: room.threads, why: words.controls.room(room) } : {};
      const control = makeControl({ ...setting, ...most, kind }, { ...said, choice }, (value) => configure({ [setting.name]: value }));
      this.controls.set(setting.name, { control, label: said.label, say: (value) => (kind === "choice" ? choice(String(value)) : words.count(Number(value))) });
    }
    const cores = navigator.hardwareConcurrency;
    if (cores) this.controls.get("threads")?.control.mark?.(cores, words.controls.cores(cores));
    const main = only ?? manifest?.main ?? [...this.controls.keys()];
    this.folded = [...this.controls.keys()].filter((one) => !main.includes(one));
    /** For what is more than one setting. */
    this.extra = h("div", { class: "extra" });
    this.differs = h("span", { class: "soft" });
    this.more = h("details", { class: "more" }, h("summary", null, h("span", null, words.figure.moreSettings), this.differs), h("div", { class: "inside" }, this.grid(this.folded), this.extra));
    /** @type {Map<Config, HTMLButtonElement>} */
    this.presets = new Map();
    for (const { id, config } of only ? [] : (manifest?.presets ?? [])) {
      this.presets.set(config, h("button", { type: "button", "aria-pressed": "false", "data-bold": own.presets[id], onClick: () => configure(config) }, own.presets[id]));
    }
    this.element = h("fieldset", { "aria-label": words.figure.settings }, this.grid(main.filter((one) => this.controls.has(one))));
    if (this.presets.size || this.folded.length) {
      put(this.element, h("div", { class: "presets line", ...(this.presets.size > 0 && { role: "group", "aria-label": words.figure.presets }) }, [...this.presets.values()], this.folded.length > 0 && this.more));
    }
  }

  /** @param {string[]} names */
  grid(names) {
    return h("div", { class: "controls" }, names.map((name) => this.controls.get(name)?.control.element));
  }

  /** The settings in force, and what is wrong with which attribute. @param {Config} config @param {import("../settings.js").Wrong[]} wrong */
  show(config, wrong) {
    const differs = [];
    for (const [name, { control, label, say }] of this.controls) {
      const mine = wrong.find((one) => one.field === name);
      const value = mine ? mine.got : config[name];
      if (value !== undefined) control.show(value);
      control.refuse(mine ? this.words.wrongSetting(mine) : null);
      const matters = this.manifest?.matters?.(name, config) !== false || config[name] === undefined;
      control.element.hidden = !matters;
      if (!this.folded.includes(name)) continue;
      if (mine) this.more.open = true;
      else if (matters && value !== undefined && value !== defaultOf(this.name, name)) differs.push(`${label}: ${say(value)}`);
    }
    this.differs.textContent = differs.join(" · ");
    for (const [preset, button] of this.presets) button.setAttribute("aria-pressed", String(Object.entries(preset).every(([name, value]) => config[name] === value)));
  }
}
