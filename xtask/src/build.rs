//! `cargo xtask build`: from a fresh checkout to dist/. Each part of the work has a file of its own; here is their order.

use std::path::PathBuf;
use std::str::FromStr;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use crate::describe::Description;
use crate::toolchain::{self, Toolchain};
use crate::{bundle, licences, node, paths, ui, wasm};

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address that dist/ will have: whole addresses in the page's head, for search engines and social networks, and an oEmbed file
    #[arg(long, value_name = "https://…")]
    pub site: Option<Site>,
}

/// The address of a folder on the web, with a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(pub String);

impl FromStr for Site {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Site> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let is_folder = |rest: &str| {
            rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
                && !rest.contains(|sign: char| {
                    sign.is_whitespace() || sign.is_control() || "?#\"'<>\\".contains(sign)
                })
                && !rest.ends_with(".html")
        };
        if !rest.is_some_and(is_folder) {
            bail!("\"{text}\" is no address of a folder, such as https://example.org/lock-lab/");
        }
        Ok(Site(format!("{}/", text.trim_end_matches('/'))))
    }
}

/// A page that has been built, and what it takes to build it again.
#[derive(Debug)]
pub struct Page {
    toolchain: Toolchain,
    module: PathBuf,
    site: Option<Site>,
}

impl Page {
    /// Makes sure of the tools, and builds all of the page. `sizes` prints what a reader has to fetch.
    ///
    /// # Errors
    /// When a tool is missing or something does not compile.
    pub fn build(site: Option<Site>, sizes: bool) -> Result<Page> {
        let since = Instant::now();
        node::ensure()?;
        let toolchain = toolchain::find_or_install()?;
        let module = build_rust(&toolchain)?;
        let page = Page {
            toolchain,
            module,
            site,
        };
        ui::step("Bundling the page", || page.bundle(sizes))?;
        let took = ui::duration(since.elapsed());
        ui::note(&format!(
            "{} is ready after {took}",
            paths::dist().display()
        ));
        Ok(page)
    }

    /// This build's name: `0.1.0 (abc1234, rustc 1.96)`.
    pub fn name(&self) -> String {
        bundle::build_name(&self.toolchain)
    }

    /// Builds what depends on Rust again, and the page with it.
    ///
    /// # Errors
    /// When something does not compile.
    pub fn rebuild_rust(&mut self) -> Result<()> {
        self.module = build_rust(&self.toolchain)?;
        self.rebuild_scripts()
    }

    /// Bundles the page again with the module as it is.
    ///
    /// # Errors
    /// When a script can't be bundled.
    pub fn rebuild_scripts(&self) -> Result<()> {
        self.bundle(false)
    }

    fn bundle(&self, sizes: bool) -> Result<()> {
        let site = self.site.as_ref().map(|site| site.0.as_str());
        bundle::write(&self.module, &self.name(), site, sizes)
    }
}

/// The module, and the settings that Rust hands to the page: compiled side by side, for they share nothing but their source.
fn build_rust(toolchain: &Toolchain) -> Result<PathBuf> {
    let name = format!(
        "Compiling Rust to WebAssembly (rustc {}; the first time takes a minute or two)",
        toolchain.version
    );
    let (description, linked) = ui::step(&name, || {
        thread::scope(|scope| {
            let description = scope.spawn(Description::read);
            let linked = wasm::compile(toolchain)?;
            let description = description.join();
            Ok((
                description.map_err(|_| anyhow!("the settings could not be read"))??,
                linked,
            ))
        })
    })?;
    description.write()?;
    licences::write_notices(toolchain)?;
    wasm::finish(&linked, description.reserved_pages()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sites_address_has_one_slash_at_its_end() {
        for text in ["https://example.org/lab", "https://example.org/lab/"] {
            assert_eq!(text.parse::<Site>().unwrap().0, "https://example.org/lab/");
        }
    }

    #[test]
    fn what_is_no_folders_address_is_refused_with_an_example() {
        for text in [
            "example.org",
            "ftp://example.org/",
            "https://",
            "https:///lab",
            "https://example.org/?figure=lock-cost",
            "https://example.org/\"onload",
            "https://example.org/index.html",
        ] {
            let error = text.parse::<Site>().unwrap_err().to_string();
            assert!(error.contains("https://example.org/lock-lab/"), "{error}");
        }
    }
}
