/** What an element says whose other parts, words included, don't come; by language. Small: it comes with the element. */

/** @type {Record<"en" | "zh", {failed: (said: unknown) => string, refused: (by: string) => string, again: string}>} */
export const unloaded = {
  en: {
    failed: (said) => `A part of this figure could not be loaded (${said}). Check the connection and try again, or reload the page.`,
    refused: (by) => `This page forbids a part of this figure (${by}). If it is your page: allow the lab's folder there, or put the figure into an iframe.`,
    again: "Try again",
  },
  zh: {
    failed: (said) => `图的一部分没能加载（${said}）。请检查网络后再试，或重新加载页面。`,
    refused: (by) => `这个页面禁止了图的一部分（${by}）。如果这是你的页面：请在那里允许实验室的文件夹，或改用 iframe 嵌入。`,
    again: "再试一次",
  },
};
