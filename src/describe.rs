//! Says in one JSON object all that the other half of the house must know before any wasm is loaded:
//! settings, figures, counters, states, and the report's schema. Not for use at run time.

use serde_json::{Map, Value, json};

use crate::counter;
use crate::experiment::settings::{Allowed, SETTINGS};
use crate::experiment::{EXPERIMENTS, report};
use crate::runtime::board::State;

/// Everything, as the build writes it out.
///
/// ```
/// let all = locklab::describe::describe();
/// assert_eq!(all["settings"]["waitMs"]["attribute"], "wait-ms");
/// assert_eq!(all["figures"]["lock-cost"]["defaults"]["threads"], 20);
/// ```
pub fn describe() -> Value {
    json!({
        "schemaVersion": report::SCHEMA,
        "figures": figures(),
        "settings": settings(),
        "counters": counter::KINDS.iter().map(|kind| json!({
            "name": kind.name,
            "label": kind.label,
            "exact": kind.exact,
            "shared": kind.shared,
            "side": kind.backend().name(),
            "server": kind.needs_server(),
            "meaning": kind.meaning,
            "source": kind.source,
        })).collect::<Vec<_>>(),
        "states": State::ALL.map(State::name),
        "reservedPages": crate::RESERVED_PAGES,
        "reportSchema": report::schema(),
    })
}

fn figures() -> Map<String, Value> {
    let figure = |experiment: &crate::experiment::Experiment| {
        let names: Vec<_> = experiment.settings.iter().map(|used| used.name).collect();
        let defaults: Map<String, Value> = experiment
            .settings
            .iter()
            .filter_map(|used| {
                let setting = SETTINGS.iter().find(|setting| setting.name == used.name)?;
                Some((used.name.to_owned(), json!(setting.default_in(used))))
            })
            .collect();
        let about = json!({
            "question": experiment.question,
            "settings": names,
            "defaults": defaults,
            "spare": experiment.spare,
        });
        (experiment.name.to_owned(), about)
    };
    EXPERIMENTS.iter().map(figure).collect()
}

fn settings() -> Map<String, Value> {
    let about = |setting: &crate::experiment::settings::Setting| {
        let mut about = match setting.allowed {
            Allowed::Integer(min, max) => json!({ "kind": "integer", "min": min, "max": max }),
            Allowed::Choice(names) => json!({ "kind": "choice", "choices": names() }),
        };
        about["attribute"] = setting.attribute.into();
        about["default"] = json!(setting.default);
        about["unit"] = setting.unit.into();
        about["meaning"] = setting.meaning.into();
        (setting.name.to_owned(), about)
    };
    SETTINGS.iter().map(about).collect()
}
