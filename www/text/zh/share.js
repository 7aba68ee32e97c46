/** The words of the dialog that tells how to put a figure into another page, in Chinese (Simplified). */

/** @type {import("../words.js").Translated<typeof import("../en/share.js").share>} */
export const share = {
  open: "分享与嵌入",
  title: "分享或嵌入这张图",
  about: "下面每一种都带着这张图现在的设置。读者的浏览器允许的地方，它会真正运行；不允许的地方，它显示一次录制的运行，并说明原因。",
  close: "关闭",
  preview: "放进去是什么样子",
  width: (px) => `${px} px 宽`,
  ways: {
    link: { name: "链接", about: "单独打开这张图，设置不变。" },
    frame: { name: "框架", about: "适合任何允许框架的页面：WordPress、Ghost、文档网站。" },
    element: { name: "元素", about: "最好把文件夹放在你自己的网站上。页面已隔离时，它直接在页面里运行；否则它自己建一个框架。" },
    jekyll: { name: "Jekyll 网站", about: "把文件夹复制到网站的 lock-lab/，把前半部分复制到 _includes/。" },
    hugo: { name: "Hugo 网站", about: "把文件夹复制到 static/lock-lab/，把前半部分复制到 layouts/shortcodes/。" },
    markdown: { name: "Markdown 图片", about: "既不允许框架也不允许脚本的地方：一张录制的运行的图片，点开就是这个图。" },
  },
};
