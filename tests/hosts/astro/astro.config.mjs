export default { outDir: "out", devToolbar: { enabled: false } };
