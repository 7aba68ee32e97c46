/**
 * Measures the article as a reader meets it: words a figure, the longest stretch without one, how often it says "you", its longest sentence. Run by
 * `cargo xtask test`; prints what it counts, and fails where that is more than an article for people should ask of them.
 */
import fs from "node:fs";
import { lookUp, plain } from "../www/text/fill.js";
import { wordsIn } from "./figures.mjs";

/** The most, or the least, that each may be. */
const BOUNDS = { "words a figure": 150, "longest stretch without a figure, words": 250, "longest sentence, words": 35 };
const LEAST = { "“you”, “your” in 1,000 words": 12 };

const { article } = await wordsIn("en", false);
const page = fs.readFileSync(new URL("../index.html", import.meta.url), "utf8");
// What is read in one go: neither the list of parts, nor answers of which a reader sees one, nor tasks, nor the list of sources.
const read = page.slice(page.indexOf("<h1"), page.indexOf("</main>")).replace(/<nav[^]*?<\/nav>|<div class="column answer"[^]*?<\/div>|<noscript>[^]*?<\/noscript>|<section class="column" id="sources">[^]*?<\/section>|<details[^]*?<\/details>|<p class="column aside"[^]*?<\/ul>/g, "");

/** @param {string} text */
const words = (text) => text.match(/[\p{L}\p{N}][\p{L}\p{N}’',.]*/gu) ?? [];
/** Texts up to each figure; one that is folded away is none to who reads on. */
const stretches = read.split("<lock-lab").map((stretch) => [...stretch.matchAll(/data-text="([\w.]+)"/g)].map(([, key]) => plain(lookUp({ article }, key))));
const texts = stretches.flat();
const all = words(texts.join(" "));
const counted = {
  "words a figure": Math.round(all.length / (stretches.length - 1)),
  "longest stretch without a figure, words": Math.max(...stretches.map((stretch) => words(stretch.join(" ")).length)),
  "longest sentence, words": Math.max(...texts.flatMap((text) => text.split(/(?<=[.!?:])\s+/)).map((sentence) => words(sentence).length)),
  "“you”, “your” in 1,000 words": Math.round((all.filter((word) => /^you/i.test(word)).length / all.length) * 1000),
};
console.log(`  ${all.length} words, ${stretches.length - 1} figures`);
for (const [what, count] of Object.entries(counted)) console.log(`  ${what}: ${count}`);
const wrong = Object.entries(counted).filter(([what, count]) => count > (BOUNDS[/** @type {keyof typeof BOUNDS} */ (what)] ?? Infinity) || count < (LEAST[/** @type {keyof typeof LEAST} */ (what)] ?? 0));
for (const [what, count] of wrong) console.error(`  ${what}: ${count} is out of bounds (www/text/en/article.js, index.html)`);
process.exitCode = wrong.length ? 1 : 0;
