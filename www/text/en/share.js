/** The words of the dialog that tells how to put a figure into another page, in English. */

export const share = {
  title: "Share or embed",
  about: "Put it into your own page. What you choose here, and the settings that the figure has now, go into all of these lines.",
  close: "Close",
  /** What can be chosen. */
  choices: { show: "What", width: "Size", theme: "Colours", lang: "Language" },
  whole: "The whole lab",
  column: "as wide as its column",
  width: (/** @type {number} */ px) => `at most ${px} px wide`,
  reader: "the reader’s",
  light: "light",
  dark: "dark",
  preview: "How it looks there",
  /** A picture of the reader's own run, and a text to go with it. */
  card: {
    name: "A card of your run",
    none: "Run the figure to its end, and here is a card of your own run to post: a picture, and a text with a link.",
    /** @param {string} question @param {string} where @param {string} verdict */
    text: (question, where, verdict) => `${question} On my machine (${where}): ${verdict}`,
    foot: (/** @type {string} */ environment) => `On my machine: ${environment}`,
    copy: "Copy text and link",
    link: "Run it on yours",
  },
  /** What can be pasted, and where. */
  ways: {
    frame: { name: "One line, no folder", about: "For any page that allows frames. In Chrome and Edge the figure runs live. In Firefox and Safari only what needs a single thread does; for the rest they show a recorded run, with a link that opens the live figure in a tab." },
    element: { name: "Two lines, with the folder", about: "Best with the folder lock-lab/ on your own site. If your site isolates its pages, which takes two headers, the figure runs live in Firefox and Safari too." },
    link: { name: "Link", about: "Opens this alone, with these settings, live in every browser." },
    jekyll: { name: "Jekyll", about: "Copy the folder to lock-lab/ in your site, and the first part to _includes/." },
    hugo: { name: "Hugo", about: "Copy the folder to static/lock-lab/, and the first part to layouts/shortcodes/." },
    markdown: { name: "Markdown", about: "Where neither frames nor scripts are allowed: a picture of a recorded run, which leads to the figure." },
  },
};
