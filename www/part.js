/** Fetches parts of the page by name, so that one that could not be had can be asked for again. */

let tries = 0;

/**
 * What an import gives. Firefox and Safari keep a failed one for as long as the page lives; under another address it is fetched again.
 * @template T @param {() => Promise<T>} load  nothing but the import, written out @param {string} base  the address of the script that it is written in @returns {Promise<T>}
 */
export async function part(load, base) {
  try {
    return await load();
  } catch (error) {
    const [, name] = /^\(\)\s*=>\s*import\(["'](.+?)["']\)$/.exec(String(load)) ?? [];
    if (!name) throw error;
    return import(`${new URL(name, base)}?again=${++tries}`);
  }
}
