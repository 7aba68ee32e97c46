//! Pages and browsers that can't share memory between threads: the figure says so and why, shows a recorded run, and does not try.

use serde_json::json;

use super::{Case, cases};
use crate::engine::{Engine, Variant};
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_whole, text};
use crate::site::Fault;

/// Engines that share memory on isolated pages only.
const STRICT: &[Engine] = &[Engine::Chromium, Engine::Firefox];

/// The tests.
pub const CASES: &[Case] = cases![
    a_page_without_means_is_unsupported_says_why_and_shows_a_recorded_run.only(STRICT),
    an_article_that_its_host_does_not_isolate_can_be_read_all_the_same.only(STRICT),
    a_wrong_attribute_on_a_page_without_means_is_mended_into_unsupported.only(STRICT),
    webkit_without_isolation_runs_and_says_that_it_is_not_isolated.only(&[Engine::Webkit]),
    webkit_without_shared_memory_is_unsupported_and_says_why
        .only(&[Engine::Webkit])
        .with(Variant::NoSharedMemory),
];

/// What holds wherever memory can't be shared.
#[track_caller]
fn is_unsupported(page: &Page) -> String {
    page.wait("the figure is unsupported", "lab()?.state === 'unsupported'");
    let error = page.get(FIGURE, "error");
    assert_eq!(error["code"], "no-shared-memory");
    let message = text(&error["message"]).to_owned();
    page.wait(
        "a reader sees the sentence",
        "words().includes(lab().error.message.split(/(?<=[.!?])\\s/)[0].slice(0, 40))",
    );
    let call = page.begin(FIGURE, "run");
    assert_eq!(
        page.settled(call).refusal(),
        ("no-shared-memory".to_owned(), message.clone()),
        "run() says the same"
    );
    let call = page.begin(FIGURE, "stop");
    assert!(page.settled(call).report().is_null());
    assert_eq!(page.state(FIGURE), "unsupported");
    message
}

fn a_page_without_means_is_unsupported_says_why_and_shows_a_recorded_run(page: &Page) {
    page.open(&page.site.stage_hopeless(&QUICK.replace("<lock-lab", "<lock-lab autorun")));
    let message = is_unsupported(page);
    assert!(message.to_lowercase().contains("isolat"), "the sentence names the cause: {message}");
    assert!(page.get(FIGURE, "report").is_null(), "autorun does not run");
    let complaints = page.complaints();
    assert!(
        complaints.iter().all(|one| text(one).starts_with("violation: frame-src")),
        "nothing is complained of but the frame: {complaints:?}"
    );
    assert_eq!(
        page.heard("lab-error").first().map(|event| event["detail"]["code"].clone()),
        Some("no-shared-memory".into())
    );
    page.wait("it is labelled", "/record/i.test(words())");
    page.wait(
        "it has results",
        "parts().some((one) => one.localName === 'table' && /\\d\\.\\d/.test(one.textContent))",
    );
}

fn an_article_that_its_host_does_not_isolate_can_be_read_all_the_same(page: &Page) {
    page.open(&page.site.plain.broken(Fault::Missing("service-worker"), "index.html"));
    let message = is_unsupported(page);
    assert!(message.contains("service worker"), "it says what was tried: {message}");
    assert!(
        page.js("return document.body.innerText.length")
            .as_u64()
            .is_some_and(|length| length > 1000)
    );
    page.js("control('range', /thread/i)?.focus()");
    assert_eq!(page.state(FIGURE), "unsupported");
}

fn a_wrong_attribute_on_a_page_without_means_is_mended_into_unsupported(page: &Page) {
    page.open(&page.site.stage_hopeless("<lock-lab threads='0'></lock-lab>"));
    page.wait("the figure itself names the attribute", "words().includes('1–128')");
    assert_eq!(
        page.get(FIGURE, "error")["code"],
        "bad-config",
        "what its author can mend goes first"
    );
    page.set(FIGURE, "threads", "4");
    is_unsupported(page);
    // And before the figure is there.
    page.js("lab().remove(); const late = document.createElement('lock-lab'); late.setAttribute('threads', '0'); \
             document.body.append(late); requestAnimationFrame(() => late.setAttribute('threads', '4'))");
    is_unsupported(page);
    assert_eq!(page.get(FIGURE, "config")["threads"], 4);
}

fn webkit_without_isolation_runs_and_says_that_it_is_not_isolated(page: &Page) {
    page.open(&page.site.stage_on(&page.site.plain, QUICK));
    page.wait_state(FIGURE, "ready");
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["environment"]["isolated"], json!(false));
}

fn webkit_without_shared_memory_is_unsupported_and_says_why(page: &Page) {
    page.open(&page.site.stage(QUICK));
    assert_eq!(
        page.js("return [crossOriginIsolated, typeof SharedArrayBuffer]"),
        json!([true, "undefined"]),
        "the situation that this test is about"
    );
    let message = is_unsupported(page);
    assert!(
        message.contains("SharedArrayBuffer") || message.to_lowercase().contains("browser"),
        "not the page but the browser is the cause: {message}"
    );
    page.is_quiet();
}
