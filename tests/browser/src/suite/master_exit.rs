//! The figure `master-exit`: the master ends, or the lock's holder does; who lives on, and what becomes of every job.

use serde_json::Value;

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::master::{adds_up, count, jobs, master_died, was_hidden};
use crate::page::Page;
use crate::report::{is_valid, list, number, text};

/// For what Rust alone decides, of threads that are there anyway: one engine is enough.
const ONE: &[Engine] = &[Engine::Chromium];

/// The tests.
pub const CASES: &[Case] = cases![
    workers_of_the_page_live_on_and_a_new_master_adopts_their_jobs,
    without_an_heir_the_jobs_are_finished_as_orphans,
    workers_of_the_master_die_with_it,
    jobs_that_calculate_outlive_their_master_too,
    a_job_that_ends_at_once_is_done_before_anybody_dies.only(ONE),
    a_worker_killed_after_the_death_is_missed_by_the_heir,
    the_last_workers_may_be_killed_after_the_death,
    workers_killed_while_the_threads_start_do_no_harm,
    an_interval_longer_than_the_run_delays_the_heirs_word_only.only(ONE),
    another_number_of_workers_right_after_the_death_is_for_the_next_run,
    another_number_of_workers_after_the_run_works,
    a_run_in_a_hidden_page_ends_and_says_that_it_was_hidden,
    a_stop_right_after_the_start_is_heard,
    a_stop_before_anybody_dies_is_heard.only(ONE),
    a_stop_between_death_and_adoption_is_heard,
    a_stop_of_a_round_whose_owner_is_dead_is_heard.only(ONE),
    a_stop_while_nobody_is_master_is_heard.only(ONE),
    a_stop_after_the_adoption_is_heard,
    after_a_death_the_figure_runs_again_and_no_thread_is_left_over.within(120),
    a_plain_mutex_is_never_free_again_when_its_holder_dies,
    a_robust_lock_is_recovered_when_its_holder_dies,
    another_figure_runs_after_a_lock_was_lost,
    what_this_engine_did_is_said,
    kills_deaths_and_adoptions_leave_nothing_behind.within(180),
];

/// Stages the figure with small numbers, as far as the attributes say nothing else.
fn stage(page: &Page, attributes: &str) {
    page.stage_small("master-exit", &[("threads", "4"), ("wait-ms", "1500")], attributes);
}

fn workers_of_the_page_live_on_and_a_new_master_adopts_their_jobs(page: &Page) {
    stage(page, "");
    let report = page.run();
    master_died(&report);
    let master = &report["master"];
    assert_eq!((&master["survivors"], &master["lost"]), (&4.into(), &0.into()));
    assert!(number(&master["adoptedAtMs"]) > number(&master["diedAtMs"]));
    assert_eq!(master["epoch"], 2);
    assert_eq!(count(&report, "outcome", "done"), 4);
    let lines = text(&report["text"]);
    assert!(
        lines.ends_with("4, True\nall thread done")
            || lines.ends_with("4, True\nall thread done\n"),
        "the heir finishes the round: {lines}"
    );
}

fn without_an_heir_the_jobs_are_finished_as_orphans(page: &Page) {
    stage(page, "adopt='off'");
    let report = page.run();
    master_died(&report);
    let master = &report["master"];
    assert!(master["adoptedAtMs"].is_null(), "{master}");
    assert_eq!(
        (&master["survivors"], &master["finished"], &master["lost"]),
        (&4.into(), &4.into(), &0.into())
    );
    assert_eq!(count(&report, "fate", "as-orphan"), 4);
    assert!(!text(&report["text"]).contains("all thread done"));
}

fn workers_of_the_master_die_with_it(page: &Page) {
    // Longer than the two seconds that Chromium takes to end them.
    stage(page, "owner='master'");
    page.set(FIGURE, "wait-ms", "6000");
    let report = page.run();
    master_died(&report);
    let master = &report["master"];
    assert_eq!(
        (&master["survivors"], &master["finished"], &master["lost"]),
        (&0.into(), &0.into(), &4.into())
    );
    assert_eq!(count(&report, "fate", "lost-with-owner"), 4);
}

fn jobs_that_calculate_outlive_their_master_too(page: &Page) {
    stage(page, "job='cpu' loops='300000000'");
    let report = page.run();
    master_died(&report);
    assert_eq!(count(&report, "outcome", "done"), 4);
    assert_eq!(report["master"]["survivors"], 4);
}

fn a_job_that_ends_at_once_is_done_before_anybody_dies(page: &Page) {
    stage(page, "");
    page.set(FIGURE, "wait-ms", "0");
    let report = page.run();
    is_valid(&report);
    assert_eq!(count(&report, "outcome", "done"), 4, "{report:#}");
}

