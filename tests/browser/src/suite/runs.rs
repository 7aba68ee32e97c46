//! A figure from its loading to its report: what `run()` and the Run button promise, and what the report says.

use std::time::Duration;

use serde_json::json;

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    the_article_can_be_read_and_its_figure_run_within_the_first_screen,
    a_figure_without_attributes_has_the_defaults_of_the_contract_and_nothing_to_report,
    a_run_ends_in_a_report_that_adds_up_and_is_shown,
    the_run_button_runs_the_default_numbers.within(90),
    under_a_gil_one_worker_calculates_at_a_time_and_a_stop_is_heard,
    states_come_in_order_and_every_event_bubbles,
    events_leave_the_shadow_root_that_a_figure_stands_in,
    run_gives_the_same_report_to_all_who_ask_while_it_runs,
    a_second_run_is_a_run_of_its_own,
    the_report_tells_where_it_ran,
    autorun_runs_once_by_itself,
    autorun_waits_until_the_figure_can_be_seen,
    nothing_is_fetched_but_the_door_while_the_figure_is_far_away,
];

fn the_article_can_be_read_and_its_figure_run_within_the_first_screen(page: &Page) {
    page.open(&page.site.isolated.url("index.html"));
    assert!(page.is("document.title && document.querySelector('h1')?.textContent"));
    assert!(page.is("document.body.innerText.length > 1000"), "an article has words to read");
    page.wait_state(FIGURE, "ready");
    let bottom = page.wait("there is a Run button", "runButton()?.getBoundingClientRect().bottom");
    assert_eq!(page.js("return [innerWidth, innerHeight, scrollY]"), json!([1280, 800, 0]));
    assert!(number(&bottom) <= 800.0, "the Run button ends {bottom} px down");
}

fn a_figure_without_attributes_has_the_defaults_of_the_contract_and_nothing_to_report(page: &Page) {
    page.stage("<lock-lab></lock-lab>");
    let wanted = json!({ "threads": 20, "times": 20, "waitMs": 50, "loops": 1_000_000, "counter": "std-mutex", "gil": "off" });
    assert_eq!(page.get(FIGURE, "config"), wanted);
    assert!(page.get(FIGURE, "report").is_null());
    assert!(page.get(FIGURE, "error").is_null());
}

fn a_run_ends_in_a_report_that_adds_up_and_is_shown(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    is_whole(&report);
    assert_eq!(
        report["config"],
        json!({ "threads": 4, "times": 3, "waitMs": 5, "loops": 1000, "counter": "std-mutex", "gil": "off" })
    );
    assert_eq!(page.state(FIGURE), "done");
    assert_eq!(page.get(FIGURE, "report"), report);
    assert!(page.get(FIGURE, "error").is_null());
    // Folded details count: they are one press away.
    page.wait(
        "the post's lines are shown",
        "parts().some((one) => one.textContent.includes(lab().report.text.split('\\n')[0]))",
    );
    let tables =
        "parts().filter((one) => one.localName === 'table').map((one) => one.textContent).join()";
    let tables = page.js(&format!("return {tables}.replace(/\\s/g, '')"));
    let tables = text(&tables);
    for run in list(&report["runs"]) {
        let wall = number(&run["wallMs"]);
        // What lies in the middle may be rounded either way.
        let shown = [wall - 1e-4, wall + 1e-4].map(|ms| match ms {
            ..1.0 => "μs".to_owned(),
            ..100.0 => format!("{ms:.1}ms"),
            ..1000.0 => format!("{ms:.0}ms"),
            _ => format!("{:.3}s", ms / 1000.0),
        });
        let is_shown = shown.iter().any(|one| tables.contains(one));
        assert!(is_shown, "no table shows {shown:?}: {tables}");
    }
    page.is_quiet();
}

