// The element in React 19, which sets attributes and hears custom events by itself.
import type {} from "lock-lab/react";

export const Figure = () => <lock-lab figure="contention" threads={8} hold-ns="500" src="my-run.json" autorun className="wide" onlab-report={({ detail }) => console.log(detail.points?.length)} />;
// @ts-expect-error: no such figure
export const Wrong = () => <lock-lab figure="deadlock" />;
