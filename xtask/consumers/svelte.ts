// The element in Svelte 5's templates, which know it by its entry in SvelteHTMLElements.
import type { SvelteHTMLElements } from "svelte/elements";
import type {} from "lock-lab/svelte";

type Props = SvelteHTMLElements["lock-lab"];
export const right: Props = { figure: "interleaving", schedule: "ABAB", at: 2, class: "wide", "onlab-state": ({ detail }) => console.log(detail.state) };
// @ts-expect-error: who owns the workers is the page or the master
export const wrong: Props = { owner: "nobody" };
