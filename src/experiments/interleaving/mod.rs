//! Two threads add one to the same number. What can come out?
//!
//! Two workers run the code of the racy and the atomic counter and of the futex mutex, with a [`gate`] before
//! each shared access. So an order of steps can be chosen and repeated, and all orders be tried; then the same
//! code races without gates.

mod gate;
mod machine;
mod orders;
mod race;
pub mod report;
mod stepper;
mod subject;

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use crate::experiment::live::{Column, LiveRow, LiveRows};
use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{
    Allowed, COUNTER, ConfigReader, Domain, HOLD_NS, OneOf, Range, RawKind, RawValue, Setting,
    TIMES, Value,
};
use crate::experiment::{Experiment, RunOutcome};
use crate::prose;
use crate::runtime::live::Table;
use crate::runtime::{Harness, calibration};
pub use machine::{Machine, Protection, Step, Thread};
use race::Race;
use report::{Body, Races, Schedules};
use stepper::{Interrupted, Stepper};

/// More orders than that are not run one by one.
const MAX_RUN: u64 = 1_000;

/// Races of a run, if there is time for them.
const ROUNDS: u32 = 100_000;

/// How long they may take: with more threads than cores each start waits for the scheduler.
const RACE_TIME: Duration = Duration::from_secs(2);

/// Letters in the longest schedule: no order of three additions each has more.
const MAX_STEPS: usize = 64;

/// The experiment.
#[derive(Debug)]
pub struct Interleaving;

/// What a run is to be.
#[derive(Debug)]
pub struct Config {
    protection: Protection,
    times: u32,
    hold_ns: u32,
    schedule: Schedule,
}

/// An order of steps, or its beginning: a bit a step.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Schedule {
    bits: u64,
    length: usize,
}

impl Schedule {
    fn threads(self) -> impl Iterator<Item = Thread> {
        (0..self.length).map(move |step| Thread::BOTH[(self.bits >> step & 1) as usize])
    }

    fn text(self) -> String {
        self.threads().map(Thread::letter).collect()
    }
}

/// Letters A and B.
#[derive(Debug, Clone, Copy)]
struct Letters;

impl Domain for Letters {
    type Value = Schedule;

    fn allowed(&self) -> Allowed {
        Allowed::Text { pattern: "[AB]{0,64}", words: "A and B, each where that thread can step" }
    }

    fn parse(&self, raw: &RawValue) -> Option<Schedule> {
        if raw.kind != RawKind::Text || raw.text.len() > MAX_STEPS {
            return None;
        }
        raw.text.chars().try_fold(Schedule::default(), |schedule, letter| {
            let thread = Thread::from_letter(letter)?;
            Some(Schedule {
                bits: schedule.bits | (thread.index() as u64) << schedule.length,
                length: schedule.length + 1,
            })
        })
    }

    fn value(&self, value: Schedule) -> Value {
        Value::Text(value.text().into())
    }
}

/// A number of steps, or all.
#[derive(Debug, Clone, Copy)]
struct Position;

impl Domain for Position {
    /// `None` for all.
    type Value = Option<u32>;

    fn allowed(&self) -> Allowed {
        Allowed::Text { pattern: "all|[0-9]{1,2}", words: "all, or 0 to the schedule's length" }
    }

    fn parse(&self, raw: &RawValue) -> Option<Option<u32>> {
        if raw.is_text("all") {
            return Some(None);
        }
        // As the pattern says: no sign, no third digit.
        let is_number = raw.text.len() <= 2 && raw.text.bytes().all(|byte| byte.is_ascii_digit());
        raw.text.parse().ok().filter(|_| is_number).map(Some)
    }

    fn value(&self, value: Option<u32>) -> Value {
        value.map_or(Value::Text("all".into()), Value::Integer)
    }
}

