/**
 * Reads a run's results as they come: rows of numbers on the board, as plain objects with the report's own names. `Rows` of src/runtime/live.rs, step by
 * step: every number is read atomically, for a plain reading may be moved behind the second look at the version.
 */

/**
 * @typedef {object} RowLayout  where rows lie, and what they may hold
 * @property {number} stride
 * @property {number} version  byte offset: odd while the row is being written
 * @property {number} values  byte offset of its first number
 * @property {{name: string, columns: string[]}[]} tables
 * @property {string[]} counters  the names for the numbers in a column "counter"
 */
/** @typedef {Record<string, any>} ResultRow  one row, as far as known */

/** Columns that the report keeps together under one name. @type {Record<string, string[]>} */
const GROUPS = { waitNs: ["p50", "p90", "p99", "max"] };

/** Reads 64-bit floats atomically. @param {SharedArrayBuffer} buffer @returns {(address: number) => number} */
export function floatsIn(buffer) {
  const words = new BigInt64Array(buffer);
  const word = new BigInt64Array(1);
  const number = new Float64Array(word.buffer);
  return (address) => {
    word[0] = Atomics.load(words, address >> 3);
    return number[0];
  };
}

export class RowsView {
  /** @param {SharedArrayBuffer} buffer @param {RowLayout} layout */
  constructor(buffer, layout) {
    this.layout = layout;
    this.words = new Uint32Array(buffer);
    this.number = floatsIn(buffer);
    /** What has been read of each row: its version. @type {number[]} */
    this.versions = [];
  }

  /**
   * Reads what is new.
   * @param {{address: number, used: number, table: number}} place
   * @param {Record<string, ResultRow[]>} into  the tables by their names; rows are replaced, never mutated
   * @returns {boolean} whether anything was new
   */
  read({ address, used, table }, into) {
    const { name, columns } = this.layout.tables[table] ?? {};
    if (!address || !name || !columns) return false;
    const rows = (into[name] ??= []);
    let changed = false;
    for (let row = 0; row < used; row++) {
      const at = address + row * this.layout.stride;
      const version = Atomics.load(this.words, (at + this.layout.version) >> 2);
      // Never written, being written, or read already.
      if (version === 0 || version % 2 === 1 || version === this.versions[row]) continue;
      const first = at + this.layout.values;
      const read = columns.map((_, column) => this.number(first + 8 * column));
      if (Atomics.load(this.words, (at + this.layout.version) >> 2) !== version) continue;
      this.versions[row] = version;
      rows[row] = this.name(columns, read);
      changed = true;
    }
    return changed;
  }

  /** @param {string[]} columns @param {number[]} read @returns {ResultRow} */
  name(columns, read) {
    /** @type {ResultRow} */
    const row = {};
    columns.forEach((column, i) => {
      // NaN stands for an unknown value, which is absent, as in the report.
      if (Number.isNaN(read[i])) return;
      const group = Object.keys(GROUPS).find((one) => GROUPS[one].includes(column));
      if (group) row[group] = { ...row[group], [column]: read[i] };
      else row[column] = column === "counter" ? this.layout.counters[read[i]] : read[i];
    });
    return row;
  }
}
