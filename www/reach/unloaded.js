/** Why the parts of a figure don't come that the element fetches, while the words of all other failures are among them. */
import { violatedRule } from "../csp.js";
import { languageIn } from "../text/tags.js";
import { unloaded } from "../text/unloaded.js";

/** What is said of it in the language around an element, and on the button that tries again. @param {Element} element @param {string} folder  the lab's own @param {unknown} error */
export async function whyUnloaded(element, folder, error) {
  const { failed, refused, again } = unloaded[languageIn(element.closest("[lang]")?.getAttribute("lang") ?? navigator.language) === "zh" ? "zh" : "en"];
  const rule = await violatedRule(folder);
  return { message: rule ? refused(rule === "Integrity-Policy" ? rule : `Content-Security-Policy: ${rule}`) : failed(error), again };
}
