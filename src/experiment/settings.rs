//! What an author or a reader can change, and how what they gave becomes a checked configuration. Not
//! here: the settings themselves (`table`), and which figure uses which (each experiment says so itself).

use serde::ser::{Serialize, SerializeMap, Serializer};

mod table;

pub use table::SETTINGS;

/// What a setting can be.
#[derive(Debug, Clone, Copy)]
pub enum Allowed {
    /// A whole number from the first to the second, both included.
    Integer(u32, u32),
    /// One of these names.
    Choice(fn() -> Vec<&'static str>),
}

/// A setting's value where nobody says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Preset {
    /// Of a whole number.
    Integer(u32),
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

    /// With a default of this figure's own.
    pub const fn or(name: &'static str, default: Preset) -> Use {
        Use {
            name,
            default: Some(default),
        }
    }
}

/// The setting called `name`.
pub fn setting(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}

/// A value as somebody gave it, not checked yet. It knows nothing of where it came from: JSON, a
/// JavaScript object, a command line.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    /// As a person would recognise it.
    pub text: String,
    /// What it is.
    pub value: GivenValue,
}

/// What a [`Given`] is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GivenValue {
    /// A number.
    Number(f64),
    /// Text, and the text is it.
    Text,
    /// Anything that no setting can be.
    Other,
}

/// A field of a configuration that can't be used, told so that a person can mend it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
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
    pub(crate) fn new(field: &str, attribute: &str, got: &str, allowed: String) -> WrongField {
        WrongField {
            message: format!("{attribute} is “{got}”, but may be: {allowed}"),
            field: field.to_owned(),
            attribute: attribute.to_owned(),
            got: got.to_owned(),
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

    /// What `given` sets it to, if that is allowed. Numbers must be numbers: text is not read as
    /// one.
    pub fn accept(&self, given: &Given) -> Option<Preset> {
        match (self.allowed, given.value) {
            (Allowed::Integer(min, max), GivenValue::Number(value)) => {
                let fits =
                    value.fract() == 0.0 && (f64::from(min)..=f64::from(max)).contains(&value);
                // Whole and in the range of a u32, so nothing is cut off.
                fits.then_some(Preset::Integer(value as u32))
            }
            (Allowed::Choice(names), GivenValue::Text) => {
                let name = names().into_iter().find(|name| *name == given.text);
                name.map(Preset::Name)
            }
            _ => None,
        }
    }

    /// Its default in a figure that uses it so.
    pub fn default_in(&self, used: &Use) -> Preset {
        used.default.unwrap_or(self.default)
    }
}

/// A complete and checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings(Vec<(&'static str, Preset)>);

impl Settings {
    /// The whole number that `name` is set to.
    ///
    /// # Panics
    /// Where the experiment does not list a whole number of that name among its settings.
    pub fn integer(&self, name: &str) -> u32 {
        match self.get(name) {
            Some(Preset::Integer(value)) => value,
            _ => panic!("no whole number among the experiment's settings: {name}"),
        }
    }

    /// The name that `name` is set to.
    ///
    /// # Panics
    /// Where the experiment does not list a choice of that name among its settings.
    pub fn choice(&self, name: &str) -> &'static str {
        match self.get(name) {
            Some(Preset::Name(name)) => name,
            _ => panic!("no choice among the experiment's settings: {name}"),
        }
    }

    fn get(&self, name: &str) -> Option<Preset> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    }
}

impl Serialize for Settings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The full configuration that `given` means to a figure that uses `uses`: what it does not say is
/// the default.
///
/// Settings of other figures are let pass and left out; a name that is no setting's is refused.
///
/// # Errors
/// Every wrong field, not just the first.
pub fn complete(uses: &[Use], given: &[(String, Given)]) -> Result<Settings, Vec<WrongField>> {
    let mut wrong = Vec::new();
    for (name, value) in given {
        if setting(name).is_none() {
            let known: Vec<_> = uses.iter().map(|used| used.name).collect();
            let allowed = format!("no such setting; there are {}", known.join(", "));
            wrong.push(WrongField::new(name, name, &value.text, allowed));
        }
    }
    let mut full = Vec::new();
    for used in uses {
        let Some(setting) = setting(used.name) else {
            continue;
        };
        let value = match given.iter().find(|(name, _)| name == used.name) {
            None => setting.default_in(used),
            Some((name, given)) => {
                let Some(value) = setting.accept(given) else {
                    let allowed = setting.allowed_text();
                    wrong.push(WrongField::new(
                        name,
                        setting.attribute,
                        &given.text,
                        allowed,
                    ));
                    continue;
                };
                value
            }
        };
        full.push((used.name, value));
    }
    if wrong.is_empty() {
        Ok(Settings(full))
    } else {
        Err(wrong)
    }
}
