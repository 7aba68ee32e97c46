//! Runs other programs. Unless a function says otherwise their output goes where ours goes: a person sees what they do.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::paths;

/// A program: among those that we installed for this project, else on PATH.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::iter::once(paths::tools().join("bin"))
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).status();
    let status = status.with_context(|| format!("{} could not be started", name_of(command)))?;
    ended(command, status)
}

/// What a program prints on stdout.
pub fn output_of(command: &mut Command) -> Result<String> {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output();
    let output = output.with_context(|| format!("{} could not be started", name_of(command)))?;
    ended(command, output.status)?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The JSON that a program prints on stdout.
pub fn json_of(command: &mut Command) -> Result<serde_json::Value> {
    let text = output_of(command)?;
    serde_json::from_str(&text).with_context(|| format!("{} prints no JSON", name_of(command)))
}

/// What a program prints on stdout, trimmed; `None` when it can't be run or fails, of which nothing is shown.
pub fn query(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.trim().to_owned())
}

/// The cargo that runs us, in the repository: for native builds.
pub fn cargo(words: &str) -> Command {
    at_root(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), words)
}

/// A program in the repository, with arguments that hold no spaces.
pub fn at_root(program: impl AsRef<OsStr>, words: &str) -> Command {
    let mut command = Command::new(program);
    command.args(words.split_whitespace()).current_dir(paths::root());
    command
}

/// Git in this repository, which may belong to another user, as in a container.
pub fn git(words: &str) -> Command {
    at_root("git", &format!("-c safe.directory=* {words}"))
}

/// Removes what an outer `cargo run` has put into a program's environment: a cargo of another toolchain must not find it.
/// Where packages come from and how the network is reached stays, and where cargo keeps its downloads.
pub fn without_outer_cargo(command: &mut Command) {
    const DROPPED: &str = "CARGO RUSTUP_ RUSTC RUSTDOC RUSTFLAGS";
    const KEPT: &str = "CARGO_HOME CARGO_HTTP_ CARGO_NET_ CARGO_REGISTR CARGO_TERM_";
    let starts = |name: &str, list: &str| list.split(' ').any(|start| name.starts_with(start));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if starts(&text, DROPPED) && !starts(&text, KEPT) {
            command.env_remove(&name);
        }
    }
    // cargo names its own toolchain's libraries here, where another compiler would find them before its own.
    command.env_remove("LD_LIBRARY_PATH");
    command.env_remove("DYLD_FALLBACK_LIBRARY_PATH");
}

fn ended(command: &Command, status: ExitStatus) -> Result<()> {
    ensure!(status.success(), "{} failed ({status})", name_of(command));
    Ok(())
}

/// Its program and the first words of its arguments: `cargo test --workspace`.
fn name_of(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    let args = command.get_args().take(3).map(|arg| arg.to_string_lossy());
    let words: Vec<_> = std::iter::once(program).chain(args).collect();
    format!("`{}`", words.join(" "))
}
