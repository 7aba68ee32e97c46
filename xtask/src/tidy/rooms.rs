//! Who may know whom: the rooms of `src/` and `www/`, and the imports held against them.

use super::graph::{Graph, in_circles};

/// A room, and the rooms that it may know. Every room may know itself.
type Plan = &'static [(&'static str, &'static [&'static str])];

/// `src/`: a file or a folder right below it, or below `experiments/`; `*` stands for all that are not named, of which none knows another.
pub const RUST: Plan = &[
    ("sync", &[]),
    ("lock", &["sync"]),
    ("counter", &["lock", "sync"]),
    ("busy", &["sync"]),
    ("measure", &["sync"]),
    ("jobs", &["sync"]),
    ("runtime", &["busy", "counter", "lock", "measure", "sync"]),
    (
        "experiment",
        &[
            "runtime", "jobs", "busy", "counter", "lock", "measure", "sync",
        ],
    ),
    // The list of all.
    ("experiments", &["experiments/*", "experiment"]),
    // What the two master figures share.
    ("experiments/masters", EXPERIMENTS),
    ("experiments/master_worker", MASTERS),
    ("experiments/master_exit", MASTERS),
    ("experiments/*", EXPERIMENTS),
    // The hosts that experiments run in, and what the page must know before; nobody knows them.
    ("web", HOST),
    ("native", HOST),
    ("describe", HOST),
];

const EXPERIMENTS: &[&str] = &[
    "experiment",
    "runtime",
    "jobs",
    "busy",
    "counter",
    "lock",
    "measure",
    "sync",
];
const MASTERS: &[&str] = &[
    "experiments/masters",
    "experiment",
    "runtime",
    "jobs",
    "busy",
    "counter",
    "lock",
    "measure",
    "sync",
];
const HOST: &[&str] = &[
    "experiments",
    "experiment",
    "runtime",
    "jobs",
    "busy",
    "counter",
    "lock",
    "measure",
    "sync",
];

/// `www/`, the same. `npm` stands for every package.
pub const PAGE: Plan = &[
    ("generated", &[]),
    ("text", &[]),
    ("recording.js", &[]),
    ("pause.js", &[]),
    // What browsers ask before they start a worker.
    ("trust.js", &[]),
    // Runs by itself, before everything.
    ("boot.js", &["text"]),
    ("translate.js", &["text"]),
    ("settings.js", &["generated", "text"]),
    // Views know plain data only.
    ("views", &["npm", "pause.js"]),
    // The engine knows wasm, and no figure.
    ("engine", &["trust.js"]),
    // The way to shared memory, and the frame that stands in for a figure.
    ("reach", &["settings.js", "text", "trust.js"]),
    // Figures are handed an engine, and their words.
    ("figures/*", &["settings.js", "views", "npm"]),
    // What all figures share. It finds them by their names.
    ("shell", &["figures/*", "pause.js", "settings.js", "views"]),
    (
        "host.js",
        &[
            "engine",
            "generated",
            "reach",
            "recording.js",
            "settings.js",
            "shell",
            "text",
        ],
    ),
    // The one door: nothing behind it knows it.
    ("lock-lab.js", &["host.js", "reach", "settings.js"]),
    (
        "article.js",
        &[
            "lock-lab.js",
            "reach",
            "settings.js",
            "text",
            "translate.js",
        ],
    ),
];

/// What the plan does not allow, and every circle of files.
pub fn check(top: &str, graph: &Graph, plan: Plan) -> Vec<String> {
    let mut complaints = Vec::new();
    for (file, known) in graph {
        let own = room(file);
        // The crate's front door knows every room.
        if own == "lib" {
            continue;
        }
        let Some((_, allowed)) = plan.iter().find(|(name, _)| is_in(own, name)) else {
            complaints.push(format!(
                "{top}/{file}: the room {own} is not in the plan of xtask/src/tidy/rooms.rs: which rooms may it know?"
            ));
            continue;
        };
        for known in known {
            let other = room(known);
            if other != own && !allowed.iter().any(|name| is_in(other, name)) {
                complaints.push(format!(
                    "{top}/{file}: {own} may not know {known} (xtask/src/tidy/rooms.rs)"
                ));
            }
        }
    }
    let circles = in_circles(graph).into_iter();
    complaints.extend(circles.map(|file| format!("{top}/{file}: imports itself by way of others")));
    complaints
}

/// Whether a room is the one of this name, or one of those for which its `*` stands.
fn is_in(room: &str, name: &str) -> bool {
    room == name
        || name
            .strip_suffix('*')
            .is_some_and(|start| room.starts_with(start))
}

/// `counter/mod.rs` → `counter`, `busy.rs` → `busy`, `experiments/contention/trial.rs` → `experiments/contention`.
fn room(file: &str) -> &str {
    let is_nested = file.starts_with("experiments/") || file.starts_with("figures/");
    let mut ends = file.match_indices('/').skip(usize::from(is_nested));
    let room = ends.next().map_or(file, |(end, _)| &file[..end]);
    room.trim_end_matches("/mod.rs").trim_end_matches(".rs")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(edges: &[(&str, &str)], plan: Plan) -> Vec<String> {
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph
                .entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
            graph.entry((*to).to_owned()).or_default();
        }
        check("top", &graph, plan)
    }

    #[test]
    fn what_the_plan_forbids_is_named() {
        for (from, to) in [
            ("lock/mod.rs", "counter/mod.rs"),
            ("busy.rs", "web/mod.rs"),
            (
                "experiments/contention/mod.rs",
                "experiments/price_list/mod.rs",
            ),
            (
                "experiments/price_list/mod.rs",
                "experiments/masters/mod.rs",
            ),
            ("experiment.rs", "experiments/mod.rs"),
        ] {
            assert_eq!(complaints(&[(from, to)], RUST).len(), 1, "{from} → {to}");
        }
        for (from, to) in [
            ("counter/mod.rs", "lock/spin.rs"),
            (
                "experiments/master_exit/mod.rs",
                "experiments/masters/worker.rs",
            ),
            ("experiments/mod.rs", "experiments/contention/mod.rs"),
            ("lib.rs", "web/mod.rs"),
        ] {
            assert_eq!(complaints(&[(from, to)], RUST), [""; 0], "{from} → {to}");
        }
        assert_eq!(
            complaints(&[("views/chart.js", "figures/lock-cost/figure.js")], PAGE).len(),
            1
        );
        assert_eq!(
            complaints(&[("figures/a/figure.js", "figures/b/figure.js")], PAGE).len(),
            1
        );
        assert_eq!(
            complaints(&[("attic.js", "npm")], PAGE).len(),
            2,
            "a new room must be planned"
        );
    }

    #[test]
    fn a_circle_is_named_at_each_of_its_files() {
        let edges = [
            ("views/a.js", "views/b.js"),
            ("views/b.js", "views/a.js"),
            ("views/c.js", "views/a.js"),
        ];
        assert_eq!(complaints(&edges, PAGE).len(), 2);
    }
}
