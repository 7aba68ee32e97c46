//! One browser under its driver: started on a free port, checked until it answers, its session reused from test to test and renewed when
//! it died, and all of it ended with this value. Knows nothing of pages.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;
use std::time::{Duration, Instant};

use axum::http::Method;
use thirtyfour::WebDriver;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::common::config::WebDriverConfig;
use thirtyfour::{RequestData, SessionId};
use tokio::time::{sleep, timeout};

use crate::engine::{Engine, Programs, Variant, target};
use crate::process::Process;

/// How long a driver or a screen may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a browser may take to come up. A cold disk and two cores need more than one expects.
const SESSION_LIMIT: Duration = Duration::from_secs(90);
/// How long a healthy session may take for the smallest of commands.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// A driver, its browser, and the session between them.
#[derive(Debug)]
pub struct Browser {
    /// Which engine.
    pub engine: Engine,
    /// How it was started.
    pub variant: Variant,
    programs: Programs,
    headed: bool,
    session: Option<WebDriver>,
    driver: Option<Process>,
    // Last: a screen must outlive what is shown on it.
    screen: Option<(Process, String)>,
}

impl Browser {
    /// A browser that starts with its first session.
    pub fn new(engine: Engine, variant: Variant, programs: Programs, headed: bool) -> Browser {
        Browser { engine, variant, programs, headed, session: None, driver: None, screen: None }
    }

    /// The driver's process, once there is one.
    pub fn driver(&self) -> Option<&Process> {
        self.driver.as_ref()
    }

    /// A session that answers, showing an empty page in its only window: the one there is, or a fresh one.
    ///
    /// # Errors
    /// A sentence about what did not start, with the end of the driver's own words.
    pub async fn session(&mut self) -> Result<WebDriver, String> {
        if let Some(session) = self.session.clone() {
            match timeout(SIGN_OF_LIFE, tidy(&session)).await {
                Ok(Ok(())) => return Ok(session),
                _ => self.abandon(),
            }
        }
        let port = free_port()?;
        self.start_driver(port).await?;
        let address = format!("http://127.0.0.1:{port}");
        let capabilities = self.engine.capabilities(&self.programs, self.headed, self.variant);
        // Longer than any test's own limit, so that it is the test that says where it hung.
        let config = WebDriverConfig::builder()
            .reqwest_timeout(Duration::from_secs(600))
            .build()
            .map_err(|error| error.to_string())?;
        let session =
            match timeout(SESSION_LIMIT, WebDriver::new_with_config(address, capabilities, config))
                .await
            {
                Ok(Ok(session)) => session,
                Ok(Err(error)) => {
                    return Err(self.complaint(&format!("could not open a browser: {error}")));
                }
                Err(_) => {
                    return Err(self.complaint(&format!(
                        "opened no browser within {} s",
                        SESSION_LIMIT.as_secs()
                    )));
                }
            };
        self.session = Some(session.clone());
        Ok(session)
    }

    /// Gives the session up, with driver and browser: something in there no longer answers.
    pub fn abandon(&mut self) {
        if let Some(session) = self.session.take() {
            // Nobody is left to say goodbye to.
            let _ = session.leak();
        }
        self.driver = None;
    }

    /// Ends the session in good order, and with it the browser.
    pub async fn close(&mut self) {
        if let Some(session) = self.session.take()
            && timeout(SIGN_OF_LIFE, session.clone().quit()).await.is_err()
        {
            let _ = session.leak();
        }
        self.driver = None;
        self.screen = None;
    }

