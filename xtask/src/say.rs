//! What a person at the terminal reads while a task works: which step it is at, and how long that has taken. Runs no programs.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _, stderr};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::error::Result;

/// Says what comes now, does it, and says how long it took.
///
/// # Errors
/// What the work's error is; the line then says that the step failed.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    timed(name, "", work)
}

/// The same for a step that others may go on beside: its last line says whose it is.
///
/// # Errors
/// What the work's error is; the line then says that the step failed.
pub fn step_beside<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    timed(name, &format!("{name}: "), work)
}

fn timed<T>(name: &str, whose: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {name}");
    let since = Instant::now();
    let done = work();
    let how = if done.is_ok() { "done" } else { "FAILED" };
    eprintln!("  {whose}{how} in {}", took(since.elapsed()));
    done
}

/// One line beside the steps.
pub fn note(line: &str) {
    eprintln!("  {line}");
}

/// A line that must not be overlooked.
pub fn loudly(line: &str) {
    eprintln!("\n!!! {line}\n");
}

/// A duration as people say it: `0.4 s`, `12 s`, `1 min 26 s`.
pub fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Shows that work which prints nothing goes on: every second on a terminal, every 15 elsewhere.
#[derive(Debug)]
pub struct Ticker {
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Begins to show; ends when it is dropped.
    pub fn start(what: &str) -> Ticker {
        let (end, ended) = mpsc::channel();
        let what = what.to_owned();
        let live = stderr().is_terminal();
        let pause = Duration::from_secs(if live { 1 } else { 15 });
        let thread = std::thread::spawn(move || {
            let since = Instant::now();
            let mut shown = 0_usize;
            while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                let mut line = format!("  {what} … {}", took(since.elapsed()));
                if live {
                    let width = line.chars().count();
                    // What is left of a longer line before this one.
                    let _ = write!(line, "{:1$}", "", shown.saturating_sub(width));
                    shown = width;
                    eprint!("\r{line}");
                    let _ = stderr().flush();
                } else {
                    eprintln!("{line}");
                }
            }
            if shown > 0 {
                eprint!("\r{:shown$}\r", "");
            }
        });
        Ticker {
            end: Some(end),
            thread: Some(thread),
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // It can only print; if that failed there is nobody to tell.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!(took(Duration::from_millis(420)), "0.4 s");
        assert_eq!(took(Duration::from_secs(12)), "12 s");
        assert_eq!(took(Duration::from_secs(86)), "1 min 26 s");
    }
}
