//! Pages that treat a figure as frameworks, content systems and impatient readers do: properties before the script, words for "no", attributes put
//! back, figures changed while they load, elements that come and go. Each stands for a kind of complaint about other people's embeds.

use std::time::Duration;

use serde_json::json;

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{ENDLESS, FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole, text};

/// Notes what the page hears and complains of.
const RECORDER: &str = include_str!("../recorder.js");

/// The tests.
pub const CASES: &[Case] = cases![
    properties_set_before_the_script_came_are_taken,
    a_boolean_attribute_that_says_no_is_off,
    a_misspelt_attribute_is_named_once_and_where_a_reader_sees_it,
    what_a_reader_has_set_outlives_a_framework_that_puts_attributes_back,
    a_figure_that_is_told_several_things_at_once_runs_by_itself,
    a_figure_changed_while_it_loads_is_the_last_one_asked_for.within(120),
    elements_that_were_removed_are_let_go.only(&[Engine::Chromium]),
    the_last_figure_takes_its_threads_along,
    a_figure_that_comes_back_shows_what_it_had,
    who_hears_that_a_run_has_ended_may_begin_another_one,
    in_a_page_whose_scripts_have_changed_arrays_a_figure_runs,
    forty_lives_of_elements_by_chance_leave_nothing_behind.within(120),
];

/// Waits in the page for what must not happen.
const A_WHILE: Duration = Duration::from_millis(700);

/// Lets some time pass.
#[track_caller]
fn pass(page: &Page, time: Duration) {
    page.js(&format!("return new Promise((resolve) => setTimeout(resolve, {}))", time.as_millis()));
}

/// A page with this body, whose script of the lab comes when the test says so.
#[track_caller]
fn open_without_script(page: &Page, body: &str) {
    page.open_html(&format!("<script>{RECORDER}</script><body><main>{body}</main></body>"));
}

#[track_caller]
fn add_script(page: &Page) {
    page.js("document.head.append(Object.assign(document.createElement('script'), { type: 'module', src: 'lock-lab.js' }))");
    page.wait("the element is known", "customElements.get('lock-lab')");
}

