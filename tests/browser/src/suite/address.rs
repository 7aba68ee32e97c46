//! The page's address: says what the reader sees, and reopens it. And a figure alone in a frame, which talks to the page around it.

use serde_json::json;
use thirtyfour::Key;

use super::{Case, cases};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_partial, is_whole, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    query_parameters_are_attributes,
    a_figure_alone_is_all_that_its_page_shows,
    the_address_follows_every_kind_of_control_and_reopens_what_was_seen,
    unknown_parameters_are_ignored,
    a_wrong_parameter_is_a_wrong_attribute,
    a_figure_that_does_not_exist_is_named,
    autorun_in_the_address_runs_the_figure,
    theme_in_the_address_darkens_the_page,
    a_framed_figure_talks_to_the_page_around_it,
    a_framed_figure_obeys_its_parent_only,
];

fn query_parameters_are_attributes(page: &Page) {
    page.open_figure("figure=lock-cost&threads=7&times=3&wait-ms=11&loops=1234&counter=atomic");
    let wanted = json!({ "threads": 7, "times": 3, "waitMs": 11, "loops": 1234, "counter": "atomic", "gil": "off" });
    assert_eq!(page.get(FIGURE, "config"), wanted);
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["config"], wanted);
}

fn a_figure_alone_is_all_that_its_page_shows(page: &Page) {
    page.open_figure("figure=lock-cost");
    let shown = page.js(
        "const box = lab().getBoundingClientRect();
         return { figures: document.querySelectorAll('lock-lab').length, left: box.left, width: box.width, heading: Boolean(document.querySelector('h1')) }",
    );
    assert_eq!((&shown["figures"], &shown["heading"]), (&json!(1), &json!(false)), "{shown}");
    assert!(number(&shown["width"]) > 1000.0, "it fills its frame: {shown}");
}

/// What a reader sets, with which keys, and where the address has it: in a figure alone and in the article.
fn the_address_follows_every_kind_of_control_and_reopens_what_was_seen(page: &Page) {
    let choice = "parts().find((one) => one.localName === 'select' || (one.type === 'radio' && one.checked))";
    for (query, field, keys, setting, value) in [
        (
            "?figure=lock-cost&threads=5&times=3",
            "control('range', /thread/i)",
            Key::Right + Key::Right,
            "threads",
            "7",
        ),
        ("", "control('number', /thread/i)", "33".to_owned() + Key::Enter, "threads", "33"),
        ("?figure=lock-cost", choice, Key::Down + "", "counter", ""),
    ] {
        page.open_page(&format!("index.html{query}"));
        let before = page.get(FIGURE, "config");
        page.wait("there is such a control", field);
        page.js(&format!("{field}.closest('details')?.setAttribute('open', '')"));
        page.js(&format!("const field = {field}; field.focus(); field.select?.()"));
        page.keys(keys);
        let is = format!("String(lab().config.{setting})");
        let wanted = if value.is_empty() {
            format!("{is} !== '{}'", text(&before[setting]))
        } else {
            format!("{is} === '{value}'")
        };
        page.wait("the config follows the control", &wanted);
        let address = format!("new URLSearchParams(location.search).get('{setting}') === {is}");
        page.wait("the address follows the config", &address);
        let config = page.get(FIGURE, "config");
        page.reload();
        page.wait_state(FIGURE, "ready");
        assert_eq!(page.get(FIGURE, "config"), config, "{setting}");
        let figure = "new URLSearchParams(location.search).get('figure') === 'lock-cost'";
        assert_eq!(page.is(figure), !query.is_empty(), "{setting}");
    }
}

fn unknown_parameters_are_ignored(page: &Page) {
    page.open_figure("figure=lock-cost&thread=99&nonsense=1&threads=6&constructor=1&__proto__=2");
    assert_eq!(
        page.get(FIGURE, "config"),
        json!({ "threads": 6, "times": 20, "waitMs": 50, "loops": 1_000_000, "counter": "std-mutex", "gil": "off" })
    );
    assert!(page.get(FIGURE, "error").is_null());
}

