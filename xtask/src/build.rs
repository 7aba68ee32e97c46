//! `cargo xtask build`: from a fresh checkout to dist/. Each part of the work has a file of its own; here is their order.

use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use anyhow::{Result, anyhow, ensure};

use crate::describe::Description;
use crate::toolchain::{self, Toolchain};
use crate::{bundle, licences, node, paths, ui, wasm};

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address that dist/ will have: whole addresses in the page's head, for search engines and social networks, and an oEmbed file
    #[arg(long, value_name = "https://…", value_parser = site)]
    pub site: Option<String>,
}

/// The address of a folder on the web, with one slash at its end.
pub fn site(text: &str) -> Result<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_host =
        |rest: &str| rest.starts_with(|first: char| first.is_alphanumeric() || first == '[');
    let is_odd =
        |sign: char| sign.is_whitespace() || sign.is_control() || "?#\"'<>\\".contains(sign);
    ensure!(
        rest.is_some_and(is_host) && !text.contains(is_odd) && !text.ends_with(".html"),
        "\"{text}\" is no address of a folder, such as https://example.org/lock-lab/"
    );
    Ok(format!("{}/", text.trim_end_matches('/')))
}

/// A page that has been built, and what it takes to build it again.
#[derive(Debug)]
pub struct Page {
    toolchain: Toolchain,
    module: PathBuf,
    site: Option<String>,
}

impl Page {
    /// Makes sure of the tools, and builds all of the page. `sizes` prints what a reader has to fetch.
    pub fn build(site: Option<String>, sizes: bool) -> Result<Page> {
        let since = Instant::now();
        node::ensure()?;
        let toolchain = toolchain::find_or_install()?;
        let module = build_rust(&toolchain)?;
        let page = Page { toolchain, module, site };
        ui::step("Bundling the page", || page.bundle(sizes))?;
        let took = ui::duration(since.elapsed());
        ui::note(&format!("{} is ready after {took}", paths::dist().display()));
        Ok(page)
    }

    /// This build's name: `0.1.0 (abc1234, rustc 1.96)`.
    pub fn name(&self) -> String {
        bundle::build_name(&self.toolchain)
    }

    /// Builds what depends on Rust again, and the page with it.
    pub fn rebuild_rust(&mut self) -> Result<()> {
        self.module = build_rust(&self.toolchain)?;
        self.bundle(false)
    }

    /// Bundles the page again with the module as it is.
    pub fn rebuild_scripts(&self) -> Result<()> {
        self.bundle(false)
    }

    fn bundle(&self, sizes: bool) -> Result<()> {
        bundle::write(&self.module, &self.name(), self.site.as_deref(), sizes)
    }
}

/// The module, and the settings that Rust hands to the page: compiled side by side, for they share nothing but their source.
fn build_rust(toolchain: &Toolchain) -> Result<PathBuf> {
    let version = &toolchain.version;
    let name = format!(
        "Compiling Rust to WebAssembly (rustc {version}; the first time takes a minute or two)"
    );
    let (description, linked) = ui::step(&name, || {
        thread::scope(|scope| {
            let description = scope.spawn(Description::read);
            let linked = wasm::compile(toolchain)?;
            let description =
                description.join().map_err(|_| anyhow!("the settings could not be read"));
            Ok((description??, linked))
        })
    })?;
    description.write()?;
    licences::write_notices(toolchain)?;
    wasm::finish(&linked, description.reserved_pages()?, &description.order()?)
}