/// By markup, by script, out of a template: frameworks set properties whenever they like.
fn properties_set_before_the_script_came_are_taken(page: &Page) {
    open_without_script(page, "<lock-lab></lock-lab><template><lock-lab></lock-lab></template>");
    page.js("const settings = { threads: 4, times: 3, waitMs: 5, loops: 1000 };
         lab().config = settings;
         lab().limits = { threads: 3, runMs: 1000, allMs: 1000 };
         const made = document.createElement('lock-lab');
         Object.assign(made, { id: 'made', config: { ...settings, threads: 3 }, state: 'mine' });
         document.querySelector('main').append(made);
         const kept = document.querySelector('template').content.firstChild;
         Object.assign(kept, { id: 'kept', config: { ...settings, threads: 2 } });");
    add_script(page);
    page.js("document.querySelector('main').append(document.querySelector('template').content.firstChild)");
    for (selector, threads) in [(FIGURE, 4), ("#made", 3), ("#kept", 2)] {
        page.js_with("lab(arguments[0]).scrollIntoView()", vec![selector.into()]);
        page.wait_state(selector, "ready");
        let own = page.js_with(
            "return ['config', 'state'].filter((name) => Object.hasOwn(lab(arguments[0]), name))",
            vec![selector.into()],
        );
        assert_eq!(own, json!([]), "{selector}: nothing hides the class's own");
        assert_eq!(page.get(selector, "config")["threads"], threads, "{selector}");
        let report = page.run_of(selector);
        is_whole(&report);
        assert_eq!(report["config"]["threads"], threads, "{selector}");
    }
    assert_eq!(page.get(FIGURE, "limits")["threads"], 3);
    page.js("lab().config = { threads: 6, waitMs: null }");
    let now = page.js("return [lab().getAttribute('threads'), lab().config.threads, lab().hasAttribute('wait-ms'), lab().config.waitMs]");
    assert_eq!(now, json!(["6", 6, false, 50]));
    page.js("lab().config = null");
    page.is_quiet();
}

/// As JSX, Vue and templates write it; by the attribute and by the address.
fn a_boolean_attribute_that_says_no_is_off(page: &Page) {
    for no in ["false", "0", "off", "False", " off "] {
        page.stage(&QUICK.replace("<lock-lab", &format!("<lock-lab autorun='{no}'")));
        pass(page, A_WHILE);
        assert_eq!(page.state(FIGURE), "ready", "autorun={no:?} runs nothing");
        page.open_figure(&format!(
            "figure=lock-cost&threads=2&times=2&wait-ms=5&loops=1000&autorun={no}"
        ));
        pass(page, A_WHILE);
        assert_eq!(page.state(FIGURE), "ready", "?autorun={no} runs nothing");
        assert!(page.get(FIGURE, "error").is_null(), "autorun={no:?} is no mistake");
    }
    for yes in ["", "true", "1", "on", "autorun"] {
        page.open(
            &page.site.stage(&QUICK.replace("<lock-lab", &format!("<lock-lab autorun='{yes}'"))),
        );
        page.wait("it has run by itself", "lab()?.state === 'done'");
    }
    page.open(&page.site.stage(&QUICK.replace("<lock-lab", "<lock-lab autorun='no'")));
    page.wait("what is neither is refused", "lab()?.error?.code === 'bad-config'");
    page.wait("by name, where a reader sees it", "words().includes('autorun')");
}

/// As JSX, other languages and XHTML write it: from the beginning, later, and in a frame that the element makes.
fn a_misspelt_attribute_is_named_once_and_where_a_reader_sees_it(page: &Page) {
    let told = |page: &Page, name: &str| {
        page.complaints().iter().filter(|one| text(one).contains(&format!("“{name}”"))).count()
    };
    page.stage(
        &QUICK.replace("<lock-lab", "<lock-lab waitms='7' data-thread='1' title='A figure'"),
    );
    page.js("lab().setAttribute('wait_ms', '7'); lab().setAttributeNS(null, 'Threads', '9'); lab().removeAttribute('wait-ms'); lab().removeAttribute('threads'); lab().setAttribute('thraeds', '3')");
    for (wrong, right) in [
        ("waitms", "wait-ms"),
        ("wait_ms", "wait-ms"),
        ("Threads", "threads"),
        ("thraeds", "threads"),
    ] {
        page.wait(
            &format!("{wrong} is named"),
            &format!("words().includes('“{wrong}”') && words().includes('“{right}”')"),
        );
        assert_eq!(told(page, wrong), 1, "in the console, once: {:?}", page.complaints());
    }
    assert_eq!(page.complaints().len(), 4, "nothing else is: {:?}", page.complaints());
    assert_eq!(page.get(FIGURE, "config")["threads"], 20, "and it changes nothing");
    page.js("lab().setAttribute('threads', '4'); lab().setAttribute('wait-ms', '5')");
    page.wait(
        "what stands there as it should be is not missed",
        "!words().includes('“waitms”') && !words().includes('“thraeds”')",
    );
    is_whole(&page.run());
    if page.engine == Engine::Chromium {
        page.open_post(&format!(
            "<script type='module' src='lab/lock-lab.js'></script>{}",
            QUICK.replace("wait-ms", "waitMs")
        ));
        page.wait_state(FIGURE, "ready");
        page.enter_frame("lab().shadowRoot.querySelector('iframe')");
        page.wait("it is named in the frame", "words().includes('“waitms”')");
        page.leave_frame();
    }
}

/// Moves a slider as a reader does.
#[track_caller]
fn slide(page: &Page, threads: u64) {
    page.js(&format!("const slider = control('number', /thread/i); slider.value = '{threads}'; for (const type of ['input', 'change']) slider.dispatchEvent(new Event(type, {{ bubbles: true }}))"));
    page.wait("the figure follows", &format!("lab().config.threads === {threads}"));
}

/// What idiomorph, morphdom, htmx, Turbo and Livewire do with the page's HTML as their server knows it.
const MORPH: &str = "const wanted = new Map(suite.written);
    for (const name of lab().getAttributeNames()) if (!wanted.has(name)) lab().removeAttribute(name);
    for (const [name, value] of wanted) if (lab().getAttribute(name) !== value) lab().setAttribute(name, value);";

fn what_a_reader_has_set_outlives_a_framework_that_puts_attributes_back(page: &Page) {
    let figure = r#"<lock-lab figure="lock-cost" threads="4" times="10" wait-ms="60" loops="1000"></lock-lab>"#;
    page.stage(figure);
    page.js(
        "suite.written = lab().getAttributeNames().map((name) => [name, lab().getAttribute(name)])",
    );
    slide(page, 6);
    page.js(MORPH);
    assert_eq!(page.get(FIGURE, "config")["threads"], 6, "the reader's setting stays");
    let call = page.begin_phase(FIGURE, 0);
    assert_eq!(
        page.js("return lab().outerHTML"),
        figure,
        "the element's attributes are its author's"
    );
    page.js(MORPH);
    let report = page.settled(call).report();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], 6);
    page.js(MORPH);
    assert_eq!(page.state(FIGURE), "done");
    page.js("lab().setAttribute('threads', '4')");
    assert_eq!(
        page.get(FIGURE, "config")["threads"],
        4,
        "what an author writes holds, also where it says the same as before"
    );
    page.is_quiet();
}

