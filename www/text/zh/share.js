/** The words of the dialog that tells how to put a figure into another page, in Chinese (Simplified). */

/** @type {typeof import("../en/share.js").share} */
export const share = {
  title: "分享与嵌入",
  about: "放进你自己的页面。这里选的，连同这张图现在的设置，都会写进下面每一段代码。",
  close: "关闭",
  choices: { show: "内容", width: "大小", theme: "配色", lang: "语言" },
  whole: "完整的实验台",
  column: "和所在的栏一样宽",
  width: (px) => `最宽 ${px} px`,
  reader: "随读者",
  light: "浅色",
  dark: "深色",
  preview: "放进去是什么样子",
  card: {
    name: "你这次运行的卡片",
    none: "把图完整地运行一次，这里就有一张你自己的卡片，可以拿去发布：一张图片，和一段带链接的文字。",
    text: (question, where, verdict) => `${question}在我的机器上（${where}）：${verdict}`,
    foot: (environment) => `在我的机器上：${environment}`,
    copy: "复制文字和链接",
    link: "在你的机器上跑一遍",
  },
  ways: {
    frame: { name: "一行，不需要文件夹", about: "适合任何允许框架的页面。在 Chrome 和 Edge 里，它会真正运行。在 Firefox 和 Safari 里，只有一个线程就够的才会运行；其余的显示一次录制的运行，并有链接可以在新标签页里打开会动的图。" },
    element: { name: "两行，要有文件夹", about: "最好把文件夹 lock-lab/ 放在你自己的网站上。网站要是隔离了自己的页面（加两个响应头就行），在 Firefox 和 Safari 里它也会真正运行。" },
    link: { name: "链接", about: "单独打开它，设置不变，在每一种浏览器里都会真正运行。" },
    jekyll: { name: "Jekyll 网站", about: "把文件夹复制到网站的 lock-lab/，把前半部分复制到 _includes/。" },
    hugo: { name: "Hugo 网站", about: "把文件夹复制到 static/lock-lab/，把前半部分复制到 layouts/shortcodes/。" },
    markdown: { name: "Markdown 图片", about: "既不允许框架也不允许脚本的地方：一张录制的运行的图片，点开就是这个图。" },
  },
};
