//! `cargo xtask build`: from a fresh checkout to dist/. Each part of the work has a file of its own; here is their order.

use std::path::PathBuf;
use std::str::FromStr;
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
    site: Option<Site>,
}

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Build it in a copy as well, and compare every file of the two
    #[arg(long, conflicts_with = "site")]
    pub twice: bool,
    /// The address that dist/ will have: whole addresses in the page's head, for search engines and social networks, and an oEmbed file
    #[arg(long, value_name = "https://…")]
    pub site: Option<Site>,
}

/// The address of a folder on the web, with a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(String);

impl Site {
    /// As it is written in the page.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Site {
    type Err = Error;

    fn from_str(text: &str) -> Result<Site> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let is_plain = |rest: &str| {
            rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
                && !rest.contains(|sign: char| {
                    sign.is_whitespace() || sign.is_control() || "?#\"'<>\\".contains(sign)
                })
                && !rest.ends_with(".html")
        };
        if !rest.is_some_and(is_plain) {
            return Err(Error::Wrong(format!(
                "\"{text}\" is no address of a folder: it should be as https://example.org/lock-lab/"
            )));
        }
        Ok(Site(format!("{}/", text.trim_end_matches('/'))))
    }
}

impl Page {
    /// Makes sure of the tools, and builds all of the page.
    ///
    /// # Errors
    /// When a tool is missing or something does not compile.
    pub fn build(sizes: bool) -> Result<Page> {
        Page::build_for(None, sizes)
    }

    /// The same, with what can only be said of a page whose address is known.
    ///
    /// # Errors
    /// As [`Page::build`].
    pub fn build_for(site: Option<Site>, sizes: bool) -> Result<Page> {
        let since = Instant::now();
        node::ensure()?;
        let toolchain = tools::find_or_install()?;
        let module = rust_half(&toolchain)?;
        let page = Page {
            toolchain,
            module,
            site,
        };
        say::step("Bundling the page", || page.bundle(sizes))?;
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
        self.bundle(false)
    }

    fn bundle(&self, sizes: bool) -> Result<()> {
        let site = self.site.as_ref().map(Site::as_str);
        bundle::write(&self.module, &self.toolchain, site, sizes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sites_address_has_one_slash_at_its_end() {
        for text in ["https://example.org/lab", "https://example.org/lab/"] {
            assert_eq!(
                text.parse::<Site>().unwrap().as_str(),
                "https://example.org/lab/"
            );
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
