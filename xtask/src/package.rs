//! `cargo xtask package`: what an author downloads, made of a fresh build: `dist/` as a zip and as a package for npm, each with licences, version
//! and checksums in it. The same `dist/` gives the same bytes. Publishes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};
use regex::Regex;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;

use crate::build::{Page, Site};
use crate::error::{Error, Result};
use crate::{bundle, digest, place, say};

/// What the package is called, and the folder that the zip unpacks to.
const NAME: &str = "lock-lab";
const DESCRIPTION: &str = "What does a lock really cost? Live figures for any page: real threads in the browser, Rust in threaded WebAssembly.";
const README: &str = include_str!("package/README.md");
const SUMS: &str = "SHA256SUMS";
/// The time that every file in a tarball has: the one that npm gives to all of its own.
const NPM_TIME: u64 = 499_162_500;

/// Files by their paths in a folder or an archive, with `/` between the parts.
type Files = BTreeMap<String, Vec<u8>>;

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address that the folder will have, as `cargo xtask build` takes it
    #[arg(long, value_name = "https://…")]
    site: Option<Site>,
}

/// Builds the page and packs it into `target/package/`.
///
/// # Errors
/// When the page can't be built or something can't be written.
pub fn package(args: Args) -> Result<()> {
    let page = Page::build_for(args.site, false)?;
    let into = place::target().join("package");
    for path in write(&place::dist(), &into, &page.name()?)? {
        let size = fs::metadata(&path).map_err(Error::at(&path))?.len();
        say::note(&format!("{} ({} KB)", path.display(), size.div_ceil(1000)));
    }
    Ok(())
}

/// Packs a built folder; gives what was written: the zip, npm's tarball, and the digests of both. Older packages go.
///
/// # Errors
/// When something can't be read or written.
pub fn write(dist: &Path, into: &Path, build: &str) -> Result<Vec<PathBuf>> {
    let version = bundle::version()?;
    let mut files = read(dist)?;
    files.insert("VERSION".to_owned(), format!("{build}\n").into_bytes());
    files.insert("README.md".to_owned(), readme(&files, &version, build)?);
    let zip = zip_of(&with_sums(files.clone()), &format!("{NAME}/"))?;
    files.insert("package.json".to_owned(), manifest(&files, &version));
    let tarball = tarball_of(&with_sums(files), "package/")
        .map_err(|error| Error::Wrong(format!("npm's tarball: {error}")))?;
    let mut made = Files::from([
        (format!("{NAME}-{version}.zip"), zip),
        (format!("{NAME}-{version}.tgz"), tarball),
    ]);
    made.insert(SUMS.to_owned(), sums(&made));
    if into.is_dir() {
        fs::remove_dir_all(into).map_err(Error::at(into))?;
    }
    fs::create_dir_all(into).map_err(Error::at(into))?;
    made.iter()
        .map(|(name, contents)| {
            let path = into.join(name);
            fs::write(&path, contents).map_err(Error::at(&path))?;
            Ok(path)
        })
        .collect()
}

fn read(folder: &Path) -> Result<Files> {
    let mut paths = Vec::new();
    digest::collect(folder, &mut paths)?;
    paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap_or(path).components();
            let parts: Vec<_> = name
                .map(|part| part.as_os_str().to_string_lossy())
                .collect();
            Ok((parts.join("/"), fs::read(path).map_err(Error::at(path))?))
        })
        .collect()
}

/// What stands in the folder for who has just unpacked it.
fn readme(files: &Files, version: &str, build: &str) -> Result<Vec<u8>> {
    // Each figure brings its source.
    let figures = files.keys().filter_map(|path| {
        let name = path.strip_prefix("source/")?.strip_suffix(".js.txt")?;
        Some(format!("`{name}`"))
    });
    let figures = figures.collect::<Vec<_>>().join(", ");
    let [wide, narrow] = heights()?;
    let text = README
        .replace("{{version}}", version)
        .replace("{{build}}", build)
        .replace("{{figures}}", &figures)
        .replace("{{wide}}", &wide)
        .replace("{{narrow}}", &narrow);
    Ok(text.into_bytes())
}

