/** What can be taken home of a run, and a report that is laid beside it: the words, in Chinese. Part of zh.js. */
import { count, list } from "./units.js";

/** What every figure calls what can't be taken. */
const kinds = { number: "数字", string: "名称", boolean: "true 或 false", list: "列表", object: "对象" };

/** Why a report is refused, by code. @type {Record<string, (detail: any) => string>} */
const refusals = {
  unanswered: ({ status }) => `服务器的回答是 ${status}：请检查地址。`,
  unfetched: () => "它没能取到：网络出错，或者页面的策略、文件所在的服务器不允许。",
  unread: () => "文件没能读出来：它是文件夹，或者刚刚被移动、改动过。请重新选择。",
  "too-large": ({ bytes, most }) => `它有 ${count(bytes / 1000)} KB，而报告最多 ${count(most / 1000)} KB。请选择由“保存 JSON”存下的文件。`,
  "not-json": ({ said }) => `这不是 JSON（${said}）。请选择由“保存 JSON”存下的文件，或者把内容完整地粘贴进来。`,
  "not-report": () => "这是 JSON，但不是 Lock Lab 的报告：“schema”里没有写明。",
  "other-schema": ({ got }) => `这份报告的格式是“${got}”，本页读的是“locklab-report/1”。`,
  "other-figure": ({ got, wanted }) => `这是“${got}”那张图的报告，这里是“${wanted}”：请拖到那一张上。`,
  "wrong-kind": ({ path, wanted, got }) => `${path} 应当是${/** @type {Record<string, string>} */ (kinds)[wanted]}，却是 ${got}。`,
  "out-of-range": ({ path, got, least, most }) => `${path} 是 ${got}，必须在 ${least} 和 ${most} 之间。`,
  "not-allowed": ({ path, got, allowed }) => `${path} 是“${got}”，只能是 ${list(allowed)} 之一。`,
  "too-many": ({ path, got, most }) => `${path} 有 ${count(got)} 项，最多只读 ${count(most)} 项。`,
};

/** @type {import("../words.js").Translated<import("../words.js").Words["take"]>} */
export const take = {
  open: "导出",
  markdown: "复制表格（Markdown）",
  csv: "复制 CSV",
  json: "复制报告（JSON）",
  saveJson: "保存 JSON",
  trace: "保存轨迹（Perfetto）",
  histogram: (whose) => `复制直方图：${whose}`,
  histogramOf: (counter, threads) => `${counter}，${count(threads)}`,
  png: "保存图片（PNG）",
  svg: "保存图片（SVG）",
  copied: "已复制",
  uncopied: "没能复制：请按 Ctrl+C",
  failed: "没有成功，请再试一次。",
  framed: "此图位于框架中。如果外层页面不允许下载，就不会保存任何文件：请改用复制。",
  closed: "外层页面不允许此框架打开链接。请复制地址：",
  unfetched: "这个页面的一部分没能取到。请检查网络后再按一次；还是不行，就重新加载页面。",
  compare: "与一份报告比较……",
  compareHint: "来自别的浏览器或别的机器：选择文件，拖到图上，或者粘贴在这里。",
  comparePaste: "把报告粘贴在这里",
  compareFile: "选择文件",
  machine: (where, when) => `与 ${where} 比较（${when}）`,
  refusals,
  refused: (why) => `这份报告无法显示。${why}`,
  beside: (where, when) => (when ? `旁边是一份来自 ${where}、于 ${when} 生成的报告。` : `旁边是一份来自 ${where} 的报告。`),
  remove: "移除",
  besideCaption: "本次运行，与旁边的那一次",
  besideColumns: { what: "", here: "本机", there: "那边" },
  none: "–",
};
