/**
 * Runs before the page is drawn: a figure that is to stand alone must not show the article first, nor a dark page a light one, nor a page in
 * one language another one. And before any other script: it puts the page's policy in force.
 */
import { choose, languageIn, named } from "./text/tags.js";

/**
 * What will be imported, by language and figure, each script with those that it imports: the bundler knows. `figureWords` follow the order of `words`.
 * @type {Record<"articles" | "words" | "figures" | "figureWords", Record<string, string[]>>}
 */
// @ts-ignore: defined by the bundler
const scripts = LAB_SCRIPTS;
/** The page's Content-Security-Policy, for hosts that send none; the bundler knows. @type {string} */
// @ts-ignore: defined by the bundler
const policy = LAB_POLICY;

const query = new URLSearchParams(location.search);
const root = document.documentElement;
const figure = query.get("figure");
const theme = query.get("theme");
if (figure !== null) root.dataset.figure = figure;
if (theme === "light" || theme === "dark") root.dataset.theme = theme;

// Written into the page it would hold in a sandbox without an origin too, where WebKit takes 'self' for nobody: no script, no style, not a word
// of why. Nothing of anybody's can be reached from such a page.
if (self.origin !== "null") document.head.append(Object.assign(document.createElement("meta"), { httpEquiv: "Content-Security-Policy", content: policy }));

// What the page's own scripts can't say because they don't come; the page says it of this one by itself.
delete root.dataset.unloaded;
if (location.protocol === "file:") root.dataset.unloaded = "file";
window.addEventListener("error", ({ target }) => {
  if (target instanceof HTMLScriptElement) root.dataset.unloaded ??= self.origin === "null" ? "sandbox" : "lost";
}, true);

const built = languageIn(root.lang);
// English is what is served to who says nothing: a browser's own wish counts. Who went to another language's page has chosen.
const wanted = choose(query.get("lang"), ...(built === "en" ? navigator.languages : [built]));
if (wanted !== built) {
  Object.assign(root, named(wanted));
  if (figure === null) {
    // Hidden until its words are there, or a while has passed; article.js ends it.
    root.dataset.wants = wanted;
    root.dataset.built = built;
    preload(scripts.articles[wanted]);
  }
}
// The first figure's parts come together with the page's own script, not one after the other.
const first = figure ?? Object.keys(scripts.figures)[0];
preload(scripts.words[wanted]);
preload(scripts.figures[first]);
preload([scripts.figureWords[first]?.[Object.keys(scripts.words).indexOf(wanted)]]);

/** @param {(string | undefined)[]} [files] */
function preload(files = []) {
  for (const href of files) if (href) document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
}
