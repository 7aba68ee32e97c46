//! The element as any other in a page: made by script or by the parser, moved, removed and put back, in whatever order.

use std::time::Duration;

use serde_json::json;

use super::{Case, cases};
use crate::engine::{Engine, root};
use crate::lab::{ENDLESS, FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole, number};
use crate::site::Fault;

/// Notes what the page hears and complains of.
const RECORDER: &str = include_str!("../recorder.js");

/// The tests.
pub const CASES: &[Case] = cases![
    an_element_made_by_script_before_the_page_is_parsed_works,
    an_element_made_by_script_later_works,
    an_element_that_was_there_before_its_script_works,
    an_element_moved_in_mid_run_runs_on,
    an_element_removed_in_mid_run_stops_and_works_when_it_is_back,
    an_element_removed_before_it_has_loaded_does_no_harm,
    a_copy_of_a_figure_is_a_figure_of_its_own,
    two_scripts_of_the_lab_on_one_page_do_no_harm,
    the_lines_that_readme_and_guide_give_to_authors_make_a_figure,
    who_awaits_ready_can_run_whatever_became_of_the_figure_meanwhile.within(90),
    ready_settles_where_nothing_can_be_run,
];

/// Opens a page of the lab's script, and with a script of the test's own that is run while the page is parsed.
#[track_caller]
fn open_scripted(page: &Page, script: &str) {
    page.open_html(&format!(
        "<script>{RECORDER}</script><script type='module' src='lock-lab.js'></script><body><main></main><script>{script}</script>"
    ));
    page.wait("the element is known", "customElements.get('lock-lab')");
}

/// The figure gets ready and runs with that many threads.
#[track_caller]
fn runs_with(page: &Page, threads: u64) {
    page.wait_state(FIGURE, "ready");
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], threads);
}

fn an_element_made_by_script_before_the_page_is_parsed_works(page: &Page) {
    let script = "
        const one = document.createElement('lock-lab');
        one.setAttribute('threads', '3');
        document.querySelector('main').append(one);
        for (const [name, value] of [['times', 2], ['wait-ms', 5], ['loops', 1000]]) one.setAttribute(name, value);
    ";
    open_scripted(page, script);
    runs_with(page, 3);
}

fn an_element_made_by_script_later_works(page: &Page) {
    page.open(&page.site.stage(""));
    page.wait("the element is known", "customElements.get('lock-lab')");
    page.js("const one = document.createElement('lock-lab'); one.config = { threads: 3, times: 2, waitMs: 5, loops: 1000 }; document.querySelector('main').append(one)");
    runs_with(page, 3);
}

fn an_element_that_was_there_before_its_script_works(page: &Page) {
    page.open_html(&format!("<script>{RECORDER}</script><main>{QUICK}</main>"));
    page.js("lab().setAttribute('threads', '5'); document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: 'lock-lab.js' }))");
    runs_with(page, 5);
}

fn an_element_moved_in_mid_run_runs_on(page: &Page) {
    page.stage(&format!(
        "<section id='there'></section>{}",
        r#"<lock-lab threads="4" times="10" wait-ms="60" loops="1000"></lock-lab>"#
    ));
    let call = page.begin_phase(FIGURE, 0);
    page.js("document.querySelector('#there').append(lab())");
    is_whole(&page.settled(call).report());
    assert_eq!(page.state(FIGURE), "done");
    is_whole(&page.run());
}

fn an_element_removed_in_mid_run_stops_and_works_when_it_is_back(page: &Page) {
    page.stage(ENDLESS);
    let call = page.begin_phase(FIGURE, 0);
    page.js("suite.removed = lab(); lab().remove()");
    let report = page.settled(call).report();
    is_partial(&report, "stopped");
    page.js(
        "document.querySelector('main').append(suite.removed); lab().setAttribute('wait-ms', '5')",
    );
    assert_eq!(page.state(FIGURE), "stopped");
    is_whole(&page.run());
    page.is_quiet();
}

fn an_element_removed_before_it_has_loaded_does_no_harm(page: &Page) {
    open_scripted(page, "");
    page.js_with("const main = document.querySelector('main'); main.innerHTML = arguments[0]; suite.removed = lab(); suite.removed.remove(); main.innerHTML = arguments[0]", vec![QUICK.into()]);
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    page.js("lab().replaceWith(suite.removed)");
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    page.is_quiet();
}

fn a_copy_of_a_figure_is_a_figure_of_its_own(page: &Page) {
    page.stage(QUICK);
    let first = page.run();
    page.js("const copy = lab().cloneNode(true); copy.id = 'copy'; copy.setAttribute('threads', '2'); document.querySelector('main').append(copy); copy.scrollIntoView()");
    page.wait_state("#copy", "ready");
    assert!(page.get("#copy", "report").is_null());
    is_whole(&page.run_of("#copy"));
    assert_eq!(page.get(FIGURE, "report"), first);
}

fn two_scripts_of_the_lab_on_one_page_do_no_harm(page: &Page) {
    open_scripted(page, "");
    page.js_with("document.querySelector('main').innerHTML = arguments[0]", vec![QUICK.into()]);
    page.js("suite.again = false; document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: 'lock-lab.js?again', onload: () => (suite.again = true) }))");
    page.wait_up_to(Duration::from_secs(10), "the second script has run", "suite.again");
    is_whole(&page.run());
    page.is_quiet();
}

