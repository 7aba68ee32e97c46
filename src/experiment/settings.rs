//! Settings: what an author or a reader can change, and how a raw configuration becomes an experiment's
//! typed one.
//!
//! A [`Setting`] stands once, as a constant with its range, default and meaning. An experiment fills its
//! config, a plain struct, by asking a [`ConfigReader`] for one setting after the other. That one pass
//! checks the raw values, collects every wrong field and notes the values for the report; made with no
//! values at all, it tells which settings the experiment has. A config is used only where nothing is wrong.

use std::borrow::Cow;

use serde::ser::{Serialize, Serializer};

mod common;

pub use common::{COUNTER, Counters, HOLD_NS, LOOPS, ON_OFF, THREADS, TIMES, WAIT_MS, counter};

/// One thing that can be set.
#[derive(Clone, Copy)]
pub struct Setting<D: Domain> {
    /// In configurations and reports: `waitMs`.
    pub name: &'static str,
    /// On the element and in addresses: `wait-ms`.
    pub attribute: &'static str,
    /// What it can be.
    pub domain: D,
    /// What it is if nothing is given.
    pub default: D::Value,
    /// What a whole number counts; empty for others.
    pub unit: &'static str,
    /// What it is, in one sentence.
    pub meaning: &'static str,
}

impl<D: Domain + Copy> Setting<D> {
    /// The same with an experiment's own default.
    pub fn with_default(&self, default: D::Value) -> Setting<D> {
        Setting { default, ..*self }
    }

    /// The same with an experiment's own domain and default.
    pub fn within<Own: Domain>(&self, domain: Own, default: Own::Value) -> Setting<Own> {
        Setting {
            name: self.name,
            attribute: self.attribute,
            domain,
            default,
            unit: self.unit,
            meaning: self.meaning,
        }
    }
}

/// What a setting can be. An experiment may have domains of its own.
pub trait Domain {
    /// What a config holds.
    type Value: Copy;

    /// For people, the page and the schema.
    fn allowed(&self) -> Allowed;

    /// The typed value; `None` if it is not allowed.
    fn parse(&self, raw: &RawValue) -> Option<Self::Value>;

    /// The value as a report's config has it.
    fn value(&self, value: Self::Value) -> Value;
}

/// Whole numbers from the first to the second, both included.
#[derive(Debug, Clone, Copy)]
pub struct Range(pub u32, pub u32);

impl Domain for Range {
    type Value = u32;

    fn allowed(&self) -> Allowed {
        Allowed::Integer(self.0, self.1)
    }

    /// Numbers must be numbers: text is not read as one.
    fn parse(&self, raw: &RawValue) -> Option<u32> {
        let RawKind::Number(value) = raw.kind else {
            return None;
        };
        let fits = value.fract() == 0.0 && (f64::from(self.0)..=f64::from(self.1)).contains(&value);
        // Whole and in the range of a u32, so nothing is cut off.
        fits.then_some(value as u32)
    }

    fn value(&self, value: u32) -> Value {
        Value::Integer(value)
    }
}

/// One of these names; the values, in the same order, are what they stand for.
#[derive(Debug, Clone, Copy)]
pub struct OneOf<T: 'static>(pub &'static [&'static str], pub &'static [T]);

impl<T: Copy + PartialEq> Domain for OneOf<T> {
    type Value = T;

    fn allowed(&self) -> Allowed {
        Allowed::Choice(self.0.to_vec())
    }

    fn parse(&self, raw: &RawValue) -> Option<T> {
        let place = raw.place_in(self.0)?;
        self.1.get(place).copied()
    }

    fn value(&self, value: T) -> Value {
        // A value without a name can't come out of `parse`.
        let place = self.1.iter().position(|known| *known == value);
        let name = place.and_then(|place| self.0.get(place));
        Value::Text((*name.unwrap_or(&"")).into())
    }
}

/// What a setting may be, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// A whole number from the first to the second, both included.
    Integer(u32, u32),
    /// One of these names.
    Choice(Vec<&'static str>),
    /// Any text that this regular expression matches as a whole.
    Text {
        /// The expression, in the common syntax of JavaScript and JSON Schema.
        pattern: &'static str,
        /// The same in words.
        words: &'static str,
    },
}

impl Allowed {
    /// In words.
    pub fn text(&self) -> String {
        match self {
            Allowed::Integer(min, max) => format!("{min}–{max}"),
            Allowed::Choice(names) => names.join(", "),
            Allowed::Text { words, .. } => (*words).to_owned(),
        }
    }

    /// What this or the other allows. The first, where they are not of one kind.
    pub fn or(self, other: Allowed) -> Allowed {
        match (self, other) {
            (Allowed::Integer(min, max), Allowed::Integer(least, most)) => {
                Allowed::Integer(min.min(least), max.max(most))
            }
            (Allowed::Choice(mut names), Allowed::Choice(others)) => {
                for other in others {
                    if !names.contains(&other) {
                        names.push(other);
                    }
                }
                Allowed::Choice(names)
            }
            (first, _) => first,
        }
    }
}

/// A setting's value in a report's config.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Of a whole number.
    Integer(u32),
    /// Of anything else.
    Text(Cow<'static, str>),
}

