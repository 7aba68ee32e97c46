//! Every row of the table of attributes: what is allowed is taken, what is not is named and never run as something else, and once it is
//! mended all works again without a reload. The rows stand here as the contract has them, not as the product says.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_whole, list, text};

/// The tests.
pub const CASES: &[Case] = cases![
    numbers_are_taken_within_their_range_and_refused_by_name_outside.within(120),
    names_are_taken_from_their_list_and_refused_by_name_otherwise.within(120),
    several_wrong_attributes_are_named_together,
    a_wrong_attribute_keeps_autorun_from_running,
    a_figure_that_was_mended_runs_without_a_reload,
    a_wrong_attribute_in_mid_run_leaves_the_run_alone,
    attributes_set_live_change_the_config,
    assigning_config_sets_the_attributes,
    the_theme_attribute_changes_the_colours_of_a_figure_alone,
];

/// Sets an attribute to a value, in the page, and tells what the figure made of it, then takes it away again.
const TRY: &str = "return (async (attribute, value) => {
    const it = lab();
    it.setAttribute(attribute, value);
    await until(() => it.error || it.state === 'failed', 100);
    await until(() => !it.error || it.state === 'failed');
    const seen = { state: it.state, error: it.error, config: it.config, ran: null };
    if (seen.error) {
        await it.run().then(() => (seen.ran = 'resolved'), (error) => (seen.ran = { code: error.code, message: error.message }));
        await until(() => words(it).includes(attribute));
        seen.shown = words(it);
    }
    it.removeAttribute(attribute);
    await until(() => it.state === 'ready' && !it.error);
    seen.mended = { state: it.state, error: it.error };
    return seen;
})(...arguments)";

#[track_caller]
fn attempt(page: &Page, attribute: &str, value: &str) -> Value {
    let seen = page.js_with(TRY, vec![attribute.into(), value.into()]);
    assert_eq!(
        seen["mended"],
        json!({ "state": "ready", "error": null }),
        "{attribute}={value:?}, taken away again"
    );
    seen
}

/// A value that an attribute takes, and what it is in the config; `None` where this figure has no such setting.
#[track_caller]
fn takes(page: &Page, attribute: &str, name: &str, value: &str, meaning: Option<Value>) {
    let seen = attempt(page, attribute, value);
    assert!(seen["error"].is_null(), "{attribute}={value:?} is allowed, but: {}", seen["error"]);
    assert_eq!(seen["state"], "ready", "{attribute}={value:?}");
    if let Some(meaning) = meaning {
        assert_eq!(seen["config"][name], meaning, "{attribute}={value:?}");
    }
}

/// Values that an attribute refuses: the error, the rejection and the figure itself name it, what it got, and all of `allowed`.
#[track_caller]
fn refuses(page: &Page, attribute: &str, values: &[&str], allowed: &[&str]) {
    for value in values {
        let case = format!("{attribute}={value:?}");
        let seen = attempt(page, attribute, value);
        assert_eq!(seen["error"]["code"], "bad-config", "{case}: {seen}");
        assert_eq!(seen["state"], "failed", "{case}");
        assert_eq!(seen["ran"]["code"], "bad-config", "{case}: run() rejects: {}", seen["ran"]);
        let message = text(&seen["error"]["message"]);
        assert_eq!(seen["ran"]["message"], message, "{case}: with the same sentence");
        let shown = text(&seen["shown"]).replace([',', '\u{202f}', '\u{a0}'], "");
        for wanted in [attribute, value].iter().chain(allowed) {
            assert!(
                message.contains(*wanted),
                "{case}: the error does not name {wanted:?}: {message}"
            );
            assert!(
                shown.contains(&wanted.replace(',', "")),
                "{case}: the figure does not show {wanted:?}: {shown}"
            );
        }
    }
}

