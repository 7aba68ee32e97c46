//! `cargo xtask serve`: builds the page and serves it; with `--watch` builds it again at every change.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::build::Page;
use crate::server::{Headers, Options, Server};
use crate::{paths, ui, watch};

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The port to serve on; where it is taken, the next free one
    #[arg(long, default_value_t = 8000, value_name = "PORT")]
    port: u16,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// Rebuild and reload at every change of a file
    #[arg(long)]
    watch: bool,
    /// Send no isolation headers, as a plain static host does
    #[arg(long)]
    plain: bool,
}

/// Serves until it is interrupted.
pub fn serve(args: &Args) -> Result<()> {
    let page = Page::build(None, false)?;
    let headers = if args.plain { Headers::Plain } else { Headers::Isolation };
    let server = Server::start(Options {
        port: args.port,
        headers,
        reloads: args.watch,
        ..Options::new(paths::dist())
    })?;
    println!("\nLock Lab is at {}  (Ctrl-C ends it)", server.url());
    if args.plain {
        println!("without the headers that isolate a page, as a plain static host serves it");
    }
    if args.open {
        open(&server.url());
    }
    if args.watch {
        watch::rebuild_on_changes(page, &server)
    } else {
        loop {
            std::thread::park();
        }
    }
}

/// Opens an address in the person's browser, by the system's own way.
fn open(url: &str) {
    let (program, args): (&str, &[&str]) = match std::env::consts::OS {
        "macos" => ("open", &[]),
        "windows" => ("cmd", &["/C", "start"]),
        _ => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(args).arg(url);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Err(error) = command.spawn() {
        ui::note(&format!(
            "The browser could not be opened ({program}: {error}); the address is above."
        ));
    }
}