fn a_worker_killed_after_the_death_is_missed_by_the_heir(page: &Page) {
    stage(page, "timeout-ms='300'");
    page.set(FIGURE, "wait-ms", "4000");
    let call = page.begin(FIGURE, "run");
    page.wait("the master is gone", "/force exit/.test(words())");
    page.js("lab().kill(2)");
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(report["deaths"][0]["worker"], "worker-2", "{report:#}");
    assert_eq!(report["master"]["survivors"], 3);
}

fn the_last_workers_may_be_killed_after_the_death(page: &Page) {
    stage(page, "timeout-ms='300'");
    page.set(FIGURE, "wait-ms", "4000");
    let call = page.begin(FIGURE, "run");
    page.wait("the master is gone", "/force exit/.test(words())");
    page.js("for (let worker = 0; worker < 4; worker++) lab().kill(worker)");
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(count(&report, "outcome", "done"), 0, "{report:#}");
    assert_eq!(report["master"]["survivors"], 0);
    page.set(FIGURE, "wait-ms", "300");
    assert_eq!(page.run()["outcome"], "done");
}

fn workers_killed_while_the_threads_start_do_no_harm(page: &Page) {
    stage(page, "wait-ms='300' timeout-ms='300'");
    let call = page.begin(FIGURE, "run");
    page.js("lab().kill(0); lab().kill(3)");
    adds_up(&page.settled(call).report());
    master_died(&page.run());
}

fn an_interval_longer_than_the_run_delays_the_heirs_word_only(page: &Page) {
    stage(page, "");
    page.set(FIGURE, "poll-ms", "4000");
    let report = page.run();
    master_died(&report);
    assert_eq!(count(&report, "outcome", "done"), 4, "{report:#}");
    for job in jobs(&report) {
        let took = number(&job["endMs"]) - number(&job["startMs"]);
        assert!(took < 3500.0, "no job waits for a look: {job}");
    }
}

fn another_number_of_workers_right_after_the_death_is_for_the_next_run(page: &Page) {
    stage(page, "");
    let call = page.begin(FIGURE, "run");
    page.wait("the master is gone", "/force exit/.test(words())");
    page.set(FIGURE, "threads", "6");
    let report = page.settled(call).report();
    master_died(&report);
    assert_eq!(report["config"]["threads"], 4);
    let report = page.run();
    master_died(&report);
    assert_eq!(count(&report, "outcome", "done"), 6);
}

fn another_number_of_workers_after_the_run_works(page: &Page) {
    stage(page, "wait-ms='300'");
    for threads in ["4", "7", "2"] {
        page.set(FIGURE, "threads", threads);
        let report = page.run();
        master_died(&report);
        assert_eq!(count(&report, "outcome", "done").to_string(), threads);
    }
}

fn a_run_in_a_hidden_page_ends_and_says_that_it_was_hidden(page: &Page) {
    stage(page, "");
    page.set(FIGURE, "wait-ms", "4000");
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", "/4 thread start/.test(words())");
    page.hide();
    let report = page.settled(call).report();
    page.unhide();
    master_died(&report);
    was_hidden(&report);
    assert_eq!(count(&report, "outcome", "done"), 4, "{report:#}");
}

fn a_stop_before_anybody_dies_is_heard(page: &Page) {
    stage(page, "wait-ms='60000'");
    let report = page.stopped_once("the workers are there", "/getting ready/.test(words())");
    is_valid(&report);
    page.set(FIGURE, "wait-ms", "300");
    master_died(&page.run());
}

fn a_stop_between_death_and_adoption_is_heard(page: &Page) {
    stage(page, "");
    page.set(FIGURE, "wait-ms", "60000");
    let report = page.stopped_once("the master is gone", "/force exit/.test(words())");
    adds_up(&report);
    assert!(number(&report["master"]["diedAtMs"]) > 0.0, "{report:#}");
    assert_eq!(count(&report, "outcome", "done"), 0);
    page.set(FIGURE, "wait-ms", "300");
    master_died(&page.run());
}

fn a_stop_of_a_round_whose_owner_is_dead_is_heard(page: &Page) {
    stage(page, "owner='master'");
    page.set(FIGURE, "wait-ms", "60000");
    let report = page.stopped_once("the owner is gone", "/force exit/.test(words())");
    adds_up(&report);
    assert_eq!(report["master"]["owner"], "master");
    page.set(FIGURE, "owner", "page");
    page.set(FIGURE, "wait-ms", "300");
    master_died(&page.run());
}

/// Stops at a moment, and gives the report that both promises agree on. The next run is whole.
#[track_caller]
fn stopped(page: &Page, attributes: &str, moment: &str, expression: &str) -> Value {
    stage(page, attributes);
    page.set(FIGURE, "wait-ms", "60000");
    let call = page.begin(FIGURE, "run");
    page.wait(moment, expression);
    let stopping = page.begin(FIGURE, "stop");
    let report = page.settled(stopping).report();
    assert_eq!(page.settled(call).report(), report);
    adds_up(&report);
    assert_eq!(report["outcome"], "stopped", "{report:#}");
    assert_eq!(page.state(FIGURE), "stopped");
    page.set(FIGURE, "wait-ms", "300");
    assert_eq!(page.run()["outcome"], "done");
    report
}