fn the_run_button_runs_the_default_numbers(page: &Page) {
    page.open_page("index.html");
    page.click("runButton()");
    page.wait_state(FIGURE, "running");
    page.wait("Run has become Stop", "stopButton()");
    page.wait_state_up_to(Duration::from_secs(60), FIGURE, "done");
    let report = page.get(FIGURE, "report");
    is_whole(&report);
    assert_eq!(report["config"]["threads"], 20);
    page.wait("it can be run again", "runButton()");
}

fn under_a_gil_one_worker_calculates_at_a_time_and_a_stop_is_heard(page: &Page) {
    page.stage("<lock-lab gil='on' threads='4' times='4' wait-ms='20' loops='4000000'></lock-lab>");
    let report = page.run();
    is_whole(&report);
    assert!(number(&report["gil"]["switches"]) >= 4.0, "{report:#}");
    assert!(number(&report["gil"]["parallelMs"]) > 0.0);
    let all = |run: usize, name: &str| -> f64 {
        list(&report["runs"][run]["workers"]).iter().map(|worker| number(&worker[name])).sum()
    };
    let wall = |run: usize| number(&report["runs"][run]["wallMs"]);
    assert!(wall(0) < all(0, "busyMs") / 2.0, "who sleeps lets others run: {report:#}");
    assert!(all(2, "busyMs") <= wall(2) + 1.0, "one at a time: {report:#}");
    // The lanes as they are drawn: how long they all were in this state, in µs.
    let drawn = page.js(
        "const { phases, stateNames } = lab().recording;
         return phases[2].lanes.map(({ at, state }) => state.reduce((sum, one, i) => sum + (stateNames[one] === 'cpu' ? at[i + 1] ?? 0 : 0), 0)).reduce((all, one) => all + one)",
    );
    assert!(number(&drawn) / 1000.0 <= wall(2) + 2.0, "the lanes show who runs: {drawn} µs");
    page.wait("what the GIL takes is said", "/Under the GIL/.test(words())");
    page.set(FIGURE, "loops", "40000000");
    page.set(FIGURE, "wait-ms", "0");
    let report = page.stopped_once("it calculates", "words().includes('Run 3 of 4')");
    is_partial(&report, "stopped");
    page.is_quiet();
}

fn states_come_in_order_and_every_event_bubbles(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    let events = page.heard("lab-state");
    let states: Vec<_> = events.iter().map(|event| text(&event["detail"]["state"])).collect();
    let after_loading = states.strip_prefix(&["loading"]).unwrap_or(&states);
    assert_eq!(after_loading, ["ready", "running", "done"]);
    for event in &events {
        assert_eq!(event["detail"]["state"], event["state"], "the property agrees with the event");
    }
    assert_eq!(events[events.len() - 1]["hasReport"], true, "the report is there by then");
    let reports = page.heard("lab-report");
    assert_eq!(reports.len(), 1);
    assert_eq!(reports[0]["detail"], report);
    for event in events.iter().chain(&reports) {
        assert!(event["bubbles"] == true && event["composed"] == true, "{event}");
    }
    assert!(page.heard("lab-error").is_empty());
}

fn events_leave_the_shadow_root_that_a_figure_stands_in(page: &Page) {
    let figure = QUICK.replace("<lock-lab", "<lock-lab autorun");
    page.open(&page.site.stage(&format!("<div id='host'></div><template>{figure}</template>")));
    page.js(
        "document.querySelector('#host').attachShadow({ mode: 'closed' }).append(document.querySelector('template').content)",
    );
    page.wait(
        "the run is heard of outside",
        "heard.some((one) => one.type === 'lab-report' && one.detail.outcome === 'done')",
    );
    assert!(!page.heard("lab-state").is_empty());
}

fn run_gives_the_same_report_to_all_who_ask_while_it_runs(page: &Page) {
    page.stage(QUICK);
    let [first, second, third] =
        page.reports_of("lab().run(), lab().run(), Promise.resolve().then(() => lab().run())");
    assert_eq!([&first, &first], [&second, &third]);
    assert_eq!(page.heard("lab-report").len(), 1);
}

