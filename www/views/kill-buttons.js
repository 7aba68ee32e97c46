/** One small button a worker, to end it, and to see whether it lives. Knows indexes and names, not how anybody dies. */
import { h, put, refill } from "./dom.js";

/** @typedef {{heading: string, name: string, kill(index: number): string, gone(index: number): string}} CrewWords */

/** A row of buttons. */
export class Crew {
  /** @param {CrewWords} words @param {(index: number) => void} kill */
  constructor(words, kill) {
    this.words = words;
    this.kill = kill;
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
    /** Whom somebody has already pressed, or who is known dead. @type {Set<number>} */
    this.gone = new Set();
    this.live = false;
    this.row = h("div", { class: "cells", role: "group", "aria-label": words.name });
    this.element = h("div", { class: "crew" }, h("p", null, words.heading), this.row);
    // Many buttons, one stop for the Tab key: the arrows lead from one to the next.
    this.row.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** Makes room for so many. @param {number} workers */
  reserve(workers) {
    if (workers === this.buttons.length) return;
    this.buttons = Array.from({ length: workers }, (_, i) => h("button", { type: "button", tabindex: i === 0 ? "0" : "-1", onClick: () => this.press(i), onFocus: () => this.stopAt(i) }));
    this.row.replaceChildren();
    put(this.row, this.buttons);
    this.begin(false);
  }

  /** A run begins, or the figure is at rest. @param {boolean} live */
  begin(live) {
    this.live = live;
    this.gone.clear();
    this.buttons.forEach((_, i) => this.label(i));
  }

  /** The run is over: what happened to whom stays to be seen. */
  end() {
    this.live = false;
    this.buttons.forEach((_, i) => this.label(i));
  }

  /** @param {number} index */
  bury(index) {
    if (this.gone.has(index)) return;
    this.gone.add(index);
    this.label(index);
  }

  /** @param {number} index */
  label(index) {
    const gone = this.gone.has(index);
    const button = this.buttons[index];
    if (!button) return;
    // Not disabled while it has the focus: that would throw the focus away.
    button.setAttribute("aria-disabled", String(!this.live || gone));
    button.classList.toggle("gone", gone);
    button.setAttribute("aria-label", gone ? this.words.gone(index) : this.words.kill(index));
    refill(button, String(index));
  }

  /** Whether there is somebody to be ended. @param {number} index */
  canEnd(index) {
    return this.live && index >= 0 && index < this.buttons.length && !this.gone.has(index);
  }

  /** @param {number} index */
  press(index) {
    if (!this.canEnd(index)) return;
    this.bury(index);
    this.kill(index);
  }

  /** @param {number} index */
  stopAt(index) {
    this.buttons.forEach((button, i) => button.setAttribute("tabindex", i === index ? "0" : "-1"));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const at = this.buttons.findIndex((button) => button === event.target);
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowRight: () => this.buttons[Math.min(this.buttons.length - 1, at + 1)].focus(),
      ArrowLeft: () => this.buttons[Math.max(0, at - 1)].focus(),
      Delete: () => this.press(at),
      Backspace: () => this.press(at),
    };
    if (at < 0 || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }
}
