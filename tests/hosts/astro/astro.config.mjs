/** The configuration of the site that astro makes to try the figures in. */
export default { outDir: "out", devToolbar: { enabled: false } };
