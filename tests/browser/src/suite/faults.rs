//! What a network, a host or a policy can break between a page and its files: each ends in a state and a sentence, never in a spinner,
//! and works again when it is mended.

use std::time::{Duration, Instant};

use serde_json::Value;

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
    a_missing_wasm_module_is_said_and_mended_by_the_next_run,
    a_wasm_module_that_is_none_is_said,
    a_wasm_module_that_breaks_off_is_said,
    a_wasm_module_of_the_wrong_type_runs_all_the_same,
    a_slow_wasm_module_keeps_nobody_waiting_in_the_dark,
    a_policy_against_wasm_is_said,
    a_missing_owner_script_is_said_and_mended_by_the_next_run,
    a_missing_coordinator_script_is_said_and_mended_by_the_next_run,
    a_missing_thread_script_is_said_and_mended_by_the_next_run,
    missing_glue_is_said_and_mended_by_the_next_run,
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

/// The module can't be had: failed at once, `run()` says the same, and once it can be had the same page runs.
#[track_caller]
fn no_module(page: &Page, fault: Fault) -> Value {
    page.open(&page.site.isolated.broken(fault, PAGE));
    assert_eq!(failed(page), "wasm-load");
    let call = page.begin(FIGURE, "run");
    let (code, message) = page.settled(call).refusal();
    assert_eq!(code, "wasm-load");
    assert_eq!(page.state(FIGURE), "failed");
    let error = page.get(FIGURE, "error");
    assert_eq!(error["message"], message);
    page.site.isolated.mend();
    is_whole(&page.run());
    assert_eq!(page.state(FIGURE), "done");
    error
}

/// Threads can't start: that shows with the first run only. The next one tries afresh.
#[track_caller]
fn no_threads(page: &Page, fault: Fault) {
    page.open(&page.site.isolated.broken(fault, PAGE));
    page.wait_state(FIGURE, "ready");
    let begun = Instant::now();
    let call = page.begin(FIGURE, "run");
    let (code, message) = page.settled(call).refusal();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "it took {:.1} s to say",
        begun.elapsed().as_secs_f32()
    );
    assert_eq!(code, "worker-start", "{message}");
    assert_eq!(failed(page), "worker-start");
    page.site.isolated.mend();
    is_whole(&page.run());
    assert_eq!(page.state(FIGURE), "done");
    assert!(page.get(FIGURE, "error").is_null());
}

fn a_missing_wasm_module_is_said_and_mended_by_the_next_run(page: &Page) {
    let error = no_module(page, Fault::Missing("_bg.wasm"));
    assert!(text(&error["message"]).contains("404"), "{error}");
}

fn a_wasm_module_that_is_none_is_said(page: &Page) {
    no_module(page, Fault::WasmGarbage);
}

fn a_wasm_module_that_breaks_off_is_said(page: &Page) {
    no_module(page, Fault::WasmCutShort);
}

fn a_wasm_module_of_the_wrong_type_runs_all_the_same(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::WasmAsText, PAGE));
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
}

fn a_slow_wasm_module_keeps_nobody_waiting_in_the_dark(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::WasmSlow, PAGE));
    page.wait("the figure is laid out", "words().length > 50");
    assert_eq!(page.state(FIGURE), "loading");
    let call = page.begin(FIGURE, "run");
    assert!(!page.is_settled(call), "the module was not held back: this test shows nothing");
    page.site.isolated.mend();
    is_whole(&page.settled(call).report());
    assert_eq!(page.state(FIGURE), "done");
}

fn a_policy_against_wasm_is_said(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::NoWasmPolicy, PAGE));
    if page.engine == Engine::Webkit {
        // It holds only workers to the policy, so that the first run meets it.
        page.wait_state(FIGURE, "ready");
    } else {
        assert_eq!(failed(page), "wasm-load");
    }
    let call = page.begin(FIGURE, "run");
    assert_eq!(page.settled(call).refusal().0, "wasm-load");
    let message = page.get(FIGURE, "error")["message"].clone();
    assert!(
        text(&message).to_lowercase().contains("policy"),
        "the sentence names the cause: {message}"
    );
}

fn a_missing_owner_script_is_said_and_mended_by_the_next_run(page: &Page) {
    no_threads(page, Fault::Missing("owner-worker"));
}

fn a_missing_coordinator_script_is_said_and_mended_by_the_next_run(page: &Page) {
    no_threads(page, Fault::Missing("coordinator-worker"));
}

fn a_missing_thread_script_is_said_and_mended_by_the_next_run(page: &Page) {
    no_threads(page, Fault::Missing("pool-worker"));
}

fn missing_glue_is_said_and_mended_by_the_next_run(page: &Page) {
    no_threads(page, Fault::Missing("locklab.js"));
}

fn a_missing_half_of_the_figure_is_said(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::Missing("host-"), PAGE));
    page.wait("the figure has failed", "lab()?.state === 'failed' && lab().error");
    let error = page.get(FIGURE, "error");
    assert_eq!(error["code"], "script-load");
    assert!(text(&error["message"]).len() > 20, "a sentence: {error}");
    page.wait("a reader sees the sentence", "(words() || lab().innerText || lab().shadowRoot.textContent).includes(lab().error.message.slice(0, 30))");
    let call = page.begin(FIGURE, "run");
    assert_eq!(page.settled(call).refusal().0, "script-load");
}
