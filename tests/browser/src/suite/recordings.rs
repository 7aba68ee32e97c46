//! The runs that figures show before their reader has run anything: each is small, whole, and drawn as any run is, but labelled.

use std::fs;

use serde_json::Value;

use super::{Case, cases};
use crate::engine::{Engine, figures, root};
use crate::lab::FIGURE;
use crate::master::{all_rounds_done, master_died};
use crate::page::Page;
use crate::report::{is_valid, is_whole, list, number, text};
use crate::site::SOURCES;

/// The tests.
pub const CASES: &[Case] = cases![
    recorded_runs_are_valid_reports_and_small,
    recorded_runs_unpack_to_what_was_packed,
    a_run_unpacked_is_the_run_that_was_packed.only(&[Engine::Chromium]),
    figures_show_their_recorded_runs_labelled_as_such,
    a_readers_own_run_takes_the_recorded_ones_place,
    where_nothing_can_be_run_every_figure_shows_its_recorded_run
        .only(&[Engine::Chromium, Engine::Firefox]),
];

/// What a reader has to fetch of one at most, in bytes, compressed.
const MOST_BYTES: f64 = 20_000.0;

/// What each figure's recorded run tells in its results, as a pattern.
const TOLD: &[(&str, &str)] = &[
    ("lock-cost", "One increment through .* takes"),
    ("price-list", "× 400 = .* of 20"),
    ("interleaving", "4 of 6 orders lose"),
    ("contention", "with one thread, .* with 20"),
    ("master-worker", "all thread done.*went on asking for"),
    ("master-exit", "all thread done.*The master ended itself"),
];

/// Whether a figure does something where no threads can be had, as its manifest says. Asked of a page of the suite's own.
#[track_caller]
pub fn does_without_threads(page: &Page, figure: &str) -> bool {
    page.js(&format!(
        "return import(`${{location.origin}}/{SOURCES}figures/{figure}/figure.js`).then(({{ figure }}) => Boolean(figure.withoutThreads))"
    )) == true
}

/// All that there are: the figure's name, and the recording.
fn recordings() -> Vec<(String, Value)> {
    figures()
        .into_iter()
        .map(|figure| {
            let path = root().join(format!("www/figures/{figure}/recording.json"));
            let contents =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            let recording =
                serde_json::from_str(&contents).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            (figure, recording)
        })
        .collect()
}

/// Imports the file that packs and unpacks as the `recording` of what follows; it runs as it stands.
fn with_code(then: &str) -> String {
    format!(
        "const code = `${{location.origin}}/{SOURCES}recording.js`;
         return import(code).then((recording) => {{ {then} }})"
    )
}

fn recorded_runs_are_valid_reports_and_small(page: &Page) {
    page.open(&page.site.stage(""));
    let found = recordings();
    for (figure, _) in TOLD {
        assert!(found.iter().any(|(name, _)| name == figure), "{figure} has none");
    }
    for (figure, recording) in found {
        let report = &recording["report"];
        is_valid(report);
        assert_eq!(report["figure"], *figure);
        match &*figure {
            "lock-cost" => is_whole(report),
            "master-worker" => all_rounds_done(report),
            "master-exit" => master_died(report),
            _ => assert_eq!(report["outcome"], "done", "{figure}"),
        }
        let bytes = page.js_with(
            "const packed = new Blob([arguments[0]]).stream().pipeThrough(new CompressionStream('gzip'));
             return new Response(packed).arrayBuffer().then((bytes) => bytes.byteLength)",
            vec![recording.to_string().into()],
        );
        assert!(number(&bytes) <= MOST_BYTES, "{figure} takes {bytes} bytes, compressed");
    }
}

