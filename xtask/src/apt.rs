//! Installs Debian's packages, where this machine has them and lets us. Knows no package by name.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::error::Result;
use crate::{program, say};

/// Packages come from a mirror near the machine; a browser with all that it needs is some 200 MB.
const LIMIT: Duration = Duration::from_secs(20 * 60);

/// Debian's tools let one of them at a time change the system, and the next one fail.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// The right to install packages.
#[derive(Debug)]
pub struct Apt {
    program: PathBuf,
    by_sudo: bool,
}

impl Apt {
    /// The right to install, where we have it: as root, or by a sudo that asks for no password.
    pub fn if_allowed() -> Option<Apt> {
        let program = program::find("apt-get")?;
        if program::ask(Command::new("id").arg("-u")).as_deref() == Some("0") {
            return Some(Apt {
                program,
                by_sudo: false,
            });
        }
        program::ask(Command::new("sudo").args(["-n", "true"])).map(|_| Apt {
            program,
            by_sudo: true,
        })
    }

    /// Brings packages onto the machine, once nobody else is at it.
    ///
    /// # Errors
    /// When one of them does not exist here or can't be had.
    pub fn install(&self, packages: &[&str]) -> Result<()> {
        let _alone = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        say::step_beside(
            &format!("Installing {} (apt-get)", packages.join(", ")),
            || {
                // A fresh machine or container has no list of packages, or an old one. One source that is out of reach need not matter.
                let _ = program::run(self.command().arg("update"), "apt-get update", LIMIT);
                let mut install = self.command();
                install
                    .args(["install", "--yes", "--no-install-recommends"])
                    .args(packages);
                program::run(&mut install, "apt-get install", LIMIT).map(drop)
            },
        )
    }

    fn command(&self) -> Command {
        let mut command = if self.by_sudo {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive"])
                .arg(&self.program);
            sudo
        } else {
            Command::new(&self.program)
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}
