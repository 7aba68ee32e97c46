/** One small button a worker, to kill it, and to see whether it lives. Knows indexes and names, not how a worker dies. */
import { h, refill } from "./dom.js";

/** @typedef {{heading: string, name: string, kill(index: number): string, gone(index: number): string}} KillWords */

export class KillButtons {
  /** Workers whose button was pressed, or that are known dead. @type {Set<number>} */
  #dead = new Set();
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  #live = false;

  /** @param {KillWords} words @param {(index: number) => void} kill */
  constructor(words, kill) {
    this.words = words;
    this.kill = kill;
    // Many buttons, one stop for the Tab key: the arrows lead from one to the next.
    this.row = h("div", { class: "cells", role: "group", "aria-label": words.name, onKeydown: (/** @type {KeyboardEvent} */ event) => this.#pressed(event) });
    this.element = h("div", { class: "crew" }, h("p", null, words.heading), this.row);
  }

  /** @param {number} workers */
  reserve(workers) {
    if (workers === this.#buttons.length) return;
    this.#buttons = [...Array(workers)].map((_, i) => h("button", { type: "button", tabindex: i === 0 ? "0" : "-1", onClick: () => this.press(i), onFocus: () => this.#stopAt(i) }, String(i)));
    refill(this.row, this.#buttons);
    this.begin(false);
  }

  /** A run begins, or the figure is at rest. @param {boolean} live */
  begin(live) {
    this.#dead.clear();
    this.#setLive(live);
  }

  /** The run is over: who died stays to be seen. */
  end() {
    this.#setLive(false);
  }

  /** @param {number} index */
  markDead(index) {
    this.#dead.add(index);
    this.#update(index);
  }

  /** @param {number} index */
  canKill(index) {
    return this.#live && index >= 0 && index < this.#buttons.length && !this.#dead.has(index);
  }

  /** @param {number} index */
  press(index) {
    if (!this.canKill(index)) return;
    this.markDead(index);
    this.kill(index);
  }

  /** @param {boolean} live */
  #setLive(live) {
    this.#live = live;
    this.#buttons.forEach((_, i) => this.#update(i));
  }

  /** @param {number} index */
  #update(index) {
    const dead = this.#dead.has(index);
    const button = this.#buttons[index];
    // Not disabled while it has the focus: that would throw the focus away.
    button?.setAttribute("aria-disabled", String(!this.#live || dead));
    button?.classList.toggle("gone", dead);
    button?.setAttribute("aria-label", dead ? this.words.gone(index) : this.words.kill(index));
  }

  /** @param {number} index */
  #stopAt(index) {
    this.#buttons.forEach((button, i) => button.setAttribute("tabindex", i === index ? "0" : "-1"));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const at = this.#buttons.findIndex((button) => button === event.target);
    if (at < 0) return;
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 }[event.key];
    if (to !== undefined) this.#buttons[Math.max(0, Math.min(this.#buttons.length - 1, to))].focus();
    else if (event.key === "Delete" || event.key === "Backspace") this.press(at);
    else return;
    event.preventDefault();
  }
}
