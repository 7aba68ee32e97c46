//! Brings the three browser engines and their drivers onto the machine, where that is allowed. Drives none of them: tests/browser does.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use clap::ValueEnum;

use crate::apt::Apt;
use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::{place, program, say};

/// geckodriver and what it depends on are compiled here.
const GECKODRIVER_LIMIT: Duration = Duration::from_secs(20 * 60);

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
struct Need {
    /// The names that it goes by.
    names: &'static [&'static str],
    /// The variable by which a person may name another file.
    variable: &'static str,
    /// Debian's package of it; none for geckodriver, which Debian lacks.
    package: Option<&'static str>,
}

const fn need(
    names: &'static [&'static str],
    variable: &'static str,
    package: Option<&'static str>,
) -> Need {
    Need {
        names,
        variable,
        package,
    }
}

const CHROMIUM: [Need; 2] = [
    need(
        &["chromium", "chromium-browser", "google-chrome"],
        "CHROMIUM",
        Some("chromium"),
    ),
    need(&["chromedriver"], "CHROMEDRIVER", Some("chromium-driver")),
];
const FIREFOX: [Need; 2] = [
    need(&["firefox-esr", "firefox"], "FIREFOX", Some("firefox-esr")),
    need(&["geckodriver"], "GECKODRIVER", None),
];
const WEBKIT: [Need; 2] = [
    need(
        &["WebKitWebDriver"],
        "WEBKIT_WEBDRIVER",
        Some("webkit2gtk-driver"),
    ),
    // It has no headless mode of its own.
    need(&["Xvfb"], "XVFB", Some("xvfb")),
];

impl Browser {
    /// All three.
    pub const ALL: [Browser; 3] = [Browser::Chromium, Browser::Firefox, Browser::Webkit];

    /// Its name, as the browser suite knows it.
    pub fn name(self) -> &'static str {
        match self {
            Browser::Chromium => "chromium",
            Browser::Firefox => "firefox",
            Browser::Webkit => "webkit",
        }
    }

    fn needs(self) -> &'static [Need] {
        match self {
            Browser::Chromium => &CHROMIUM,
            Browser::Firefox => &FIREFOX,
            Browser::Webkit => &WEBKIT,
        }
    }
}

/// Makes sure of the engines, installing what is missing where that is allowed.
///
/// # Errors
/// [`Error::Missing`], which names every program that is still missing, and what brings it.
pub fn ensure(browsers: &[Browser]) -> Result<()> {
    let missing = || {
        browsers
            .iter()
            .flat_map(|browser| browser.needs())
            .filter(|need| need.find().is_none())
    };
    let packages: Vec<_> = missing().filter_map(|need| need.package).collect();
    if !packages.is_empty()
        && let Some(apt) = Apt::if_allowed()
    {
        // Its failure is told by what is still missing afterwards.
        let _ = apt.install(&packages);
    }
    if missing().any(|need| need.package.is_none()) {
        let _ = install_geckodriver();
    }
    let missing: Vec<_> = missing().collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = missing
        .iter()
        .filter_map(|need| need.names.first().copied())
        .collect();
    let remedies: Vec<_> = missing.iter().map(|need| need.remedy()).collect();
    Err(Error::Missing {
        what: names.join(", "),
        remedy: format!("To have it: {}.", remedies.join("; ")),
    })
}

/// Whether all that driving the engine of this name takes is on the machine.
pub fn is_here(name: &str) -> bool {
    Browser::ALL.iter().any(|browser| {
        browser.name() == name && browser.needs().iter().all(|need| need.find().is_some())
    })
}

impl Need {
    fn find(&self) -> Option<PathBuf> {
        if let Some(named) = env::var_os(self.variable) {
            return Some(PathBuf::from(named)).filter(|path| path.is_file());
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let folders: Vec<_> = std::iter::once(place::tools().join("bin"))
            .chain(env::split_paths(&path))
            .collect();
        self.names
            .iter()
            .find_map(|name| program::find_in(name, folders.iter().cloned()))
    }

    fn remedy(&self) -> String {
        match self.package {
            Some(package) => format!("apt-get install {package}"),
            None => "cargo install geckodriver --locked --root target/tools".to_owned(),
        }
    }
}

fn install_geckodriver() -> Result<()> {
    say::step_beside(
        "Installing geckodriver (cargo install: it is compiled here, which takes a minute or two)",
        || {
            let mut install = Command::new(native_cargo());
            install
                .args(["install", "geckodriver", "--locked", "--root"])
                .arg(place::tools())
                // It passes messages on and need not be quick: optimized it takes twice as long to compile.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
            program::run(&mut install, "cargo install geckodriver", GECKODRIVER_LIMIT).map(drop)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_engine_has_a_driver_and_a_way_to_come_by_it() {
        for browser in Browser::ALL {
            assert!(
                browser.needs().iter().any(|need| need
                    .names
                    .iter()
                    .any(|name| name.to_lowercase().contains("driver"))),
                "{}",
                browser.name()
            );
            assert!(
                browser
                    .needs()
                    .iter()
                    .all(|need| need.remedy().contains("install")),
                "{}",
                browser.name()
            );
        }
    }
}
