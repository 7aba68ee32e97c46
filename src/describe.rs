//! Says in one JSON object all that the page must know before any wasm is loaded: settings, figures,
//! counters, states, and the report's schema. For the build, never for a run.

use serde_json::{Map, Value, json};

use crate::counter;
use crate::experiment::report::{Common, SCHEMA};
use crate::experiment::settings::{Allowed, SettingInfo};
use crate::experiments::{EXPERIMENTS, Entry};
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
        "schemaVersion": SCHEMA,
        "order": EXPERIMENTS.iter().map(|entry| entry.name).collect::<Vec<_>>(),
        "figures": figures(),
        "settings": settings(),
        "counters": counter::KINDS.iter().map(|kind| json!({
            "name": kind.name,
            "label": kind.label,
            "exact": kind.exact,
            "shared": kind.shared,
            "side": if kind.is_js() { "js" } else { "wasm" },
            "server": kind.needs_server(),
            "meaning": kind.meaning,
            "source": kind.source,
        })).collect::<Vec<_>>(),
        "states": State::ALL,
        "reservedPages": crate::RESERVED_PAGES,
        "reportSchema": report_schema(),
    })
}

fn figures() -> Map<String, Value> {
    let common = all_settings();
    let figure = |entry: &Entry| {
        let settings = entry.settings();
        let names: Vec<_> = settings.iter().map(|setting| setting.name).collect();
        let defaults: Map<String, Value> = settings
            .iter()
            .map(|setting| (setting.name.to_owned(), json!(setting.default)))
            .collect();
        let mut about = json!({
            "question": entry.question,
            "settings": names,
            "defaults": defaults,
            "spare": entry.extra_threads,
            "alone": entry.alone,
        });
        let own = settings.iter().filter(|setting| {
            let common = common.iter().find(|common| common.name == setting.name);
            common.is_some_and(|common| common.allowed != setting.allowed)
        });
        for setting in own {
            about["allowed"][setting.name] = allowed(setting);
        }
        (entry.name.to_owned(), about)
    };
    EXPERIMENTS.iter().map(figure).collect()
}

/// Every setting once: as the first experiment that has it uses it.
fn all_settings() -> Vec<SettingInfo> {
    let mut all: Vec<SettingInfo> = Vec::new();
    for setting in EXPERIMENTS.iter().flat_map(Entry::settings) {
        if all.iter().all(|known| known.name != setting.name) {
            all.push(setting);
        }
    }
    all
}

fn settings() -> Map<String, Value> {
    let about = |setting: SettingInfo| {
        let mut about = allowed(&setting);
        about["attribute"] = setting.attribute.into();
        about["default"] = json!(setting.default);
        about["unit"] = setting.unit.into();
        about["meaning"] = setting.meaning.into();
        (setting.name.to_owned(), about)
    };
    all_settings().into_iter().map(about).collect()
}

fn allowed(setting: &SettingInfo) -> Value {
    match &setting.allowed {
        Allowed::Integer(min, max) => json!({ "kind": "integer", "min": min, "max": max }),
        Allowed::Choice(names) => json!({ "kind": "choice", "choices": names }),
        Allowed::Text { pattern, words } => {
            json!({ "kind": "text", "pattern": pattern, "words": words })
        }
    }
}

/// The report's JSON Schema, of the 2020-12 draft: what all reports share, and every experiment's part.
///
/// # Panics
/// If two experiments give a field of the same name another type.
fn report_schema() -> Value {
    let mut generator =
        schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.root_schema_for::<Common>().to_value();
    for entry in EXPERIMENTS {
        let mut body = (entry.schema)(&mut generator).to_value();
        let Some(fields) = body["properties"].as_object_mut() else {
            continue;
        };
        for (name, field) in std::mem::take(fields) {
            let known = &mut schema["properties"][&name];
            assert!(known.is_null() || *known == field, "{name} has two types");
            *known = field;
        }
    }
    schema["$defs"] = generator.take_definitions(true).into();
    schema["properties"]["schema"]["const"] = SCHEMA.into();
    schema["properties"]["config"] = config_schema();
    schema
}

/// The settings' own ranges, so that they stand in one place only: what any experiment allows.
fn config_schema() -> Value {
    let about = |setting: SettingInfo| {
        let every = EXPERIMENTS.iter().flat_map(Entry::settings);
        let every = every.filter(|other| other.name == setting.name).map(|other| other.allowed);
        let mut schema = match every.fold(setting.allowed, Allowed::or) {
            Allowed::Integer(min, max) => {
                json!({ "type": "integer", "minimum": min, "maximum": max })
            }
            Allowed::Choice(names) => json!({ "type": "string", "enum": names }),
            Allowed::Text { pattern, .. } => {
                json!({ "type": ["string", "integer"], "pattern": format!("^({pattern})$") })
            }
        };
        schema["description"] = setting.meaning.into();
        (setting.name.to_owned(), schema)
    };
    let properties: Map<String, Value> = all_settings().into_iter().map(about).collect();
    json!({
        "type": "object",
        "description": "All settings that the experiment has, defaults included.",
        "properties": properties,
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_schema_allows_what_any_experiment_allows() {
        let schema = config_schema();
        let schema = jsonschema::validator_for(&schema).expect("a schema");
        for entry in EXPERIMENTS {
            for setting in entry.settings() {
                let values = match setting.allowed {
                    Allowed::Integer(min, max) => vec![json!(min), json!(max)],
                    Allowed::Choice(names) => names.into_iter().map(Value::from).collect(),
                    Allowed::Text { .. } => vec![json!(setting.default)],
                };
                for value in values {
                    let config = json!({ setting.name: value });
                    assert!(schema.is_valid(&config), "{}: {config}", entry.name);
                }
            }
        }
    }
}
