/** The configuration of the site that docusaurus makes to try the figures in. */
module.exports = {
  title: "A blog",
  url: "https://blog.example",
  baseUrl: "/",
  markdown: { format: "detect" },
  scripts: [{ src: "/lock-lab/lock-lab.js", type: "module", async: true }],
  onBrokenLinks: "warn",
  presets: [["classic", { docs: false, blog: { routeBasePath: "/", feedOptions: { type: "all", title: "A blog" }, blogSidebarCount: 0 }, pages: false, theme: {} }]],
};
