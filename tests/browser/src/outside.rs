//! What the browser around a page can be asked for: its window, its colour scheme, its threads, its
//! console, a picture. Knows nothing of what is in the page.

use serde_json::{Value, json};
use thirtyfour::extensions::cdp::ChromeDevTools;

use crate::browser::ConsoleLog;
use crate::engine::Engine;
use crate::page::Page;
use crate::process::Process;

/// One line of a browser's console.
#[derive(Debug, Clone)]
pub struct Line {
    /// Whether it is a warning or an error.
    pub is_complaint: bool,
    /// What it says.
    pub text: String,
}

impl Page<'_> {
    /// Makes the page's inside so large, and tells whether the browser went along: each has a least
    /// size of its own.
    #[track_caller]
    pub fn set_viewport(&self, width: u32, height: u32) -> bool {
        let wanted = [i64::from(width), i64::from(height)];
        let mut ask = wanted;
        if self.js("return [innerWidth, innerHeight]") == json!(wanted) {
            return true;
        }
        for _ in 0..4 {
            let resize =
                self.driver.set_window_rect(0, 0, ask[0].max(1) as u32, ask[1].max(1) as u32);
            self.call("size the window", resize);
            let got = self.inside_settled_at(wanted);
            if got == wanted {
                return true;
            }
            ask = [ask[0] + wanted[0] - got[0], ask[1] + wanted[1] - got[1]];
        }
        false
    }

    /// The page's inside, once it is as wanted, or after a moment: some windows grow after the answer.
    #[track_caller]
    fn inside_settled_at(&self, wanted: [i64; 2]) -> [i64; 2] {
        let script = "return (async (width, height) => {
            await until(() => innerWidth === width && innerHeight === height, 250);
            return [innerWidth, innerHeight];
        })(...arguments)";
        let inside = self.js_with(script, wanted.map(Value::from).to_vec());
        [0, 1].map(|at| inside[at].as_i64().unwrap_or_default())
    }

    /// Puts the window out of sight, as a person does who turns to something else, and waits until the page knows it.
    #[track_caller]
    pub fn hide(&self) {
        self.call("put the window away", self.driver.minimize_window());
        self.wait("the page is hidden", "document.hidden");
    }

    /// Brings the window back.
    #[track_caller]
    pub fn unhide(&self) {
        self.call("bring the window back", self.driver.set_window_rect(0, 0, 1280, 800));
        self.wait("the page is seen again", "!document.hidden");
    }

    /// Makes the system seem dark or light to the page, or as it is by an empty word. Only Chromium's
    /// driver can; elsewhere nothing happens.
    #[track_caller]
    pub fn prefer_scheme(&self, scheme: &str) {
        self.emulate("", &[("prefers-color-scheme", scheme)]);
    }

    /// Makes the page seem to be on such a medium ("print", or none in particular) and to be read by somebody with these wishes, in place of
    /// all emulated before. Only Chromium's driver can; elsewhere nothing happens.
    #[track_caller]
    pub fn emulate(&self, media: &str, wishes: &[(&str, &str)]) {
        if self.engine != Engine::Chromium {
            return;
        }
        let features: Vec<_> =
            wishes.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.cdp("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }));
    }

    /// A command of Chromium's own tools, and what it gives.
    #[track_caller]
    pub fn cdp(&self, command: &str, parameters: Value) -> Value {
        let tools = ChromeDevTools::new(self.driver.handle.clone());
        self.call(command, tools.execute_cdp_with_params(command, parameters))
    }

    /// A finger's tap, at a place counted from the page's upper left corner as it is seen. Only Chromium's own tools have fingers.
    #[track_caller]
    pub fn tap(&self, x: f64, y: f64) {
        let tools = ChromeDevTools::new(self.driver.handle.clone());
        for (kind, points) in [("touchStart", json!([{ "x": x, "y": y }])), ("touchEnd", json!([]))]
        {
            self.call(
                "tap",
                tools.execute_cdp_with_params(
                    "Input.dispatchTouchEvent",
                    json!({ "type": kind, "touchPoints": points }),
                ),
            );
        }
    }

    /// Memory that the browser's processes have in use, in MB, each page of it counted by its share.
    pub fn resident_mb(&self) -> f64 {
        self.browser.driver().map_or(0.0, crate::process::Process::resident_mb)
    }

    /// Web Workers that run in the browser's pages, by the system's own list of threads.
    pub fn worker_threads(&self) -> usize {
        self.browser.driver().map_or(0, |driver| {
            driver.threads_called(self.engine.worker_thread(), self.engine.page_process())
        })
    }

    /// All that the browser's console said since the test began. WebKit's driver has no way to tell.
    pub fn console(&self) -> Vec<Line> {
        self.read_console();
        self.console.borrow().clone()
    }

    /// Web Workers that Chromium's own tools list, nested ones included.
    #[track_caller]
    pub fn worker_targets(&self) -> usize {
        let tools = ChromeDevTools::new(self.driver.handle.clone());
        let everything = json!({ "filter": [{}] });
        let listed = self.call(
            "list the workers",
            tools.execute_cdp_with_params("Target.getTargets", everything),
        );
        let targets = listed["targetInfos"].as_array().cloned().unwrap_or_default();
        targets.iter().filter(|target| target["type"] == "worker").count()
    }

    pub(crate) fn read_console(&self) {
        match self.engine {
            Engine::Chromium => {
                let log = self.call("read the console", async {
                    self.driver.cmd(ConsoleLog).await?.value_json()
                });
                let lines = log.as_array().into_iter().flatten().map(|entry| Line {
                    is_complaint: matches!(entry["level"].as_str(), Some("WARNING" | "SEVERE")),
                    text: format!(
                        "{} {}",
                        entry["level"].as_str().unwrap_or_default(),
                        entry["message"].as_str().unwrap_or_default()
                    ),
                });
                self.console.borrow_mut().extend(lines);
            }
            Engine::Firefox => {
                let output = self.browser.driver().map(Process::output).unwrap_or_default();
                let fresh = output.get(self.log_start..).unwrap_or_default();
                *self.console.borrow_mut() = fresh.lines().filter_map(firefox_line).collect();
            }
            Engine::Webkit => {}
        }
    }

    /// A picture of what is seen, as PNG.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        self.call("take a picture", self.driver.screenshot_as_png())
    }
}

/// Firefox prints what pages say among much of its own; a page's strings stand in quotes, its own mostly don't.
fn firefox_line(line: &str) -> Option<Line> {
    let from_page = [
        "console.log: \"",
        "console.info: \"",
        "console.warn: \"",
        "console.error: \"",
        "JavaScript error: http",
        "JavaScript warning: http",
    ];
    from_page.iter().any(|start| line.starts_with(start)).then(|| Line {
        is_complaint: !line.starts_with("console.log") && !line.starts_with("console.info"),
        text: line.to_owned(),
    })
}