fn a_second_run_is_a_run_of_its_own(page: &Page) {
    page.stage(QUICK);
    let (first, second) = (page.run(), page.run());
    is_whole(&first);
    is_whole(&second);
    assert_ne!(first["startedAt"], second["startedAt"]);
    let states: Vec<_> =
        page.heard("lab-state").iter().map(|event| text(&event["state"]).to_owned()).collect();
    assert!(
        states.ends_with(&["running", "done", "running", "done"].map(str::to_owned)),
        "{states:?}"
    );
    assert_eq!(page.get(FIGURE, "report"), second);
}

fn the_report_tells_where_it_ran(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    let environment = &report["environment"];
    let name = match page.engine {
        Engine::Chromium => "Chromium ",
        Engine::Firefox => "Firefox ",
        Engine::Webkit => "WebKit ",
    };
    assert!(text(&environment["engine"]).starts_with(name), "{environment}");
    assert_eq!(environment["cores"], page.js("return navigator.hardwareConcurrency"));
    assert_eq!(environment["isolated"], true);
    assert_eq!(environment["isolatedBy"], "headers");
    let step = number(&environment["clockStepMs"]);
    assert!(
        step > 0.0 && step <= 1.0,
        "an isolated page's clock is finer than 1 ms: {environment}"
    );
    assert!(text(&environment["build"]).chars().any(|sign| sign.is_ascii_digit()), "{environment}");
    let age = page
        .js_with("return Date.now() - Date.parse(arguments[0])", vec![report["startedAt"].clone()]);
    assert!(
        (0.0..60_000.0).contains(&number(&age)),
        "startedAt is a moment ago: {}",
        report["startedAt"]
    );
}

fn autorun_runs_once_by_itself(page: &Page) {
    page.open(&page.site.stage(&QUICK.replace("<lock-lab", "<lock-lab autorun")));
    page.wait_state(FIGURE, "done");
    is_whole(&page.get(FIGURE, "report"));
    // Everything that could set it off again; then a run that we ask for, behind which another one would be heard of.
    page.js("lab().removeAttribute('autorun'); lab().setAttribute('autorun', ''); scrollTo(0, 1); scrollTo(0, 0)");
    page.set(FIGURE, "times", "2");
    let asked_for = page.run();
    assert_eq!(page.heard("lab-report").len(), 2, "one run by itself, one that was asked for");
    assert_eq!(page.get(FIGURE, "report"), asked_for);
}

fn autorun_waits_until_the_figure_can_be_seen(page: &Page) {
    let far = QUICK.replace("<lock-lab", "<lock-lab autorun id='far'");
    page.open(&page.site.stage(&format!(
        "{}<div><canvas width='1' height='5000'></canvas></div>{far}",
        QUICK.replace("<lock-lab", "<lock-lab id='near'")
    )));
    page.wait_state("#near", "ready");
    is_whole(&page.run_of("#near"));
    assert!(page.get("#far", "report").is_null(), "it ran unseen");
    page.js("lab('#far').scrollIntoView()");
    page.wait_state("#far", "done");
}

fn nothing_is_fetched_but_the_door_while_the_figure_is_far_away(page: &Page) {
    let staged =
        page.site.stage(&format!("<div><canvas width='1' height='5000'></canvas></div>{QUICK}"));
    let name = staged.rsplit('/').next().unwrap_or_default();
    page.site.isolated.asked();
    page.open(&page.site.isolated.fresh(name));
    page.wait("the element is known", "customElements.get('lock-lab')");
    let asked = page.site.isolated.asked();
    assert!(asked.iter().any(|path| path.ends_with("/lock-lab.js")), "{asked:?}");
    let heavy = |asked: &[String]| {
        asked.iter().any(|path| {
            path.ends_with(".wasm") || path.contains("live-") || path.contains("worker")
        })
    };
    assert!(!heavy(&asked), "too much for a figure that nobody sees: {asked:?}");
    page.js("lab().scrollIntoView()");
    page.wait_state(FIGURE, "ready");
    let asked = page.site.isolated.asked();
    assert!(heavy(&asked), "what a figure needs is asked for under other names: {asked:?}");
}
