//! The figure in which the reader is the scheduler: a press is one step of one of two real threads.

use std::time::Duration;

use serde_json::{Value, json};

use super::take_home::has_pictures;
use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_valid, list, text};

/// The tests.
pub const CASES: &[Case] = cases![
    a_press_is_one_step_and_the_address_follows,
    a_thread_asleep_can_not_be_pressed_until_the_other_wakes_it,
    keys_step_go_back_and_fork.only(&[Engine::Chromium]),
    another_program_has_threads_of_its_own,
    a_run_has_every_order_and_the_races.within(150),
    a_schedule_that_can_not_be_is_named_and_mended.only(&[Engine::Chromium]),
    stepping_gives_way_to_another_figure_and_goes_on,
    the_pages_machine_enumerates_what_the_run_counts.only(&[Engine::Chromium]).within(150),
    without_shared_memory_it_steps_all_the_same.only(&[Engine::Chromium, Engine::Firefox]),
    a_bet_is_answered_and_shown.only(&[Engine::Chromium]),
    its_picture_is_what_is_stepped.only(&[Engine::Chromium]),
];

/// The figure, two additions.
const STEPPED: &str = "<lock-lab details='open' figure='interleaving'></lock-lab>";

/// Presses the button of thread 0 or 1, and waits until the real threads are where the figure is.
#[track_caller]
fn press(page: &Page, thread: usize) {
    page.js_with(
        "lab().shadowRoot.querySelectorAll('.choose button')[arguments[0]].click()",
        vec![thread.into()],
    );
    follows(page);
}

#[track_caller]
fn follows(page: &Page) {
    page.wait("the threads follow", "!lab().shadowRoot.querySelector('.pending')");
}

#[track_caller]
fn shows(page: &Page, expected: &[&str]) {
    let said = page.js(
        "const one = (selector) => lab().shadowRoot.querySelector(selector).textContent;
         return [one('.between b'), ...[...lab().shadowRoot.querySelectorAll('.choose button')].map((button) => button.textContent), one('.stepper .verdict')]",
    );
    for (part, wanted) in list(&said).iter().zip(expected) {
        assert!(text(part).contains(wanted), "{wanted:?} in {said}");
    }
}

fn a_press_is_one_step_and_the_address_follows(page: &Page) {
    page.open_figure("figure=interleaving");
    page.wait_state(FIGURE, "ready");
    shows(page, &["0", "A: read 0", "B: read 0", "scheduler"]);
    press(page, 0);
    shows(page, &["0", "A: write 1", "B: read 0", ""]);
    press(page, 1);
    shows(page, &["0", "A: write 1", "B: write 1", "Both have read 0"]);
    press(page, 0);
    press(page, 1);
    shows(page, &["1", "A is done", "B is done", "One addition is gone"]);
    assert_eq!(page.get(FIGURE, "config")["schedule"], "ABAB");
    page.wait("the address follows", "location.search.includes('schedule=ABAB')");
    assert_eq!(page.state(FIGURE), "ready", "a step is no run");
    // The same address opens the same steps.
    page.open_figure("figure=interleaving&schedule=ABAB&at=3");
    page.wait_state(FIGURE, "ready");
    shows(page, &["1", "A is done", "B: write 1", ""]);
}

fn a_thread_asleep_can_not_be_pressed_until_the_other_wakes_it(page: &Page) {
    page.stage_small("interleaving", &[], "counter='futex' schedule='ABBB'");
    shows(page, &["0", "A: read 0", "B sleeps until A wakes it", "B is asleep"]);
    assert!(page.is("lab().shadowRoot.querySelectorAll('.choose button')[1].getAttribute('aria-disabled') === 'true'"));
    press(page, 1);
    assert_eq!(page.get(FIGURE, "config")["schedule"], "ABBB", "a press of it does nothing");
    for _ in 0..4 {
        press(page, 0);
    }
    assert_eq!(page.get(FIGURE, "config")["schedule"], "ABBBAAAA");
    shows(page, &["1", "A is done", "B: take the lock, marked", ""]);
    page.is_quiet();
}

