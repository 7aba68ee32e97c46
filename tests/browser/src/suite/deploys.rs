//! Two deploys in a row: the server has the newer build, and some cache still has parts of the older one.

use regex::Regex;
use xtask::files::{self, Files};
use xtask::server::{Options, Server};

use super::{Case, cases};
use crate::lab::{FIGURE, QUICK, Settled};
use crate::page::Page;
use crate::report::is_whole;

/// The tests.
pub const CASES: &[Case] =
    cases![whatever_a_cache_keeps_of_an_older_build_a_figure_runs_or_says_what_to_do.within(300)];

/// What the newer build's reports call it.
const LATER: &str = "0.1.0 (later)";

/// Where a settled figure, or a page without one, stands.
const SETTLED: &str = "document.documentElement.dataset.unloaded ?? ['ready', 'failed', 'unsupported'].find((state) => state === lab()?.state)";

/// What a reader of a figure, or of a page without one, is told.
const SAYS_WHAT_TO_DO: &str = "/[^.]*(reload|try again)[^.]*/i.exec(lab()?.shadowRoot ? words() : document.body.innerText)?.[0]";

/// The same page as another build: each script has another name, and so other contents.
fn later(build: &Files) -> Files {
    let [hash, digest, name] =
        [r"-([A-Z0-9]{7})[A-Z0-9]\.(js|css)\b", r#" integrity="[^"]*""#, r"0\.1\.0 \([^)]*\)"]
            .map(|pattern| Regex::new(pattern).expect("a pattern"));
    let renamed = |text: &str| hash.replace_all(text, "-${1}8.$2").into_owned();
    let changed = |contents: &Vec<u8>| match std::str::from_utf8(contents) {
        Ok(text) => {
            let text = digest.replace_all(text, "");
            renamed(&name.replace_all(&text, LATER)).into_bytes()
        }
        Err(_) => contents.clone(),
    };
    build.iter().map(|(path, contents)| (renamed(path), changed(contents))).collect()
}

/// The files that keep their names from build to build are old or new each by itself; of the others, which the server has no more, a cache has none, some or all.
fn whatever_a_cache_keeps_of_an_older_build_a_figure_runs_or_says_what_to_do(page: &Page) {
    let older = files::read(&page.site.folder).expect("the page");
    let newer = later(&older);
    let gone: Vec<_> = older.keys().filter(|path| !newer.contains_key(*path)).collect();
    assert!(gone.len() > 40, "the builds differ: {gone:?}");
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(Options::new(folder.path().to_owned())).expect("a server");
    let (mut ran, mut told) = (0, 0);
    for (name, kept) in [
        ("nothing", &[][..]),
        ("the page", &["index.html"]),
        ("the element", &["lock-lab.js"]),
        ("page and element", &["index.html", "lock-lab.js"]),
    ] {
        for (some, share) in [
            ("none", [false, false]),
            ("every other", [true, false]),
            ("the rest", [false, true]),
            ("all", [true, true]),
        ] {
            if kept.is_empty() && some != "all" {
                continue;
            }
            let mut mix = newer.clone();
            let cached = gone
                .iter()
                .enumerate()
                .filter(|(i, _)| share[i % 2])
                .map(|(_, path)| path.as_str());
            for path in cached.chain(kept.iter().copied()) {
                mix.insert(path.to_owned(), older[path].clone());
            }
            let post = format!(
                "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><script type='module' async src='lock-lab.js'></script><body>{QUICK}"
            );
            mix.insert("post.html".to_owned(), post.into_bytes());
            let place = format!("{name}-{some}").replace(' ', "-");
            for (path, contents) in &mix {
                files::write(&folder.path().join(&place).join(path), contents).expect("written");
            }
            for address in [
                "post.html",
                "index.html?figure=lock-cost&threads=4&times=3&wait-ms=5&loops=1000&lang=en",
            ] {
                page.open(&format!("{}{place}/{address}", server.url()));
                let mix = format!("a cache has {name}, and of the scripts {some}: {address}");
                let state = page.wait(&mix, SETTLED);
                let ended = (state == "ready").then(|| page.settled(page.begin(FIGURE, "run")));
                if let Some(Settled::Report(report)) = ended {
                    is_whole(&report);
                    let build = &report["environment"]["build"];
                    assert!(*build == LATER || some != "none", "{mix}: {build}");
                    ran += 1;
                } else {
                    page.wait(&format!("{mix}: {state}: it says what to do"), SAYS_WHAT_TO_DO);
                    told += 1;
                }
            }
        }
    }
    assert!(ran > 4 && told > 4, "{ran} ran, {told} told: this test shows little");
}
