//! A reader without a mouse: everything can be reached, pressed and read out.

use thirtyfour::Key;

use super::{Case, cases};
use crate::lab::{FIGURE, QUICK, Settled};
use crate::page::Page;
use crate::report::{is_partial, is_whole, text};

/// The tests.
pub const CASES: &[Case] = cases![
    run_and_stop_are_reached_and_pressed_by_keys,
    tab_reaches_every_control_and_leaves_again,
    arrow_keys_move_a_slider_that_says_its_value_in_words,
    a_number_field_takes_a_typed_number,
    a_wrong_number_in_a_field_is_never_run_as_another,
    the_focus_can_be_seen,
];

/// Presses Tab until something has the focus of which this is true.
#[track_caller]
fn tab_to(page: &Page, what: &str, holds: &str) {
    let mut passed = Vec::new();
    for _ in 0..60 {
        page.keys(Key::Tab);
        if page.js(&format!("const it = focused(); return Boolean({holds})")) == true {
            return;
        }
        passed.push(page.js("const it = focused(); return `${it?.localName} ${it?.getAttribute?.('aria-label') ?? it?.name ?? ''} ${(it?.textContent ?? '').trim().slice(0, 20)}`").to_string());
    }
    panic!("Tab did not reach {what} in 60 steps; it passed {}", passed.join(", "));
}

fn run_and_stop_are_reached_and_pressed_by_keys(page: &Page) {
    page.stage(QUICK);
    page.set(FIGURE, "wait-ms", "60000");
    tab_to(page, "the Run button", "it === runButton()");
    page.keys(Key::Enter);
    page.wait_state(FIGURE, "running");
    page.wait_phase(FIGURE, 0);
    page.wait("Stop has the focus that Run had", "stopButton() && focused() === stopButton()");
    page.keys(Key::Space);
    page.wait_state(FIGURE, "stopped");
    is_partial(&page.get(FIGURE, "report"), "stopped");
    page.wait("the focus has not been lost", "runButton() && focused() === runButton()");
    page.set(FIGURE, "wait-ms", "5");
    page.keys(Key::Space);
    page.wait_state(FIGURE, "done");
    is_whole(&page.get(FIGURE, "report"));
}

fn tab_reaches_every_control_and_leaves_again(page: &Page) {
    page.stage(&format!("{QUICK}<button id='after'>After</button>"));
    page.js("suite.reached = new Set(); lab().shadowRoot.addEventListener('focusin', (event) => suite.reached.add(event.composedPath()[0]))");
    tab_to(page, "what stands behind the figure", "it?.id === 'after'");
    let missed = page.js(
        "return parts().filter((one) => ['button', 'input', 'select', 'textarea', 'summary', 'a'].includes(one.localName) && isSeen(one) && !one.disabled && one.type !== 'radio')
            .filter((one) => !suite.reached.has(one)).map((one) => one.outerHTML.slice(0, 120))",
    );
    assert_eq!(missed, serde_json::json!([]), "Tab passed these by");
    assert!(
        page.js("return suite.reached.size").as_u64().is_some_and(|reached| reached >= 6),
        "a figure has more to press than that"
    );
}

fn arrow_keys_move_a_slider_that_says_its_value_in_words(page: &Page) {
    page.stage(QUICK);
    tab_to(page, "the threads slider", "it === control('range', /thread/i)");
    assert!(
        text(&page.js("return focused().getAttribute('aria-valuetext') ?? ''"))
            .contains("4 threads")
    );
    page.keys(Key::Right);
    page.wait(
        "the slider says its new value",
        "/\\b5 threads/.test(focused().getAttribute('aria-valuetext'))",
    );
    assert_eq!(page.get(FIGURE, "config")["threads"], 5);
    page.keys(Key::Home);
    page.wait(
        "the least is one thread",
        "/\\b1 thread\\b(?!s)/.test(focused().getAttribute('aria-valuetext'))",
    );
    assert_eq!(page.get(FIGURE, "config")["threads"], 1);
    page.keys(Key::End);
    page.wait("the most is 128", "lab().config.threads === 128");
    assert_eq!(page.state(FIGURE), "ready", "moving a slider runs nothing");
}

fn a_number_field_takes_a_typed_number(page: &Page) {
    page.stage(QUICK);
    tab_to(page, "the threads field", "it === control('number', /thread/i)");
    page.js("focused().select()");
    page.keys("17");
    page.keys(Key::Tab);
    page.wait("the config follows", "lab().config.threads === 17");
    page.wait(
        "the slider follows",
        "/^17 threads/.test(control('range', /thread/i).getAttribute('aria-valuetext'))",
    );
    assert_eq!(page.run()["config"]["threads"], 17);
}

fn a_wrong_number_in_a_field_is_never_run_as_another(page: &Page) {
    page.stage(QUICK);
    tab_to(page, "the threads field", "it === control('number', /thread/i)");
    page.js("focused().select()");
    page.keys("500");
    page.keys(Key::Tab);
    page.wait("a reader sees what is allowed", "/128/.test(words())");
    let call = page.begin(FIGURE, "run");
    let shown = page.js("return Number(control('number', /thread/i).value)");
    match page.settled(call) {
        Settled::Refusal { code, .. } => assert_eq!(code, "bad-config"),
        // A field may put things right by itself, as long as what it shows is what runs.
        Settled::Report(report) => assert_eq!(report["config"]["threads"], shown),
    }
}

fn the_focus_can_be_seen(page: &Page) {
    page.stage(QUICK);
    tab_to(page, "the Run button", "it === runButton()");
    let ring = page.js("const style = getComputedStyle(focused()); return { outline: style.outlineStyle, width: parseFloat(style.outlineWidth), shadow: style.boxShadow }");
    let outlined =
        ring["outline"] != "none" && ring["width"].as_f64().is_some_and(|width| width >= 1.0);
    assert!(outlined || ring["shadow"] != "none", "nothing shows where the focus is: {ring}");
}
