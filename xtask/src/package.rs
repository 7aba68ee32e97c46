//! `cargo xtask package`: what an author downloads, made of a fresh build: `dist/` as a zip and as a package for npm, each with licences, version
//! and checksums in it. The same `dist/` gives the same bytes. Publishes nothing.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;

use crate::build::Page;
use crate::files::{self, Files};
use crate::{node, paths, process, ui};

/// What the package is called, and the folder that the zip unpacks to.
const NAME: &str = "lock-lab";
/// The version of all that there is: the workspace's.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
const README: &str = include_str!("package/README.md");
/// What npm and the CDNs that mirror it want to know.
const MANIFEST: &str = include_str!("package/package.json");
const SUMS: &str = "SHA256SUMS";

/// Builds the page and packs it into `target/package/`.
pub fn package(site: Option<String>) -> Result<[PathBuf; 3]> {
    let page = Page::build(site, false)?;
    let into = paths::target().join("package");
    let made = write(&paths::dist(), &into, &page.name())?;
    for path in &made {
        let size = fs::metadata(path)?.len().div_ceil(1000);
        ui::note(&format!("{} ({size} KB)", path.display()));
    }
    Ok(made)
}

/// Packs a built folder; gives what was written: npm's tarball, the zip, and the digests of both. Older packages go.
pub fn write(dist: &Path, into: &Path, build: &str) -> Result<[PathBuf; 3]> {
    let mut files = files::read(dist)?;
    files.insert("VERSION".to_owned(), format!("{build}\n").into_bytes());
    files.insert("README.md".to_owned(), readme(&files, build)?);
    let _ = fs::remove_dir_all(into);
    fs::create_dir_all(into)?;
    let [tarball, zip] = ["tgz", "zip"].map(|ending| format!("{NAME}-{VERSION}.{ending}"));
    fs::write(into.join(&zip), zip_of(&with_sums(files.clone()))?)?;
    let manifest = MANIFEST.replace("{{version}}", VERSION);
    files.insert("package.json".to_owned(), manifest.into_bytes());
    npm_pack(&with_sums(files), into)?;
    let packages = files::read(into)?;
    fs::write(into.join(SUMS), sums(&packages))?;
    Ok([tarball, zip, SUMS.to_owned()].map(|name| into.join(name)))
}

/// What stands in the folder for whoever has just unpacked it.
fn readme(files: &Files, build: &str) -> Result<Vec<u8>> {
    // Each figure brings its source.
    let figures = files.keys().filter_map(|path| {
        let name = path.strip_prefix("source/")?.strip_suffix(".js.txt")?;
        Some(format!("`{name}`"))
    });
    let figures = figures.collect::<Vec<_>>().join(", ");
    // The first figure's height where there is room, and the room that it keeps in any column, as the page has it.
    let script = "import { figure } from './www/figures/lock-cost/figure.js'; globalThis.LAB_HEIGHTS = {}; const { frameRoomFor } = await import('./www/reach/place.js'); console.log(JSON.stringify([figure.heights[0], frameRoomFor(figure.heights)]))";
    let mut node = node::command("--input-type=module --eval");
    let room = process::json_of(node.arg(script))?;
    let text = README
        .replace("{{version}}", VERSION)
        .replace("{{build}}", build)
        .replace("{{figures}}", &figures)
        .replace("{{wide}}", &room[0].to_string())
        .replace("{{room}}", room[1].as_str().unwrap_or_default());
    Ok(text.into_bytes())
}

/// The files, and the digests of all of them.
fn with_sums(mut files: Files) -> Files {
    files.insert(SUMS.to_owned(), sums(&files));
    files
}

/// One line a file, as `sha256sum --check` reads it.
fn sums(files: &Files) -> Vec<u8> {
    let line =
        |(name, contents): (&String, &Vec<u8>)| format!("{}  {name}\n", files::sha256(contents));
    files.iter().map(line).collect::<String>().into_bytes()
}

fn zip_of(files: &Files) -> Result<Vec<u8>> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Its time is the format's first day, whatever the day is.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (name, contents) in files {
        zip.start_file(format!("{NAME}/{name}"), options)?;
        zip.write_all(contents)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// npm's own packing, which gives every file the same time and mode.
fn npm_pack(files: &Files, into: &Path) -> Result<()> {
    let folder = into.join("unpacked");
    for (name, contents) in files {
        files::write(&folder.join(name), contents)?;
    }
    let mut pack =
        process::at_root("npm", "pack --silent --ignore-scripts --offline --pack-destination ..");
    process::output_of(pack.current_dir(&folder)).context("npm's tarball")?;
    Ok(fs::remove_dir_all(&folder)?)
}
