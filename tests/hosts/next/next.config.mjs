/** The configuration of the site that Next.js exports to try the figures in. */
export default { output: "export", trailingSlash: true };
