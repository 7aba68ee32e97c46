//! `cargo xtask bench --native`: the same Rust code without a browser, for the page to show beside its own numbers. Measures nothing itself.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::{place, program};

/// The most that such a file may weigh: every reader of the two figures fetches it.
const LARGEST: usize = 16_000;

/// Writes www/data/native-<machine>.json: two reports, of the price list and of contention.
///
/// # Errors
/// When examples/native.rs does not compile or fails, its output is no list of reports, or it can't be written.
pub fn twin(machine: Option<&str>) -> Result<()> {
    let machine = machine.map_or_else(processor, str::to_owned);
    let name = file_name(&machine);
    let mut command = example("native");
    command.arg(&machine);
    let what = "examples/native.rs";
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(what, error.to_string()))?;
    if !output.status.success() {
        return Err(failed(what, output.status.to_string()));
    }
    let reports: Vec<Value> = serde_json::from_slice(&output.stdout)
        .map_err(|error| failed(what, format!("its output is no list of reports: {error}")))?;
    let text = format!("{}\n", Value::from(reports));
    if text.len() > LARGEST {
        return Err(failed(
            what,
            format!(
                "{} bytes are too many for a page; at most {LARGEST} are allowed",
                text.len()
            ),
        ));
    }
    let folder = place::root().join("www/data");
    let path = folder.join(name);
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, &text))
        .map_err(|error| Error::File {
            path: path.clone(),
            error,
        })?;
    println!("{}: {} bytes", path.display(), text.len());
    Ok(())
}

/// Prints how often the price list's method finds a cost that is known, and no difference where there is none.
///
/// # Errors
/// When examples/validity.rs does not compile or fails.
pub fn validity() -> Result<()> {
    program::show(&mut example("validity"), "examples/validity.rs")
}

fn example(name: &str) -> Command {
    let mut command = Command::new(native_cargo());
    command.current_dir(place::root());
    command.args(["run", "--quiet", "--release", "--example", name, "--"]);
    command
}

fn failed(what: &str, how: String) -> Error {
    Error::Failed {
        what: what.to_owned(),
        how,
    }
}

/// What the system calls the processor. Never the machine's own name: that is nobody's business.
fn processor() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let told = told
        .or_else(|| program::ask(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"])));
    told.filter(|name| !name.is_empty())
        .unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

/// The file that a machine of this name has.
fn file_name(machine: &str) -> String {
    let words: Vec<String> = machine
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = if words.is_empty() {
        "machine".to_owned()
    } else {
        words.join("-")
    };
    format!("native-{name}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_what_any_host_takes() {
        assert_eq!(
            file_name("Intel(R) Core(TM) i5 @ 2.4GHz"),
            "native-intel-r-core-tm-i5-2-4ghz.json"
        );
        assert_eq!(file_name("../Ökonomie"), "native-konomie.json");
        assert_eq!(file_name("机"), "native-machine.json");
    }
}
