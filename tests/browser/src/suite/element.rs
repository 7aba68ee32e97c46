//! The element as any other in a page: made by script or by the parser, moved, removed and put back, in whatever order.

use std::time::Duration;

use super::{Case, cases};
use crate::engine::root;
use crate::lab::{ENDLESS, FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole};

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
    for file in ["README.md", "docs/embedding.md"] {
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
