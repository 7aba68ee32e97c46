//! Pages that can't share memory: what one thread can do runs there all the same, in the page itself and in a frame.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::engine::{Engine, Variant};
use crate::lab::{FIGURE, LISTENS};
use crate::page::Page;
use crate::report::{is_partial, is_valid, is_whole, list, number, text};
use crate::site::Fault;

/// Engines that share memory on isolated pages only.
const STRICT: &[Engine] = &[Engine::Chromium, Engine::Firefox];

/// The tests.
pub const CASES: &[Case] = cases![
    prices_that_one_thread_can_measure_are_live_and_the_others_recorded.only(STRICT),
    lock_cost_and_contention_run_on_the_one_thread_and_say_so_where_more_are_chosen.only(STRICT),
    a_run_on_one_thread_is_seen_while_it_goes_on_and_stops.only(STRICT),
    in_a_frame_of_a_plain_post_prices_are_live.only(STRICT),
    a_policy_that_lets_nobody_ask_for_a_stop_stops_nothing.only(STRICT),
    a_policy_that_lets_nobody_ask_for_a_stop_stops_nothing
        .only(&[Engine::Webkit])
        .with(Variant::NoSharedMemory),
    webkit_without_shared_memory_runs_on_one_thread
        .only(&[Engine::Webkit])
        .with(Variant::NoSharedMemory),
];

#[track_caller]
fn is_alone(report: &Value) {
    is_valid(report);
    assert_eq!(report["environment"]["isolated"], false);
    let warnings = list(&report["warnings"]);
    assert!(warnings.iter().any(|one| one["code"] == "one-thread"), "{warnings:?}");
}

fn prices_that_one_thread_can_measure_are_live_and_the_others_recorded(page: &Page) {
    page.open(
        &page.site.stage_hopeless("<lock-lab figure='price-list' budget-ms='15000'></lock-lab>"),
    );
    page.wait_state(FIGURE, "ready");
    let call = page.begin(FIGURE, "run");
    page.wait(
        "rows come while it runs",
        "lab().state === 'running' && lab().shadowRoot.querySelectorAll('.row .median').length > 5",
    );
    let report = page.settled(call).report();
    is_alone(&report);
    assert_eq!(report["outcome"], "done", "{report:#}");
    let measured: Vec<_> =
        list(&report["prices"]).iter().map(|row| text(&row["counter"])).collect();
    for counter in ["std-mutex", "atomic", "js-atomics"] {
        assert!(measured.contains(&counter), "{counter} takes one thread: {measured:?}");
    }
    assert!(!measured.contains(&"channel"), "a channel takes two threads: {measured:?}");
    let row =
        page.js("return lab().shadowRoot.querySelector('.row[data-id=\"channel\"]').textContent");
    assert!(text(&row).contains("s, recorded"), "{row}");
    assert!(page.words(FIGURE).contains("need a second thread"), "it says why");
    page.js("document.documentElement.lang = 'zh'");
    page.wait("in the reader's language", "words().includes('第二个线程')");
}

fn lock_cost_and_contention_run_on_the_one_thread_and_say_so_where_more_are_chosen(page: &Page) {
    page.open(&page.site.stage_hopeless(
        "<lock-lab figure='lock-cost' threads='1' times='4' wait-ms='30' loops='200000'></lock-lab>",
    ));
    page.wait_state(FIGURE, "ready");
    let report = page.run();
    is_whole(&report);
    is_alone(&report);
    assert!(page.words(FIGURE).contains("up to 128"), "it says what is missing");
    page.set(FIGURE, "threads", "2");
    page.wait_state(FIGURE, "unsupported");
    let (code, message) = page.refused();
    assert_eq!(code, "no-shared-memory");
    assert!(message.contains("With 1 thread"), "{message}");
    assert!(page.is("!control('range', /thread/i).matches(':disabled')"), "it can be chosen");
    page.set(FIGURE, "threads", "1");
    page.wait_state(FIGURE, "ready");
    page.js("lab().setAttribute('sample-ms', '50'); lab().setAttribute('figure', 'contention')");
    page.wait(
        "the other figure is there",
        "lab().state === 'ready' && lab().config.sampleMs === 50",
    );
    let report = page.run();
    is_alone(&report);
    assert_eq!(report["outcome"], "done", "{report:#}");
    for point in list(&report["points"]) {
        assert_eq!(point["threads"], 1);
        assert!(number(&point["opsPerSecond"]) > 1e5, "{point}");
    }
}

