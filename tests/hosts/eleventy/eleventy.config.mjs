/** The configuration of the site that eleventy makes to try the figures in. */
import { feedPlugin } from "@11ty/eleventy-plugin-rss";

export default (config) => {
  config.addPassthroughCopy({ static: "." });
  config.addPlugin(feedPlugin, { outputPath: "/feed.xml", collection: { name: "post" }, metadata: { title: "A blog", base: "https://blog.example/", author: { name: "Somebody" } } });
  return { dir: { input: "content", output: "out" }, markdownTemplateEngine: false };
};