/// The first figure's height where there is room, and on a phone, as the page has it.
fn heights() -> Result<[String; 2]> {
    let path = place::root().join("www/reach/place.js");
    let text = fs::read_to_string(&path).map_err(Error::at(&path))?;
    let pattern = Regex::new(r#""lock-cost": \[(\d+), \d+, (\d+)\]"#);
    let found = pattern.ok().and_then(|pattern| pattern.captures(&text));
    let found = found
        .ok_or_else(|| Error::Wrong(format!("{} has no heights of lock-cost", path.display())))?;
    Ok([found[1].to_owned(), found[2].to_owned()])
}

/// What npm and the CDNs that mirror it want to know.
fn manifest(files: &Files, version: &str) -> Vec<u8> {
    let entry = "./lock-lab.js";
    let mut tops: BTreeSet<_> = files
        .keys()
        .filter_map(|path| path.split('/').next())
        .collect();
    tops.insert(SUMS);
    let manifest = json!({
        "name": NAME,
        "version": version,
        "description": DESCRIPTION,
        "keywords": ["lock", "mutex", "threads", "webassembly", "custom-element", "concurrency"],
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "main": entry,
        "unpkg": entry,
        "jsdelivr": entry,
        "exports": { ".": entry, "./*": "./*" },
        // To import it is to define the element.
        "sideEffects": [entry],
        "files": tops,
    });
    format!("{manifest:#}\n").into_bytes()
}

/// The files, and the digests of all of them.
fn with_sums(mut files: Files) -> Files {
    files.insert(SUMS.to_owned(), sums(&files));
    files
}

/// One line a file, as `sha256sum --check` reads it.
fn sums(files: &Files) -> Vec<u8> {
    let mut lines = String::new();
    for (name, contents) in files {
        for byte in Sha256::digest(contents) {
            // Writing to a String can't fail.
            let _ = write!(lines, "{byte:02x}");
        }
        let _ = writeln!(lines, "  {name}");
    }
    lines.into_bytes()
}

fn zip_of(files: &Files, folder: &str) -> Result<Vec<u8>> {
    let wrong = |error: &dyn std::fmt::Display| Error::Wrong(format!("the zip: {error}"));
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // Its time is the format's first day, whatever the day is.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    for (name, contents) in files {
        zip.start_file(format!("{folder}{name}"), options)
            .map_err(|error| wrong(&error))?;
        zip.write_all(contents).map_err(|error| wrong(&error))?;
    }
    Ok(zip.finish().map_err(|error| wrong(&error))?.into_inner())
}

fn tarball_of(files: &Files, folder: &str) -> std::io::Result<Vec<u8>> {
    // Neither a name nor a time in the gzip's own head.
    let gzip = GzBuilder::new().write(Vec::new(), Compression::best());
    let mut tar = tar::Builder::new(gzip);
    for (name, contents) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(NPM_TIME);
        tar.append_data(&mut header, format!("{folder}{name}"), &contents[..])?;
    }
    tar.into_inner()?.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_sha256sum_reads_it() {
        let files = Files::from([("a".to_owned(), b"abc".to_vec())]);
        assert_eq!(
            String::from_utf8(sums(&files)).unwrap(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a\n"
        );
    }

    #[test]
    fn the_manifest_names_everything_that_lies_there() {
        let files = Files::from([
            ("assets/one.js".to_owned(), vec![]),
            ("lock-lab.js".to_owned(), vec![]),
        ]);
        let manifest: serde_json::Value =
            serde_json::from_slice(&manifest(&files, "1.2.3")).unwrap();
        assert_eq!(
            manifest["files"],
            json!(["SHA256SUMS", "assets", "lock-lab.js"])
        );
        assert_eq!(manifest["version"], "1.2.3");
    }
}