fn a_figure_that_is_told_several_things_at_once_runs_by_itself(page: &Page) {
    page.stage(&QUICK.replace("threads=\"4\"", "threads=\"5\""));
    page.js("lab().setAttribute('times', '2'); lab().setAttribute('autorun', ''); lab().setAttribute('threads', '3'); lab().setAttribute('class', 'wide')");
    page.wait("it has run", "lab().state === 'done'");
    assert_eq!(page.get(FIGURE, "report")["config"]["threads"], 3);
}

/// The figure's title is that of the figure asked for, and it runs.
#[track_caller]
fn is_shown(page: &Page, title: &str, when: &str) {
    page.wait(&format!("{title} is shown, {when}"), &format!("lab().shadowRoot.querySelectorAll('figure').length === 1 && words().includes('{title}') && lab().state === 'ready'"));
}

/// Before its parts have come, between them, and after; to another one, and back again.
fn a_figure_changed_while_it_loads_is_the_last_one_asked_for(page: &Page) {
    const A: &str = "Lock cost";
    const B: &str = "Contention";
    for after in [0, 1, 5, 10, 20, 40, 80, 160] {
        open_without_script(page, "");
        add_script(page);
        page.js_with("const [after] = arguments; const main = document.querySelector('main'); main.innerHTML = '<lock-lab figure=contention></lock-lab>'; setTimeout(() => lab().setAttribute('figure', 'lock-cost'), after)", vec![after.into()]);
        page.wait("it has been changed", "lab().getAttribute('figure') === 'lock-cost'");
        is_shown(page, A, &format!("changed after {after} ms"));
        page.js_with("const [after] = arguments; const main = document.querySelector('main'); main.innerHTML = '<lock-lab figure=contention></lock-lab>'; suite.back = false;
            setTimeout(() => { lab().setAttribute('figure', 'lock-cost'); setTimeout(() => { lab().setAttribute('figure', 'contention'); suite.back = true; }, after); }, after)", vec![after.into()]);
        page.wait("it has been changed back", "suite.back");
        is_shown(page, B, &format!("changed and changed back after {after} ms"));
        page.js(
            "lab().setAttribute('figure', 'lock-cost'); lab().setAttribute('figure', 'contention')",
        );
        is_shown(page, B, "in one go");
    }
    page.js("for (const [name, value] of Object.entries({ figure: 'lock-cost', threads: 3, times: 2, 'wait-ms': 5, loops: 1000 })) lab().setAttribute(name, value)");
    is_shown(page, A, "in the end");
    is_whole(&page.run());
    page.is_quiet();
}

/// Elements that have been there, were ready, and went.
const COME_AND_GO: &str = "return (async () => {
    const main = document.querySelector('main');
    suite.gone = [];
    for (let i = 0; i < 12; i++) {
        let one = document.createElement('lock-lab');
        for (const [name, value] of Object.entries({ figure: ['lock-cost', 'contention', 'master-exit'][i % 3], threads: 3, times: 2, 'wait-ms': 5, loops: 1000 })) one.setAttribute(name, value);
        main.append(one);
        one.prepare();
        if (i % 4 === 2 || i === 11) one.remove();
        await until(() => !one.isConnected || one.state === 'ready' || one.state === 'unsupported', 10000);
        if (i === 3) await one.run();
        if (i === 6) one.run().catch(() => {});
        if (i === 7) { const other = one.cloneNode(true); one.replaceWith(other); await until(() => other.state === 'ready', 5000); suite.gone.push(new WeakRef(other)); other.remove(); }
        suite.gone.push(new WeakRef(one));
        one.remove();
        one = null;
    }
    await until(() => false, 300);
})()";