/// The `html` blocks of a Markdown text that have a figure in them.
fn pasted(markdown: &str) -> Vec<String> {
    markdown
        .split("```html\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .filter(|html| html.contains("<lock-lab"))
        .map(str::to_owned)
        .collect()
}

fn the_lines_that_readme_and_guide_give_to_authors_make_a_figure(page: &Page) {
    for file in ["README.md", "docs/api.md"] {
        let text = std::fs::read_to_string(root().join(file)).expect("the file");
        let blocks = pasted(&text);
        assert!(!blocks.is_empty(), "{file} shows how");
        for html in blocks {
            page.open_html(&format!("<body>{html}</body>"));
            page.wait_state(FIGURE, "ready");
            assert!(page.get(FIGURE, "error").is_null(), "{file}: {html}");
        }
    }
}

/// In this page and in a frame of its own; the promise is asked for first.
fn who_awaits_ready_can_run_whatever_became_of_the_figure_meanwhile(page: &Page) {
    // Far from view: nothing but the promise fetches the figure's parts.
    let far = format!("{}{QUICK}", "<br>".repeat(500));
    let framed = format!("<script type='module' src='lab/lock-lab.js'></script>{far}");
    for (name, meanwhile, figure) in [
        ("at rest", "", "lock-cost"),
        (
            "another figure",
            "one.setAttribute('figure', 'price-list'); one.setAttribute('budget-ms', '500');",
            "price-list",
        ),
        (
            "another figure, once it stands",
            "change = () => one.setAttribute('figure', 'interleaving');",
            "interleaving",
        ),
        ("put elsewhere", "document.body.append(one);", "lock-cost"),
        (
            "mended",
            "one.setAttribute('threads', '0'); one.setAttribute('threads', '4');",
            "lock-cost",
        ),
    ] {
        for in_frame in [false, true] {
            if in_frame {
                page.open_post(&framed);
            } else {
                page.open(&page.site.stage(&far));
            }
            page.wait("the element is known", "customElements.get('lock-lab')");
            let state = page.js(&format!(
                "const one = lab(); suite.frames = 0; let change = () => {{}}; const ready = one.ready; {meanwhile}
                 const changed = new Promise((resolve) => new MutationObserver((all) => {{
                     suite.frames += all.flatMap(({{ addedNodes }}) => [...addedNodes]).filter(({{ localName }}) => localName === 'iframe').length;
                     setTimeout(() => resolve((change(), change = () => {{}})));
                 }}).observe(one.shadowRoot, {{ childList: true }}));
                 return Promise.all([ready.then(() => one.state), changed]).then(([state]) => one.ready.then(() => state))"
            ));
            let place = format!("{name}, {}", if in_frame { "framed" } else { "here" });
            let most = if name.ends_with("stands") { 2 } else { 1 };
            assert!(number(&page.js("return suite.frames")) <= f64::from(most), "{place}");
            if in_frame && page.engine != Engine::Chromium {
                assert!(state == "ready" || state == "unsupported", "{place}: {state}");
                continue;
            }
            assert_eq!(state, "ready", "{place}");
            page.js("lab().scrollIntoView()");
            assert_eq!(page.run()["figure"], figure, "{place}");
        }
    }
    // Never in the page, taken out of it meanwhile, and put back.
    page.open(&page.site.stage(&far));
    page.wait("the element is known", "customElements.get('lock-lab')");
    let states = page.js(
        "const one = lab(); const other = one.cloneNode(true); const first = one.ready; one.remove();
         return Promise.all([first, other.ready]).then(() => { document.querySelector('main').append(one); return one.ready; }).then(() => [one.state, other.state])",
    );
    assert_eq!(states, json!(["ready", "ready"]));
    is_whole(&page.run());
    page.is_quiet();
}

fn ready_settles_where_nothing_can_be_run(page: &Page) {
    const ASKED: &str = "return lab().ready.then(() => lab().state, ({ code }) => code)";
    if page.engine != Engine::Webkit {
        page.open(&page.site.stage_hopeless(QUICK));
        page.wait("the element is known", "customElements.get('lock-lab')");
        assert_eq!(page.js(ASKED), "unsupported");
    }
    page.stage(QUICK);
    page.set(FIGURE, "threads", "0");
    assert_eq!(page.js(ASKED), "bad-config");
    page.set(FIGURE, "threads", "4");
    assert_eq!(page.js(ASKED), "ready");
    let stage = page.site.stage(QUICK);
    let name = stage.rsplit('/').next().unwrap_or_default();
    page.open(&page.site.isolated.broken(Fault::Missing("live-"), name));
    page.wait("the element is known", "customElements.get('lock-lab')");
    assert_eq!(page.js(ASKED), "script-load");
    assert_eq!(page.get(FIGURE, "error")["code"], "script-load");
    page.site.isolated.mend();
    // A frame that is taken away before it has said anything.
    page.open_post(&format!("<script type='module' src='lab/lock-lab.js'></script>{QUICK}"));
    page.wait("the element is known", "customElements.get('lock-lab')");
    let settled = page.js("const one = lab(); const ready = one.ready.then(() => one.state, ({ code }) => code); return until(() => one.shadowRoot.querySelector('iframe'), 3000).then((there) => { one.remove(); return there ? ready : 'cancelled'; })");
    assert_eq!(settled, "cancelled");
}
