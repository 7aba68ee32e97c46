/** Another report that lies beside the one a figure shows: dropped on it, chosen or pasted, checked, drawn by the figure, and taken away again. */
import { part } from "../part.js";
import { h, refill } from "../views/dom.js";
import { makeTable } from "../views/table.js";

/** @typedef {import("./shell.js").Shell} Shell */

/** What a reader may drop: a file, or text. @param {DragEvent} event */
const holdsText = (event) => event.dataTransfer?.types.some((type) => type === "Files" || type === "text/plain") === true;

/** The other report of one figure. */
export class Beside {
  /** @param {Shell} shell */
  constructor(shell) {
    this.shell = shell;
    this.element = h("div", { class: "beside", role: "status" });
  }

  /** Takes what is dropped on a figure. @param {HTMLElement} figure @param {AbortSignal} signal */
  listen(figure, signal) {
    figure.addEventListener("dragover", (event) => holdsText(event) && event.preventDefault(), { signal });
    figure.addEventListener("drop", (event) => {
      if (!holdsText(event)) return;
      event.preventDefault();
      void this.offer(event.dataTransfer?.files[0] ?? event.dataTransfer?.getData("text/plain") ?? "");
    }, { signal });
  }

  /** Somebody offers what should be a report: it is laid beside what is shown, or refused. @param {string | Blob} offered */
  async offer(offered) {
    const { shell } = this;
    const taker = await part(() => import("./export/take-home.js"), import.meta.url).catch(() => null);
    const read = taker ? await taker.readOther(offered, shell) : { refused: shell.words.take.unfetched };
    // Another figure may stand here by now.
    if (shell.model.figure !== shell.name) return;
    shell.menu.close();
    if ("report" in read) shell.model.set({ other: read.report });
    else this.show(read.refused);
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Whether anything stands here. */
  get isOpen() {
    return this.element.hasChildNodes();
  }

  /** Lays the other report beside what is shown, or takes it away. */
  lay() {
    this.shell.body?.compare?.(this.shell.model.other);
    this.show();
  }

  /** @param {string} [refused]  what is wrong with what was offered */
  show(refused) {
    const { shell } = this;
    const { other } = shell.model;
    const { take, figure } = shell.words;
    const table = other && shell.shown && shell.manifest?.facts && this.table(shell.manifest.facts);
    refill(this.element, refused && h("p", { class: "warning" }, refused),
      other && h("p", null, take.beside(figure.where(other.environment), figure.day(other.startedAt)), " ", h("button", { type: "button", onClick: () => shell.model.set({ other: null }) }, take.remove)),
      table);
  }

  /** Both reports side by side. @param {(report: any, words: any) => string[]} facts */
  table(facts) {
    const { words, own, shown, model } = this.shell;
    const { none, besideCaption: caption, besideColumns: columns } = words.take;
    const [here, there] = [shown, model.other].map((report) => facts(report, words).map((value) => value || none));
    return makeTable({
      caption,
      columns: [{ head: columns.what }, { head: columns.here, right: true }, { head: columns.there, right: true }],
      rows: own.facts.map((/** @type {string} */ what, /** @type {number} */ i) => [what, here[i], there[i]]),
    });
  }
}