fn elements_that_were_removed_are_let_go(page: &Page) {
    let listeners = |page: &Page| {
        let window = page.cdp("Runtime.evaluate", json!({ "expression": "window" }));
        let found = page.cdp(
            "DOMDebugger.getEventListeners",
            json!({ "objectId": window["result"]["objectId"] }),
        );
        let mut kinds: Vec<_> = found["listeners"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| text(&one["type"]).to_owned())
            .collect();
        kinds.sort();
        kinds
    };
    // A post on the plain host: the service worker of a lab at that host's root would be there for all tests after this one.
    let post = crate::lab::document(&format!(
        "<body><script>{RECORDER}</script><main></main><script type='module' src='lab/lock-lab.js'></script></body>"
    ));
    let post = page.site.post(&page.site.plain, "post", &post, None);
    for address in [page.site.stage(""), post] {
        page.open(&address);
        page.wait("the element is known", "customElements.get('lock-lab')");
        let before = listeners(page);
        page.js(COME_AND_GO);
        are_collected(page);
        assert_eq!(listeners(page), before, "no listener stays at the window");
        page.is_quiet();
    }
}

fn the_last_figure_takes_its_threads_along(page: &Page) {
    open_without_script(page, "");
    add_script(page);
    let before = page.worker_threads();
    page.js_with(
        "document.querySelector('main').innerHTML = arguments[0]",
        vec![format!("{QUICK}{QUICK}").into()],
    );
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    page.js("lab().remove()");
    is_whole(&page.run());
    assert!(page.worker_threads() > before, "there are threads to go");
    page.js("lab().remove()");
    page.until_some(Duration::from_secs(2), "its threads are gone", || {
        match page.worker_threads() {
            now if now <= before => Ok(()),
            now => Err(format!("{now} worker threads, {before} before")),
        }
    });
}

fn a_figure_that_comes_back_shows_what_it_had(page: &Page) {
    page.stage(ENDLESS);
    slide(page, 3);
    let call = page.begin_phase(FIGURE, 0);
    page.js("suite.removed = lab(); lab().remove()");
    let report = page.settled(call).report();
    is_partial(&report, "stopped");
    pass(page, A_WHILE);
    page.js("document.querySelector('main').append(suite.removed)");
    page.wait("it is there again", "words().includes('Lock cost') && /stopped/i.test(words())");
    assert_eq!(page.state(FIGURE), "stopped");
    assert_eq!(page.get(FIGURE, "report"), report);
    assert_eq!(page.get(FIGURE, "config")["threads"], 3, "the reader's setting too");
    page.set(FIGURE, "wait-ms", "5");
    is_whole(&page.run());
    page.is_quiet();
}

/// None of the elements that the page has let go is alive.
#[track_caller]
fn are_collected(page: &Page) {
    page.until_some(Duration::from_secs(5), "all elements are collected", || {
        // A page that stands still keeps what it drew last.
        page.js("document.body.append('.'); return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
        page.cdp("HeapProfiler.collectGarbage", json!({}));
        match page.js("return suite.gone.flatMap((one, i) => one.deref() ? [i] : [])") {
            left if left == json!([]) => Ok(()),
            left => Err(format!("{left} are alive")),
        }
    });
}

/// In the page, and where it stands in a frame of its own.
fn who_hears_that_a_run_has_ended_may_begin_another_one(page: &Page) {
    page.stage(QUICK);
    for event in ["lab-report", "lab-state"] {
        page.js_with(
            "const reports = (suite.reports = new Set());
             lab().addEventListener(arguments[0], () => ['done', 'failed'].includes(lab().state) && reports.size < 3 && lab().run().then((report) => reports.add(report.startedAt)));
             return lab().run().then((report) => reports.add(report.startedAt)).then(() => {})",
            vec![event.into()],
        );
        page.wait(&format!("three runs by {event}"), "suite.reports.size >= 3");
        page.open_post(&format!("<script type='module' src='lab/lock-lab.js'></script>{QUICK}"));
        page.wait("it stands there", "['ready', 'unsupported'].includes(lab()?.state)");
        page.js("lab().setAttribute('threads', '1')");
        page.wait_state(FIGURE, "ready");
    }
}

/// As Prototype and MooTools do, on which old themes stand.
fn in_a_page_whose_scripts_have_changed_arrays_a_figure_runs(page: &Page) {
    open_without_script(page, QUICK);
    page.js("Array.from = (some) => [].slice.call(some); Array.prototype.each = function () {}");
    add_script(page);
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    page.is_quiet();
}

fn forty_lives_of_elements_by_chance_leave_nothing_behind(page: &Page) {
    crate::lives::open(page);
    let before = page.worker_threads();
    // Each engine has other ones.
    let seed = 1 + page.engine as u64;
    crate::lives::live(page, seed, 40);
    page.wait_threads(before);
    if page.engine == Engine::Chromium {
        are_collected(page);
    }
}
