//! The runs that figures show before their reader has run anything: each is small, whole, and drawn as any run is, but labelled.

use std::fs;

use serde_json::Value;

use super::take_home::taken;
use super::{Case, cases};
use crate::engine::{Engine, figures, root};
use crate::lab::{FIGURE, QUICK};
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
    what_each_thread_did_is_fetched_where_it_is_seen,
    a_readers_own_run_takes_the_recorded_ones_place,
    where_nothing_can_be_run_every_figure_shows_its_recorded_run
        .only(&[Engine::Chromium, Engine::Firefox]),
    an_authors_report_stands_in_our_runs_place_and_is_saved_as_it_was,
    every_figure_shows_an_authors_report_as_any_recorded_run,
    an_authors_report_that_cannot_be_shown_is_said_and_ours_is_shown,
    another_machine_is_laid_beside_in_this_ones_measure,
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

/// Where a figure stands with its defaults on a page that can't share memory.
pub fn standing_without_sharing(page: &Page, figure: &str) -> &'static str {
    let alone = page.js(&format!(
        "return import(`${{location.origin}}/{SOURCES}settings.js`).then(({{ isAlone, readConfig }}) => isAlone('{figure}', readConfig((name) => (name === 'figure' ? '{figure}' : null)).config))"
    ));
    if alone == true || does_without_threads(page, figure) { "ready" } else { "unsupported" }
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
    page.stage_small("master-worker", &[], "threads='4' times='2' wait-ms='60' poll-ms='20'");
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
        page.stage(&format!("<lock-lab details='open' figure='{figure}'></lock-lab>"));
        is_recorded(page, figure, told);
        let voices = page.js("return parts().filter((one) => one.getAttribute('role') === 'status').map((one) => one.textContent).join(' ')");
        assert!(
            !text(&voices).contains("all thread done"),
            "{figure}: nobody is told what is printed, for nothing is"
        );
        assert!(page.get(FIGURE, "report").is_null(), "{figure}: nobody has run anything here");
    }
}

fn what_each_thread_did_is_fetched_where_it_is_seen(page: &Page) {
    let fetched = "performance.getEntriesByType('resource').some(({ name }) => /lock-cost\\.lanes/.test(name))";
    for slice in ["times", "noise"] {
        page.stage(&format!("<lock-lab figure='lock-cost' show='{slice}'></lock-lab>"));
        page.wait("a recorded run is labelled", "/recorded/i.test(words())");
        assert!(!page.is(fetched), "{slice} draws no lanes");
    }
    page.js("lab().setAttribute('show', 'lanes')");
    page.wait("its lanes are drawn", LANES);
    assert!(page.is(fetched));
}

fn a_readers_own_run_takes_the_recorded_ones_place(page: &Page) {
    page.stage_small("master-worker", &[], "times='2' wait-ms='60'");
    is_recorded(page, "master-worker", "went on asking for");
    all_rounds_done(&page.run());
    page.wait("the label is gone", "!/recorded/i.test(words())");
    // What somebody else measured does not stand among the reader's own: two rounds, two dots.
    let dots = page.js("return parts().filter((one) => one.localName === 'circle').length");
    assert_eq!(dots, 2);
}

fn where_nothing_can_be_run_every_figure_shows_its_recorded_run(page: &Page) {
    for (figure, told) in TOLD {
        let body = format!("<lock-lab details='open' figure='{figure}'></lock-lab>");
        page.open(&page.site.stage_hopeless(&body));
        let stands = standing_without_sharing(page, figure);
        page.wait(&format!("{figure} stands as it can"), &format!("lab().state === '{stands}'"));
        is_recorded(page, figure, told);
        assert_eq!(text(&page.get(FIGURE, "state")), stands, "{figure} does not try");
    }
}

/// A figure that shows this file.
fn showing(figure: &str, file: &str) -> String {
    format!("<lock-lab figure='{figure}' lang='en' details='open' src='{file}'></lock-lab>")
}

fn an_authors_report_stands_in_our_runs_place_and_is_saved_as_it_was(page: &Page) {
    page.stage(QUICK);
    page.run();
    let (saved, table) = (taken(page, "/save json/i"), taken(page, "/markdown/i"));
    let rows = |table: &str| {
        table.lines().filter(|line| line.starts_with('|')).map(str::to_owned).collect::<Vec<_>>()
    };
    let file = page.site.stage_whole(&page.site.isolated, &saved);
    let name = file.rsplit('/').next().expect("a name");
    page.open(&page.site.stage(&showing("lock-cost", name)));
    page.wait_state(FIGURE, "ready");
    page.wait(
        "it is labelled",
        "/by this page’s author, from .*, made on .*20\\d\\d/.test(words())",
    );
    assert_eq!(rows(&taken(page, "/markdown/i")), rows(&table), "the same table");
    assert_eq!(taken(page, "/save json/i"), saved, "the same file");
    assert!(page.get(FIGURE, "report").is_null(), "nobody has run anything here");
    page.js("lab().setAttribute('lang', 'zh')");
    page.wait("in the reader's language", "/由本页作者提供/.test(words())");
    page.js("lab().removeAttribute('src')");
    page.wait("ours is back", "/录制的运行/.test(words()) && !/由本页作者提供/.test(words())");
    // The address takes it too; in a frame the figure sees it as its element does.
    page.open(&page.site.isolated.url(&format!("index.html?figure=lock-cost&lang=en&src={name}")));
    page.wait("it is labelled here too", "/by this page’s author/.test(words())");
    let file = page.site.stage_whole(&page.site.plain, &saved);
    let script = "<script type='module' src='lab/lock-lab.js'></script>";
    page.open_post(&format!(
        "{script}{}",
        showing("lock-cost", &file.replace(&page.site.plain.url(""), "/"))
    ));
    page.wait("the element is there", "['ready', 'unsupported'].includes(lab()?.state)");
    if page.is("lab().shadowRoot.querySelector('iframe')") {
        page.enter_frame("lab().shadowRoot.querySelector('iframe')");
        page.wait("it is labelled in a frame", "/by this page’s author/.test(words())");
        page.leave_frame();
    }
}

