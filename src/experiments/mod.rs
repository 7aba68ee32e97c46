//! The registry: all experiments, a folder each, in the article's order.

pub mod contention;
pub mod interleaving;
pub mod lock_cost;
pub mod master_exit;
pub mod master_worker;
pub mod masters;
pub mod price_list;

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::Serialize;
use web_time::Instant;

use crate::counter::KINDS;
use crate::experiment::report::Report;
use crate::experiment::settings::{
    ConfigReader, InvalidConfig, InvalidField, RawConfig, SettingInfo,
};
use crate::experiment::{self, DeathObservation, Experiment, RunResult};
use crate::runtime::Harness;
use crate::runtime::board::StatusBoard;
use crate::runtime::layout::Layout;
use crate::runtime::live::Table;

/// Registers the experiments: each one's part of a [`Report`], and its [`Entry`].
macro_rules! experiments {
    ($($module:ident::$name:ident),+ $(,)?) => {
        /// The part of a report that is the experiment's own.
        #[derive(Serialize)]
        #[serde(untagged)]
        #[allow(missing_docs, reason = "they are documented where they stand")]
        pub enum Body {
            $($name(<$module::$name as Experiment>::Body)),+
        }

        /// All experiments.
        pub const EXPERIMENTS: &[Entry] = &[$({
            type This = $module::$name;
            Entry {
                name: This::NAME,
                question: This::QUESTION,
                extra_threads: This::EXTRA_THREADS,
                alone: This::ALONE,
                live: This::LIVE,
                read: |reader| {
                    This::config(reader);
                },
                begin: |harness, raw| {
                    experiment::begin::<This, _>(harness, raw, &is_setting, Body::$name)
                },
                #[cfg(feature = "schema")]
                schema: <This as Experiment>::Body::json_schema,
            }
        }),+];
    };
}

experiments! {
    lock_cost::LockCost,
    price_list::PriceList,
    interleaving::Interleaving,
    contention::Contention,
    master_worker::MasterWorker,
    master_exit::MasterExit,
}

#[cfg(feature = "schema")]
use schemars::JsonSchema;

/// What comes of a run that was begun or resumed.
pub type Answer = Result<RunResult<Body>, InvalidConfig>;

/// An experiment as everything above knows it.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The element's `figure`.
    pub name: &'static str,
    /// What it answers.
    pub question: &'static str,
    /// Threads that it needs beside its workers.
    pub extra_threads: u32,
    /// Whether one thread can be enough for all of it.
    pub alone: bool,
    live: Option<fn() -> Table>,
    /// Reads its settings.
    pub read: fn(&mut ConfigReader),
    begin: fn(&Harness, &RawConfig) -> Answer,
    #[cfg(feature = "schema")]
    pub(crate) schema: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

impl Entry {
    /// Its settings, in the order of the controls.
    pub fn settings(&self) -> Vec<SettingInfo> {
        let mut reader = ConfigReader::default();
        (self.read)(&mut reader);
        reader.settings()
    }

    /// Runs it until the end, or until its master ends itself: see [`experiment::begin`].
    ///
    /// # Errors
    /// `raw` has wrong fields: all are named.
    pub fn begin(&self, harness: &Harness, raw: &RawConfig) -> Answer {
        let number = EXPERIMENTS.iter().position(|entry| entry.name == self.name);
        let header = &harness.runtime.board().header;
        // A handful, so it fits.
        let number = number.unwrap_or_default() as u32;
        header.rows_table.store(number, Ordering::Relaxed);
        (self.begin)(harness, raw)
    }

    /// Runs it to its end, in the place of every master that ends itself.
    ///
    /// # Errors
    /// `raw` has wrong fields: all are named.
    pub fn run(&self, harness: &Harness, raw: &RawConfig) -> Result<Report<Body>, InvalidConfig> {
        let result = self.begin(harness, raw)?;
        to_the_end(harness, result, || self.resume(harness, None))
    }

    /// Goes on with it after its master's end: see [`experiment::resume`].
    ///
    /// # Errors
    /// No master of this experiment has ended itself.
    pub fn resume(&self, harness: &Harness, death: Option<DeathObservation>) -> Answer {
        experiment::resume(harness, self.name, death)
    }
}

/// The experiment called `name`.
///
/// # Errors
/// There is none of that name.
pub fn find(name: &str) -> Result<&'static Entry, InvalidConfig> {
    let found = EXPERIMENTS.iter().find(|entry| entry.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = EXPERIMENTS.iter().map(|entry| entry.name).collect();
        let field = InvalidField::new("figure", "figure", name, names.join(", "));
        InvalidConfig(vec![field])
    })
}

