//! A harness on the operating system's own threads, for the terminal and the tests. Not for browsers,
//! who have `web`.

use std::time::SystemTime;

use serde_json::Value;

use crate::experiment::settings::{RawKind, RawValue};
use crate::runtime::{Environment, Harness, Host, Runtime, ThreadFn, Timeouts, panics};

struct Native;

impl Host for Native {
    fn side(&self) -> &'static str {
        "native"
    }

    fn spawn(&self, name: &str, work: ThreadFn) -> Result<(), String> {
        let thread = std::thread::Builder::new().name(name.to_owned());
        thread.spawn(work).map(drop).map_err(|error| error.to_string())
    }

    fn epoch_ms(&self) -> f64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.unwrap_or_default().as_secs_f64() * 1e3
    }

    fn iso_now(&self) -> String {
        humantime::format_rfc3339_millis(SystemTime::now()).to_string()
    }
}

/// A harness with a runtime of its own.
pub fn harness() -> Harness {
    panics::install_hook(false);
    let environment = Environment {
        engine: "native".to_owned(),
        cores: std::thread::available_parallelism()
            .ok()
            .and_then(|cores| u32::try_from(cores.get()).ok()),
        build: env!("CARGO_PKG_VERSION").to_owned(),
        ..Environment::default()
    };
    Harness::new(Runtime::new(Timeouts::default()), Box::new(Native), environment)
}

/// A configuration given as a JSON object.
pub fn fields(config: &Value) -> Vec<(String, RawValue)> {
    let given = |value: &Value| RawValue {
        text: value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        kind: match value {
            Value::Number(number) => number.as_f64().map_or(RawKind::Other, RawKind::Number),
            Value::String(_) => RawKind::Text,
            _ => RawKind::Other,
        },
    };
    match config {
        Value::Object(fields) => {
            let fields = fields.iter();
            fields.map(|(name, value)| (name.clone(), given(value))).collect()
        }
        other => vec![("config".to_owned(), given(other))],
    }
}