fn a_wrong_parameter_is_a_wrong_attribute(page: &Page) {
    for address in ["index.html?figure=lock-cost&threads=129&autorun=1", "index.html?threads=129"] {
        page.open(&page.site.isolated.url(address));
        page.wait("the figure says that it is wrong", "lab()?.error");
        let error = page.get(FIGURE, "error");
        assert_eq!(error["code"], "bad-config", "{address}");
        for wanted in ["threads", "129", "1–128"] {
            assert!(text(&error["message"]).contains(wanted), "{wanted}: {error}");
        }
        assert_eq!(page.refused().0, "bad-config");
        assert!(page.get(FIGURE, "report").is_null(), "autorun does not run either");
        page.wait("a reader sees it", "words().includes('129')");
    }
}

fn a_figure_that_does_not_exist_is_named(page: &Page) {
    page.open(&page.site.isolated.url("index.html?figure=lock-costs"));
    page.wait("the figure says that it is wrong", "lab()?.error");
    let error = page.get(FIGURE, "error");
    assert_eq!(error["code"], "bad-config");
    assert!(
        text(&error["message"]).contains("lock-costs")
            && text(&error["message"]).contains("figure"),
        "{error}"
    );
    page.wait("a reader sees it", "words().includes('lock-costs')");
}

fn autorun_in_the_address_runs_the_figure(page: &Page) {
    page.open(
        &page
            .site
            .isolated
            .url("index.html?figure=lock-cost&threads=4&times=2&wait-ms=5&loops=1000&autorun=1"),
    );
    page.wait_state(FIGURE, "done");
    is_whole(&page.get(FIGURE, "report"));
}

fn theme_in_the_address_darkens_the_page(page: &Page) {
    let paper = |theme: &str| {
        page.open_page(&format!("index.html?theme={theme}"));
        page.js(
            "const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number).map((one, _, all) => all[3] === 0 ? NaN : one);
             const root = getComputedStyle(document.documentElement).backgroundColor.match(/[\\d.]+/g).map(Number);
             return Number.isNaN(red) ? root[0] + root[1] + root[2] : red + green + blue",
        )
    };
    let (dark, light) = (number(&paper("dark")), number(&paper("light")));
    assert!(dark < 200.0 && light > 600.0, "dark paper is {dark}, light paper {light}, of 765");
}

const FRAMED: &str = "threads=3&times=2&wait-ms=5&loops=1000";

fn a_framed_figure_talks_to_the_page_around_it(page: &Page) {
    page.open_framed(FRAMED, 0);
    assert!(number(&page.told("lab-height")["height"]) > 100.0, "the frame tells its height");
    page.js("order('lab-config', { threads: 5 }); order('lab-run')");
    let report = &page.told("lab-report")["report"];
    is_whole(report);
    assert_eq!(report["config"]["threads"], 5);
    page.js("told.length = 0; order('lab-config', { waitMs: 60000 }); order('lab-run')");
    page.told_state("running");
    page.js("order('lab-stop')");
    is_partial(&page.told("lab-report")["report"], "stopped");
}

fn a_framed_figure_obeys_its_parent_only(page: &Page) {
    page.open_framed(FRAMED, 0);
    // From another frame, and nonsense from the parent; then a true order, behind which a run set off by the others would show.
    page.js(
        "const other = document.body.appendChild(document.createElement('iframe'));
         other.contentWindow.eval(`parent.frames[0].postMessage({ type: 'lab-config', config: { threads: 64 } }, '*'); parent.frames[0].postMessage({ type: 'lab-run' }, '*')`);
         for (const data of [null, 'lab-run', { type: 'lab-config' }, { type: 'lab-config', config: null }, { type: 'lab-config', config: { nonsense: 1 } }]) frames[0].postMessage(data, '*');
         order('lab-config', { threads: 2 }); order('lab-run')",
    );
    assert_eq!(page.told("lab-report")["report"]["config"]["threads"], 2);
    assert_eq!(page.js("return told.filter((one) => one.type === 'lab-report').length"), 1);
}
