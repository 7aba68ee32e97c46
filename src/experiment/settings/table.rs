//! Every setting: names, ranges, defaults, meanings. The one place where they stand; controls,
//! attribute checks, docs and schema are made from it. Not here: how a value is checked.

use super::{Allowed, Preset, Setting};
use crate::counter;

/// All settings of all figures, those that are still to come included: an element with any of them is
/// understood by every version.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "threads",
        attribute: "threads",
        allowed: Allowed::Integer(1, crate::runtime::board::MAX_WORKERS as u32),
        default: Preset::Integer(20),
        unit: "threads",
        meaning: "How many worker threads share the counter.",
    },
    Setting {
        name: "times",
        attribute: "times",
        allowed: Allowed::Integer(1, 1000),
        default: Preset::Integer(20),
        unit: "increments",
        meaning: "How often each worker increments the counter and is busy.",
    },
    Setting {
        name: "waitMs",
        attribute: "wait-ms",
        allowed: Allowed::Integer(0, 60_000),
        default: Preset::Integer(50),
        unit: "ms",
        meaning: "How long one simulated IO wait takes.",
    },
    Setting {
        name: "loops",
        attribute: "loops",
        allowed: Allowed::Integer(0, 1_000_000_000),
        default: Preset::Integer(1_000_000),
        unit: "multiplications",
        meaning: "How many multiplications one CPU burst makes.",
    },
    Setting {
        name: "counter",
        attribute: "counter",
        allowed: Allowed::Choice(counter_names),
        default: Preset::Name("std-mutex"),
        unit: "",
        meaning: "Which counter the runs with a lock use.",
    },
    Setting {
        name: "owner",
        attribute: "owner",
        allowed: Allowed::Choice(|| vec!["page", "master"]),
        default: Preset::Name("page"),
        unit: "",
        meaning: "Who owns the workers: the page, or the master, with whom they die.",
    },
    Setting {
        name: "pollMs",
        attribute: "poll-ms",
        allowed: Allowed::Integer(1, 10_000),
        default: Preset::Integer(100),
        unit: "ms",
        meaning: "How often the master asks whether its workers are done.",
    },
    Setting {
        name: "job",
        attribute: "job",
        allowed: Allowed::Choice(|| vec!["io", "cpu"]),
        default: Preset::Name("io"),
        unit: "",
        meaning: "What a worker's job is: to wait (waitMs) or to calculate (loops).",
    },
    Setting {
        name: "notice",
        attribute: "notice",
        allowed: Allowed::Choice(|| vec!["poll", "told"]),
        default: Preset::Name("poll"),
        unit: "",
        meaning: "How the master learns that a round is over: it asks, or the last worker tells it.",
    },
    Setting {
        name: "handles",
        attribute: "handles",
        allowed: Allowed::Choice(|| vec!["strong", "weak"]),
        default: Preset::Name("strong"),
        unit: "",
        meaning: "Whether the master's handles keep the jobs that it started alive.",
    },
    Setting {
        name: "retry",
        attribute: "retry",
        allowed: Allowed::Choice(on_off),
        default: Preset::Name("on"),
        unit: "",
        meaning: "Whether a silent worker's job is given to another.",
    },
    Setting {
        name: "timeoutMs",
        attribute: "timeout-ms",
        allowed: Allowed::Integer(100, 10_000),
        default: Preset::Integer(1000),
        unit: "ms",
        meaning: "How long a worker may give no sign of life before it is suspected.",
    },
    Setting {
        name: "adopt",
        attribute: "adopt",
        allowed: Allowed::Choice(on_off),
        default: Preset::Name("on"),
        unit: "",
        meaning: "Whether a new master takes over from the dead one.",
    },
    Setting {
        name: "dies",
        attribute: "dies",
        allowed: Allowed::Choice(|| vec!["master", "holder"]),
        default: Preset::Name("master"),
        unit: "",
        meaning: "Who dies: the master, or a worker while it holds the lock.",
    },
    Setting {
        name: "lock",
        attribute: "lock",
        allowed: Allowed::Choice(|| vec!["plain", "robust"]),
        default: Preset::Name("robust"),
        unit: "",
        meaning: "The lock whose holder dies: one that does not know its holder, or one that does.",
    },
    Setting {
        name: "budgetMs",
        attribute: "budget-ms",
        allowed: Allowed::Integer(500, 120_000),
        default: Preset::Integer(10_000),
        unit: "ms",
        meaning: "How long prices are measured: the longer, the narrower their intervals.",
    },
    Setting {
        name: "counters",
        attribute: "counters",
        allowed: Allowed::Choice(|| vec!["common", "locks", "all", "one"]),
        default: Preset::Name("common"),
        unit: "",
        meaning: "Which counters are compared; the chosen one is always among them.",
    },
    Setting {
        name: "holdNs",
        attribute: "hold-ns",
        allowed: Allowed::Integer(0, 10_000_000),
        default: Preset::Integer(0),
        unit: "ns",
        meaning: "How long a worker calculates inside the critical section, besides counting.",
    },
    Setting {
        name: "pauseNs",
        attribute: "pause-ns",
        allowed: Allowed::Integer(0, 10_000_000),
        default: Preset::Integer(0),
        unit: "ns",
        meaning: "How long a worker calculates between two critical sections.",
    },
    Setting {
        name: "pattern",
        attribute: "pattern",
        allowed: Allowed::Choice(|| vec!["even", "hog", "bursts"]),
        default: Preset::Name("even"),
        unit: "",
        meaning: "Whether all workers do the same, one holds the lock ten times as long, or they come in bursts.",
    },
    Setting {
        name: "sampleMs",
        attribute: "sample-ms",
        allowed: Allowed::Integer(10, 5000),
        default: Preset::Integer(60),
        unit: "ms",
        meaning: "How long the throughput of one counter with one number of threads is measured.",
    },
];

fn on_off() -> Vec<&'static str> {
    vec!["on", "off"]
}

fn counter_names() -> Vec<&'static str> {
    let shared = counter::KINDS.iter().filter(|kind| kind.is_counter());
    shared.map(|kind| kind.name).collect()
}
