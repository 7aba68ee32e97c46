/** Lives of elements by chance: made, moved, changed, run, stopped, hidden, copied, removed and put back in any order, several at once. Run in the page with arguments [seed, count]; gives what is wrong. */

const { Chance } = await import(`${location.origin}/suite-fuzz/chance.mjs`);
const [seed, count] = given;
const chance = new Chance(Math.imul(seed * 7919 + 1, 0x9e3779b1));
const TITLES = { "lock-cost": "Lock cost", contention: "throughput", "master-worker": "master" };
const figures = Object.keys(TITLES);
const main = document.querySelector("main");
const aside = document.body.appendChild(document.createElement("aside"));
const wrong = [];
suite.gone = [];
/** Promises of `run()` and `stop()`, with what they were made by. */
const calls = [];
/** Elements that live now, in the page or out of it. */
let alive = [];

const small = { threads: 2, times: 1, "wait-ms": 2, loops: 100, "sample-ms": 10, counters: "one", "poll-ms": 5 };
const set = (one, all) => Object.entries(all).forEach(([name, value]) => one.setAttribute(name, value));
const call = (one, name) => {
  const made = { name, settled: false };
  one[name]().catch(({ code }) => code ?? wrong.push(`${name}() rejects without a code`)).finally(() => (made.settled = true));
  calls.push(made);
};
const rest = () => (chance.one(3) ? undefined : new Promise((done) => setTimeout(done, chance.below(4) ** 3 * 6)));

const deeds = {
  run: (one) => call(one, "run"),
  stop: (one) => call(one, "stop"),
  figure: (one) => one.setAttribute("figure", chance.pick(figures)),
  back: (one) => { const before = one.getAttribute("figure"); one.setAttribute("figure", chance.pick(figures)); one.setAttribute("figure", before); },
  change: (one) => set(one, { threads: 1 + chance.below(3), times: 1 + chance.below(2), class: "wide" }),
  spoil: (one) => one.setAttribute("threads", chance.pick(["0", "x", "", "999"])),
  config: (one) => (one.config = { threads: 1 + chance.below(3), waitMs: 1 }),
  language: (one) => one.setAttribute("lang", chance.pick(["en", "zh"])),
  move: (one) => chance.pick([main, aside]).append(one),
  remove: (one) => one.remove(),
  hide: (one) => (one.hidden = !one.hidden),
  copy: (one) => alive.length < 4 && begin(one.cloneNode(true)),
  die: (one) => { alive = alive.filter((other) => other !== one); one.remove(); },
};

let lives = 0;
function begin(one) {
  lives++;
  alive.push(one);
  suite.gone.push(new WeakRef(one));
  if (!chance.one(5)) main.append(one);
}
const make = () => {
  const one = document.createElement("lock-lab");
  set(one, { ...small, figure: chance.pick(figures), ...(chance.one(4) && { autorun: chance.pick(["", "false"]) }) });
  begin(one);
};

while (lives < count) {
  if (alive.length < 1 + chance.below(3)) make();
  const one = chance.pick(alive);
  if (one) deeds[chance.pick(Object.keys(deeds))](one);
  await rest();
}

// All that live are set right and looked at: what is asked for is what is shown, and it runs.
for (const one of alive) {
  set(one, { ...small, lang: "en" });
  one.hidden = false;
  if (!one.isConnected) main.append(one);
  one.scrollIntoView();
  one.prepare();
  const name = one.getAttribute("figure");
  if (!(await until(() => !["loading", "running"].includes(one.state) && words(one).length > 100, 15000))) wrong.push(`${name} stays ${one.state}: ${words(one).slice(0, 60)}`);
  const report = await Promise.race([one.run().catch(({ code, message }) => ({ outcome: `${code}: ${message}` })), new Promise((late) => setTimeout(late, 15000, { outcome: "nothing" }))]);
  if (report.outcome !== "done" || report.figure !== name || one.report !== report || one.state !== "done" || one.error) wrong.push(`${name} as ${report.figure}: ${report.outcome}, ${one.state}, ${JSON.stringify(one.error)}`);
  if (one.shadowRoot.querySelectorAll("figure").length !== 1) wrong.push(`${one.shadowRoot.querySelectorAll("figure").length} figures in one element`);
}
await until(() => calls.every(({ settled }) => settled), 15000);
wrong.push(...calls.filter(({ settled }) => !settled).map(({ name }) => `${name}() never settles`));
for (const one of alive) one.remove();
alive = [];
calls.length = 0;
aside.remove();
return wrong.map((one) => `seed ${seed}: ${one}`);