/// Those that a browser has saved, and what `locklab bench --json` has written on a machine: a report a figure.
fn every_figure_shows_an_authors_report_as_any_recorded_run(page: &Page) {
    const MACHINE: &str = include_str!("../../../../data/machines/amd-epyc.json");
    let saved = recordings().into_iter().map(|(figure, recording)| {
        let mut report = recording["report"].clone();
        report["environment"]["engine"] = "Other 1 <b>bold</b>".into();
        (figure, report.to_string(), "Other 1 <b>bold")
    });
    let measured = ["price-list", "contention"]
        .map(|figure| (figure.to_owned(), MACHINE.to_owned(), "native, AMD EPYC"));
    for (figure, text, whose) in saved.chain(measured) {
        let file = page.site.stage_whole(&page.site.isolated, &text);
        page.stage(&showing(&figure, &file));
        let told = TOLD.iter().find(|(name, _)| *name == figure).map_or(".", |(_, told)| told);
        page.wait("it is labelled", &format!("/author, from {whose}/.test(words())"));
        page.wait(&format!("{figure} tells what came out"), &format!("/{told}/i.test(words())"));
        page.is_quiet();
    }
}

fn an_authors_report_that_cannot_be_shown_is_said_and_ours_is_shown(page: &Page) {
    let found = recordings();
    let of = |figure: &str| {
        found.iter().find(|(name, _)| name == figure).expect("a recording").1["report"].clone()
    };
    let mut tampered = of("lock-cost");
    tampered["runs"][1]["wallMs"] = "soon".into();
    let told = TOLD[0].1;
    let keep = |text: &str| page.site.stage_whole(&page.site.isolated, text);
    for (file, why) in [
        ("no-such-file.json".to_owned(), "The server answered 404"),
        (keep("<!doctype html>"), "not JSON"),
        (keep(&of("contention").to_string()), "a report of the figure “contention”"),
        (keep(&tampered.to_string()), "wallMs should be a number"),
    ] {
        page.stage(&showing("lock-cost", &file));
        let said = format!(
            "/author’s report, .*, can’t be shown; this recorded run is ours\\. .*{why}/.test(words()) && /{told}/i.test(words())"
        );
        page.wait(why, &said);
        page.wait("its code", "lab().error?.code === 'bad-report'");
        assert_eq!(page.state(FIGURE), "ready", "{why}: it can run all the same");
    }
    page.js("for (const [name, value] of [['times', 3], ['wait-ms', 5], ['loops', 1000]]) lab().setAttribute(name, value)");
    is_whole(&page.run());
    assert!(page.get(FIGURE, "error").is_null());
    if page.engine != Engine::Webkit {
        page.open(&page.site.stage_hopeless(&showing("lock-cost", "no-such-file.json")));
        page.wait(
            "where nothing can be run",
            "lab()?.state === 'unsupported' && /The server answered 404/.test(words())",
        );
        assert_eq!(page.get(FIGURE, "error")["code"], "no-shared-memory");
    }
}

/// From data/machines, fetched when the menu is opened.
fn another_machine_is_laid_beside_in_this_ones_measure(page: &Page) {
    for (figure, small, mark, said) in [
        ("price-list", "budget-ms='1500'", ".prices .there", "scaled as if a compare-and-swap"),
        ("contention", "threads='2' sample-ms='10'", ".lines .there", "scaled as if std Mutex"),
    ] {
        page.stage(&format!("<lock-lab details='open' figure='{figure}' {small}></lock-lab>"));
        page.run();
        let fetched =
            "performance.getEntriesByType('resource').some(({ name }) => /amd-epyc/.test(name))";
        assert!(!page.is(fetched), "{figure}: nobody has asked for a machine");
        page.click("button(/^export$/i)");
        page.wait("a machine is offered", "button(/^compare with native, .* 20\\d\\d/i)");
        page.click("button(/^compare with native, /i)");
        let beside = format!(
            "/a report from native, .*made on .*20\\d\\d/.test(words()) && parts().some((one) => one.matches('{mark}'))"
        );
        page.wait("it lies beside", &beside);
        assert!(page.is(&format!("/{said}/.test(words())")), "{figure}: in this machine's measure");
        page.click("button(/^remove$/i)");
        page.wait("it is gone", &format!("!({beside}) && !/{said}/.test(words())"));
    }
}
