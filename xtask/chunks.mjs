/** What the bundler has made of the page's scripts: which needs which, and how fewer requests bring them. */
import fs from "node:fs";
import path from "node:path";
import { figureNames } from "./figures.mjs";

/** @typedef {{file: string, entryPoint?: string, inputs: Record<string, unknown>, needs: string[]}} Output  `file`: in dist/; `needs`: what it imports at once, likewise */

/** @param {import("esbuild").BuildResult} result @param {(file: string) => string} name  a file's in dist/ @returns {Output[]} */
export const outputsOf = ({ metafile }, name) => Object.entries(metafile?.outputs ?? {}).map(([file, { entryPoint, inputs, imports }]) => ({
  file: name(file), entryPoint, inputs, needs: imports.filter(({ kind }) => kind === "import-statement").map((chunk) => name(chunk.path)),
}));

/** A script and all that it imports at once, in dist/. @param {Output[]} outputs @param {string | undefined} entry */
export function closureOf(outputs, entry) {
  const found = new Set(entry === undefined ? [] : [entry]);
  for (const file of found) for (const chunk of outputs.find((output) => output.file === file)?.needs ?? []) found.add(chunk);
  return [...found];
}

/**
 * esbuild makes a chunk for each set of scripts that share something, however small: a request each. Of those that every page needs this makes one,
 * and one of those that every figure needs: a script that imports anything of such a group imports all of it.
 * @param {Output[]} outputs  as they are without it @param {string} root  where the sources lie @returns {import("esbuild").Plugin}
 */
export function fewerChunks(outputs, root) {
  const needs = new Map(outputs.map(({ entryPoint = "", file }) => [entryPoint, closureOf(outputs, file)]));
  const isIn = (/** @type {string} */ script, /** @type {Output} */ { file }) => needs.get(`www/${script}`)?.includes(file);
  const shared = outputs.filter(({ entryPoint }) => !entryPoint);
  const early = shared.filter((one) => isIn("article.js", one));
  const soon = shared.filter((one) => !early.includes(one) && !isIn("reach/relay.js", one) && (isIn("live.js", one) || figureNames.every((figure) => isIn(`figures/${figure}/view.js`, one))));
  const groups = [early, soon];
  return {
    name: "fewer chunks",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^group:/ }, ({ path: group }) => ({ path: group, namespace: "group" }));
      onLoad({ filter: /./, namespace: "group" }, ({ path: group }) => {
        const files = groups[Number(group.slice(6))].flatMap(({ inputs }) => Object.keys(inputs).filter((input) => input.startsWith("www/")));
        return { contents: files.map((file) => `import "./${file}";`).join("\n"), resolveDir: root };
      });
      onLoad({ filter: /\.js$/ }, ({ path: file }) => {
        const needed = needs.get(path.relative(root, file));
        const imports = groups.flatMap((group, i) => (group.some((one) => needed?.includes(one.file)) ? [`import "group:${i}";`] : []));
        return imports.length ? { contents: [...imports, fs.readFileSync(file, "utf8")].join("\n") } : undefined;
      });
    },
  };
}