fn a_stop_right_after_the_start_is_heard(page: &Page) {
    stage(page, "wait-ms='60000'");
    let calls = page.js("return [begin(lab().run()), begin(lab().stop())]");
    for call in [0, 1] {
        let report = page.settled(calls[call].as_u64().expect("a call")).report();
        is_valid(&report);
        assert_eq!(report["outcome"], "stopped", "{report:#}");
    }
    page.set(FIGURE, "wait-ms", "300");
    assert_eq!(page.run()["outcome"], "done");
}

fn a_stop_while_nobody_is_master_is_heard(page: &Page) {
    let report = stopped(page, "adopt='off'", "the master is gone", "/force exit/.test(words())");
    assert!(number(&report["master"]["diedAtMs"]) > 0.0);
}

fn a_stop_after_the_adoption_is_heard(page: &Page) {
    let report =
        stopped(page, "", "a new master is there", "/new master has taken over/.test(words())");
    assert!(number(&report["master"]["adoptedAtMs"]) > 0.0);
}

fn after_a_death_the_figure_runs_again_and_no_thread_is_left_over(page: &Page) {
    stage(page, "wait-ms='300'");
    let before = page.worker_threads();
    page.run();
    let settled = |threads: usize| {
        page.until_some(std::time::Duration::from_secs(15), "the old threads are gone", || {
            match page.worker_threads() {
                now if now <= threads => Ok(()),
                now => Err(format!("{now} worker threads")),
            }
        });
    };
    // Four workers, an owner, a master; a group that saw a death may have gone as a whole.
    settled(before + 6);
    for owner in ["master", "page", "master"] {
        page.set(FIGURE, "owner", owner);
        assert_eq!(page.run()["outcome"], "done");
    }
    settled(before + 6);
    assert_eq!(page.complaints(), Vec::<Value>::new());
}

fn a_plain_mutex_is_never_free_again_when_its_holder_dies(page: &Page) {
    stage(page, "dies='holder' lock='plain' timeout-ms='300'");
    let report = page.run();
    is_valid(&report);
    let holder = &report["holder"];
    assert_eq!((&holder["lock"], &holder["waiting"]), (&"plain".into(), &3.into()));
    assert!(holder["recoveredBy"].is_null());
    assert!(number(&holder["blockedMs"]) >= 300.0);
    assert_eq!(report["outcome"], "done", "that nobody gets on is the result");
    page.wait("a reader is told", "/waiting still/.test(words())");
    let picture_ms = number(&page.js("return lab().recording.phases[0].endUs / 1000"));
    assert!(
        picture_ms > number(&holder["diedAtMs"]) + 150.0,
        "the picture ends at {picture_ms} ms, with the death, and does not show how they wait: {holder}"
    );
    assert_eq!(page.run()["holder"]["lock"], "plain", "and again");
}

fn a_robust_lock_is_recovered_when_its_holder_dies(page: &Page) {
    stage(page, "dies='holder' lock='robust' timeout-ms='300'");
    let report = page.run();
    is_valid(&report);
    let holder = &report["holder"];
    assert_eq!(holder["lock"], "robust");
    assert_ne!(holder["recoveredBy"], holder["holder"]);
    assert!(number(&holder["recoveredAtMs"]) >= number(&holder["diedAtMs"]));
    assert_eq!(holder["increments"], holder["finalValue"], "nothing is lost with the holder");
}

fn another_figure_runs_after_a_lock_was_lost(page: &Page) {
    let quick = crate::lab::QUICK.replace("<lock-lab", "<lock-lab id='second'");
    stage(
        page,
        &format!("dies='holder' lock='plain' timeout-ms='300'></lock-lab>{quick}<lock-lab hidden"),
    );
    page.run();
    page.js("lab('#second').scrollIntoView()");
    page.wait_state("#second", "ready");
    let call = page.begin("#second", "run");
    crate::report::is_whole(&page.settled(call).report());
}

fn what_this_engine_did_is_said(page: &Page) {
    stage(page, "");
    let report = page.run();
    page.wait(
        "the death, the survivors and the adoption",
        "/master ended itself/.test(words()) && /hearts? went on beating/.test(words()) && /new master took over/.test(words())",
    );
    assert_eq!(list(&report["rounds"]).len(), 1);
}

fn kills_deaths_and_adoptions_leave_nothing_behind(page: &Page) {
    let tally = crate::soak::soak(page, 20);
    assert!(tally.kills > 0 && tally.deaths > 0 && tally.adoptions > 0, "{tally:?}");
}
