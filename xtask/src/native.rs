//! `cargo xtask bench --native`: the same Rust code without a browser, for the page to show beside its own numbers.

use std::fs;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::{files, paths, process};

/// The most that such a file may weigh: every reader of the two figures fetches it.
const LARGEST: usize = 16_000;

/// Writes www/data/native-<machine>.json: two reports, of the price list and of contention.
///
/// # Errors
/// When examples/native.rs does not compile or fails, or what it prints is no list of reports.
pub fn record(machine: Option<&str>) -> Result<()> {
    let machine = machine.map_or_else(processor, str::to_owned);
    let text = process::output_of(example("native").arg(&machine))?;
    let reports: Vec<serde_json::Value> = serde_json::from_str(&text)?;
    let text = format!("{}\n", serde_json::Value::from(reports));
    ensure!(
        text.len() <= LARGEST,
        "{} bytes are too many for a page: at most {LARGEST}",
        text.len()
    );
    let path = paths::root().join("www/data").join(file_name(&machine));
    files::write(&path, &text)?;
    println!("{}: {} bytes", path.display(), text.len());
    Ok(())
}

/// Prints how often the price list's method finds a cost that is known, and no difference where there is none.
///
/// # Errors
/// When examples/validity.rs does not compile or fails.
pub fn validity() -> Result<()> {
    process::run(&mut example("validity"))
}

fn example(name: &str) -> Command {
    process::cargo(["run", "--quiet", "--release", "--example", name, "--"])
}

/// The processor's name. Never the machine's own: that is nobody's business.
fn processor() -> String {
    let linux = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let name = linux.or_else(|| {
        process::query(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]))
    });
    name.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

/// The file for a machine of this name.
fn file_name(machine: &str) -> String {
    let words = machine.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let name = words.join("-").to_ascii_lowercase();
    format!(
        "native-{}.json",
        if name.is_empty() { "machine" } else { &name }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_what_any_host_takes() {
        let name = file_name("Intel(R) Core(TM) i5 @ 2.4GHz");
        assert_eq!(name, "native-intel-r-core-tm-i5-2-4ghz.json");
        assert_eq!(file_name("../Ökonomie"), "native-konomie.json");
        assert_eq!(file_name("机"), "native-machine.json");
    }
}
