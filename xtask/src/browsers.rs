//! Brings the three browser engines and their drivers onto the machine, where that is allowed. The browser suite drives them.

use std::env;
use std::path::Path;

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::{apt, paths, process, ui};

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Browser {
    /// Blink
    Chromium,
    /// Gecko
    Firefox,
    /// WebKitGTK
    Webkit,
}

/// A program that driving an engine takes.
struct Tool {
    engine: Browser,
    /// The names that it goes by.
    names: &'static [&'static str],
    /// The variable by which a person may name another file.
    variable: &'static str,
    /// Debian's package of it; none for geckodriver, which Debian lacks.
    package: Option<&'static str>,
}

const fn tool(
    engine: Browser,
    names: &'static [&'static str],
    variable: &'static str,
    package: Option<&'static str>,
) -> Tool {
    Tool {
        engine,
        names,
        variable,
        package,
    }
}

use Browser::{Chromium, Firefox, Webkit};

const TOOLS: [Tool; 6] = [
    tool(
        Chromium,
        &["chromium", "chromium-browser", "google-chrome"],
        "CHROMIUM",
        Some("chromium"),
    ),
    tool(
        Chromium,
        &["chromedriver"],
        "CHROMEDRIVER",
        Some("chromium-driver"),
    ),
    tool(
        Firefox,
        &["firefox-esr", "firefox"],
        "FIREFOX",
        Some("firefox-esr"),
    ),
    tool(Firefox, &["geckodriver"], "GECKODRIVER", None),
    tool(
        Webkit,
        &["WebKitWebDriver"],
        "WEBKIT_WEBDRIVER",
        Some("webkit2gtk-driver"),
    ),
    // It has no headless mode of its own.
    tool(Webkit, &["Xvfb"], "XVFB", Some("xvfb")),
];

impl Browser {
    /// All three.
    pub const ALL: [Browser; 3] = [Chromium, Firefox, Webkit];

    /// Its name, as the browser suite knows it.
    pub fn name(self) -> &'static str {
        match self {
            Chromium => "chromium",
            Firefox => "firefox",
            Webkit => "webkit",
        }
    }
}

/// Makes sure of the engines, installing what is missing where that is allowed.
///
/// # Errors
/// What is still missing, and what brings it.
pub fn ensure(browsers: &[Browser]) -> Result<()> {
    // What could not be installed is missing afterwards, which is what we report.
    let packages: Vec<_> = missing(browsers).filter_map(|tool| tool.package).collect();
    if !packages.is_empty() {
        let _ = apt::install(&packages);
    }
    if missing(browsers).any(|tool| tool.package.is_none()) {
        let _ = install_geckodriver();
    }
    let hints = missing(browsers).map(|tool| match tool.package {
        Some(package) => format!("{} is missing: apt-get install {package}", tool.names[0]),
        None => format!(
            "{0} is missing: cargo install {0} --locked --root target/tools",
            tool.names[0]
        ),
    });
    match hints.collect::<Vec<_>>() {
        hints if hints.is_empty() => Ok(()),
        hints => bail!("{}", hints.join("; ")),
    }
}

/// Whether everything that driving this engine takes is on the machine.
pub fn is_here(browser: Browser) -> bool {
    missing(&[browser]).next().is_none()
}

fn missing(browsers: &[Browser]) -> impl Iterator<Item = &'static Tool> {
    let needed = TOOLS.iter().filter(|tool| browsers.contains(&tool.engine));
    needed.filter(|tool| match env::var_os(tool.variable) {
        Some(named) => !Path::new(&named).is_file(),
        None => tool.names.iter().all(|name| process::find(name).is_none()),
    })
}

fn install_geckodriver() -> Result<()> {
    ui::step(
        "Installing geckodriver (cargo install: it is compiled here, which takes a minute or two)",
        || {
            let mut install =
                process::cargo(["install", "geckodriver", "--locked", "--quiet", "--root"]);
            // It passes messages on and need not be quick: optimized it takes twice as long to compile.
            install
                .arg(paths::tools())
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
            process::run(&mut install)
        },
    )
}
