//! Takes what Rust says about settings, figures and the report, and writes it out for the page, the schema and the docs. Decides nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::{digest, place, program};

/// Where the settings' table stands in the docs.
const MARKS: [&str; 2] = ["<!-- settings:begin -->", "<!-- settings:end -->"];

const HEAD: &str = "\
/** What Rust says about settings, figures and counters. Written by `cargo xtask build` from src/experiment/settings.rs: change it there. */

/** @typedef {{attribute: string, kind: \"integer\" | \"choice\", min?: number, max?: number, choices?: string[], default: string | number, unit: string, meaning: string}} Setting */
/** @typedef {{question: string, settings: string[], defaults: Record<string, string | number>, spare: number}} Figure */
/** @typedef {{name: string, label: string, exact: boolean, shared: boolean, side: \"wasm\" | \"js\", server: boolean, meaning: string, source: string}} Counter */

/** @type {{schemaVersion: string, figures: Record<string, Figure>, settings: Record<string, Setting>, counters: Counter[], states: string[]}} */
const described = ";

/// What `examples/describe.rs` prints.
#[derive(Debug)]
pub struct Description(Value);

impl Description {
    /// Asks Rust, unless nothing has changed since it was asked last.
    ///
    /// # Errors
    /// When the crate does not compile, or says something that is no description.
    pub fn ask() -> Result<Description> {
        let root = place::root();
        let sources =
            ["src", "examples/describe.rs", "Cargo.toml", "Cargo.lock"].map(|name| root.join(name));
        let known = place::target()
            .join("describe")
            .join(format!("{}.json", digest::of_all(&sources)?));
        if let Ok(text) = fs::read_to_string(&known)
            && let Ok(value) = serde_json::from_str(&text)
        {
            return Ok(Description(value));
        }
        let mut run = Command::new(native_cargo());
        run.args(["run", "--quiet", "--example", "describe"])
            .current_dir(&root);
        let answer = run.stderr(std::process::Stdio::inherit()).output();
        let answer = answer.map_err(|error| Error::Failed {
            what: "examples/describe.rs".to_owned(),
            how: error.to_string(),
        })?;
        if !answer.status.success() {
            return Err(Error::Failed {
                what: "examples/describe.rs".to_owned(),
                how: answer.status.to_string(),
            });
        }
        let lines = String::from_utf8_lossy(&answer.stdout);
        let value = serde_json::from_str(&lines).map_err(|error| {
            Error::Wrong(format!("examples/describe.rs prints no JSON: {error}"))
        })?;
        if let Some(folder) = known.parent() {
            // Only the newest is of use.
            let _ = fs::remove_dir_all(folder);
            fs::create_dir_all(folder).map_err(Error::at(folder))?;
        }
        fs::write(&known, lines.as_bytes()).map_err(Error::at(&known))?;
        Ok(Description(value))
    }

    /// Pages behind the module's data that Rust leaves to wasm-bindgen.
    ///
    /// # Errors
    /// When the description lacks the number.
    pub fn reserved_pages(&self) -> Result<u64> {
        self.0["reservedPages"]
            .as_u64()
            .ok_or_else(|| Error::Wrong("examples/describe.rs says no reservedPages".to_owned()))
    }

