//! The three browser engines: what each is called, where its browser and driver are found on this machine, and what a session asks of it.
//! Starts nothing.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::{Value, json};
use thirtyfour::Capabilities;
use xtask::browsers::{self, FONTS};

/// A browser engine that the suite knows how to drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Blink, by chromedriver.
    Chromium,
    /// Gecko, by geckodriver.
    Firefox,
    /// WebKitGTK's MiniBrowser, by WebKitWebDriver, on a virtual screen.
    Webkit,
}

/// How a browser is started when it is not the usual way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variant {
    /// As the suite needs it: shared memory between threads works where the page is isolated.
    Usual,
    /// WebKitGTK as its distributors ship it: isolated pages, and yet no `SharedArrayBuffer`.
    NoSharedMemory,
    /// A private window.
    Private,
    /// With DejaVu and WenQuanYi as the only fonts: wide letters.
    WideFonts,
    /// With Liberation and Noto CJK as the only fonts: narrow letters.
    NarrowFonts,
    /// For a reader who has set text to 24 px.
    LargeText,
}

impl Variant {
    /// Folders of the only fonts that the browser sees, and Debian's packages of them; none where it sees all that the machine has.
    fn fonts(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Variant::WideFonts => &FONTS[..2],
            Variant::NarrowFonts => &FONTS[2..],
            _ => &[],
        }
    }

    /// The packages of fonts that are missing here.
    pub fn missing(self) -> Vec<&'static str> {
        let missing = self.fonts().iter().filter(|(folder, _)| !Path::new(folder).is_dir());
        missing.map(|&(_, package)| package).collect()
    }

    /// The file that tells a browser which fonts there are, freshly written; none where it is to see all.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn fontconfig(self) -> std::io::Result<Option<PathBuf>> {
        if self.fonts().is_empty() {
            return Ok(None);
        }
        let folder = target().join("browser-fonts");
        std::fs::create_dir_all(&folder)?;
        let folders: String =
            self.fonts().iter().map(|(folder, _)| format!("<dir>{folder}</dir>")).collect();
        let path = folder.join(format!("{self:?}.conf"));
        let text = format!(
            "<?xml version=\"1.0\"?><fontconfig>{folders}<cachedir>{}</cachedir>\
             <include ignore_missing=\"yes\">/etc/fonts/conf.d</include></fontconfig>",
            folder.display()
        );
        std::fs::write(&path, text)?;
        Ok(Some(path))
    }
}

/// The programs that drive one engine here.
#[derive(Debug, Clone)]
pub struct Programs {
    /// The WebDriver server.
    pub driver: PathBuf,
    /// The browser itself, where the driver does not find it alone.
    pub browser: Option<PathBuf>,
    /// A virtual screen, where the browser has no headless mode of its own.
    pub screen: Option<PathBuf>,
}

impl Engine {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Engine; 3] = [Engine::Chromium, Engine::Firefox, Engine::Webkit];

    /// As it stands in a trial's name.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::Webkit => "webkit",
        }
    }

    /// What the operating system calls a thread that runs a Web Worker. Linux keeps 15 characters.
    pub fn worker_thread(self) -> &'static str {
        match self {
            Engine::Chromium => "DedicatedWorker",
            Engine::Firefox => "DOM Worker",
            Engine::Webkit => "WebCore: Worker",
        }
    }

    /// What a process that shows pages has in its command line. Firefox's main process has workers of its own, which start and end as it pleases.
    pub fn page_process(self) -> &'static str {
        match self {
            Engine::Firefox => "-contentproc",
            Engine::Chromium | Engine::Webkit => "",
        }
    }

    /// Finds what is needed to drive this engine.
    ///
    /// # Errors
    /// A sentence that names what is missing and what would bring it.
    pub fn locate(self, headed: bool) -> Result<Programs, String> {
        let need = |name: &str| browsers::locate(name).map_err(|error| error.to_string());
        match self {
            Engine::Chromium => Ok(Programs {
                driver: need("chromedriver")?,
                // Where it is elsewhere, its driver knows.
                browser: need("chromium").ok(),
                screen: None,
            }),
            Engine::Firefox => Ok(Programs {
                driver: need("geckodriver")?,
                browser: Some(need("firefox-esr")?),
                screen: None,
            }),
            Engine::Webkit => Ok(Programs {
                driver: need("WebKitWebDriver")?,
                browser: Some(mini_browser().ok_or("no MiniBrowser in /usr/lib or /usr/libexec (Debian: it comes with webkit2gtk-driver)")?),
                screen: if headed { None } else { Some(need("Xvfb")?) },
            }),
        }
    }

    /// What a session asks of its browser.
    pub fn capabilities(self, programs: &Programs, headed: bool, variant: Variant) -> Capabilities {
        let private = variant == Variant::Private;
        let size = if variant == Variant::LargeText { 24 } else { 16 };
        let browser = programs.browser.as_ref().map(|path| path.display().to_string());
        let wanted = match self {
            Engine::Chromium => {
                let mut args = vec![
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ];
                if !headed {
                    args.push("--headless");
                }
                if private {
                    args.push("--incognito");
                }
                let mut options =
                    json!({ "args": args, "prefs": { "webkit.webprefs.default_font_size": size } });
                if let Some(browser) = browser {
                    options["binary"] = browser.into();
                }
                json!({ "browserName": "chrome", "goog:loggingPrefs": { "browser": "ALL" }, "goog:chromeOptions": options })
            }
            Engine::Firefox => {
                let args: &[&str] = if headed { &[] } else { &["-headless"] };
                // The console of pages and workers goes to the driver's output, which is the only way to read it.
                let preferences = json!({ "devtools.console.stdout.content": true, "browser.privatebrowsing.autostart": private, "font.size.variable.x-western": size });
                json!({ "browserName": "firefox", "moz:firefoxOptions": { "binary": browser, "args": args, "prefs": preferences } })
            }
            Engine::Webkit => {
                json!({ "browserName": "MiniBrowser", "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] } })
            }
        };
        let mut capabilities = Capabilities::new();
        if let Value::Object(fields) = wanted {
            capabilities.extend(fields);
        }
        capabilities
    }
}

/// The repository: two folders above this crate.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .map_or_else(PathBuf::new, Path::to_owned)
}

/// The figures that there are: each has a folder in the page's sources.
pub fn figures() -> Vec<String> {
    let folder = root().join("www/figures");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut names: Vec<_> = entries
        .map(|entry| {
            entry.expect("an entry of the folder").file_name().to_string_lossy().into_owned()
        })
        .collect();
    names.sort();
    names
}

/// Where builds go, and with them what the suite leaves behind.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Debian, Fedora and Arch each put MiniBrowser elsewhere.
fn mini_browser() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("MINIBROWSER") {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    let architectures =
        std::fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    architectures
        .chain(["/usr/lib", "/usr/libexec"].map(PathBuf::from))
        .flat_map(|folder| {
            ["webkit2gtk-4.1", "webkitgtk-6.0"]
                .map(|version| folder.join(version).join("MiniBrowser"))
        })
        .find(|candidate| candidate.is_file())
}
