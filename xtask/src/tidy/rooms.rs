//! Who may know whom: the rooms of `src/` and `www/`, and the imports held against them.

use super::graph::{Graph, in_circles};

/// `src/`, a room a line, each with the rooms that it may know beside itself. A room is a file or a folder right below, or below
/// `experiments/`; `*` stands for all that are not named, of which none knows another. The crate's front door knows every room.
pub const RUST: &str = "
    sync
    lock           sync
    counter        sync lock busy
    busy           sync
    measure        sync
    jobs           sync
    runtime        sync lock counter busy measure
    experiment     sync lock counter busy measure runtime jobs
    experiments/masters       sync lock counter busy measure runtime jobs experiment
    experiments/master_worker sync lock counter busy measure runtime jobs experiment experiments/masters
    experiments/master_exit   sync lock counter busy measure runtime jobs experiment experiments/masters
    experiments/*             sync lock counter busy measure runtime jobs experiment
    experiments    sync lock counter busy measure runtime jobs experiment experiments/*
    web            sync lock counter busy measure runtime jobs experiment experiments
    native         sync lock counter busy measure runtime jobs experiment experiments
    describe       sync lock counter busy measure runtime jobs experiment experiments
    main
    lib            *
";

/// `www/`, the same. `npm` stands for every package, and no room may know one.
pub const PAGE: &str = "
    generated
    part.js
    files.js       part.js
    text           files.js part.js
    shape.js
    masters.js     shape.js
    recording.js
    pause.js
    sheets.js
    trust.js
    csp.js
    boot.js        text
    translate.js   text
    settings.js    generated text
    misspelt.js    settings.js
    views          pause.js
    engine         csp.js trust.js
    reach          csp.js misspelt.js model.js settings.js sheets.js text trust.js
    figures/*      masters.js settings.js shape.js text views
    shell          part.js pause.js reach settings.js shape.js sheets.js text views
    model.js
    source.js
    recorded.js    csp.js engine part.js recording.js shape.js shell
    live.js        misspelt.js model.js engine files.js reach recorded.js recording.js settings.js shell text
    lock-lab.js    live.js model.js part.js reach settings.js text
    tasks.js
    light.js
    article.js     light.js lock-lab.js misspelt.js reach settings.js tasks.js text translate.js
";

/// What the plan does not allow.
pub fn check(top: &str, graph: &Graph, plan: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for (file, known) in graph {
        let own = room(file);
        let mut rooms = plan.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let Some(allowed) = rooms.find(|line| line.first().is_some_and(|name| is_in(own, name)))
        else {
            let sentence =
                "is not in the plan of xtask/src/tidy/rooms.rs: which rooms may it know?";
            complaints.push(format!("{top}/{file}: the room {own} {sentence}"));
            continue;
        };
        let foreign = known.iter().filter(|known| room(known) != own);
        for known in
            foreign.filter(|known| !allowed[1..].iter().any(|name| is_in(room(known), name)))
        {
            complaints.push(format!(
                "{top}/{file}: {own} may not know {known} (xtask/src/tidy/rooms.rs)"
            ));
        }
    }
    complaints
}

/// Every file in a circle.
pub fn circles(top: &str, graph: &Graph) -> Vec<String> {
    let files = in_circles(graph).into_iter();
    files.map(|file| format!("{top}/{file}: imports itself by way of others")).collect()
}

/// Whether a room is the one of this name, or one of those for which its `*` stands.
fn is_in(room: &str, name: &str) -> bool {
    room == name || name.strip_suffix('*').is_some_and(|start| room.starts_with(start))
}

/// `counter/mod.rs` → `counter`, `busy.rs` → `busy`, `experiments/contention/trial.rs` → `experiments/contention`.
fn room(file: &str) -> &str {
    let is_nested = file.starts_with("experiments/") || file.starts_with("figures/");
    let mut ends = file.match_indices('/').skip(usize::from(is_nested));
    let room = ends.next().map_or(file, |(end, _)| &file[..end]);
    room.trim_end_matches("/mod.rs").trim_end_matches(".rs")
}
