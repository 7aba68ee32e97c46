/**
 * One run at a time on a machine: figures in several frames or tabs of one site take turns, by the browser's own lock manager. Where there is none,
 * each page is for itself. Within a page the engine sees to it.
 */

const NAME = "lock-lab run";
const THREADS = "lock-lab threads";

/**
 * Waits until no other page runs anything.
 * @param {() => void} waits  called when it is not its turn at once
 * @param {Promise<void>} calledOff  ends the waiting
 * @returns {Promise<() => void>} gives the turn back
 */
export function takeTurn(waits, calledOff) {
  return new Promise((resolve) => {
    const nothing = () => {};
    const hold = () => new Promise((/** @type {(value?: unknown) => void} */ giveBack) => resolve(() => giveBack()));
    const ask = async () => {
      const isFree = await navigator.locks.request(NAME, { ifAvailable: true }, (lock) => (lock ? hold() : false));
      if (isFree !== false) return;
      const given = new AbortController();
      void calledOff.then(() => given.abort());
      waits();
      await navigator.locks.request(NAME, { signal: given.signal }, hold);
    };
    // Forbidden, missing or given up: whoever called looks which.
    ask().catch(() => resolve(nothing));
  });
}

/**
 * Says that this page has threads now, so that whichever page had them lets them go: a page full of frames would else keep a set in each.
 * @param {() => void} lost  called when another page says the same
 * @returns {() => void} to be called when they are gone
 */
export function claimThreads(lost) {
  let isOver = false;
  /** @type {(value?: unknown) => void} */
  let giveBack = () => {};
  const held = new Promise((resolve) => (giveBack = resolve));
  const claim = async () => navigator.locks.request(THREADS, { steal: true }, () => held);
  claim().catch(({ name }) => isOver || (name === "AbortError" && lost()));
  return () => {
    isOver = true;
    giveBack();
  };
}
