//! The same experiment outside a browser, for the ratios: natively (`locklab bench`) and in CPython, where there is one. Judges nothing.

use std::process::Command;

use regex::Regex;
use serde_json::Value;

use crate::engine::root;

/// A figure's report from `locklab bench`, with these options.
///
/// # Errors
/// A sentence, when it can't be built, run or read.
pub fn report(figure: &str, options: &[&str]) -> Result<Value, String> {
    let arguments = [&["bench", figure, "--json"], options].concat();
    let printed = program(["--bin", "locklab"], &arguments)?;
    serde_json::from_str(&printed)
        .map_err(|error| format!("locklab bench printed no report: {error}"))
}

/// Our own locks beside their crate twins, from `examples/twins.rs`: which, and the ratio of one thread's and of two threads' times.
///
/// # Errors
/// A sentence, when it can't be built, run or read.
pub fn twins() -> Result<Vec<(String, f64, f64)>, String> {
    let printed = program(["--example", "twins"], &[])?;
    let pairs: Vec<_> = printed
        .lines()
        .filter(|line| line.contains(" / "))
        .filter_map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            let [name @ .., _, _, alone, _, _, two] = words.as_slice() else {
                return None;
            };
            Some((name.join(" "), alone.parse().ok()?, two.parse().ok()?))
        })
        .collect();
    if pairs.is_empty() {
        return Err(format!("examples/twins.rs printed no pairs: {printed}"));
    }
    Ok(pairs)
}

/// What `examples/validity.rs` finds, so many experiments a check: what, in how many it was right, of how many, and in how many of a hundred it is to be.
///
/// # Errors
/// A sentence, when it can't be built, run or read.
pub fn validity(experiments: usize) -> Result<Vec<(String, f64, f64, f64)>, String> {
    let printed = program(["--example", "validity"], &[&experiments.to_string()])?;
    let line = Regex::new(r"^(.*): (\d+) of (\d+) \(at least (\d+) %\)$").expect("a pattern");
    let checks = printed.lines().map(|one| {
        let parts =
            line.captures(one).ok_or_else(|| format!("examples/validity.rs printed: {one}"))?;
        let number = |part: usize| parts[part].parse().unwrap_or(f64::NAN);
        Ok((parts[1].to_owned(), number(2), number(3), number(4)))
    });
    checks.collect()
}

/// How many threads wanted a processor in the last minute, where the system says so.
pub fn load() -> Option<String> {
    let text = std::fs::read_to_string("/proc/loadavg").ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

/// How far CPython's waiting threads are over their ideal, as a ratio; `None` without a CPython.
pub fn cpython(threads: u32, times: u32, wait_s: f64) -> Option<f64> {
    let program = format!(
        "import threading, time\n\
         lock = threading.Lock()\n\
         value = 0\n\
         def work():\n    \
             global value\n    \
             for _ in range({times}):\n        \
                 with lock: value += 1\n        \
                 time.sleep({wait_s})\n\
         workers = [threading.Thread(target=work) for _ in range({threads})]\n\
         start = time.perf_counter()\n\
         for worker in workers: worker.start()\n\
         for worker in workers: worker.join()\n\
         print(time.perf_counter() - start)"
    );
    let printed = output(Command::new("python3").args(["-c", &program])).ok()?;
    let seconds: f64 = printed.trim().parse().ok()?;
    Some(seconds / (f64::from(times) * wait_s))
}

/// What these files of dist/ weigh together as hosts send them, in bytes.
///
/// # Errors
/// A sentence, when Node can't be asked or there is no such file.
pub fn brotli(files: &[String]) -> Result<f64, String> {
    let program = "const fs = require('fs'), path = require('path'), { brotliCompressSync } = require('zlib');
        console.log(process.argv.slice(1).reduce((sum, one) => sum + brotliCompressSync(fs.readFileSync(path.join('dist', one))).length, 0))";
    let printed =
        output(Command::new("node").current_dir(root()).args(["-e", program, "--"]).args(files))?;
    let bytes = printed.trim().parse();
    bytes.map_err(|error| format!("the sizes could not be read: {error}"))
}

/// What a program of this repository prints: a `--bin` or an `--example`.
fn program(which: [&str; 2], arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("cargo");
    command
        .current_dir(root())
        .args(["run", "--quiet", "--release"])
        .args(which)
        .arg("--")
        .args(arguments);
    output(&mut command)
}

fn output(command: &mut Command) -> Result<String, String> {
    let done =
        command.output().map_err(|error| format!("{command:?} could not be started: {error}"))?;
    if done.status.success() {
        Ok(String::from_utf8_lossy(&done.stdout).into_owned())
    } else {
        Err(format!("{command:?} failed: {}", String::from_utf8_lossy(&done.stderr)))
    }
}
