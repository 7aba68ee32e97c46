// The element in Vue 3's templates, which know it by its entry in GlobalComponents.
import type { GlobalComponents } from "vue";
import type {} from "lock-lab/vue";

type Props = InstanceType<GlobalComponents["lock-lab"]>["$props"];
export const right: Props = { figure: "price-list", "budget-ms": 2000, class: "wide", onLabReport: ({ detail }) => console.log(detail.prices?.length) };
// @ts-expect-error: no such theme
export const wrong: Props = { theme: "sepia" };
