//! What makes a result doubtful, as data: the page turns it into sentences, in its languages.

use serde::Serialize;

/// A reason to doubt a report, or a part of it. In a report it is an object with its `code`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Warning {
    /// The machine ran on its battery: processors are slower then.
    OnBattery,
    /// The clock moves in steps so long that little can be timed by it, as where a browser guards against
    /// fingerprinting.
    CoarseClock {
        /// How long a step is.
        step_ms: f64,
    },
    /// These workers did not stop.
    Stuck {
        /// Their names.
        workers: Vec<String>,
    },
    /// The runs are too short to tell how far two equal ones may lie apart.
    TooShort {
        /// Which runs: "io" or "cpu".
        busy: &'static str,
    },
    /// The compiler may not have settled yet for these counters.
    NotSettled {
        /// Their names.
        counters: Vec<String>,
    },
    /// Samples lie so far above the others that something else must have had the processor.
    Outliers {
        /// How many do.
        outliers: u32,
        /// Of how many.
        samples: u32,
    },
    /// The empty loop, measured twice, seems to differ from itself.
    ControlDiffers {
        /// By how much.
        difference_ns: f64,
    },
    /// The processor can calculate several times as quickly: a browser runs the code as it is, as one may under a
    /// debugger or where its compiler is switched off.
    SlowTier {
        /// What one multiplication of the CPU loop took.
        loop_ns: f64,
    },
    /// In both CPU runs a core calculated faster than another one: cores of two kinds, or workers that share one.
    UnlikeCores {
        /// The worker whose best burst was the quickest.
        quick: String,
        /// The one whose best was the slowest.
        slow: String,
        /// How many times as long that took.
        ratio: f64,
    },
    /// With this many threads, this counter's lock does not come to an end.
    TimedOut {
        /// The counter.
        counter: String,
        /// How many threads.
        threads: u32,
        /// How long they were waited for.
        after_ms: f64,
    },
    /// This counter's lock let a worker wait for long.
    Starved {
        /// The counter.
        counter: String,
        /// The worker's name.
        worker: String,
        /// How long it waited, once.
        wait_ms: f64,
    },
    /// The browser doesn't tell how many cores there are, and what theory expects depends on that.
    CoresUnknown,
}

#[cfg(all(test, not(loom)))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_warning_is_its_code_and_its_data() {
        let stuck = Warning::Stuck { workers: vec!["worker-1".to_owned()] };
        let timed_out =
            Warning::TimedOut { counter: "spin".to_owned(), threads: 8, after_ms: 2000.5 };
        assert_eq!(
            json!([Warning::OnBattery, stuck, timed_out]),
            json!([
                { "code": "on-battery" },
                { "code": "stuck", "workers": ["worker-1"] },
                { "code": "timed-out", "counter": "spin", "threads": 8, "afterMs": 2000.5 },
            ])
        );
    }
}