fn keys_step_go_back_and_fork(page: &Page) {
    page.stage(STEPPED);
    page.js("window.leaked = []; document.addEventListener('keydown', ({ key }) => leaked.push(key)); lab().shadowRoot.querySelector('.choose button').focus()");
    for (key, schedule, at) in [
        ("a", "A", json!("all")),
        ("b", "AB", json!("all")),
        ("a", "ABA", json!("all")),
        ("Backspace", "ABA", json!(2)),
        ("Home", "ABA", json!(0)),
        ("ArrowRight", "ABA", json!(1)),
        ("End", "ABA", json!("all")),
        ("ArrowLeft", "ABA", json!(2)),
        // Another step drops the future.
        ("b", "ABB", json!("all")),
        ("z", "ABB", json!("all")),
    ] {
        page.js_with(
            "lab().shadowRoot.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: arguments[0], bubbles: true, composed: true, cancelable: true }))",
            vec![key.into()],
        );
        let config = page.get(FIGURE, "config");
        assert_eq!((&config["schedule"], &config["at"]), (&json!(schedule), &at), "after {key}");
    }
    assert_eq!(page.js("return leaked"), json!(["z"]), "keys in use stay in the figure");
    follows(page);
    let spoken = page.js("return lab().shadowRoot.querySelector('.stepper .unseen').textContent");
    assert_eq!(spoken, "B wrote 1. The number is 1.");
}

/// Even where those of the one before stand at the same place, which is its start.
fn another_program_has_threads_of_its_own(page: &Page) {
    page.stage(STEPPED);
    press(page, 0);
    page.js("lab().config = { at: 0 }");
    // They are back at the start once the slider has rested.
    page.js("return new Promise((resolve) => setTimeout(resolve, 500))");
    page.set(FIGURE, "counter", "futex");
    press(page, 0);
    shows(page, &["0", "A: read 0", "B: find it taken", ""]);
    assert!(!page.is("words().includes('did not expect')"), "{}", page.words(FIGURE));
}

fn a_run_has_every_order_and_the_races(page: &Page) {
    for (attributes, count, losing) in [
        ("times='1'", 6, 4),
        ("times='2'", 70, 64),
        ("counter='atomic' times='2'", 6, 0),
        ("counter='futex'", 112, 0),
    ] {
        page.stage(&format!(
            "<lock-lab details='open' figure='interleaving' {attributes}></lock-lab>"
        ));
        let call = page.begin(FIGURE, "run");
        let report = page.settled_within(Duration::from_secs(60), call).report();
        is_valid(&report);
        assert_eq!(report["outcome"], "done", "{report:#}");
        let schedules = &report["schedules"];
        assert_eq!((&schedules["count"], &schedules["losing"]), (&json!(count), &json!(losing)));
        let race = &report["race"];
        let of = |name: &str| race[name].as_u64().unwrap_or_default();
        assert!(of("rounds") > 0);
        assert_eq!(of("rounds"), of("losing") + of("firstA") + of("firstB"), "{race}");
        if losing == 0 {
            assert_eq!(of("losing"), 0, "{race}");
        }
    }
    page.stage_small("interleaving", &[], "hold-ns='10000'");
    let report = page.stopped_once("it races", "words().includes('the two threads race')");
    is_valid(&report);
    page.is_quiet();
}

fn a_schedule_that_can_not_be_is_named_and_mended(page: &Page) {
    page.stage(STEPPED);
    for (attribute, wrong) in [
        ("schedule", "AAAB"),
        ("schedule", "AX"),
        ("at", "9"),
        ("times", "4"),
        ("counter", "std-mutex"),
    ] {
        page.set(FIGURE, attribute, wrong);
        let (code, message) = page.refused();
        assert_eq!(code, "bad-config");
        assert!(message.contains(attribute) && message.contains(wrong), "{message}");
        page.js_with("lab().removeAttribute(arguments[0])", vec![attribute.into()]);
        page.wait("it is mended", "lab().error === null && lab().state === 'ready'");
    }
    // Another program has other steps.
    page.js("lab().config = { schedule: 'ABAB' }");
    page.wait("its end is shown", "words().includes('One addition is gone')");
}

