//! `cargo xtask build`: from a fresh checkout to dist/. Each part of the work has a file of its own; here is their order.

use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use crate::describe::Description;
use crate::error::{Error, Result};
use crate::tools::{self, Toolchain};
use crate::{bundle, node, notices, place, say, wasm};

/// A page that has been built, and what is needed to build it again.
#[derive(Debug)]
pub struct Page {
    toolchain: Toolchain,
    module: PathBuf,
}

impl Page {
    /// Makes sure of the tools, and builds all of the page.
    ///
    /// # Errors
    /// When a tool is missing or something does not compile.
    pub fn build(sizes: bool) -> Result<Page> {
        let since = Instant::now();
        node::ensure()?;
        let toolchain = tools::find_or_install()?;
        let module = rust_half(&toolchain)?;
        let page = Page { toolchain, module };
        say::step("Bundling the page", || {
            bundle::write(&page.module, &page.toolchain, sizes)
        })?;
        say::note(&format!(
            "{} is ready after {}",
            place::dist().display(),
            say::took(since.elapsed())
        ));
        Ok(page)
    }

    /// What this build is called: `0.1.0 (abc1234, rustc 1.96)`.
    ///
    /// # Errors
    /// When the manifest can't be read.
    pub fn name(&self) -> Result<String> {
        bundle::build_name(&self.toolchain)
    }

    /// Builds what depends on Rust again, and the page with it.
    ///
    /// # Errors
    /// When something does not compile.
    pub fn rebuild_rust(&mut self) -> Result<()> {
        self.module = rust_half(&self.toolchain)?;
        self.rebuild_scripts()
    }

    /// Bundles the page again with the module as it is.
    ///
    /// # Errors
    /// When a script can't be bundled.
    pub fn rebuild_scripts(&self) -> Result<()> {
        bundle::write(&self.module, &self.toolchain, false)
    }
}

/// The module, and the settings that Rust hands to the page: compiled side by side, for they share nothing but their source.
fn rust_half(toolchain: &Toolchain) -> Result<PathBuf> {
    let what = format!(
        "Compiling Rust to WebAssembly (rustc {}; the first time takes a minute or two)",
        toolchain.version
    );
    let (description, linked) = say::step(&what, || {
        thread::scope(|scope| {
            let description = scope.spawn(Description::ask);
            let linked = wasm::compile(toolchain);
            let described = description.join();
            let unread = |_| Error::Wrong("the settings could not be read".to_owned());
            Ok((described.map_err(unread)??, linked?))
        })
    })?;
    description.write()?;
    notices::write(toolchain)?;
    wasm::finish(&linked, description.reserved_pages()?)
}
