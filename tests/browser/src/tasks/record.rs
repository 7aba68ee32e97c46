//! Records a run of each figure for those who can't make their own yet, and takes the picture that stands in the README. Measures nothing.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::{Made, Order, write};
use crate::engine::{Engine, root};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{list, text};
use crate::runner::Runner;
use crate::site::SOURCES;

/// Records a run of each figure that is wanted, into its folder below www/figures/ or another one.
///
/// # Errors
/// A sentence about what could not be recorded or written.
pub fn record(runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    let limit = Duration::from_secs(240);
    let made = runner.with_page(Engine::Chromium, "record", limit, |page| {
        order.figures().iter().flat_map(|figure| recordings(page, figure)).collect::<Vec<_>>()
    })?;
    write(&order.into.map_or_else(|| root().join("www/figures"), Path::to_path_buf), &made)
}

/// The figure's own, and one of each slice that has settings of its own.
fn recordings(page: &Page, figure: &str) -> Vec<Made> {
    page.open_figure(&format!("figure={figure}"));
    // Where a manifest says nothing of its own, as its first preset.
    let wanted = page.js_with(
        &format!(
            "const {{ figure }} = await import(`./{SOURCES}figures/${{arguments[0]}}/figure.js`);
             const config = figure.recorded ?? figure.presets[0].config;
             const others = Object.entries(figure.slices).filter(([, slice]) => slice.config);
             return [['', config], ...others.map(([name, slice]) => [`.${{name}}`, {{ ...config, ...slice.config }}])]"
        ),
        vec![figure.into()],
    );
    let record = |wanted: &Value| {
        page.js_with("lab().config = arguments[0]", vec![wanted[1].clone()]);
        let call = page.begin(FIGURE, "run");
        let report = page.settled_within(Duration::from_secs(90), call).report();
        assert_eq!(report["outcome"], "done", "{report:#}");
        let recording = page.js("return lab().recording").to_string();
        (format!("{figure}/recording{}.json", text(&wanted[0])), recording.into_bytes())
    };
    list(&wanted).iter().map(record).collect()
}

/// Takes the README's picture, into docs/ or another folder.
///
/// # Errors
/// A sentence about what could not be taken or written.
pub fn picture(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    let limit = Duration::from_secs(60);
    let picture = runner.with_page(Engine::Chromium, "picture", limit, |page| {
        assert!(page.set_viewport(1280, 930), "the window can't be made large enough");
        page.open_page("index.html?theme=light");
        let call = page.begin(FIGURE, "run");
        page.settled_within(Duration::from_secs(30), call).report();
        page.wait("what came out is drawn", "/This run: wall time/.test(words())");
        page.picture()
    })?;
    let folder = into.map_or_else(|| root().join("docs"), Path::to_path_buf);
    write(&folder, &[("picture.png".to_owned(), picture)])
}
