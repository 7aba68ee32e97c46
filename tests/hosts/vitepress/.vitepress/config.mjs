/** The configuration of the site that vitepress makes to try the figures in. */
export default {
  title: "A blog",
  outDir: "out",
  head: [["script", { type: "module", async: "", src: "/lock-lab/lock-lab.js" }]],
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "lock-lab" } } },
};
