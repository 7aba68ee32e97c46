//! Hands the finished module to bundle.mjs, which puts the page together, and names this build.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::process::{self, git};
use crate::server::POLICY;
use crate::toolchain::Toolchain;
use crate::{files, licences, node, paths};

/// Writes `dist/` from the page's sources and a finished module, for that address where it is known; with `sizes`, prints what a reader has to fetch.
pub fn write(module: &Path, build: &str, site: Option<&str>, sizes: bool) -> Result<()> {
    let mut order = json!({
        "module": module,
        "dist": paths::dist(),
        "build": build,
        "policy": POLICY,
        "notices": licences::folder(),
        "sizes": sizes,
    });
    if let Some(site) = site {
        order["site"] = site.into();
    }
    let table = process::output_of(node::command("xtask/bundle.mjs").arg(order.to_string()))?;
    print!("{table}");
    if table.is_empty() { Ok(()) } else { files::write(&table_of_sizes(), table) }
}

/// Where the table of sizes of the last `cargo xtask build` lies.
pub fn table_of_sizes() -> PathBuf {
    paths::target().join("sizes.txt")
}

/// What every report says of the code that made it: `0.1.0 (abc1234, rustc 1.96)`; a plus behind the commit tells of changes since.
pub fn build_name(toolchain: &Toolchain) -> String {
    let commit = process::query(&mut git("rev-parse --short=7 HEAD"));
    let changes = process::query(&mut git("status --porcelain"));
    let plus = if changes.is_none_or(|lines| lines.is_empty()) { "" } else { "+" };
    let commit = commit.map_or_else(|| "no commit".to_owned(), |name| name + plus);
    let rustc = toolchain.version.rsplit_once('.').map_or("", |(short, _)| short);
    format!("{} ({commit}, rustc {rustc})", env!("CARGO_PKG_VERSION"))
}
