//! The only room that knows the browser: what the owner worker and the coordinator worker call. The page itself
//! never calls into wasm. Settings and results cross once each way: results as one text, which becomes JavaScript's own objects.

mod heap;
mod javascript;
mod json;
mod pool;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use js_sys::{Array, Date, JSON, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::counter;
use crate::experiment::DeathObservation;
use crate::experiment::settings::{InvalidField, RawKind, RawValue};
use crate::experiments::{self, Answer};
use crate::runtime::{Environment, Harness, Host, Runtime, ThreadFn, Timeouts, panics};

/// One runtime an instance group: its board stays where it is as long as the memory lives.
static RUNTIME: LazyLock<Arc<Runtime>> = LazyLock::new(|| Runtime::new(Timeouts::default()));

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

/// Clocks that lie apart by more do not tell the same time. As in `www/engine/clock.js`.
const SHIFTED_MS: f64 = 1000.0;

struct Browser {
    /// Whether there is no pool.
    alone: bool,
}

impl Host for Browser {
    fn side(&self) -> &'static str {
        "wasm"
    }

    /// The pool must have a free thread for each: work blocks its own.
    fn spawn(&self, _name: &str, work: ThreadFn) -> Result<(), String> {
        if self.alone {
            return Err("the page can't share memory with another thread".to_owned());
        }
        pool::spawn(work);
        Ok(())
    }

    fn probe(&self, kind: &str, operations: u64) -> Option<Duration> {
        if self.alone {
            return None;
        }
        javascript::probe(kind, operations, &|| RUNTIME.board().is_stopping())
    }

    fn multiply(&self, times: u64) -> bool {
        javascript::multiply(times);
        true
    }

    /// By the machine's clock where this thread's is another, as after a sleep: the page's may not be off by as much.
    fn epoch_ms(&self) -> f64 {
        let own = PERFORMANCE.with(|performance| performance.time_origin() + performance.now());
        let machine = Date::now();
        if (own - machine).abs() > SHIFTED_MS { machine } else { own }
    }

    fn iso_now(&self) -> String {
        Date::new_0().to_iso_string().into()
    }
}

/// Where everything lies that the page reads: a [`Layout`](crate::runtime::layout::Layout).
#[wasm_bindgen]
pub fn layout() -> JsValue {
    to_js(&experiments::layout(RUNTIME.board()))
}

/// Settings that can't be run.
#[derive(Serialize)]
struct Refused {
    refused: Vec<InvalidField>,
}

/// What [`run`] and [`resume`] return: a [`RunResult`](crate::experiment::RunResult), or [`Refused`].
fn respond(answer: Answer) -> JsValue {
    match answer {
        Ok(result) => to_js(&result),
        Err(invalid) => to_js(&Refused { refused: invalid.0 }),
    }
}

/// Runs an experiment; blocks until its end. Called in the coordinator worker, with a pool of as many threads
/// as the configuration says.
///
/// `environment` is the report's environment as far as the page knows it, and may say `stepped: true`, or `alone: true` where there
/// is no pool. Returns what [`respond`] makes of it.
#[wasm_bindgen]
pub fn run(experiment: &str, config: JsValue, environment: &JsValue) -> JsValue {
    let found = experiments::find(experiment);
    respond(found.and_then(|entry| entry.begin(&harness(environment), &raw_config(config))))
}

/// Continues the run of a master that ended itself; blocks until its end. Called in a fresh coordinator worker
/// on the same memory.
///
/// `observation` is what the page observed of the master's end, `{deathSeenMs, answered}`. Returns as [`run`] does.
#[wasm_bindgen]
pub fn resume(experiment: &str, observation: &JsValue, environment: &JsValue) -> JsValue {
    let death_seen_ms = get(observation, "deathSeenMs").as_f64();
    let death = death_seen_ms.map(|death_seen_ms| DeathObservation {
        death_seen_ms,
        answered: get(observation, "answered").is_truthy(),
    });
    let found = experiments::find(experiment);
    respond(found.and_then(|entry| entry.resume(&harness(environment), death)))
}

/// Wakes every thread, so that it sees what the page has written on the board. Called in the owner worker, whose
/// event loop is free while the coordinator is blocked.
#[wasm_bindgen]
pub fn wake() {
    RUNTIME.wake();
}

fn harness(given: &JsValue) -> Harness {
    console_error_panic_hook::set_once();
    panics::install_hook(true);
    counter::js::provide(javascript::make);
    let text = |name| get(given, name).as_string();
    let flag = |name| get(given, name).as_bool();
    let environment = Environment {
        engine: text("engine").unwrap_or_default(),
        cores: get(given, "cores").as_f64().map(|cores| cores as u32),
        isolated: flag("isolated").unwrap_or_default(),
        isolated_by: text("isolatedBy"),
        clock_step_ms: None,
        build: text("build").unwrap_or_default(),
        on_battery: flag("onBattery"),
    };
    let alone = flag("alone") == Some(true);
    if alone {
        RUNTIME.set_alone(javascript::look);
    }
    let browser = Box::new(Browser { alone });
    let mut harness = Harness::new(Arc::clone(&RUNTIME), browser, environment);
    harness.stepped = flag("stepped") == Some(true);
    harness
}

/// A property; undefined if `object` is none, or has no such property.
fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// A configuration's fields, whatever it is.
fn raw_config(config: JsValue) -> Vec<(String, RawValue)> {
    let raw = |value: JsValue| RawValue {
        text: value.as_string().unwrap_or_else(|| {
            let json = JSON::stringify(&value);
            json.map_or_else(|_| String::new(), String::from)
        }),
        kind: match value.as_f64() {
            Some(number) => RawKind::Number(number),
            None if value.is_string() => RawKind::Text,
            None => RawKind::Other,
        },
    };
    match config.dyn_into::<Object>() {
        Ok(object) => Object::entries(&object)
            .iter()
            .map(|entry| entry.unchecked_into::<Array>())
            .filter(|entry| !entry.get(1).is_undefined())
            .map(|entry| {
                let name = entry.get(0).as_string().unwrap_or_default();
                (name, raw(entry.get(1)))
            })
            .collect(),
        Err(other) => vec![("config".to_owned(), raw(other))],
    }
}

fn to_js(value: &impl Serialize) -> JsValue {
    JSON::parse(&json::text(value)).unwrap_or_default()
}
