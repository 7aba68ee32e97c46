/**
 * Puts words into HTML where `data-text` asks for them. Runs in the build and needs no DOM, so that the page reads before any script does.
 * Words are plain text with a little markup: *emphasis*, `code`, [link](address), and {threads=20|20 threads} for a phrase that sets a figure:
 * the first one, or the one named as in {master-exit:owner=page|the page}.
 */

/** @type {Record<string, string>} */
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** @param {string} text */
export const escape = (text) => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]);

/** A text with its markup as HTML; everything else is escaped. @param {string} text */
export function render(text) {
  return escape(text)
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\*([^*]+)\*/g, "<em>$1</em>")
    .replace(/\[([^\]]+)\]\(([\w./#?=&;:-]+)\)/g, '<a href="$2">$1</a>')
    .replace(/\{([\w-]+):([\w=&;.-]+)\|([^}]+)\}/g, '<button type="button" class="phrase" data-figure="$1" data-set="$2">$3</button>')
    .replace(/\{([\w=&;.-]+)\|([^}]+)\}/g, '<button type="button" class="phrase" data-set="$1">$2</button>');
}

/** A text without its markup. @param {string} text */
export const plain = (text) => text.replace(/[`*]/g, "").replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replace(/\{[^|}]+\|([^}]+)\}/g, "$1");

/**
 * The word that a key such as "article.lede" names.
 * @param {object} words @param {string} key
 * @throws {Error} where there is none, so that a page is never built with a hole in it
 */
export function lookUp(words, key) {
  /** @type {unknown} */
  let found = words;
  for (const part of key.split(".")) found = /** @type {Record<string, unknown> | undefined} */ (found)?.[part];
  if (typeof found !== "string") throw new Error(`there are no words for "${key}"`);
  return found;
}

/**
 * HTML with the words in it: between the tags of an empty element, or in a `content` attribute.
 * @param {string} html @param {object} words
 */
export function fillHtml(html, words) {
  return html
    .replace(/<(meta\b[^>]*?) data-text="([\w.]+)" content="">/g, (_, tag, key) => `<${tag} content="${escape(plain(lookUp(words, key)))}">`)
    .replace(/<(title)([^>]*?) data-text="([\w.]+)"><\/title>/g, (_, tag, rest, key) => `<${tag}${rest}>${escape(plain(lookUp(words, key)))}</${tag}>`)
    .replace(/<(\w+)([^>]*?) data-text="([\w.]+)"><\/\1>/g, (_, tag, rest, key) => `<${tag}${rest} data-text="${key}">${render(lookUp(words, key))}</${tag}>`);
}