fn a_run_on_one_thread_is_seen_while_it_goes_on_and_stops(page: &Page) {
    for (way, settings) in [
        ("while it waits", "times='1000' wait-ms='20' loops='1000'"),
        ("in one long wait", "times='2' wait-ms='60000' loops='1000'"),
        ("while it calculates", "times='5' wait-ms='0' loops='1000000000'"),
    ] {
        page.open(&page.site.stage_hopeless(&format!(
            "<lock-lab figure='lock-cost' threads='1' {settings}></lock-lab>"
        )));
        page.wait_state(FIGURE, "ready");
        let call = page.begin(FIGURE, "run");
        page.wait(
            &format!("{way}: its timeline is drawn"),
            "lab().shadowRoot.querySelector('figure.running') && /worker-0|1 of|0 of|%/.test(words())",
        );
        page.js("return new Promise((resolve) => setTimeout(resolve, 600))");
        page.js("window.asked = performance.now(); lab().stop().then(() => window.tookMs = performance.now() - asked)");
        let report = page.settled(call).report();
        is_partial(&report, "stopped");
        is_alone(&report);
        let took = page.wait("stop() settles", "window.tookMs");
        assert!(number(&took) < 3000.0, "{way}: the stop took {took} ms");
        assert_eq!(page.state(FIGURE), "stopped", "{way}");
    }
    page.set(FIGURE, "loops", "1000");
    page.wait("it can run again", "lab().config.loops === 1000");
    is_whole(&page.run());
}

/// By the element, which looks for a frame that is isolated, and by the frame's own line.
fn in_a_frame_of_a_plain_post_prices_are_live(page: &Page) {
    let isolated = page.engine == Engine::Chromium;
    page.open_post("<script type='module' src='lab/lock-lab.js'></script><lock-lab figure='price-list' budget-ms='2000'></lock-lab>");
    page.wait_state(FIGURE, "ready");
    let report = page.run();
    is_valid(&report);
    assert_eq!(
        report["environment"]["isolated"],
        json!(isolated),
        "a frame that is isolated goes first"
    );
    page.open_post(&format!("{LISTENS}<iframe title='figure' src='lab/index.html?figure=price-list&budget-ms=2000' style='width: 900px; height: 900px'></iframe>"));
    page.told_state("ready");
    page.js("order('lab-run')");
    let told = page.told("lab-report");
    assert_eq!(told["report"]["environment"]["isolated"], json!(isolated));
    assert!(list(&told["report"]["prices"]).len() > 5, "{told}");
}

/// The thread hears of a stop by an address that does not hold any more; one that it may not ask for is none.
fn a_policy_that_lets_nobody_ask_for_a_stop_stops_nothing(page: &Page) {
    let stage = page.site.stage_hopeless(
        "<lock-lab figure='lock-cost' threads='1' times='10' wait-ms='40' loops='1000'></lock-lab>",
    );
    let name = stage.rsplit('/').next().unwrap_or_default();
    page.open(&page.site.plain.broken(Fault::NoBlobPolicy, name));
    page.wait_state(FIGURE, "ready");
    let asked = page
        .js("return fetch(URL.createObjectURL(new Blob())).then(() => 'may ask', () => 'may not')");
    assert_eq!(asked, "may not", "the policy is in force");
    let report = page.run();
    is_whole(&report);
    is_alone(&report);
    // A stop can only end the thread, and does so at once; while it calculates as well.
    for (wait, loops) in [("60000", "1000"), ("0", "1000000000")] {
        page.js(&format!("lab().config = {{ waitMs: {wait}, loops: {loops} }}"));
        let call = page.begin(FIGURE, "run");
        page.wait("its thread runs", "lab().state === 'running' && lab().shadowRoot.querySelector('progress').hasAttribute('value')");
        page.js("window.stopped = 0; lab().stop().then((report) => window.stopped = [report])");
        let (code, message) = page.settled(call).refusal();
        assert_eq!(code, "cancelled");
        assert!(message.contains("blob:"), "who may mend it learns how: {message}");
        page.wait("stop() settles", "window.stopped");
        assert_eq!(page.state(FIGURE), "stopped");
        assert!(page.words(FIGURE).contains(&message), "so does who reads it");
    }
    page.js("lab().config = { waitMs: 5, loops: 1000 }");
    is_whole(&page.run());
    page.site.plain.mend();
}

/// It makes a shared memory all the same, and hands it to nobody.
fn webkit_without_shared_memory_runs_on_one_thread(page: &Page) {
    page.open(&page.site.stage_hopeless(
        "<lock-lab figure='lock-cost' threads='1' times='10' wait-ms='30' loops='1000'></lock-lab>",
    ));
    page.wait_state(FIGURE, "ready");
    assert_eq!(page.js("return typeof SharedArrayBuffer"), "undefined", "what this is about");
    let report = page.run();
    is_whole(&report);
    is_alone(&report);
    page.set(FIGURE, "wait-ms", "60000");
    let call = page.begin(FIGURE, "run");
    page.wait_state(FIGURE, "running");
    page.stop(FIGURE);
    is_partial(&page.settled(call).report(), "stopped");
    page.set(FIGURE, "threads", "2");
    page.wait_state(FIGURE, "unsupported");
    let (code, message) = page.refused();
    assert_eq!(code, "no-shared-memory");
    assert!(message.contains("With 1 thread"), "{message}");
}