    /// Writes the page's settings, the report's schema and the docs' table; what is right already stays untouched.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn write(&self) -> Result<()> {
        self.write_for_page()?;
        self.docs()?
            .iter()
            .try_for_each(|(path, wanted)| update(path, wanted))
    }

    /// Writes the page's settings only.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write_for_page(&self) -> Result<()> {
        update(&generated(), &self.settings_module())
    }

    /// The names of the figures: `lock-cost`.
    pub fn figures(&self) -> Vec<String> {
        self.0["figures"]
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect()
    }

    /// The files among the docs that are not as Rust says.
    ///
    /// # Errors
    /// When one can't be read.
    pub fn outdated(&self) -> Result<Vec<PathBuf>> {
        let wrong = |(path, wanted): &(PathBuf, String)| {
            fs::read_to_string(path).ok().as_ref() != Some(wanted)
        };
        Ok(self
            .docs()?
            .into_iter()
            .filter(wrong)
            .map(|(path, _)| path)
            .collect())
    }

    /// The files that are committed, as they should be.
    fn docs(&self) -> Result<Vec<(PathBuf, String)>> {
        let docs = place::root().join("docs");
        let embedding = docs.join("embedding.md");
        let text = fs::read_to_string(&embedding).map_err(Error::at(&embedding))?;
        Ok(vec![
            (
                docs.join("report.schema.json"),
                format!("{:#}\n", self.0["reportSchema"]),
            ),
            (
                embedding.clone(),
                with_table(&text, &self.table(), &embedding)?,
            ),
        ])
    }

    /// The page has no use for the report's schema, nor for what only the build needs.
    fn settings_module(&self) -> String {
        let mut described = self.0.clone();
        if let Some(fields) = described.as_object_mut() {
            fields.remove("reportSchema");
            fields.remove("reservedPages");
        }
        format!("{HEAD}{described:#};\n\nexport default described;\n")
    }

    /// The settings, as the figures list them: the most telling one first.
    fn names(&self) -> Vec<&str> {
        let lists = self.0["figures"]
            .as_object()
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|figure| figure["settings"].as_array());
        let mut names = Vec::new();
        for name in lists.flatten().filter_map(Value::as_str) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn table(&self) -> String {
        let mut table =
            String::from("| attribute | meaning | allowed | default |\n|---|---|---|---|\n");
        let nothing = Map::new();
        for name in self.names() {
            let setting = &self.0["settings"][name];
            let allowed = match setting["choices"].as_array() {
                Some(choices) => choices.iter().map(code).collect::<Vec<_>>().join(", "),
                None => format!("{}–{}", plain(&setting["min"]), plain(&setting["max"])),
            };
            let mut default = code(&setting["default"]);
            for (figure, about) in self.0["figures"].as_object().unwrap_or(&nothing) {
                let here = &about["defaults"][name];
                if !here.is_null() && here != &setting["default"] {
                    default.push_str(&format!(" (`{figure}`: {})", code(here)));
                }
            }
            table.push_str(&format!(
                "| {} | {} | {allowed} | {default} |\n",
                code(&setting["attribute"]),
                plain(&setting["meaning"])
            ));
        }
        table
    }
}

fn generated() -> PathBuf {
    place::root().join("www/generated/settings.js")
}

/// Writes a file, unless it is right already: what watches files need not hear of that.
fn update(path: &Path, wanted: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|present| present == wanted) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::at(folder))?;
    }
    fs::write(path, wanted).map_err(Error::at(path))
}

/// The cargo that runs us, for what is built natively.
pub fn native_cargo() -> PathBuf {
    std::env::var_os("CARGO")
        .map(PathBuf::from)
        .or_else(|| program::find("cargo"))
        .unwrap_or_else(|| PathBuf::from("cargo"))
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), |text| text.replace('|', "\\|"))
}

fn code(value: &Value) -> String {
    format!("`{}`", plain(value))
}

/// The text with the table between its marks.
fn with_table(text: &str, table: &str, path: &Path) -> Result<String> {
    let [begin, end] = MARKS;
    let parts = text
        .split_once(begin)
        .and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.ok_or_else(|| {
        Error::Wrong(format!(
            "{} lacks the marks {begin} and {end}",
            path.display()
        ))
    })?;
    Ok(format!("{before}{begin}\n{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn description() -> Description {
        Description(json!({
            "reservedPages": 4,
            "reportSchema": { "type": "object" },
            "figures": { "a": { "settings": ["waitMs"], "defaults": { "waitMs": 50 } }, "b": { "defaults": { "waitMs": 300 } } },
            "settings": { "waitMs": { "attribute": "wait-ms", "min": 0, "max": 60000, "default": 50, "meaning": "one wait" } },
        }))
    }

    #[test]
    fn the_page_gets_no_more_than_it_needs() {
        let module = description().settings_module();
        assert!(module.contains("wait-ms"));
        assert!(
            !module.contains("reportSchema") && !module.contains("reservedPages"),
            "{module}"
        );
    }

    #[test]
    fn the_table_names_each_figure_that_differs() {
        let table = description().table();
        assert!(
            table.ends_with("| `wait-ms` | one wait | 0–60000 | `50` (`b`: `300`) |\n"),
            "{table}"
        );
    }

    #[test]
    fn a_table_is_written_between_its_marks_and_nowhere_else() {
        let before = "intro\n<!-- settings:begin -->\nold\n<!-- settings:end -->\nrest\n";
        let after = with_table(before, "new\n", Path::new("x.md")).unwrap();
        assert_eq!(
            after,
            "intro\n<!-- settings:begin -->\nnew\n<!-- settings:end -->\nrest\n"
        );
        let error = with_table("no marks", "new\n", Path::new("x.md")).unwrap_err();
        assert!(error.to_string().contains("x.md"), "{error}");
    }
}
