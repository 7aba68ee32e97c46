//! Options of the examples: `--name value` for every setting of an experiment, checked by the experiment
//! itself. Not here: what is done with them.

use locklab::experiment::Experiment;
use locklab::experiment::settings::{self, Given, GivenValue, Setting};

/// What was given on the command line.
pub struct Options {
    /// Settings, by their names in a configuration.
    pub config: Vec<(String, Given)>,
    /// The example's own options and their values, in their order.
    pub own: Vec<(String, String)>,
}

/// An option that is the example's own: its name, what it takes, and what it means.
pub type Own = (&'static str, &'static str, &'static str);

/// Reads options; `None` where help is asked for.
///
/// # Errors
/// An option is not known, or lacks its value.
pub fn read(
    experiments: &[Experiment],
    own: &[Own],
    mut args: impl Iterator<Item = String>,
) -> Result<Option<Options>, String> {
    let mut options = Options {
        config: Vec::new(),
        own: Vec::new(),
    };
    while let Some(arg) = args.next() {
        if arg == "--help" || arg == "-h" {
            return Ok(None);
        }
        let name = arg.strip_prefix("--").unwrap_or_default();
        let setting = all(experiments).find(|setting| setting.attribute == name);
        let mine = own.iter().find(|(own, _, _)| *own == name);
        let takes = match (mine, setting) {
            (Some((_, takes, _)), _) => (*takes).to_owned(),
            (None, Some(setting)) => setting.allowed_text(),
            (None, None) => return Err(format!("“{arg}” is no option")),
        };
        let Some(value) = args.next() else {
            return Err(format!("--{name} needs a value: {takes}"));
        };
        if mine.is_some() {
            options.own.push((name.to_owned(), value));
        } else if let Some(setting) = setting {
            let given = Given {
                // What is no number is handed on as text: the check names it.
                value: value.parse().map_or(GivenValue::Text, GivenValue::Number),
                text: value,
            };
            options.config.push((setting.name.to_owned(), given));
        }
    }
    Ok(Some(options))
}

/// What `--help` prints.
pub fn usage(about: &str, experiments: &[Experiment], own: &[Own]) -> String {
    let mut usage = format!("{about}\n\nOptions:\n  -h, --help");
    for (name, takes, meaning) in own {
        usage += &format!("\n  --{name} <{takes}>\n      {meaning}");
    }
    for setting in all(experiments) {
        let defaults: Vec<String> = experiments
            .iter()
            .filter_map(|one| one.settings.iter().find(|used| used.name == setting.name))
            .map(|used| serde_json::json!(setting.default_in(used)).to_string())
            .collect();
        let same = defaults.iter().all(|default| *default == defaults[0]);
        let defaults = if same { &defaults[..1] } else { &defaults[..] };
        usage += &format!(
            "\n  --{} <{}>\n      {} Default: {}",
            setting.attribute,
            setting.allowed_text(),
            setting.meaning,
            defaults.join(" or "),
        );
    }
    usage
}

/// The settings that any of them uses, each once.
fn all(experiments: &[Experiment]) -> impl Iterator<Item = &'static Setting> {
    settings::SETTINGS.iter().filter(|setting| {
        let mut uses = experiments.iter().flat_map(|one| one.settings);
        uses.any(|used| used.name == setting.name)
    })
}