/// A value as somebody gave it, not checked yet. It knows nothing of where it came from: JSON, a
/// JavaScript object, a command line.
#[derive(Debug, Clone, PartialEq)]
pub struct RawValue {
    /// As a person would recognise it.
    pub text: String,
    /// What it is.
    pub kind: RawKind,
}

impl RawValue {
    /// Whether it is this very text.
    pub fn is_text(&self, text: &str) -> bool {
        self.kind == RawKind::Text && self.text == text
    }

    fn place_in(&self, names: &[&str]) -> Option<usize> {
        names.iter().position(|name| self.is_text(name))
    }
}

/// A configuration as somebody gave it: fields and their values, in any order.
pub type RawConfig = [(String, RawValue)];

/// What a [`RawValue`] is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RawKind {
    /// A number.
    Number(f64),
    /// Text, and the text is it.
    Text,
    /// Anything that no setting can be.
    Other,
}

/// A field of a configuration that can't be used, worded so that a person can mend it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("{message}")]
#[serde(rename_all = "camelCase")]
pub struct InvalidField {
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

impl InvalidField {
    pub(crate) fn new(field: &str, attribute: &str, got: &str, allowed: String) -> InvalidField {
        InvalidField {
            message: format!("{attribute} is “{got}”, but may be: {allowed}"),
            field: field.to_owned(),
            attribute: attribute.to_owned(),
            got: got.to_owned(),
            allowed,
        }
    }
}

/// Why an experiment did not begin: every wrong field, not just the first.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct InvalidConfig(pub Vec<InvalidField>);

/// A [`Setting`] as an experiment uses it, as data.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are those of Setting")]
pub struct SettingInfo {
    pub name: &'static str,
    pub attribute: &'static str,
    pub allowed: Allowed,
    pub default: Value,
    pub unit: &'static str,
    pub meaning: &'static str,
}

/// All settings of an experiment with their values, in its own order: a report's `config`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values(Vec<(&'static str, Value)>);

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Reads a raw configuration into an experiment's own.
#[derive(Debug, Default)]
pub struct ConfigReader<'a> {
    raw: &'a RawConfig,
    settings: Vec<SettingInfo>,
    values: Values,
    invalid: Vec<InvalidField>,
}

impl<'a> ConfigReader<'a> {
    /// Reads these fields; what they don't say is the default.
    pub fn new(raw: &'a RawConfig) -> ConfigReader<'a> {
        ConfigReader { raw, ..ConfigReader::default() }
    }

    /// The value of a setting. One that is not allowed is noted, and the default returned.
    #[inline(never)]
    pub fn get<D: Domain>(&mut self, setting: &Setting<D>) -> D::Value {
        let given = self.raw_value(setting.name);
        let parsed = given.map(|raw| setting.domain.parse(raw));
        let value = parsed.flatten().unwrap_or(setting.default);
        let info = SettingInfo {
            name: setting.name,
            attribute: setting.attribute,
            allowed: setting.domain.allowed(),
            default: setting.domain.value(setting.default),
            unit: setting.unit,
            meaning: setting.meaning,
        };
        let is_invalid = parsed.is_some_and(|parsed| parsed.is_none());
        self.note(info, setting.domain.value(value), is_invalid);
        value
    }

    #[inline(never)]
    fn raw_value(&self, name: &str) -> Option<&'a RawValue> {
        let found = self.raw.iter().find(|(field, _)| field == name);
        found.map(|(_, raw)| raw)
    }

    /// Apart from [`get`](ConfigReader::get), which is compiled for each domain.
    #[inline(never)]
    fn note(&mut self, info: SettingInfo, value: Value, is_invalid: bool) {
        if is_invalid {
            self.reject(info.name, info.attribute, info.allowed.text());
        }
        self.values.0.push((info.name, value));
        self.settings.push(info);
    }

    /// Notes that a field can't be used, though each setting by itself might be: `allowed` says what can.
    pub fn reject(&mut self, name: &str, attribute: &str, allowed: String) {
        let got = self.raw_value(name).map_or("", |raw| &raw.text);
        self.invalid.push(InvalidField::new(name, attribute, got, allowed));
    }

    /// The settings that have been asked for, in their order.
    pub fn settings(self) -> Vec<SettingInfo> {
        self.settings
    }

    /// The values for the report. Settings of other experiments, as `is_setting` knows them, are let pass
    /// and left out; other names are refused.
    ///
    /// # Errors
    /// Every wrong field, not just the first.
    pub fn finish(self, is_setting: &dyn Fn(&str) -> bool) -> Result<Values, InvalidConfig> {
        let mut invalid = Vec::new();
        for (name, raw) in self.raw {
            if !is_setting(name) {
                let known: Vec<_> = self.settings.iter().map(|setting| setting.name).collect();
                let allowed = format!("no such setting; there are {}", known.join(", "));
                invalid.push(InvalidField::new(name, name, &raw.text, allowed));
            }
        }
        invalid.extend(self.invalid);
        if invalid.is_empty() { Ok(self.values) } else { Err(InvalidConfig(invalid)) }
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