/// Both ends of the range are taken; what lies outside, is no number or is none at all, is not.
fn numbers_are_taken_within_their_range_and_refused_by_name_outside(page: &Page) {
    page.stage("<lock-lab></lock-lab>");
    for (attribute, name, min, max) in [
        ("threads", "threads", 1, 128),
        ("times", "times", 1, 1000),
        ("wait-ms", "waitMs", 0, 60_000),
        ("loops", "loops", 0, 1_000_000_000),
        // A setting of other figures.
        ("poll-ms", "", 1, 10_000),
    ] {
        let ends: [i64; 2] = [min, max];
        for end in ends {
            let meaning = (!name.is_empty()).then(|| end.into());
            takes(page, attribute, name, &end.to_string(), meaning);
        }
        let (below, above) = ((min - 1).to_string(), (max + 1).to_string());
        let huge = "99999999999999999999";
        let wrong = [&below, &above, "twenty", "1.5", "1e2", "0x10", "", huge, "NaN"];
        refuses(page, attribute, &wrong, &ends.map(|end| end.to_string()).each_ref().map(|s| &**s));
    }
}

fn names_are_taken_from_their_list_and_refused_by_name_otherwise(page: &Page) {
    page.stage("<lock-lab></lock-lab>");
    let counters = ["none", "std-mutex", "atomic", "racy"];
    for counter in counters {
        takes(page, "counter", "counter", counter, Some(counter.into()));
    }
    refuses(page, "counter", &["mutex", "std_mutex", "STD-MUTEX", "", "1"], &counters);
    for (attribute, taken, refused, allowed) in [
        ("owner", &["page", "master"][..], &["nobody", "Page", ""][..], &["page", "master"][..]),
        ("figure", &["lock-cost"], &["lock-costs", "Lock-Cost", "", "constructor"], &["lock-cost"]),
        ("lang", &["en", "zh", "en-GB"], &["xx", "english", ""], &["en", "zh"]),
        ("theme", &["auto", "light", "dark"], &["purple", "Dark", ""], &["auto", "light", "dark"]),
    ] {
        for value in taken {
            takes(page, attribute, attribute, value, None);
        }
        refuses(page, attribute, refused, allowed);
    }
}

fn several_wrong_attributes_are_named_together(page: &Page) {
    page.open(
        &page
            .site
            .stage("<lock-lab threads='0' times='x' counter='mutex' wait-ms='50'></lock-lab>"),
    );
    page.wait("the figure says that it is wrong", "lab().error");
    let message = page.get(FIGURE, "error")["message"].clone();
    for wanted in ["threads", "times", "counter"] {
        assert!(text(&message).contains(wanted), "{message}");
    }
    assert!(!text(&message).contains("wait-ms"), "{message}");
    page.set(FIGURE, "threads", "4");
    page.wait("what is mended is not named any more", "!lab().error.message.includes('threads')");
    assert_eq!(page.get(FIGURE, "error")["code"], "bad-config");
}

fn a_wrong_attribute_keeps_autorun_from_running(page: &Page) {
    let right = QUICK.replace("<lock-lab", "<lock-lab autorun id='right'");
    page.open(&page.site.stage(&format!("<lock-lab id='wrong' autorun threads='0' times='1' wait-ms='1' loops='1'></lock-lab>{right}")));
    // Each where it can be seen.
    page.wait_state("#wrong", "failed");
    page.js("lab('#right').scrollIntoView()");
    page.wait_state("#right", "done");
    let wrong = page.js("const it = lab('#wrong'); return { state: it.state, report: it.report, code: it.error?.code }");
    assert_eq!(wrong, json!({ "state": "failed", "report": null, "code": "bad-config" }));
}