/// Runs an experiment to its end, on the calling thread and in the place of every master that ends itself.
///
/// # Errors
/// `raw` has wrong fields: all are named.
///
/// ```
/// use locklab::experiments::{self, lock_cost::LockCost};
/// use locklab::native;
/// use serde_json::json;
///
/// let harness = native::harness();
/// let small = native::fields(&json!({ "threads": 2, "times": 3, "waitMs": 1, "loops": 100 }));
/// let report = experiments::run::<LockCost>(&harness, &small).unwrap();
/// assert_eq!(report.body.runs[1].final_value, Some(6));
///
/// let wrong = native::fields(&json!({ "threads": 0, "times": 3, "waitMs": -1 }));
/// let invalid = experiments::run::<LockCost>(&harness, &wrong).unwrap_err();
/// assert_eq!(invalid.0.len(), 2);
/// ```
pub fn run<E: Experiment>(
    harness: &Harness,
    raw: &RawConfig,
) -> Result<Report<E::Body>, InvalidConfig> {
    let result = experiment::begin::<E, _>(harness, raw, &is_setting, |body| body)?;
    to_the_end(harness, result, || experiment::resume(harness, E::NAME, None))
}

fn to_the_end<B>(
    harness: &Harness,
    mut result: RunResult<B>,
    resume: impl Fn() -> Result<RunResult<B>, InvalidConfig>,
) -> Result<Report<B>, InvalidConfig> {
    loop {
        match result {
            RunResult::Report { report, .. } => return Ok(*report),
            RunResult::Exited { adopt_after_ms } => {
                wait_without_master(harness, Duration::from_secs_f64(adopt_after_ms / 1e3));
                result = resume()?;
            }
        }
    }
}

/// Waits for so long, or until a stop is asked for; a wake-up that was meant for the last master ends nothing.
fn wait_without_master(harness: &Harness, time: Duration) {
    let begin = Instant::now();
    while !harness.is_stopping() && begin.elapsed() < time {
        std::thread::park_timeout(time.saturating_sub(begin.elapsed()));
    }
}

/// Whether any experiment has a setting of this name.
fn is_setting(name: &str) -> bool {
    let mut settings = EXPERIMENTS.iter().flat_map(Entry::settings);
    settings.any(|setting| setting.name == name)
}

/// Where everything lies that the page reads.
pub fn layout(board: &StatusBoard) -> Layout {
    let tables = EXPERIMENTS.iter().map(|entry| entry.live.map(|table| table()));
    let counters = KINDS.iter().map(|kind| kind.name);
    Layout::new(board, tables.collect(), counters.collect(), masters::MasterEvent::kinds())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::thread;

    use serde_json::json;

    use super::*;
    use crate::native::fields;
    use crate::runtime::Timeouts;
    use crate::runtime::fake::{self, Fault, SHORT};
    use crate::runtime::live::COLUMNS;

    #[test]
    fn every_live_row_has_room() {
        let tables = EXPERIMENTS.iter().filter_map(|entry| entry.live);
        for table in tables.map(|table| table()) {
            assert!(table.columns.len() <= COLUMNS, "{}", table.name);
        }
    }

    #[test]
    fn a_setting_has_one_attribute_and_one_meaning_whoever_uses_it() {
        let settings: Vec<_> = EXPERIMENTS.iter().flat_map(Entry::settings).collect();
        for one in &settings {
            for other in settings.iter().filter(|other| other.name == one.name) {
                assert_eq!(
                    (one.attribute, one.meaning, one.unit),
                    (other.attribute, other.meaning, other.unit)
                );
            }
        }
    }

    /// Whether the run ends as one worker's thread does not come in time, or by a stop that waits for nobody.
    #[test]
    fn a_thread_that_is_on_its_way_is_waited_for_or_named_and_then_none_is_used_again() {
        let late = |name: &str, config, is_stopped| {
            let mut timeouts = Timeouts { start: SHORT, ..Timeouts::default() };
            if is_stopped {
                timeouts.stop = Duration::ZERO;
            }
            let harness = fake::harness_within(timeouts, Fault::Late, "worker-0");
            if is_stopped {
                harness.runtime.stop();
            }
            let begin = Instant::now();
            let entry = find(name).expect("it is registered");
            let result = entry.begin(&harness, &fields(&config));
            let Ok(RunResult::Report { report, unusable }) = result else {
                panic!("{name}: no report");
            };
            let is_named = report.stuck.iter().flatten().any(|worker| worker == "worker-0");
            let has_come = begin.elapsed() >= SHORT * 2;
            assert!(has_come || is_named, "{name} {config}, stopped: {is_stopped}");
            assert_eq!(unusable, report.stuck.is_some(), "{name} {config}, stopped: {is_stopped}");
        };
        thread::scope(|scope| {
            for is_stopped in [false, true] {
                scope.spawn(move || late("lock-cost", json!({}), is_stopped));
                scope.spawn(move || late("interleaving", json!({}), is_stopped));
                scope.spawn(move || late("master-worker", json!({}), is_stopped));
                scope.spawn(move || late("master-exit", json!({}), is_stopped));
                scope.spawn(move || late("master-exit", json!({ "dies": "holder" }), is_stopped));
            }
        });
    }
}