    async fn start_driver(&mut self, port: u16) -> Result<(), String> {
        let mut command = Command::new(&self.programs.driver);
        match self.engine {
            Engine::Chromium => {
                command.arg(format!("--port={port}"));
            }
            Engine::Firefox => {
                command.args(["--port", &port.to_string()]);
            }
            Engine::Webkit => {
                command.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]);
                command
                    .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1")
                    .env("LIBGL_ALWAYS_SOFTWARE", "1");
                match self.variant {
                    Variant::NoSharedMemory => command.env_remove("JSC_useSharedArrayBuffer"),
                    _ => command.env("JSC_useSharedArrayBuffer", "1"),
                };
                if let Some(display) = self.screen().await? {
                    command
                        .env("DISPLAY", display)
                        .env_remove("WAYLAND_DISPLAY")
                        .env("GDK_BACKEND", "x11");
                }
            }
        }
        if let Some(fonts) = self.variant.fontconfig().map_err(|error| error.to_string())? {
            command.env("FONTCONFIG_FILE", fonts);
        }
        let log = target().join(
            format!("browser-logs/{}-{:?}.log", self.engine.name(), self.variant).to_lowercase(),
        );
        let driver = Process::start(&mut command, &log).map_err(|error| {
            format!("{} could not start: {error}", self.programs.driver.display())
        })?;
        self.driver = Some(driver);
        self.answers(port).await
    }

    /// Waits until the driver says that it is ready for a session.
    async fn answers(&mut self, port: u16) -> Result<(), String> {
        let begun = Instant::now();
        while begun.elapsed() < START_LIMIT {
            if self.driver.as_mut().is_none_or(Process::has_ended) {
                return Err(self.complaint("ended at once"));
            }
            if let Ok(true) = is_ready(port).await {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(self.complaint(&format!("did not answer within {} s", START_LIMIT.as_secs())))
    }

    /// The display of the virtual screen, started when it is first needed.
    async fn screen(&mut self) -> Result<Option<String>, String> {
        let Some(program) = self.programs.screen.clone() else {
            return Ok(None);
        };
        if let Some((_, display)) = &self.screen {
            return Ok(Some(display.clone()));
        }
        let mut command = Command::new(&program);
        // It picks a free display by itself, and says which on its standard output.
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
        let log =
            target().join(format!("browser-logs/screen-{:?}.log", self.variant).to_lowercase());
        let mut process = Process::start(&mut command, &log)
            .map_err(|error| format!("{} could not start: {error}", program.display()))?;
        let begun = Instant::now();
        while begun.elapsed() < START_LIMIT && !process.has_ended() {
            if let Some(number) =
                process.output().lines().find_map(|line| line.trim().parse::<u32>().ok())
            {
                let display = format!(":{number}");
                self.screen = Some((process, display.clone()));
                return Ok(Some(display));
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(format!("{} opened no screen; it said: {}", program.display(), process.output()))
    }

    fn complaint(&self, what: &str) -> String {
        let said = self.driver.as_ref().map(Process::output).unwrap_or_default();
        let skipped = said.lines().count().saturating_sub(15);
        let last: Vec<_> = said.lines().skip(skipped).collect();
        format!("{} {what}. It said last:\n{}", self.programs.driver.display(), last.join("\n"))
    }
}

/// Leaves one window with an empty page in it. Fails where the session is dead.
async fn tidy(session: &WebDriver) -> thirtyfour::error::WebDriverResult<()> {
    let mut windows = session.windows().await?;
    let first = windows.remove(0);
    for other in windows {
        session.switch_to_window(other).await?;
        session.close_window().await?;
    }
    session.switch_to_window(first).await?;
    session.enter_default_frame().await?;
    session.goto("about:blank").await
}

fn free_port() -> Result<u16, String> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

/// Asks a driver's status, the one question that needs no session.
async fn is_ready(port: u16) -> reqwest::Result<bool> {
    // No proxy leads here.
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(2)).build()?;
    let status = client.get(format!("http://127.0.0.1:{port}/status")).send().await?.text().await?;
    Ok(status.replace(char::is_whitespace, "").contains("\"ready\":true"))
}

/// Chromium's console since the last time it was asked.
#[derive(Debug)]
pub struct ConsoleLog;

impl FormatRequestData for ConsoleLog {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session}/se/log"))
            .add_body(serde_json::json!({ "type": "browser" }))
    }
}
