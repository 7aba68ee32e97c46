//! What a network, a host or a policy can break between a page and its files: each ends in a state and a sentence, never in a spinner,
//! and works again when it is mended.

use std::time::{Duration, Instant};

use super::{Case, cases};
use crate::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_whole, text};
use crate::site::Fault;

/// What every page of this room asks for.
const PAGE: &str = "index.html?figure=lock-cost&threads=4&times=2&wait-ms=5&loops=1000";

/// The tests.
pub const CASES: &[Case] = cases![
    a_wasm_module_that_can_t_be_had_is_said_and_mended_by_the_next_run,
    a_wasm_module_of_the_wrong_type_runs_all_the_same,
    a_slow_wasm_module_keeps_nobody_waiting_in_the_dark,
    a_wasm_module_that_never_comes_is_said_in_the_end_and_mended_by_the_next_run,
    a_policy_against_wasm_is_said,
    threads_whose_clocks_lie_apart_tell_no_times_that_contradict_each_other,
    a_script_of_workers_that_is_missing_is_said_and_mended_by_the_next_run.within(120),
    a_missing_half_of_the_figure_is_said,
];

/// Waits until the figure has failed, and gives the code; the sentence must be there, for scripts and for readers.
#[track_caller]
fn failed(page: &Page) -> String {
    page.wait("the figure has failed", "lab()?.state === 'failed' && lab().error");
    let error = page.get(FIGURE, "error");
    assert!(text(&error["message"]).len() > 20, "a sentence: {error}");
    page.wait(
        "a reader sees the sentence",
        "words().includes(lab().error.message.split(/(?<=[.!?])\\s/)[0].slice(0, 40))",
    );
    text(&error["code"]).to_owned()
}

/// `run()` says it and the figure shows it, and once the module can be had the same page runs.
fn a_wasm_module_that_can_t_be_had_is_said_and_mended_by_the_next_run(page: &Page) {
    for fault in [Fault::Missing("_bg.wasm"), Fault::WasmGarbage, Fault::WasmCutShort] {
        page.open(&page.site.isolated.broken(fault, PAGE));
        page.wait_state(FIGURE, "ready");
        let (code, message) = page.refused();
        assert_eq!(code, "wasm-load", "{fault:?}");
        assert_eq!(failed(page), "wasm-load", "{fault:?}");
        assert_eq!(page.get(FIGURE, "error")["message"], message, "{fault:?}");
        assert!(message.contains("404") || fault != Fault::Missing("_bg.wasm"), "{message}");
        page.site.isolated.mend();
        is_whole(&page.run());
        assert_eq!(page.state(FIGURE), "done", "{fault:?}");
    }
}

/// Threads can't start: that shows with the first run only. The next one tries afresh.
fn a_script_of_workers_that_is_missing_is_said_and_mended_by_the_next_run(page: &Page) {
    for part in ["owner-worker", "coordinator-worker", "pool-worker"] {
        page.open(&page.site.isolated.broken(Fault::Missing(part), PAGE));
        page.wait_state(FIGURE, "ready");
        let begun = Instant::now();
        let (code, message) = page.refused();
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(20), "{part}: it took {took:.1?} to say");
        assert_eq!(code, "worker-start", "{part}: {message}");
        assert_eq!(failed(page), "worker-start", "{part}");
        page.site.isolated.mend();
        is_whole(&page.run());
        assert_eq!(page.state(FIGURE), "done", "{part}");
        assert!(page.get(FIGURE, "error").is_null(), "{part}");
    }
}

fn a_wasm_module_of_the_wrong_type_runs_all_the_same(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::WasmAsText, PAGE));
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
}

fn a_slow_wasm_module_keeps_nobody_waiting_in_the_dark(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::WasmSlow, PAGE));
    page.wait_state(FIGURE, "ready");
    let call = page.begin(FIGURE, "run");
    page.wait("the figure says what it waits for", "words().includes('Fetching the program')");
    assert!(!page.is_settled(call), "the module was not held back: this test shows nothing");
    page.site.isolated.mend();
    is_whole(&page.settled(call).report());
    assert_eq!(page.state(FIGURE), "done");
}

fn a_wasm_module_that_never_comes_is_said_in_the_end_and_mended_by_the_next_run(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::WasmSlow, PAGE));
    page.wait_state(FIGURE, "ready");
    // Half a minute is what it waits; which is the page's to say, and the clock's to keep.
    page.js("const { timeout } = AbortSignal; AbortSignal.timeout = (ms) => timeout.call(AbortSignal, (suite.waits = ms) / 20)");
    let call = page.begin(FIGURE, "run");
    let (code, message) = page.settled(call).refusal();
    assert_eq!(page.js("return suite.waits"), 30_000);
    assert_eq!(code, "wasm-load");
    assert!(message.contains("in time"), "it says why: {message}");
    assert_eq!(failed(page), "wasm-load");
    page.site.isolated.mend();
    is_whole(&page.run());
}

fn a_policy_against_wasm_is_said(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::NoWasmPolicy, PAGE));
    if page.engine == Engine::Webkit {
        // It holds only workers to the policy, so that the first run meets it.
        page.wait_state(FIGURE, "ready");
    } else {
        assert_eq!(failed(page), "wasm-load");
    }
    assert_eq!(page.refused().0, "wasm-load");
    let message = page.get(FIGURE, "error")["message"].clone();
    assert!(
        text(&message).to_lowercase().contains("policy"),
        "the sentence names the cause: {message}"
    );
}

fn a_missing_half_of_the_figure_is_said(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::Missing("live-"), PAGE));
    page.wait("the figure has failed", "lab()?.state === 'failed' && lab().error");
    let error = page.get(FIGURE, "error");
    assert_eq!(error["code"], "script-load");
    assert!(text(&error["message"]).len() > 20, "a sentence: {error}");
    page.wait("a reader sees the sentence", "(words() || lab().innerText || lab().shadowRoot.textContent).includes(lab().error.message.slice(0, 30))");
    assert_eq!(page.refused().0, "script-load");
}

fn threads_whose_clocks_lie_apart_tell_no_times_that_contradict_each_other(page: &Page) {
    let stage =
        page.site.stage(r#"<lock-lab threads="20" times="3" wait-ms="5" loops="1000"></lock-lab>"#);
    let name = stage.rsplit('/').next().unwrap_or_default();
    page.open(&page.site.isolated.broken(Fault::ClocksApart, name));
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
}