const SCHEDULE: Setting<Letters> = Setting {
    name: "schedule",
    attribute: "schedule",
    domain: Letters,
    default: Schedule { bits: 0, length: 0 },
    unit: "",
    meaning: prose("Who takes each step, a letter a step; empty: nobody yet."),
};

const AT: Setting<Position> = Setting {
    name: "at",
    attribute: "at",
    domain: Position,
    default: None,
    unit: "",
    meaning: prose("How many steps of the schedule are shown as done."),
};

const PROTECTIONS: OneOf<Protection> =
    OneOf(&["racy", "atomic", "futex"], &[Protection::Racy, Protection::Atomic, Protection::Futex]);

impl Experiment for Interleaving {
    const NAME: &'static str = "interleaving";
    const QUESTION: &'static str =
        prose("Two threads add one to the same number. What can come out?");
    /// Two threads, one more than a figure without a setting for them has.
    const EXTRA_THREADS: u32 = 1;
    const LIVE: Option<fn() -> Table> = Some(<Progress as LiveRow>::table);

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        let config = Config {
            protection: reader.get(&COUNTER.within(PROTECTIONS, Protection::Racy)),
            times: reader.get(&TIMES.within(Range(1, 3), 1)),
            hold_ns: reader.get(&HOLD_NS.within(Range(0, 10_000), 0)),
            schedule: reader.get(&SCHEDULE),
        };
        let at = reader.get(&AT);
        let mut machine = Machine::new(config.protection, config.times);
        if let Some(wrong) =
            config.schedule.threads().position(|thread| machine.step(thread).is_none())
        {
            let allowed = format!(
                "A and B, each where that thread can step, which is not so at step {}",
                wrong + 1
            );
            reader.reject(SCHEDULE.name, SCHEDULE.attribute, allowed);
        } else if at.is_some_and(|at| at as usize > config.schedule.length) {
            let allowed = format!("all, or 0–{}", config.schedule.length);
            reader.reject(AT.name, AT.attribute, allowed);
        }
        config
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome<Body> {
        let live = LiveRows::publish(harness, 1 + MAX_STEPS);
        let mut stepper = Stepper::start(harness);
        let done = if harness.stepped {
            step_along(&mut stepper, config, &live, &mut report.body)
        } else {
            run_all(harness, &mut stepper, config, &live, &mut report.body)
        };
        stepper.finish();
        match done {
            Ok(()) => {}
            Err(Interrupted::Stopped) => report.outcome = Outcome::Stopped,
            Err(error) => report.fail(error.to_string()),
        }
        RunOutcome::Finished
    }
}

/// The chosen order, every order, and the races.
fn run_all(
    harness: &Harness,
    stepper: &mut Stepper,
    config: &Config,
    live: &LiveRows<Progress>,
    body: &mut Body,
) -> Result<(), Interrupted> {
    let step = harness.clock_step();
    let Config { protection, times, .. } = *config;
    let expected = 2 * i64::from(times);
    if config.schedule.length > 0 {
        let mut machine = stepper.begin(protection, times)?;
        follow(stepper, &mut machine, config.schedule, body)?;
        conclude(&machine, expected, body);
        // The workers take nothing else before they are through.
        while let Some(thread) = machine.enabled().next() {
            stepper.step(&mut machine, thread)?;
        }
    }
    let machine = Machine::new(protection, times);
    let counts = machine.count();
    let orders =
        if counts.total() <= MAX_RUN { machine.schedules() } else { machine.covering_schedules() };
    // At most `MAX_RUN`.
    let planned = orders.len() as u32;
    for (ran, order) in (0..).zip(&orders) {
        live.write(0, &Progress::of(ran, planned, 0));
        let mut machine = stepper.begin(protection, times)?;
        for thread in order {
            stepper.step(&mut machine, *thread)?;
        }
    }
    body.schedules = Some(Schedules::new(&counts, expected, orders.len() as u64));
    let hold = if config.hold_ns == 0 {
        0
    } else {
        let multiplication_ns = calibration::multiplication_ns(harness, step);
        let ns = multiplication_ns.ok_or(Interrupted::Stopped)?;
        (f64::from(config.hold_ns) / ns) as u64
    };
    let race = Arc::new(Race::new(protection, ROUNDS, hold));
    let begin = Instant::now();
    let ended = stepper.race(&race, || {
        if begin.elapsed() > RACE_TIME {
            race.end();
        }
        live.write(0, &Progress::of(planned, planned, race.tally().rounds));
    });
    body.race = Races::new(race.tally(), protection == Protection::Futex);
    ended?;
    // A stop ends the races, too.
    if harness.is_stopping() {
        return Err(Interrupted::Stopped);
    }
    Ok(())
}

