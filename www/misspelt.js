/** Names of attributes that are none of ours, but nearly one: what their author meant. */
import { attributeNames } from "./settings.js";

/** Attributes that any element may have, or anybody may give it. */
const FREE = /^(data-|aria-|on)/;

/** As it would be without the ways in which other languages join words. @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^a-z]/g, "");

/** What was probably meant by a name. @param {string} name @returns {string | undefined}  undefined where nothing of ours was */
export function meantBy(name) {
  if (attributeNames.includes(name) || FREE.test(name)) return undefined;
  const written = plain(name);
  // React writes a property so, where it comes before the element's script.
  if (written === "config") return "element.config";
  return attributeNames.find((one) => plain(one) === written) ?? attributeNames.find((one) => plain(one).length > 4 && isOneOff(plain(one), written));
}

/** The attributes of an element that are misspelt, and not there as they should be. @param {Element} element @returns {{attribute: string, meant: string}[]} */
export const misspeltIn = (element) => element.getAttributeNames().flatMap((attribute) => {
  const meant = meantBy(attribute);
  return meant && !element.hasAttribute(meant) ? [{ attribute, meant }] : [];
});

/** Whether one letter too many, too few, wrong or in its neighbour's place is all that sets two words apart. @param {string} one @param {string} other */
function isOneOff(one, other) {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const [a, b] = [one.slice(at), other.slice(at)];
  return a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
}

/** Attributes that the console has been told of. @type {Set<string>} */
const told = new Set();

/**
 * Names what is misspelt, now and whenever attributes change; each once in the page's console too, which its author reads.
 * @param {Element} element @param {AbortSignal} signal @param {(misspelt: {attribute: string, meant: string}[]) => void} show @param {(one: {attribute: string, meant: string}) => string} words
 */
export function watchSpelling(element, signal, show, words) {
  let known = "";
  const look = () => {
    const misspelt = misspeltIn(element);
    if (known === (known = JSON.stringify(misspelt))) return;
    show(misspelt);
    for (const one of misspelt.filter(({ attribute }) => !told.has(attribute))) {
      told.add(one.attribute);
      console.warn(`<lock-lab>: ${words(one)}`);
    }
  };
  const spelling = new MutationObserver(look);
  spelling.observe(element, { attributes: true });
  signal.addEventListener("abort", () => spelling.disconnect());
  look();
}
