//! The only room that knows the browser: what the owner worker and the master worker call, and the
//! memory they share. Not for the page itself, which never calls into wasm.

mod heap;

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

pub use wasm_bindgen_rayon::init_thread_pool;

use crate::experiment::crew::{Crew, Host, Job, watch_panics};
use crate::experiment::report::Environment;
use crate::experiment::{self, Lab};

/// One crew an instance group: its board stays where it is as long as the memory lives.
static CREW: LazyLock<Arc<Crew>> = LazyLock::new(Crew::new);

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

    /// The pool must have a free thread for each job: a job blocks its own.
    fn spawn(&self, _name: &str, job: Job) -> Result<(), String> {
        rayon::spawn(job);
        Ok(())
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
    json!(CREW.board().layout()).to_string()
}

/// Runs an experiment; blocks until its end. Called in the master worker, with a pool of as many
/// threads as the configuration says.
///
/// Returns JSON: `{"report": …}`, or `{"refused": [wrong fields]}`.
#[wasm_bindgen]
pub fn run(experiment: &str, config: &str, environment: &str) -> String {
    console_error_panic_hook::set_once();
    watch_panics(true);
    // What is no JSON is refused as a configuration that it can't be.
    let config = serde_json::from_str(config).unwrap_or_else(|_| Value::from(config));
    let about: Environment = serde_json::from_str(environment).unwrap_or_default();
    let mut lab = Lab::new(Arc::clone(&CREW), Box::new(Browser), about);
    lab.recording = !environment.contains("\"recording\":false");
    match experiment::run(&lab, experiment, &config) {
        Ok(report) => json!({ "report": report }),
        Err(refused) => json!({ "refused": refused.0 }),
    }
    .to_string()
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
