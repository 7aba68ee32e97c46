/** Another report that lies beside the one a figure shows: dropped on it, chosen or pasted, checked, drawn by the figure, and taken away again. */
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
    /** What lies beside it. @type {any} */
    this.other = null;
    this.element = h("div", { class: "beside", role: "status" });
  }

  /** Takes what is dropped on a figure. @param {HTMLElement} figure */
  listen(figure) {
    figure.addEventListener("dragover", (event) => holdsText(event) && event.preventDefault());
    figure.addEventListener("drop", (event) => {
      if (!holdsText(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      const text = event.dataTransfer?.getData("text/plain") ?? "";
      void (file ? file.text() : Promise.resolve(text)).then((dropped) => this.offer(dropped));
    });
  }

  /** Somebody offers a text that should be a report: it is laid beside what is shown, or refused. @param {string} text */
  async offer(text) {
    const { shell } = this;
    const { readOther } = await import("./export/take-home.js");
    const read = readOther(text, shell);
    shell.menu.close();
    if ("report" in read) this.lay(read.report);
    else this.show(read.refused);
    this.element.scrollIntoView({ block: "nearest" });
  }

  /** Lays another report beside what is shown; null takes it away. @param {any | null} other */
  lay(other) {
    this.other = other;
    this.shell.body?.compare?.(other);
    this.show();
  }

  /** @param {string} [refused]  what is wrong with what was offered */
  show(refused) {
    const { other, shell } = this;
    const { take, figure } = shell.words;
    const table = other && shell.shown && shell.manifest?.facts && this.table(shell.manifest.facts);
    refill(this.element, refused && h("p", { class: "warning" }, refused),
      other && h("p", null, take.beside(figure.where(other.environment), figure.day(other.startedAt)), " ", h("button", { type: "button", onClick: () => this.lay(null) }, take.remove)),
      table);
  }

  /** Both reports side by side. @param {(report: any, words: any) => string[]} facts */
  table(facts) {
    const { words, own, shown } = this.shell;
    const { none, besideCaption: caption, besideColumns: columns } = words.take;
    const [here, there] = [shown, this.other].map((report) => facts(report, words).map((value) => value || none));
    return makeTable({
      caption,
      columns: [{ head: columns.what }, { head: columns.here, right: true }, { head: columns.there, right: true }],
      rows: own.facts.map((/** @type {string} */ what, /** @type {number} */ i) => [what, here[i], there[i]]),
    });
  }
}
