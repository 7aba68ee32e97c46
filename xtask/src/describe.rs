//! Takes what Rust says about settings, figures and the report, and writes it out for the page, the schema and the docs.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::{files, paths, process};

/// Where the settings' table stands in the docs.
const MARKS: [&str; 2] = ["<!-- settings:begin -->", "<!-- settings:end -->"];

const HEAD: &str = "\
/** What Rust says about settings, figures and counters. Written by `cargo xtask build` from the experiments' settings in src/: change it there. */

/** @typedef {{attribute: string, kind: \"integer\" | \"choice\" | \"text\", min?: number, max?: number, choices?: string[], pattern?: string, words?: string, default: string | number, unit: string, meaning: string}} Setting */
/** @typedef {{question: string, settings: string[], defaults: Record<string, string | number>, spare: number, alone: boolean, allowed?: Record<string, Partial<Setting>>}} Figure  `allowed`: where it allows something else than a setting usually does */
/** @typedef {{name: string, label: string, exact: boolean, shared: boolean, side: \"wasm\" | \"js\", server: boolean, meaning: string, source: string}} Counter */

/** @type {{schemaVersion: string, order: string[], figures: Record<string, Figure>, settings: Record<string, Setting>, counters: Counter[], states: string[]}} */
const described = ";

/// What `examples/describe.rs` prints.
#[derive(Debug)]
pub struct Description(pub Value);

impl Description {
    /// Runs the example.
    pub fn read() -> Result<Description> {
        process::json_of(&mut process::cargo("run --quiet --example describe")).map(Description)
    }

    /// Pages behind the module's data that Rust leaves to wasm-bindgen.
    pub fn reserved_pages(&self) -> Result<u64> {
        let pages = self.0["reservedPages"].as_u64();
        pages.context("examples/describe.rs prints no reservedPages")
    }

    /// The names of the figures: `lock-cost`.
    pub fn figures(&self) -> Vec<String> {
        self.each_figure().map(|(name, _)| name.clone()).collect()
    }

    /// The same, in the article's order.
    pub fn order(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.0["order"].clone())?)
    }

    /// Writes the page's settings, the report's schema and the docs' table.
    pub fn write(&self) -> Result<()> {
        self.write_for_page()?;
        self.docs()?.iter().try_for_each(|(path, wanted)| files::write(path, wanted))
    }

    /// Writes the page's settings only.
    pub fn write_for_page(&self) -> Result<()> {
        let path = paths::root().join("www/generated/settings.js");
        files::write(&path, self.settings_module())
    }

    /// Holds the committed files against what Rust says.
    pub fn check_docs(&self) -> Result<()> {
        for (path, wanted) in self.docs()? {
            let is_right = fs::read_to_string(&path).is_ok_and(|present| present == wanted);
            let path = path.display();
            ensure!(is_right, "{path} is outdated: `cargo xtask build` writes it anew");
        }
        Ok(())
    }

    /// The committed files, as they should be.
    fn docs(&self) -> Result<[(PathBuf, String); 2]> {
        let schema = paths::root().join("docs/report.schema.json");
        let guide = paths::root().join("docs/api.md");
        let text = with_table(&fs::read_to_string(&guide)?, &self.table())?;
        Ok([(schema, format!("{:#}\n", self.0["reportSchema"])), (guide, text)])
    }

    /// The page has no use for the report's schema, nor for what only the build needs.
    pub fn settings_module(&self) -> String {
        let mut described = self.0.clone();
        if let Some(fields) = described.as_object_mut() {
            fields.retain(|name, _| name != "reportSchema" && name != "reservedPages");
        }
        format!("{HEAD}{described:#};\n\nexport default described;\n")
    }

    fn each_figure(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0["figures"].as_object().into_iter().flatten()
    }

    /// The settings in the order in which the figures list them: the most telling one first.
    pub fn table(&self) -> String {
        let mut names = Vec::new();
        for (_, figure) in self.each_figure() {
            let listed = figure["settings"].as_array().into_iter().flatten();
            for name in listed.filter_map(Value::as_str) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        let mut table =
            "| attribute | meaning | allowed | default |\n|---|---|---|---|\n".to_owned();
        for name in names {
            let setting = &self.0["settings"][name];
            let allowed = match setting["choices"].as_array() {
                Some(choices) => choices.iter().map(code).collect::<Vec<_>>().join(", "),
                None if setting["kind"] == "text" => plain(&setting["words"]),
                None => format!("{}–{}", plain(&setting["min"]), plain(&setting["max"])),
            };
            let others = self.each_figure().filter_map(|(figure, about)| {
                let own = &about["defaults"][name];
                let differs = !own.is_null() && own != &setting["default"];
                differs.then(|| format!(" (`{figure}`: {})", code(own)))
            });
            let default = code(&setting["default"]) + &others.collect::<String>();
            let (attribute, meaning) = (code(&setting["attribute"]), plain(&setting["meaning"]));
            table += &format!("| {attribute} | {meaning} | {allowed} | {default} |\n");
        }
        table
    }
}

fn plain(value: &Value) -> String {
    let text = value.as_str();
    text.map_or_else(|| value.to_string(), |text| text.replace('|', "\\|"))
}

fn code(value: &Value) -> String {
    format!("`{}`", plain(value))
}

/// The text with the table between its marks.
pub fn with_table(text: &str, table: &str) -> Result<String> {
    let [begin, end] = MARKS;
    let parts =
        text.split_once(begin).and_then(|(before, rest)| Some((before, rest.split_once(end)?.1)));
    let (before, after) = parts.with_context(|| format!("{begin} or {end} is missing"))?;
    Ok(format!("{before}{begin}\n{table}{end}{after}"))
}
