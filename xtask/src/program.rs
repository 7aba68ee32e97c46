//! Runs other programs: in full view, or quietly with a time limit. Knows none of them.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::say::{self, Ticker};

/// A program on PATH.
pub fn find(name: impl AsRef<OsStr>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    find_in(name, std::env::split_paths(&path))
}

/// A program in one of the folders.
pub fn find_in(name: impl AsRef<OsStr>, folders: impl Iterator<Item = PathBuf>) -> Option<PathBuf> {
    let mut candidates = folders.map(|folder| folder.join(name.as_ref()));
    candidates.find(|candidate| candidate.is_file())
}

/// Runs a program whose output goes where ours goes.
///
/// # Errors
/// When it can't be started or does not end well; `what` says what it was to do.
pub fn show(command: &mut Command, what: &str) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .map_err(|error| unstarted(command, what, &error))?;
    ended_well(status, what)
}

/// Runs a program whose lines on stdout are shown as they come, and also handed to `line`.
///
/// # Errors
/// As [`show`].
pub fn show_lines(command: &mut Command, what: &str, mut line: impl FnMut(&str)) -> Result<()> {
    let mut child = start(command.stdout(Stdio::piped()), what)?;
    if let Some(output) = child.stdout.take() {
        // Bytes, not `lines()`: what a test prints need not be UTF-8.
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        while output
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&bytes);
            print!("{text}");
            line(text.trim_end());
            bytes.clear();
        }
    }
    ended_well(
        child
            .wait()
            .map_err(|error| unstarted(command, what, &error))?,
        what,
    )
}

/// Runs a program that a person need not watch, for as long as `limit`; gives what it printed on stdout.
/// All that it printed is shown only when it fails.
///
/// # Errors
/// As [`show`], and when it takes too long: then it is ended.
pub fn run(command: &mut Command, what: &str, limit: Duration) -> Result<String> {
    let _ticker = Ticker::start(what);
    let (status, output) = watch(command, what, limit)?;
    if !status.is_some_and(|status| status.success()) {
        drop(_ticker);
        for line in output.shown.lines() {
            say::note(line);
        }
    }
    match status {
        Some(status) => ended_well(status, what).map(|()| output.answer),
        None => Err(Error::Failed {
            what: what.to_owned(),
            how: format!("not done after {}", say::took(limit)),
        }),
    }
}

/// How a program ended, and all that it printed.
#[derive(Debug)]
pub struct Told {
    /// Whether it ended well.
    pub is_well: bool,
    /// What came on stdout and stderr, in the order in which it came.
    pub text: String,
}

/// Runs a program whose failure is to be judged by what it says.
///
/// # Errors
/// When it can't be started.
pub fn told(command: &mut Command, what: &str, limit: Duration) -> Result<Told> {
    let _ticker = Ticker::start(what);
    let (status, output) = watch(command, what, limit)?;
    Ok(Told {
        is_well: status.is_some_and(|status| status.success()),
        text: output.shown,
    })
}

/// What a program answers on stdout, trimmed; nothing when it can't be run, fails, or takes more than 10 s.
pub fn ask(command: &mut Command) -> Option<String> {
    let (status, output) = watch(command, "asking", Duration::from_secs(10)).ok()?;
    status?.success().then(|| output.answer.trim().to_owned())
}

/// Removes what an outer `cargo run` has put into a program's environment: a cargo of another toolchain must not find it.
///
/// Where packages come from and how the network is reached stays, and where cargo keeps its downloads.
pub fn forget_outer_cargo(command: &mut Command) -> &mut Command {
    const KEPT: [&str; 5] = [
        "CARGO_HOME",
        "CARGO_HTTP_",
        "CARGO_NET_",
        "CARGO_REGISTR",
        "CARGO_TERM_",
    ];
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        let cargos = ["CARGO", "RUSTUP_", "RUSTC", "RUSTDOC", "RUSTFLAGS"]
            .iter()
            .any(|start| name.starts_with(start));
        if cargos && !KEPT.iter().any(|start| name.starts_with(start)) {
            command.env_remove(name);
        }
    }
    // cargo names its own toolchain's libraries here, where another compiler would find them before its own.
    command
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("DYLD_FALLBACK_LIBRARY_PATH")
}

#[derive(Debug, Default)]
struct Output {
    /// What came on stdout.
    answer: String,
    /// What came on both, in the order in which it came.
    shown: String,
}

fn start(command: &mut Command, what: &str) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .spawn()
        .map_err(|error| unstarted(command, what, &error))
}

/// Collects a program's output until it ends or `limit` is over; then there is no status.
fn watch(
    command: &mut Command,
    what: &str,
    limit: Duration,
) -> Result<(Option<ExitStatus>, Output)> {
    let since = Instant::now();
    let mut child = start(command.stdout(Stdio::piped()).stderr(Stdio::piped()), what)?;
    let output = Arc::new(Mutex::new(Output::default()));
    let readers = [
        child.stdout.take().map(|from| collect(from, &output, true)),
        child
            .stderr
            .take()
            .map(|from| collect(from, &output, false)),
    ];
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if since.elapsed() < limit => thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
        }
    };
    // The readers end with the pipes. A program's own children may hold those for longer than it lives; no need to wait for them.
    if status.is_some() {
        for reader in readers.into_iter().flatten() {
            let _ = reader.join();
        }
    }
    let collected = std::mem::take(&mut *output.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((status, collected))
}

fn collect(
    from: impl Read + Send + 'static,
    into: &Arc<Mutex<Output>>,
    is_answer: bool,
) -> thread::JoinHandle<()> {
    let into = Arc::clone(into);
    thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut bytes = Vec::new();
        while from
            .read_until(b'\n', &mut bytes)
            .is_ok_and(|read| read > 0)
        {
            let text = String::from_utf8_lossy(&bytes);
            let mut output = into.lock().unwrap_or_else(PoisonError::into_inner);
            output.shown.push_str(&text);
            if is_answer {
                output.answer.push_str(&text);
            }
            bytes.clear();
        }
    })
}

fn unstarted(command: &Command, what: &str, error: &std::io::Error) -> Error {
    let program = Path::new(command.get_program()).display();
    Error::Failed {
        what: what.to_owned(),
        how: format!("{program} could not be started: {error}"),
    }
}

fn ended_well(status: ExitStatus, what: &str) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed {
        what: what.to_owned(),
        how: status.to_string(),
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_quiet_program_gives_its_answer() {
        let answer = run(
            &mut shell("echo hidden >&2; echo shown"),
            "echo",
            Duration::from_secs(5),
        );
        assert_eq!(answer.unwrap(), "shown\n");
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended() {
        let since = Instant::now();
        let error = run(
            &mut shell("sleep 30"),
            "sleeping",
            Duration::from_millis(100),
        )
        .unwrap_err();
        assert!(
            since.elapsed() < Duration::from_secs(5),
            "waited {:?}",
            since.elapsed()
        );
        assert_eq!(error.to_string(), "sleeping failed (not done after 0.1 s)");
    }

    #[test]
    fn a_missing_program_is_named() {
        let error = show(&mut Command::new("no-such-program"), "trying").unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }

    #[test]
    fn lines_are_seen_as_they_come_and_need_not_be_text() {
        let mut seen = Vec::new();
        show_lines(&mut shell("printf 'a\\n\\377\\n'"), "printing", |line| {
            seen.push(line.to_owned())
        })
        .unwrap();
        assert_eq!(seen, ["a", "\u{fffd}"]);
    }
}
