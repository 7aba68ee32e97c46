//! Options of the examples: `--name value` for every setting of an experiment, checked by the experiment
//! itself.

use locklab::experiment::settings::{RawKind, RawValue, SettingInfo};
use locklab::experiments::{EXPERIMENTS, Entry};
use serde_json::json;

/// What was given on the command line.
pub struct Options {
    /// Settings, by their names in a configuration.
    pub config: Vec<(String, RawValue)>,
    /// The example's own options and their values, in their order.
    pub own: Vec<(String, String)>,
}

/// An option that is the example's own: its name, what it takes, and what it means.
pub type Own = (&'static str, &'static str, &'static str);

/// Reads options for experiments of these names; `None` where help is asked for.
///
/// # Errors
/// An option is not known, or lacks its value.
pub fn read(
    experiments: &[&str],
    own: &[Own],
    mut args: impl Iterator<Item = String>,
) -> Result<Option<Options>, String> {
    let mut options = Options { config: Vec::new(), own: Vec::new() };
    let settings = settings(experiments);
    while let Some(arg) = args.next() {
        if arg == "--help" || arg == "-h" {
            return Ok(None);
        }
        let name = arg.strip_prefix("--").unwrap_or_default();
        let setting = settings.iter().find(|setting| setting.attribute == name);
        let mine = own.iter().find(|(own, _, _)| *own == name);
        let takes = match (mine, setting) {
            (Some((_, takes, _)), _) => (*takes).to_owned(),
            (None, Some(setting)) => setting.allowed.text(),
            (None, None) => return Err(format!("“{arg}” is no option")),
        };
        let Some(value) = args.next() else {
            return Err(format!("--{name} needs a value: {takes}"));
        };
        if mine.is_some() {
            options.own.push((name.to_owned(), value));
        } else if let Some(setting) = setting {
            let raw = RawValue {
                // What is no number is handed on as text: the check names it.
                kind: value.parse().map_or(RawKind::Text, RawKind::Number),
                text: value,
            };
            options.config.push((setting.name.to_owned(), raw));
        }
    }
    Ok(Some(options))
}

/// What `--help` prints.
pub fn usage(about: &str, experiments: &[&str], own: &[Own]) -> String {
    let mut usage = format!("{about}\n\nOptions:\n  -h, --help");
    for (name, takes, meaning) in own {
        usage += &format!("\n  --{name} <{takes}>\n      {meaning}");
    }
    let mut settings = settings(experiments);
    while let Some(setting) = settings.first().cloned() {
        let same = settings.extract_if(.., |other| other.name == setting.name);
        let mut defaults: Vec<_> = same.map(|other| json!(other.default).to_string()).collect();
        defaults.dedup();
        usage += &format!(
            "\n  --{} <{}>\n      {} Default: {}",
            setting.attribute,
            setting.allowed.text(),
            setting.meaning,
            defaults.join(" or "),
        );
    }
    usage
}

/// The settings of all of them.
fn settings(experiments: &[&str]) -> Vec<SettingInfo> {
    let chosen = EXPERIMENTS.iter().filter(|entry| experiments.contains(&entry.name));
    chosen.flat_map(Entry::settings).collect()
}
