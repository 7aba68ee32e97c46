//! What an author downloads holds all of the page, says what it is, and is the same bytes each time; npm installs it, and Node finds what is in it.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xtask::build::Page;
use xtask::{files, package, paths};

const BUILD: &str = "0.0.0 (a test)";

/// Runs a program in a folder; gives what it said on stdout.
#[track_caller]
fn said(folder: &Path, words: &[&str]) -> String {
    let output = Command::new(words[0])
        .args(&words[1..])
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("{words:?}: {error}"));
    assert!(
        output.status.success(),
        "{words:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Holds every file of an unpacked folder against its list, and the list against the files.
#[track_caller]
fn holds_its_sums(folder: &Path) {
    said(folder, &["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]);
    let list = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let listed: BTreeSet<_> =
        list.lines().map(|line| line.split_once("  ").unwrap().1.to_owned()).collect();
    let mut there: BTreeSet<_> = files::read(folder).unwrap().into_keys().collect();
    there.remove("SHA256SUMS");
    assert_eq!(listed, there);
}

/// All of dist/ is in there, unchanged, and so is what an author wants to know.
#[track_caller]
fn is_whole(folder: &Path) {
    holds_its_sums(folder);
    let inside = files::read(folder).unwrap();
    for (name, contents) in files::read(&paths::dist()).unwrap() {
        assert!(inside.get(&name) == Some(&contents), "{name}");
    }
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(text("VERSION").trim(), BUILD);
    assert!(text("LICENSE-MIT.txt").contains("Permission is hereby granted"));
    assert!(text("LICENSE-APACHE.txt").contains("Apache License"));
    for work in ["hdrhistogram ", "parking_lot ", "standard library "] {
        assert!(text("THIRD-PARTY.txt").contains(work), "{work}");
    }
    let readme = text("README.md");
    assert!(!readme.contains("{{"), "{readme}");
    assert!(readme.contains("`lock-cost`") && readme.contains("`master-exit`"), "{readme}");
}

#[test]
#[ignore = "builds the page; `cargo xtask test` runs it"]
fn what_authors_download_is_whole_and_the_same_bytes_each_time() {
    Page::build(None, false).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("package");
    let _ = fs::remove_dir_all(&folder);
    let pack = |name: &str| package::write(&paths::dist(), &folder.join(name), BUILD).unwrap();
    let (first, second) = (pack("one"), pack("other"));
    for (one, other) in first.iter().zip(&second) {
        assert!(fs::read(one).unwrap() == fs::read(other).unwrap(), "{}", one.display());
    }
    let beside = folder.join("one");
    holds_its_sums(&beside);
    let file = |ending: &str| {
        let found = first.iter().find(|path| path.extension().is_some_and(|one| one == ending));
        found.unwrap().clone()
    };

    let unpacked = folder.join("unpacked");
    let zip = fs::File::open(file("zip")).unwrap();
    zip::ZipArchive::new(zip).unwrap().extract(&unpacked).unwrap();
    is_whole(&unpacked.join("lock-lab"));

    let tarball = file("tgz");
    let size = fs::metadata(&tarball).unwrap().len();
    assert!(size <= 900_000, "npm's tarball has {size} bytes");
    installs(&folder.join("site"), &tarball);
}

/// npm takes it without a way to the network, a module's name leads to the element, and nothing is left out where it is packed again.
#[track_caller]
fn installs(site: &Path, tarball: &Path) {
    fs::create_dir_all(site).unwrap();
    fs::write(site.join("package.json"), "{\"private\": true}\n").unwrap();
    said(
        site,
        &["npm", "install", "--offline", "--no-audit", "--no-fund", tarball.to_str().unwrap()],
    );
    let installed = site.join("node_modules/lock-lab");
    is_whole(&installed);
    let names = ["lock-lab", "lock-lab/lock-lab.js", "lock-lab/index.html"];
    let script =
        format!("console.log({names:?}.map((name) => import.meta.resolve(name)).join('\\n'))");
    let found = said(site, &["node", "--input-type=module", "--eval", &script]);
    let ends = ["/lock-lab/lock-lab.js", "/lock-lab/lock-lab.js", "/lock-lab/index.html"];
    for (address, end) in found.lines().zip(ends) {
        assert!(address.ends_with(end), "{found}");
        assert!(Path::new(address.trim_start_matches("file://")).is_file(), "{found}");
    }
    // As a framework's server does.
    let script = "const { LockLab } = await import('lock-lab'); console.log(typeof LockLab)";
    let found = said(site, &["node", "--input-type=module", "--eval", script]);
    assert_eq!(found.trim(), "function");
    let packed = said(&installed, &["npm", "pack", "--dry-run", "--json", "--offline"]);
    let packed: Value = serde_json::from_str(&packed).unwrap();
    let packed: BTreeSet<_> = packed[0]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(packed, files::read(&installed).unwrap().into_keys().collect());
}