fn a_figure_that_was_mended_runs_without_a_reload(page: &Page) {
    page.open(
        &page.site.stage("<lock-lab threads='0' times='2' wait-ms='5' loops='1000'></lock-lab>"),
    );
    page.wait("the figure says that it is wrong", "lab().error && lab().state === 'failed'");
    assert_eq!(page.refused().0, "bad-config");
    page.set(FIGURE, "threads", "4");
    page.wait_state_after_failure(FIGURE, "ready");
    assert!(page.get(FIGURE, "error").is_null());
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], 4);
    // And again, now with all parts at hand and a report shown.
    page.set(FIGURE, "threads", "1000");
    page.wait(
        "the figure says that it is wrong",
        "lab().error?.code === 'bad-config' && lab().state === 'failed'",
    );
    page.set(FIGURE, "threads", "3");
    page.wait("the error is gone", "!lab().error && lab().state !== 'failed'");
    is_whole(&page.run());
}

fn a_wrong_attribute_in_mid_run_leaves_the_run_alone(page: &Page) {
    page.stage(r#"<lock-lab threads="4" times="10" wait-ms="100" loops="1000"></lock-lab>"#);
    let call = page.begin_phase(FIGURE, 0);
    page.set(FIGURE, "threads", "0");
    let report = page.settled(call).report();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], 4);
    assert_eq!(
        page.get(FIGURE, "error")["code"],
        "bad-config",
        "for the next run the attribute is still wrong"
    );
    assert_eq!(page.refused().0, "bad-config");
}

fn attributes_set_live_change_the_config(page: &Page) {
    page.stage(QUICK);
    for (attribute, value) in [
        ("threads", "6"),
        ("times", "2"),
        ("wait-ms", "7"),
        ("loops", "500"),
        ("counter", "atomic"),
    ] {
        page.set(FIGURE, attribute, value);
    }
    let wanted = json!({ "threads": 6, "times": 2, "waitMs": 7, "loops": 500, "counter": "atomic", "gil": "off" });
    assert_eq!(page.get(FIGURE, "config"), wanted);
    page.wait(
        "the controls follow",
        "control('number', /thread/i).value === '6' && control('range', /thread/i).getAttribute('aria-valuetext') === '6 threads'",
    );
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["config"], wanted);
}

fn assigning_config_sets_the_attributes(page: &Page) {
    page.stage(QUICK);
    page.js("lab().config = { threads: 9, waitMs: 3, nonsense: 1 }");
    assert_eq!(
        page.js("return ['threads', 'times', 'wait-ms'].map((name) => lab().getAttribute(name))"),
        json!(["9", "3", "3"])
    );
    assert_eq!(
        page.get(FIGURE, "config"),
        json!({ "threads": 9, "times": 3, "waitMs": 3, "loops": 1000, "counter": "std-mutex", "gil": "off" })
    );
    page.js("lab().config = { threads: 1.5 }");
    page.wait(
        "a wrong value is as wrong as in the attribute",
        "lab().error?.code === 'bad-config'",
    );
    // What the property gives is the reader's own copy.
    page.js("lab().config = { threads: 9 }; lab().config.threads = 1");
    assert_eq!(page.get(FIGURE, "config")["threads"], 9);
}

fn the_theme_attribute_changes_the_colours_of_a_figure_alone(page: &Page) {
    page.stage(&format!("<p id='outside'>A word</p>{QUICK}"));
    let colours = |theme: &str| {
        page.set(FIGURE, "theme", theme);
        let seen = page.js(
            "const light = (one) => getComputedStyle(one).color.match(/[\\d.]+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part);
             return [light(runButton().getRootNode().host.shadowRoot.querySelector('h2, h3, legend, label, p')), light(document.querySelector('#outside'))]",
        );
        list(&seen).iter().filter_map(Value::as_f64).collect::<Vec<_>>()
    };
    let (light, dark) = (colours("light"), colours("dark"));
    assert!(
        light[0] < 380.0 && dark[0] > 380.0,
        "ink is dark on light paper and light on dark: {light:?} {dark:?}, of 765"
    );
    assert_eq!(light[1], dark[1], "the page around it keeps its colours");
}
