/** The words of the dialog that tells how to put a figure into another page, in English. */

export const share = {
  open: "Share, embed",
  title: "Share or embed this figure",
  about: "Each of these carries the settings that the figure has now. It runs live wherever the reader’s browser lets it; elsewhere it shows a recorded run and says why.",
  close: "Close",
  preview: "How it looks there",
  /** @param {number} px */
  width: (px) => `${px} px wide`,
  /** What can be pasted, and where. */
  ways: {
    link: { name: "Link", about: "Opens the figure alone, with these settings." },
    frame: { name: "Frame", about: "For any page that allows frames: WordPress, Ghost, documentation sites." },
    element: { name: "Element", about: "Best with the folder on your own site. It runs in the page where that is isolated, and else in a frame that it makes itself." },
    jekyll: { name: "Jekyll", about: "Copy the folder to lock-lab/ in your site, and the first part to _includes/." },
    hugo: { name: "Hugo", about: "Copy the folder to static/lock-lab/, and the first part to layouts/shortcodes/." },
    markdown: { name: "Markdown", about: "Where neither frames nor scripts are allowed: a picture of a recorded run, which leads to the figure." },
  },
};
