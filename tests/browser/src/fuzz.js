/** Throws texts and messages of chance at the figure in the page's frame, as the page around it would, and looks at what came of them. Run in the page with arguments [seed, count]; gives what is wrong. */

const { Chance } = await import(`${location.origin}/suite-fuzz/chance.mjs`);
const frame = document.querySelector("iframe").contentWindow;
const figure = frame.document.querySelector("lock-lab");
const names = Object.keys(figure.config);
const attributes = ["figure", "threads", "times", "wait-ms", "loops", "counter", "lang", "theme", "title", "data-state", "class"];
const wrong = [];

const note = (event) => wrong.push(`thrown: ${event.message ?? event.reason}`);
frame.addEventListener("error", note);
frame.addEventListener("unhandledrejection", note);

/** Everything in the frame, shadow roots included. */
const everything = (root) => [...root.querySelectorAll("*")].flatMap((one) => [one, ...(one.shadowRoot ? everything(one.shadowRoot) : [])]);

/** What text must never turn into. */
const injected = () => everything(frame.document.body).filter((one) => one.matches("img, script, iframe, object, embed, [onerror], [onfocus], [srcdoc], a[href^='javascript:' i]"));

/** A message that could ask for anything but a run: whether that is in range, is looked at elsewhere. */
const message = (chance) => {
  const config = Object.fromEntries(Array.from({ length: chance.below(4) }, () => [chance.one(6) ? chance.text() : chance.pick(names), chance.one(2) ? chance.number() : chance.text()]));
  const made = chance.one(4) ? chance.value() : chance.one(2) ? { type: "lab-config", config } : chance.mutated({ type: "lab-config", config });
  return made?.type === "lab-run" ? null : made;
};

const [seed, count] = given;
for (let number = 0; number < count; number++) {
  const chance = new Chance(Math.imul(seed * 7919 + number + 1, 0x9e3779b1));
  if (chance.one(3)) figure.setAttribute(chance.pick(attributes.slice(chance.one(10) ? 0 : 1)), chance.text());
  else frame.postMessage(message(chance), "*");
  // So that each is seen by itself, and the page draws now and then.
  if (number % 4 === 0) await new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); });
  if (number % 50 === 0) await new Promise((done) => frame.requestAnimationFrame(done));
  if (figure.state === "running") wrong.push(`${number} of seed ${seed}: it runs, and nobody has asked for that`);
  if (number % 50 === 0 && injected().length) wrong.push(`${number} of seed ${seed}: ${injected()[0].outerHTML.slice(0, 200)}`);
  if (wrong.length) break;
}

// Messages come in their order: once this one is there, so are all before it.
figure.setAttribute("times", "1");
frame.postMessage({ type: "lab-config", config: { times: 7 } }, "*");
await until(() => figure.getAttribute("times") === "7", 10000);
// Once all is well set again, it works as before.
for (const name of figure.getAttributeNames()) figure.removeAttribute(name);
figure.setAttribute("figure", "lock-cost");
for (const [name, value] of [["threads", 2], ["times", 2], ["wait-ms", 1], ["loops", 100]]) figure.setAttribute(name, value);
await until(() => figure.state !== "failed" && figure.state !== "loading", 5000);
const report = await figure.run().catch((error) => ({ config: {}, outcome: String(error) }));
if (report.config.threads !== 2 || report.outcome !== "done") wrong.push(`it no longer runs as it is set: ${report.outcome} ${JSON.stringify(report.config)}`);
if (injected().length || frame.hacked !== undefined) wrong.push("something was injected");
// Drivers hand over what reads as text only.
return wrong.map((one) => one.replace(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`));
