//! The page that is put together from the same files is the same file by file, wherever that is done; and its digests are those of its files.
//! All of it, Rust included, is built twice by `cargo xtask build --twice`; that takes minutes.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};
use xtask::policy::POLICY;
use xtask::{node, place, twice};

/// What the bundler reads, apart from npm's packages.
const SOURCES: [&str; 6] = [
    "index.html",
    "package.json",
    "www",
    "src",
    "xtask/bundle.mjs",
    "docs",
];

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

/// Where npm's packages lie that get into the page.
fn page_packages() -> Vec<String> {
    let lock = fs::read_to_string(place::root().join("package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    let all = lock["packages"].as_object().unwrap();
    let of_page = all
        .iter()
        .filter(|(path, package)| !path.is_empty() && package["dev"] != true);
    of_page.map(|(path, _)| path.clone()).collect()
}

/// Puts the page together in a copy of the sources; gives its files.
fn bundled(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    for source in SOURCES {
        copy(&place::root().join(source), &folder.join(source));
    }
    for package in page_packages() {
        copy(&place::root().join(&package), &folder.join(&package));
    }
    // The bundler itself is no part of what it bundles.
    let bundler = "node_modules/esbuild";
    symlink(place::root().join(bundler), folder.join(bundler)).unwrap();
    // The bundler looks into no module.
    let module = folder.join("modules/0123456789abcdef0123");
    fs::create_dir_all(&module).unwrap();
    fs::write(module.join("locklab.js"), "export {};\n").unwrap();
    fs::write(module.join("locklab_bg.wasm"), b"\0asm\x01\0\0\0").unwrap();
    let dist = folder.join("dist");
    let order = json!({ "module": module, "dist": dist, "build": "0.0.0 (a test)", "policy": POLICY, "sizes": false });
    let bundled = Command::new("node")
        .arg(folder.join("xtask/bundle.mjs"))
        .arg(order.to_string())
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        bundled.status.success(),
        "{}",
        String::from_utf8_lossy(&bundled.stderr)
    );
    let names = twice::files(&dist).unwrap().into_keys();
    names
        .map(|name| {
            let contents = fs::read(dist.join(&name)).unwrap();
            (name, contents)
        })
        .collect()
}

#[test]
fn the_same_sources_make_the_same_page_in_any_folder() {
    node::ensure().unwrap();
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = bundled(one.path());
    let second = bundled(&other.path().join("deeper/in it"));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    for (name, contents) in &first {
        assert!(second[name] == *contents, "{name} is not the same in both");
        let text = String::from_utf8_lossy(contents);
        assert!(
            !text.contains(one.path().to_str().unwrap()),
            "{name} names the folder it was made in"
        );
    }
    holds_its_digests(&first);
}

/// What is written down of a file is what a browser will find.
fn holds_its_digests(files: &BTreeMap<String, Vec<u8>>) {
    let digests: BTreeMap<String, String> =
        serde_json::from_slice(&files["integrity.json"]).unwrap();
    let scripts = files.keys().filter(|name| name.ends_with(".js"));
    assert_eq!(
        digests.keys().collect::<Vec<_>>(),
        scripts.collect::<Vec<_>>()
    );
    assert!(digests.contains_key("lock-lab.js"));
    for (name, digest) in &digests {
        assert_eq!(*digest, sri(&files[name]), "{name}");
    }
    let page = String::from_utf8_lossy(&files["index.html"]);
    let mut held = 0;
    for tag in page
        .split('<')
        .filter(|tag| tag.contains("modulepreload") || tag.starts_with("script type=\"module\""))
    {
        let field = |name: &str| {
            let rest = tag.split_once(&format!("{name}=\"")).unwrap().1;
            rest.split_once('"').unwrap().0.to_owned()
        };
        let file = field(if tag.starts_with("script") {
            "src"
        } else {
            "href"
        });
        assert_eq!(
            field("integrity"),
            digests[file.trim_start_matches("./")],
            "{tag}"
        );
        held += 1;
    }
    assert!(held > 0, "{page}");
}

fn sri(contents: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // 48 bytes are sixteen times three: nothing is left over that would need padding.
    let base64 = Sha384::digest(contents)
        .chunks(3)
        .flat_map(|three| {
            let bits = three
                .iter()
                .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| char::from(SIGNS[bits >> shift & 63]))
        })
        .collect::<String>();
    format!("sha384-{base64}")
}
