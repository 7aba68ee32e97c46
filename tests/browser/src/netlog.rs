//! What Chromium itself records of its network: every request of the whole browser with who began it, workers and prefetches included.
//! A browser of its own, without a driver.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::engine::{Engine, target};
use crate::process::Process;

const GLANCE: Duration = Duration::from_millis(50);

/// Shows a page until this is true, or half a minute; gives the requests that pages began: their origin, and the address that was asked for.
///
/// # Errors
/// A sentence, where there is no Chromium or no record.
pub fn requests(address: &str, enough: impl Fn() -> bool) -> Result<Vec<(String, String)>, String> {
    let programs = Engine::Chromium.locate(false)?;
    let browser = programs.browser.ok_or("there is no Chromium")?;
    let folder = target().join("browser-logs/netlog");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let record = folder.join("record.json");
    let mut command = Command::new(browser);
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--window-size=1280,900",
            "--remote-debugging-port=0",
        ])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("--log-net-log={}", record.display()))
        .arg(address);
    let process = Process::start(&mut command, &folder.join("chromium.log"))
        .map_err(|error| error.to_string())?;
    let begun = Instant::now();
    while !enough() && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(GLANCE);
    }
    // What is on its way is recorded as well.
    std::thread::sleep(Duration::from_secs(1));
    drop(process);
    read(&record)
}

/// Of requests that the browser made for itself the record says that their initiator is no origin.
fn read(record: &Path) -> Result<Vec<(String, String)>, String> {
    let text = fs::read_to_string(record).map_err(|error| error.to_string())?;
    // One event a line; the last one may be cut off.
    let events = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line.trim_end_matches(',')).ok());
    Ok(events
        .filter_map(|event| {
            let field = |name: &str| Some(event["params"][name].as_str()?.to_owned());
            Some((field("initiator")?, field("url")?))
        })
        .filter(|(initiator, _)| initiator != "not an origin")
        .collect())
}
