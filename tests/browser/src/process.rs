//! Programs that the suite starts: their output in a file, their whole tree ended when the suite is done with them, panics and
//! Ctrl-C included, and a look at their threads. Knows nothing of browsers.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// The processes that run now, for whoever ends the suite from outside.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A running program. Dropping it ends it and all that it started.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program whose output goes to `log`.
    ///
    /// # Errors
    /// When the program can't be started or the file can't be made.
    pub fn start(command: &mut Command, log: &Path) -> io::Result<Process> {
        if let Some(folder) = log.parent() {
            fs::create_dir_all(folder)?;
        }
        let output = File::create(log)?;
        let child =
            command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).spawn()?;
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).insert(child.id());
        Ok(Process { child, log: log.to_owned() })
    }

    /// Everything that it has printed so far.
    pub fn output(&self) -> String {
        fs::read(&self.log)
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .unwrap_or_default()
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Memory in use by this process and all below it, in MB; what several share is counted in shares (Linux's PSS).
    pub fn resident_mb(&self) -> f64 {
        let kb = |id: u32| {
            let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
            let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
            line.split_whitespace().nth(1)?.parse::<f64>().ok()
        };
        family(self.child.id()).into_iter().filter_map(kb).sum::<f64>() / 1e3
    }

    /// How many threads of this name run in this process and those below it that have `argument` in their command line.
    pub fn threads_called(&self, name: &str, argument: &str) -> usize {
        let kept: String = name.chars().take(15).collect();
        let tasks = family(self.child.id())
            .into_iter()
            .filter(|id| {
                fs::read(format!("/proc/{id}/cmdline"))
                    .is_ok_and(|line| String::from_utf8_lossy(&line).contains(argument))
            })
            .filter_map(|id| fs::read_dir(format!("/proc/{id}/task")).ok());
        tasks
            .flat_map(|threads| threads.flatten())
            .filter(|thread| {
                fs::read_to_string(thread.path().join("comm"))
                    .is_ok_and(|called| called.trim_end() == kept)
            })
            .count()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end(self.child.id());
        // Reaps it, so that its id can't come to mean another process while we still know it.
        let _ = self.child.kill();
        let _ = self.child.wait();
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.child.id());
    }
}

/// Ends every process of the suite when it is itself asked to end, by Ctrl-C or by a time limit around it.
pub fn end_all_on_signal() {
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
            return;
        };
        runtime.block_on(asked_to_end());
        for &id in RUNNING.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            end(id);
        }
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn asked_to_end() {
    use std::future::{pending, poll_fn};
    use std::task::Poll;
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()];
    let mut heard: Vec<_> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    if heard.is_empty() {
        return pending().await;
    }
    poll_fn(|context| {
        if heard.iter_mut().any(|one| one.poll_recv(context).is_ready()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[cfg(not(unix))]
async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}

/// A process and all that it started, directly or not, as far as the system tells.
fn family(head: u32) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // "id (name) state parent …", where the name may hold anything, brackets and spaces included.
        let Ok(status) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let parent = status
            .rsplit_once(')')
            .and_then(|(_, rest)| rest.split_whitespace().nth(1))
            .and_then(|word| word.parse::<u32>().ok());
        parents.extend(parent.map(|parent| (id, parent)));
    }
    let mut found = vec![head];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(
            parents.iter().filter(|(id, of)| *of == parent && *id != parent).map(|(id, _)| *id),
        );
        next += 1;
    }
    found
}

/// Ends a process and all below it, at once.
fn end(head: u32) {
    if cfg!(unix) {
        let ids = family(head).into_iter().map(|id| id.to_string());
        let _ = Command::new("kill")
            .arg("-KILL")
            .args(ids)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}