/// The chosen order, and after it whatever steps the page permits, until both threads are done or a stop.
fn step_along(
    stepper: &mut Stepper,
    config: &Config,
    live: &LiveRows<Progress>,
    body: &mut Body,
) -> Result<(), Interrupted> {
    let mut machine = stepper.begin(config.protection, config.times)?;
    follow(stepper, &mut machine, config.schedule, body)?;
    let steps = body.steps.get_or_insert_default();
    for (place, step) in steps.iter().enumerate() {
        live.write(1 + place, &Progress::step(step));
    }
    while machine.enabled().next().is_some() {
        let step = stepper.observe(&mut machine)?;
        live.write(1 + steps.len(), &Progress::step(&step));
        steps.push(step);
    }
    conclude(&machine, 2 * i64::from(config.times), body);
    Ok(())
}

fn follow(
    stepper: &mut Stepper,
    machine: &mut Machine,
    schedule: Schedule,
    body: &mut Body,
) -> Result<(), Interrupted> {
    body.schedule = Some(schedule.text());
    let steps = body.steps.get_or_insert_default();
    for thread in schedule.threads() {
        steps.push(stepper.step(machine, thread)?);
    }
    Ok(())
}

/// What an order comes to, if it goes to the end.
fn conclude(machine: &Machine, expected: i64, body: &mut Body) {
    body.expected_value = Some(expected);
    if machine.enabled().next().is_none() {
        body.final_value = Some(machine.number());
        body.lost = Some(expected - machine.number());
    }
}

/// A live row: the first says how far the run is, the others are the steps of the order.
#[derive(Debug, Default)]
struct Progress {
    orders_run: Option<u32>,
    orders: Option<u32>,
    races_run: Option<u32>,
    races: Option<u32>,
    step: Option<Step>,
}

impl Progress {
    fn of(orders_run: u32, orders: u32, races_run: u32) -> Progress {
        let is_racing = orders_run == orders;
        Progress {
            orders_run: Some(orders_run),
            orders: Some(orders),
            races_run: is_racing.then_some(races_run),
            races: is_racing.then_some(ROUNDS),
            step: None,
        }
    }

    fn step(step: &Step) -> Progress {
        Progress { step: Some(step.clone()), ..Progress::default() }
    }

    fn number(value: Option<u32>) -> f64 {
        value.map_or(f64::NAN, f64::from)
    }

    fn of_step(&self, read: impl Fn(&Step) -> f64) -> f64 {
        self.step.as_ref().map_or(f64::NAN, read)
    }
}

impl LiveRow for Progress {
    const TABLE: &'static str = "interleaving";
    const COLUMNS: &'static [Column<Progress>] = &[
        ("ordersRun", |row| Progress::number(row.orders_run)),
        ("orders", |row| Progress::number(row.orders)),
        ("racesRun", |row| Progress::number(row.races_run)),
        ("races", |row| Progress::number(row.races)),
        ("thread", |row| row.of_step(|step| step.thread.index() as f64)),
        ("op", |row| row.of_step(|step| f64::from(step.op as u32))),
        ("register", |row| row.of_step(|step| step.register as f64)),
        ("shared", |row| row.of_step(|step| step.shared as f64)),
    ];
}
