//! The only room that knows the browser: what the owner worker and the coordinator worker call, and the
//! memory they share. Not for the page itself, which never calls into wasm.

mod heap;
mod javascript;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use js_sys::{Array, JSON, Object};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

pub use wasm_bindgen_rayon::init_thread_pool;

use crate::counter;
use crate::experiment::report::Report;
use crate::experiment::settings::{InvalidConfig, InvalidField, RawKind, RawValue};
use crate::experiment::{DeathObservation, RunResult};
use crate::experiments::{self, Body};
use crate::runtime::{Environment, Harness, Host, Runtime, ThreadFn, Timeouts, panics};

/// One runtime an instance group: its board stays where it is as long as the memory lives.
static CREW: LazyLock<Arc<Runtime>> = LazyLock::new(|| Runtime::new(Timeouts::default()));

#[wasm_bindgen]
extern "C" {
    type Performance;

    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: Performance;

    #[wasm_bindgen(method)]
    fn now(this: &Performance) -> f64;

    #[wasm_bindgen(method, getter, js_name = timeOrigin)]
    fn time_origin(this: &Performance) -> f64;
}

struct Browser;

impl Host for Browser {
    fn side(&self) -> &'static str {
        "wasm"
    }

    /// The pool must have a free thread for each: work blocks its own.
    fn spawn(&self, _name: &str, work: ThreadFn) -> Result<(), String> {
        rayon::spawn(work);
        Ok(())
    }

    fn probe(&self, kind: &str, operations: u64) -> Option<Duration> {
        javascript::probe(kind, operations, &|| CREW.board().is_stopping())
    }

    fn epoch_ms(&self) -> f64 {
        PERFORMANCE.with(|performance| performance.time_origin() + performance.now())
    }

    fn iso_now(&self) -> String {
        js_sys::Date::new_0().to_iso_string().into()
    }
}

/// Where the board lies in memory, as JSON.
#[wasm_bindgen]
pub fn layout() -> String {
    text(&experiments::layout(CREW.board()))
}

/// What [`run`] answers.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Said {
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<Box<Report<Body>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spent: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<Vec<InvalidField>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit: Option<Exit>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Exit {
    adopt_after_ms: f64,
}

fn say(answer: Result<RunResult<Body>, InvalidConfig>) -> String {
    text(&match answer {
        Ok(RunResult::Report { report, unusable }) => Said {
            report: Some(report),
            spent: Some(unusable),
            ..Said::default()
        },
        Ok(RunResult::Exited { adopt_after_ms }) => Said {
            exit: Some(Exit { adopt_after_ms }),
            ..Said::default()
        },
        Err(refused) => Said {
            refused: Some(refused.0),
            ..Said::default()
        },
    })
}

/// Runs an experiment; blocks until its end. Called in the coordinator worker, with a pool of as many
/// threads as the configuration says.
///
/// `environment` is the report's environment as far as the page knows it, and may say
/// `"recording": false` or `"stepped": true`. Returns JSON: `{"report": …, "spent": …}`, where `spent` says whether the threads
/// can't be used again; `{"refused": [wrong fields]}`; or `{"exit": {"adoptAfterMs": …}}`: then this worker
/// must end, and [`resume`] be called in another.
#[wasm_bindgen]
pub fn run(experiment: &str, config: &str, environment: &str) -> String {
    let found = experiments::find(experiment);
    say(found.and_then(|entry| entry.begin(&harness(environment), &fields(config))))
}

/// Goes on with the run of a master that ended itself; blocks until its end. Called in a fresh master
/// worker on the same memory.
///
/// `seen` is JSON: `{"deathSeenMs": …, "answered": …}`, what the page saw of the end. Returns what [`run`]
/// returns, but for `exit`.
#[wasm_bindgen]
pub fn resume(experiment: &str, seen: &str, environment: &str) -> String {
    let witness: Witness = object(seen).unchecked_into();
    let death = witness
        .death_seen_ms()
        .map(|death_seen_ms| DeathObservation {
            death_seen_ms,
            answered: witness.answered().unwrap_or_default(),
        });
    let found = experiments::find(experiment);
    say(found.and_then(|entry| entry.resume(&harness(environment), death)))
}