fn recorded_runs_unpack_to_what_was_packed(page: &Page) {
    page.open(&page.site.stage(""));
    for (figure, packed) in recordings() {
        let unpacked = page.js_with(
            &with_code(
                "const { report, live } = recording.unpack(given);
                 return { live: { phases: live.phases, master: live.master }, again: recording.pack(report, live) };",
            )
            .replacen("const code", "const given = arguments[0]; const code", 1),
            vec![packed.clone()],
        );
        assert!(unpacked["again"] == packed, "{figure} comes out otherwise than it went in");
        // A price list has no threads to choose, and no lanes either.
        let threads = packed["report"]["config"]["threads"].as_u64();
        let threads = threads.unwrap_or_default() as usize;
        for phase in list(&unpacked["live"]["phases"]) {
            assert_eq!(list(&phase["lanes"]).len(), threads, "{figure}");
            for lane in list(&phase["lanes"]) {
                let at: Vec<_> = list(&lane["at"]).iter().map(number).collect();
                assert!(!at.is_empty() && at.is_sorted(), "{figure}: {lane}");
                assert!(
                    at.iter().all(|&ms| ms <= number(&phase["endMs"]) + 0.01),
                    "{figure}: {lane}"
                );
            }
        }
        let master = &unpacked["live"]["master"];
        assert_eq!(master.is_object(), figure.starts_with("master"), "{figure}: {master}");
        if master.is_object() {
            assert_eq!(master["log"], packed["report"]["log"]);
            assert_eq!(list(&master["beats"]).len(), threads + 1);
        }
    }
}

fn a_run_unpacked_is_the_run_that_was_packed(page: &Page) {
    page.stage(
        "<lock-lab figure='master-worker' threads='4' times='2' wait-ms='60' poll-ms='20'></lock-lab>",
    );
    let report = page.run();
    let again = page.js(&with_code(
        "const { recording: packed } = lab();
         const { report, live } = recording.unpack(packed);
         return { report, schema: packed.schema, events: live.master.at.length, log: live.master.log.length };",
    ));
    assert_eq!(again["report"], report);
    assert_eq!(again["schema"], "locklab-recording/1");
    assert_eq!(number(&again["log"]) as usize, list(&report["log"]).len(), "{again}");
    // Each line is an event, but not each event a line.
    assert!(number(&again["events"]) >= number(&again["log"]), "{again:#}");
}

/// Waits until the only figure shows a recorded run, with its label, lanes and results.
#[track_caller]
fn is_recorded(page: &Page, figure: &str, told: &str) {
    page.wait(&format!("{figure} is labelled"), "/recorded/i.test(words())");
    page.wait(&format!("{figure} tells what came out"), &format!("/{told}/i.test(words())"));
    let drawn = if figure == "price-list" {
        // Its chart is no canvas: a mark for each counter's price.
        "parts().filter((one) => one.getAttribute('role') === 'option').length > 10"
    } else if does_without_threads(page, figure) {
        // What is stepped is text: the steps that were recorded stand in a table.
        "parts().some((one) => one.localName === 'table' && one.tBodies[0].rows.length > 2)"
    } else {
        LANES
    };
    page.wait(&format!("{figure} has drawn what it found"), drawn);
}

/// That something is drawn on a canvas.
const LANES: &str = "parts().some((one) => one.localName === 'canvas' && one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((part) => part > 0))";

fn figures_show_their_recorded_runs_labelled_as_such(page: &Page) {
    for (figure, told) in TOLD {
        page.stage(&format!("<lock-lab figure='{figure}'></lock-lab>"));
        is_recorded(page, figure, told);
        let voices = page.js("return parts().filter((one) => one.getAttribute('role') === 'status').map((one) => one.textContent).join(' ')");
        assert!(
            !text(&voices).contains("all thread done"),
            "{figure}: nobody is told what is printed, for nothing is"
        );
        assert!(page.get(FIGURE, "report").is_null(), "{figure}: nobody has run anything here");
    }
}

fn a_readers_own_run_takes_the_recorded_ones_place(page: &Page) {
    page.stage("<lock-lab figure='master-worker' times='2' wait-ms='60'></lock-lab>");
    is_recorded(page, "master-worker", "went on asking for");
    all_rounds_done(&page.run());
    page.wait("the label is gone", "!/recorded/i.test(words())");
    // What somebody else measured does not stand among the reader's own: two rounds, two dots.
    let dots = page.js("return parts().filter((one) => one.localName === 'circle').length");
    assert_eq!(dots, 2);
}

fn where_nothing_can_be_run_every_figure_shows_its_recorded_run(page: &Page) {
    for (figure, told) in TOLD {
        let body = format!("<lock-lab figure='{figure}'></lock-lab>");
        page.open(&page.site.stage_hopeless(&body));
        let stands = if does_without_threads(page, figure) { "ready" } else { "unsupported" };
        page.wait(&format!("{figure} stands as it can"), &format!("lab().state === '{stands}'"));
        is_recorded(page, figure, told);
        assert_eq!(text(&page.get(FIGURE, "state")), stands, "{figure} does not try");
    }
}
