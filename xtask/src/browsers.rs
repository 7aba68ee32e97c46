//! Brings the three browser engines and their drivers onto the machine, where that is allowed. The browser suite drives them.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::{apt, paths, process, ui};

/// The engines, as the browser suite calls them.
pub const ALL: [&str; 3] = ["chromium", "firefox", "webkit"];

/// The programs that driving an engine takes: the engine, the names that the program goes by, the variable by which a person may name
/// another file, and Debian's package of it.
const TOOLS: [(&str, &[&str], &str, &str); 6] = [
    ("chromium", &["chromium", "chromium-browser", "google-chrome"], "CHROMIUM", "chromium"),
    ("chromium", &["chromedriver"], "CHROMEDRIVER", "chromium-driver"),
    ("firefox", &["firefox-esr", "firefox"], "FIREFOX", "firefox-esr"),
    // Debian lacks it.
    ("firefox", &["geckodriver"], "GECKODRIVER", ""),
    ("webkit", &["WebKitWebDriver"], "WEBKIT_WEBDRIVER", "webkit2gtk-driver"),
    // WebKitGTK has no headless mode of its own.
    ("webkit", &["Xvfb"], "XVFB", "xvfb"),
];

/// Two sets of fonts, with either of which a figure must fit into its room: folders, and Debian's packages of them. Wide letters first, then narrow ones;
/// a set has a Latin family and a Chinese one.
pub const FONTS: [(&str, &str); 4] = [
    ("/usr/share/fonts/truetype/dejavu", "fonts-dejavu-core"),
    ("/usr/share/fonts/truetype/wqy", "fonts-wqy-microhei"),
    ("/usr/share/fonts/truetype/liberation", "fonts-liberation"),
    ("/usr/share/fonts/opentype/noto", "fonts-noto-cjk"),
];

/// Makes sure of the engines, installing what is missing where that is allowed.
pub fn ensure(engines: &[&str]) -> Result<()> {
    let (packages, by_cargo): (Vec<_>, Vec<_>) =
        missing(engines).partition(|(_, package)| !package.is_empty());
    let mut packages: Vec<_> = packages.iter().map(|(_, package)| *package).collect();
    // Chromium is the one that is measured with them. Where they can't be had, the suite says so.
    if engines.contains(&"chromium") {
        let missing = FONTS.iter().filter(|(folder, _)| !Path::new(folder).is_dir());
        packages.extend(missing.map(|(_, package)| *package));
    }
    // What could not be installed is missing afterwards, which is what we report.
    if !packages.is_empty() {
        let _ = apt::install(&packages);
    }
    if !by_cargo.is_empty() {
        let _ = ui::step(
            "Installing geckodriver (cargo install: compiled here, a minute or two)",
            || {
                let mut install = process::cargo("install geckodriver --locked --quiet --root");
                // It passes messages on and need not be quick: optimized it takes twice as long to compile.
                install.arg(paths::tools()).env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0");
                process::run(&mut install)
            },
        );
    }
    let missing: Vec<_> = missing(engines).map(|(name, _)| name).collect();
    ensure!(
        missing.is_empty(),
        "missing, and not to be installed from here: {}",
        missing.join(", ")
    );
    Ok(())
}

/// The programs that are missing for these engines, with their packages.
pub fn missing(engines: &[&str]) -> impl Iterator<Item = (&'static str, &'static str)> {
    let needed = TOOLS.iter().filter(|(engine, ..)| engines.contains(engine));
    let missing = needed.filter(|(_, names, ..)| locate(names[0]).is_err());
    missing.map(|(_, names, _, package)| (names[0], *package))
}

/// The program of this name, or of another that it goes by: as its variable names it, else where programs are found.
///
/// # Errors
/// A sentence that says what would bring it.
pub fn locate(name: &str) -> Result<PathBuf> {
    let tool = TOOLS.iter().find(|(_, names, ..)| names[0] == name);
    let &(_, names, variable, package) =
        tool.with_context(|| format!("{name} drives no engine"))?;
    let found = match env::var_os(variable) {
        Some(named) => Some(PathBuf::from(named)).filter(|path| path.is_file()),
        None => names.iter().find_map(|name| process::find(name)),
    };
    let remedy = match package {
        "" => format!("cargo install {name} --root target/tools"),
        package => format!("Debian: apt-get install {package}"),
    };
    found.with_context(|| {
        format!("{name} is neither named by ${variable}, nor in target/tools/bin, nor on PATH ({remedy})")
    })
}