fn stepping_gives_way_to_another_figure_and_goes_on(page: &Page) {
    page.stage(&format!("{STEPPED}<lock-lab id='other' figure='lock-cost' threads='2' times='2' wait-ms='1' loops='10'></lock-lab>"));
    press(page, 0);
    page.wait("real threads step", "workersStarted.length > 0 && !words().includes('No threads')");
    let report = page.run_of("#other");
    assert_eq!(report["outcome"], "done");
    press(page, 1);
    press(page, 0);
    press(page, 1);
    shows(page, &["1", "A is done", "B is done", "One addition is gone"]);
    page.is_quiet();
}

fn the_pages_machine_enumerates_what_the_run_counts(page: &Page) {
    page.stage(STEPPED);
    for (counter, times) in [("racy", 1), ("racy", 2), ("racy", 3), ("atomic", 3), ("futex", 1)] {
        page.set(FIGURE, "counter", counter);
        page.set(FIGURE, "times", &times.to_string());
        let call = page.begin(FIGURE, "run");
        let counted =
            page.settled_within(Duration::from_secs(60), call).report()["schedules"].clone();
        let enumerated = page.js_with(
            "const { start, schedules, follow } = await import('./suite-www/figures/interleaving/machine.js');
             const ends = {};
             for (const order of schedules(start(arguments[0], arguments[1]), 1000)) {
               const value = follow(start(arguments[0], arguments[1]), order).machines.at(-1).number;
               ends[value] = (ends[value] ?? 0) + 1;
             }
             return Object.entries(ends).map(([value, count]) => ({ value: Number(value), count }))",
            vec![counter.into(), times.into()],
        );
        assert_eq!(counted["byFinalValue"], enumerated, "{counter} × {times}");
    }
}

fn without_shared_memory_it_steps_all_the_same(page: &Page) {
    page.open(
        &page
            .site
            .stage_hopeless(&STEPPED.replace("'interleaving'", "'interleaving' schedule='ABA'")),
    );
    page.wait_state(FIGURE, "ready");
    press(page, 1);
    shows(page, &["1", "A is done", "B is done", "One addition is gone"]);
    assert!(page.is("words().includes('No threads')"), "it says so");
    let report = page.run();
    is_valid(&report);
    assert_eq!(report["environment"]["isolated"], false);
    assert_eq!((&report["lost"], &report["schedules"]["count"]), (&json!(1), &json!(6)));
    assert_eq!(report["race"], Value::Null, "only threads can race");
}

fn a_bet_is_answered_and_shown(page: &Page) {
    page.stage_small("interleaving", &[], "times='3'");
    page.js("lab().shadowRoot.querySelectorAll('.bet button')[1].click()");
    page.wait("it is answered", "words().includes('It is 2, however many times')");
    page.js("lab().shadowRoot.querySelector('.bet button').click()");
    page.js("lab().config = { at: 'all' }");
    page.wait("the order ends at 2", "words().includes('The number is 2 and should be 6')");
    page.js("lab().config = { times: 1, schedule: '', at: 'all' }");
    page.wait("it is asked no more", "!isSeen(lab().shadowRoot.querySelector('.bet'))");
}

fn its_picture_is_what_is_stepped(page: &Page) {
    page.stage_small("interleaving", &[], "schedule='ABBA' at='3'");
    page.wait(
        "a run is shown",
        "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent",
    );
    // What is done, what comes next, and every order there is.
    has_pictures(
        page,
        &["Two threads, one number", "B: write 1", "A has read 0, but the number is 1", "ABBA ✗ 1"],
    );
}