fn harness(environment: &str) -> Harness {
    console_error_panic_hook::set_once();
    panics::install_hook(true);
    counter::js::provide(javascript::make);
    let about: About = object(environment).unchecked_into();
    let mut harness = Harness::new(Arc::clone(&CREW), Box::new(Browser), about.read());
    harness.recording = about.recording() != Some(false);
    harness.stepped = about.stepped() == Some(true);
    harness
}

/// JSON as an object; an empty one where it is something else.
fn object(json: &str) -> Object {
    let parsed = JSON::parse(json).and_then(JsCast::dyn_into::<Object>);
    parsed.unwrap_or_default()
}

#[wasm_bindgen]
extern "C" {
    /// What the page saw of a master's end.
    type Witness;

    #[wasm_bindgen(method, getter, js_name = deathSeenMs)]
    fn death_seen_ms(this: &Witness) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    fn answered(this: &Witness) -> Option<bool>;
}

#[wasm_bindgen]
extern "C" {
    /// The page's environment object; whatever is missing there is `None` here.
    type About;

    #[wasm_bindgen(method, getter)]
    fn engine(this: &About) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn cores(this: &About) -> Option<u32>;
    #[wasm_bindgen(method, getter)]
    fn isolated(this: &About) -> Option<bool>;
    #[wasm_bindgen(method, getter, js_name = isolatedBy)]
    fn isolated_by(this: &About) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn build(this: &About) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn hidden(this: &About) -> Option<bool>;
    #[wasm_bindgen(method, getter, js_name = onBattery)]
    fn on_battery(this: &About) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    fn recording(this: &About) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    fn stepped(this: &About) -> Option<bool>;
}

impl About {
    fn read(&self) -> Environment {
        Environment {
            engine: self.engine().unwrap_or_default(),
            cores: self.cores(),
            isolated: self.isolated().unwrap_or_default(),
            isolated_by: self.isolated_by(),
            clock_step_ms: None,
            build: self.build().unwrap_or_default(),
            hidden: self.hidden(),
            on_battery: self.on_battery(),
        }
    }
}

/// A configuration given as JSON. The browser's own parser reads it, as it writes the answer: one of
/// ours would be a fifth of the module.
fn fields(config: &str) -> Vec<(String, RawValue)> {
    let given = |value: &JsValue| RawValue {
        text: value.as_string().unwrap_or_else(|| json(value)),
        kind: match value.as_f64() {
            Some(number) => RawKind::Number(number),
            None if value.is_string() => RawKind::Text,
            None => RawKind::Other,
        },
    };
    match JSON::parse(config)
        .unwrap_or_else(|_| config.into())
        .dyn_into::<Object>()
    {
        Ok(object) => Object::entries(&object)
            .iter()
            .map(|entry| {
                let entry: Array = entry.unchecked_into();
                (
                    entry.get(0).as_string().unwrap_or_default(),
                    given(&entry.get(1)),
                )
            })
            .collect(),
        Err(other) => vec![("config".to_owned(), given(&other))],
    }
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).map_or_else(|_| String::new(), String::from)
}

fn text(value: &impl Serialize) -> String {
    // No map here has a key that is no text, which is all that can go wrong.
    json(
        &value
            .serialize(&Serializer::json_compatible())
            .unwrap_or_default(),
    )
}

/// Asks everyone at work to stop, and wakes them for it. Called in the owner worker, whose event
/// loop is free while the master's is blocked.
#[wasm_bindgen]
pub fn stop() {
    CREW.stop();
}

/// Wakes everyone at work, so that they see what the page has written on the board.
#[wasm_bindgen]
pub fn wake() {
    CREW.wake();
}
