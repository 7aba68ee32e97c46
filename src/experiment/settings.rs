//! Every setting that an author or a reader can change: names, ranges, defaults, meanings. The one
//! place where they stand; controls, attribute checks, docs and schema are made from it. Not here:
//! which figure uses which (each experiment says so itself).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::counter;

/// What a setting can be.
#[derive(Debug, Clone, Copy)]
pub enum Allowed {
    /// A whole number from the first to the second, both included.
    Integer(u64, u64),
    /// One of these names.
    Choice(fn() -> Vec<&'static str>),
}

/// A setting's value where nobody says otherwise.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(untagged)]
pub enum Preset {
    /// Of a whole number.
    Integer(u64),
    /// Of a choice.
    Name(&'static str),
}

/// One thing that can be set.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// In configurations and reports: `waitMs`.
    pub name: &'static str,
    /// On the element and in addresses: `wait-ms`.
    pub attribute: &'static str,
    /// What it can be.
    pub allowed: Allowed,
    /// What it is where nobody says otherwise, the figure included.
    pub default: Preset,
    /// What a whole number counts; empty for choices.
    pub unit: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
}

/// That a figure uses a setting.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// The setting's name.
    pub name: &'static str,
    /// The figure's own default.
    pub default: Option<Preset>,
}

impl Use {
    /// With the default that the setting has anyway.
    pub const fn of(name: &'static str) -> Use {
        Use {
            name,
            default: None,
        }
    }
}

/// All settings of all figures, those that are still to come included: an element with any of them is
/// understood by every version.
pub const SETTINGS: &[Setting] = &[
    Setting {
        name: "threads",
        attribute: "threads",
        allowed: Allowed::Integer(1, crate::board::MAX_WORKERS as u64),
        default: Preset::Integer(20),
        unit: "threads",
        meaning: "How many worker threads share the counter.",
    },
    Setting {
        name: "times",
        attribute: "times",
        allowed: Allowed::Integer(1, 1000),
        default: Preset::Integer(20),
        unit: "increments",
        meaning: "How often each worker increments the counter and is busy.",
    },
    Setting {
        name: "waitMs",
        attribute: "wait-ms",
        allowed: Allowed::Integer(0, 60_000),
        default: Preset::Integer(50),
        unit: "ms",
        meaning: "How long one simulated IO wait takes.",
    },
    Setting {
        name: "loops",
        attribute: "loops",
        allowed: Allowed::Integer(0, 1_000_000_000),
        default: Preset::Integer(1_000_000),
        unit: "multiplications",
        meaning: "How many multiplications one CPU burst makes.",
    },
    Setting {
        name: "counter",
        attribute: "counter",
        allowed: Allowed::Choice(counter_names),
        default: Preset::Name("std-mutex"),
        unit: "",
        meaning: "Which counter the runs with a lock use.",
    },
    Setting {
        name: "owner",
        attribute: "owner",
        allowed: Allowed::Choice(|| vec!["page", "master"]),
        default: Preset::Name("page"),
        unit: "",
        meaning: "Who owns the workers: the page, or the master, with whom they die.",
    },
    Setting {
        name: "pollMs",
        attribute: "poll-ms",
        allowed: Allowed::Integer(1, 10_000),
        default: Preset::Integer(100),
        unit: "ms",
        meaning: "How often the master asks whether its workers are done.",
    },
];

fn counter_names() -> Vec<&'static str> {
    counter::KINDS.iter().map(|kind| kind.name).collect()
}

/// The setting called `name`.
pub fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// A field of a configuration that can't be used, told so that a person can mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
#[serde(rename_all = "camelCase")]
pub struct WrongField {
    /// The field: `waitMs`.
    pub field: String,
    /// The attribute that sets it: `wait-ms`.
    pub attribute: String,
    /// What it was.
    pub got: String,
    /// What it may be.
    pub allowed: String,
    /// The three in one sentence.
    pub message: String,
}

impl WrongField {
    pub(crate) fn new(field: &str, attribute: &str, got: &Value, allowed: String) -> WrongField {
        let got = match got {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        WrongField {
            message: format!("{attribute} is “{got}”, but may be: {allowed}"),
            field: field.to_owned(),
            attribute: attribute.to_owned(),
            got,
            allowed,
        }
    }
}

impl Setting {
    /// What it may be, in words.
    pub fn allowed_text(&self) -> String {
        match self.allowed {
            Allowed::Integer(min, max) => format!("{min}–{max}"),
            Allowed::Choice(names) => names().join(", "),
        }
    }

    /// Whether `value` is allowed. Numbers must be numbers: text is not read as one.
    pub fn allows(&self, value: &Value) -> bool {
        match self.allowed {
            Allowed::Integer(min, max) => {
                whole(value).is_some_and(|value| (min..=max).contains(&value))
            }
            Allowed::Choice(names) => value.as_str().is_some_and(|name| names().contains(&name)),
        }
    }

    /// Its default in a figure that uses it so.
    pub fn default_in(&self, used: &Use) -> Preset {
        used.default.unwrap_or(self.default)
    }
}

/// A whole number, also where it was written as 20.0: JavaScript knows one kind only.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let value = value.as_f64()?;
        let is_whole = value.fract() == 0.0 && (0.0..9e15).contains(&value);
        // In range and whole, so nothing is cut off.
        is_whole.then_some(value as u64)
    })
}

/// The full configuration that `given` means to a figure that uses `uses`: what it does not say is
/// the default.
///
/// Settings of other figures are let pass and left out; a name that is no setting's is refused.
///
/// # Errors
/// Every wrong field, not just the first.
pub fn complete(uses: &[Use], given: &Value) -> Result<Map<String, Value>, Vec<WrongField>> {
    let empty = Map::new();
    let given = match given {
        Value::Object(fields) => fields,
        Value::Null => &empty,
        other => {
            let allowed = "an object of settings".to_owned();
            return Err(vec![WrongField::new("config", "config", other, allowed)]);
        }
    };
    let mut wrong = Vec::new();
    for (name, value) in given {
        if setting(name).is_none() {
            let known: Vec<_> = uses.iter().map(|used| used.name).collect();
            let allowed = format!("no such setting; there are {}", known.join(", "));
            wrong.push(WrongField::new(name, name, value, allowed));
        }
    }
    let mut full = Map::new();
    for used in uses {
        let Some(setting) = setting(used.name) else {
            continue;
        };
        let value = match given.get(used.name) {
            Some(value) if !setting.allows(value) => {
                wrong.push(WrongField::new(
                    used.name,
                    setting.attribute,
                    value,
                    setting.allowed_text(),
                ));
                continue;
            }
            Some(value) => whole(value).map_or_else(|| value.clone(), Value::from),
            None => match setting.default_in(used) {
                Preset::Integer(value) => value.into(),
                Preset::Name(name) => name.into(),
            },
        };
        full.insert(used.name.to_owned(), value);
    }
    if wrong.is_empty() { Ok(full) } else { Err(wrong) }
}
