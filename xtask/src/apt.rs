//! Installs Debian's packages, where this machine has them and lets us: as root, or by a sudo that asks for no password.

use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

use crate::{process, ui};

/// Only one apt-get at a time may change the system; the next one would fail.
static LOCK: Mutex<()> = Mutex::new(());

/// Brings packages onto the machine.
pub fn install(packages: &[&str]) -> Result<()> {
    let by_sudo = process::query(Command::new("id").arg("-u")).as_deref() != Some("0");
    if process::find("apt-get").is_none()
        || by_sudo && process::query(Command::new("sudo").args(["-n", "true"])).is_none()
    {
        bail!("{} can't be installed from here", packages.join(", "));
    }
    let apt = |args: &[&str]| {
        let mut command = Command::new(if by_sudo { "sudo" } else { "env" });
        command
            .args(by_sudo.then_some(["-n", "env"]).into_iter().flatten())
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet=2"])
            .args(args);
        process::run(&mut command)
    };
    let _alone = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    ui::step(&format!("Installing {} (apt-get)", packages.join(", ")), || {
        // A fresh machine or container has no list of packages, or an old one. One source out of reach need not matter.
        let _ = apt(&["update"]);
        apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
    })
}
