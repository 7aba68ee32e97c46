//! The page that is put together from the same files is the same file by file, wherever that is done; and its digests are those of its files.
//! All of it, Rust included, is built twice by .github/workflows/audit.yml; that takes minutes.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};
use xtask::describe::Description;
use xtask::files::{self, Files};
use xtask::server::POLICY;
use xtask::{node, paths};

/// What the bundler reads, apart from npm's packages.
const SOURCES: [&str; 7] = ["index.html", "package.json", "www", "src", "xtask", "docs", "data"];

/// What the sources need beside them: npm's packages, and what Rust says of the settings.
fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        node::ensure().unwrap();
        Description::read().unwrap().write_for_page().unwrap();
    });
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bundle-{name}"));
    let _ = fs::remove_dir_all(&folder);
    folder
}

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
    let lock = fs::read_to_string(paths::root().join("package-lock.json")).unwrap();
    let lock: Value = serde_json::from_str(&lock).unwrap();
    let all = lock["packages"].as_object().unwrap();
    let of_page = all.iter().filter(|(path, package)| !path.is_empty() && package["dev"] != true);
    of_page.map(|(path, _)| path.clone()).collect()
}

/// Puts the page together in a copy of the sources; gives its files.
fn bundled(folder: &Path, site: Option<&str>) -> Files {
    for source in SOURCES {
        copy(&paths::root().join(source), &folder.join(source));
    }
    for package in page_packages() {
        copy(&paths::root().join(&package), &folder.join(&package));
    }
    // The bundler itself is no part of what it bundles.
    let bundler = "node_modules/esbuild";
    fs::create_dir_all(folder.join("node_modules")).unwrap();
    symlink(paths::root().join(bundler), folder.join(bundler)).unwrap();
    // The bundler looks into no module.
    let module = folder.join("modules/0123456789abcdef0123");
    fs::create_dir_all(&module).unwrap();
    fs::write(module.join("locklab.js"), "export {};\n").unwrap();
    fs::write(module.join("locklab_bg.wasm"), b"\0asm\x01\0\0\0").unwrap();
    let dist = folder.join("dist");
    let mut order = json!({ "module": module, "dist": dist, "build": "0.0.0 (a test)", "policy": POLICY, "sizes": false });
    if let Some(site) = site {
        order["site"] = site.into();
    }
    let bundled = Command::new("node")
        .arg(folder.join("xtask/bundle.mjs"))
        .arg(order.to_string())
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(bundled.status.success(), "{}", String::from_utf8_lossy(&bundled.stderr));
    files::read(&dist).unwrap()
}

#[test]
fn the_same_sources_make_the_same_page_in_any_folder() {
    prepare();
    let one = folder("one");
    let first = bundled(&one, None);
    let second = bundled(&folder("other").join("deeper/in it"), None);
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&first), names(&second));
    for (name, contents) in &first {
        assert!(second[name] == *contents, "{name} is not the same in both");
        let text = String::from_utf8_lossy(contents);
        assert!(!text.contains(one.to_str().unwrap()), "{name} names the folder it was made in");
        assert!(!text.contains("\n.figure {"), "{name} has a style as it is written");
    }
    holds_its_digests(&first);
    for page in ["index.html", "index.zh.html"] {
        has_pictures(&first, page, "./");
        shows_recorded_runs(&first, page);
        let page = String::from_utf8_lossy(&first[page]);
        // What would be wrong on every site but one is not said.
        for wrong in ["canonical", "oembed", "og:url", "rel=\"alternate\""] {
            assert!(!page.contains(wrong), "{wrong}");
        }
    }
}

#[test]
fn a_page_whose_address_is_known_says_it_to_other_sites() {
    const SITE: &str = "https://example.org/lab/";
    prepare();
    let files = bundled(&folder("site"), Some(SITE));
    for (page, own, oembed) in [
        ("index.html", SITE.to_owned(), "oembed.json"),
        ("index.zh.html", format!("{SITE}index.zh.html"), "oembed.zh.json"),
    ] {
        has_pictures(&files, page, SITE);
        let html = String::from_utf8_lossy(&files[page]);
        let mentioned = [
            format!("<link rel=\"canonical\" href=\"{own}\">"),
            format!("<meta property=\"og:url\" content=\"{own}\">"),
            format!("<link rel=\"alternate\" hreflang=\"en\" href=\"{SITE}\">"),
            format!("type=\"application/json+oembed\" href=\"{SITE}{oembed}\""),
        ];
        for part in mentioned {
            assert!(html.contains(&part), "{page} has no {part}");
        }
        is_oembed(&files, oembed, SITE, "lock-cost");
        for figure in figures().iter().filter(|name| *name != "lock-cost") {
            let own = oembed.replace("oembed.", &format!("oembed.{figure}."));
            is_oembed(&files, &own, SITE, figure);
            assert!(html.contains(&own), "{page} has no link to {own}");
        }
        let first = html.split("application/json+oembed").nth(1).unwrap();
        assert!(
            first.contains(&format!("{SITE}{oembed}")),
            "the first of them is the first figure's: {first}"
        );
    }
}

/// What a tag says in an attribute.
#[track_caller]
fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let from = tag.split_once(&format!(" {name}=\"")).map(|(_, rest)| rest);
    from.and_then(|rest| rest.split_once('"')).unwrap_or_else(|| panic!("no {name} in <{tag}")).0
}

/// The width and height that a PNG's head tells.
#[track_caller]
fn size_of(png: &[u8]) -> [String; 2] {
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "no PNG");
    [16, 20].map(|at| u32::from_be_bytes(png[at..at + 4].try_into().unwrap()).to_string())
}

/// Each figure has a picture for other sites, which is there, and as large as is said.
#[track_caller]
fn has_pictures(files: &Files, page: &str, folder: &str) {
    let html = String::from_utf8_lossy(&files[page]);
    let said = |property: &str| {
        let tags = html
            .split('<')
            .filter(|tag| tag.starts_with("meta ") && tag.contains(&format!("=\"{property}\"")));
        tags.map(|tag| attribute(tag, "content").to_owned()).collect::<Vec<_>>()
    };
    for one in ["og:title", "og:description", "og:type", "description"] {
        assert!(said(one).len() == 1 && !said(one)[0].is_empty(), "{page}: {one}");
    }
    assert_eq!(said("twitter:card"), ["summary_large_image"]);
    let images = said("og:image");
    // In the page's own language.
    let ending = page.strip_prefix("index").and_then(|rest| rest.strip_suffix(".html"));
    let ending = format!("{}.png", ending.unwrap());
    assert_eq!(images[0], format!("{folder}cards/lock-cost{ending}"));
    assert!(images.iter().all(|image| image.ends_with(&ending)), "{images:?}");
    assert_eq!(images.len(), figures().len());
    let sizes = said("og:image:width").into_iter().zip(said("og:image:height"));
    assert_eq!(said("og:image:alt").len(), images.len());
    for (image, (width, height)) in images.iter().zip(sizes) {
        let name = image.strip_prefix(folder).unwrap();
        assert_eq!(size_of(&files[name]), [width, height], "{name}");
    }
}

/// The figures whose runs are recorded.
fn figures() -> Vec<String> {
    let folder = fs::read_dir(paths::root().join("www/figures")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name());
    names.map(|name| name.to_string_lossy().into_owned()).collect()
}

#[track_caller]
fn is_oembed(files: &Files, name: &str, site: &str, figure: &str) {
    let oembed: Value = serde_json::from_slice(&files[name]).unwrap();
    assert_eq!((&oembed["version"], &oembed["type"]), (&"1.0".into(), &"rich".into()));
    for size in ["width", "height", "thumbnail_width", "thumbnail_height"] {
        assert!(oembed[size].as_u64().is_some_and(|size| size > 100), "{size}: {oembed:#}");
    }
    let frame = oembed["html"].as_str().unwrap();
    let address = attribute(frame, "src").strip_prefix(site).unwrap();
    assert!(
        address.starts_with(&format!("index.html?figure={figure}"))
            && address.ends_with(&format!("#still-{figure}")),
        "{address}"
    );
    assert_eq!(attribute(frame, "width"), oembed["width"].to_string());
    assert_eq!(attribute(frame, "height"), oembed["height"].to_string());
    let picture = oembed["thumbnail_url"].as_str().unwrap();
    let picture = picture.strip_prefix(site).unwrap();
    let told = ["thumbnail_width", "thumbnail_height"].map(|name| oembed[name].to_string());
    assert_eq!(size_of(&files[picture]), told);
}

/// Who allows no scripts sees each recorded run: its picture, in a dark page as a dark one, a row for each of its numbers, and where it was made.
#[track_caller]
fn shows_recorded_runs(files: &Files, page: &str) {
    let html = String::from_utf8_lossy(&files[page]);
    let still = |figure: &str| {
        let from = html.split_once(&format!(
            "<noscript><div class=\"figure\"><figure class=\"still\" data-still=\"{figure}\" id=\"still-{figure}\">"
        ));
        let inside = from.and_then(|(_, rest)| rest.split_once("</figure></div></noscript>"));
        inside.unwrap_or_else(|| panic!("{page}: nothing of {figure}")).0
    };
    for figure in figures() {
        let recording = paths::root().join(format!("www/figures/{figure}/recording.json"));
        let recording: Value = serde_json::from_slice(&fs::read(recording).unwrap()).unwrap();
        let report = &recording["report"];
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let rows = match figure.as_str() {
            "lock-cost" => list(&report["runs"]).len(),
            "price-list" => list(&report["prices"]).len(),
            "contention" => list(&report["points"])
                .iter()
                .filter(|point| point["threads"] == report["config"]["threads"])
                .count(),
            "interleaving" => list(&report["steps"]).len(),
            "master-worker" => list(&report["rounds"]).len(),
            "master-exit" => list(&report["rounds"][0]["workers"]).len(),
            _ => still(&figure).matches("<th scope=\"row\">").count(),
        };
        let inside = still(&figure);
        assert!(rows > 2, "{figure}");
        assert_eq!(inside.matches("<th scope=\"row\">").count(), rows, "{page}: {inside}");
        assert!(!inside.contains("undefined") && !inside.contains("NaN"), "{page}: {inside}");
        let environment = report["environment"]["engine"].as_str().unwrap();
        assert!(inside.contains(environment), "{page}: {inside}");
        let told = [attribute(inside, "width"), attribute(inside, "height")];
        assert_eq!(size_of(&files[attribute(inside, "src").trim_start_matches("./")]), told);
    }
    let sheet =
        files.iter().find(|(name, _)| name.starts_with("article-") && name.ends_with(".css"));
    let sheet = String::from_utf8_lossy(sheet.unwrap().1);
    let dark = sheet.split_once(".still img{filter:invert(").unwrap().0;
    assert!(dark.ends_with("@media(prefers-color-scheme:dark){"), "{sheet}");
    // As the words and the report have it, in one place to the digit.
    assert!(still("lock-cost").contains("<td class=\"right\">400</td>"));
}

/// What is written down of a file is what a browser will find.
fn holds_its_digests(files: &Files) {
    let digests: BTreeMap<String, String> =
        serde_json::from_slice(&files["integrity.json"]).unwrap();
    let scripts = files.keys().filter(|name| name.ends_with(".js"));
    assert_eq!(digests.keys().collect::<Vec<_>>(), scripts.collect::<Vec<_>>());
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
        let file = field(if tag.starts_with("script") { "src" } else { "href" });
        assert_eq!(field("integrity"), digests[file.trim_start_matches("./")], "{tag}");
        held += 1;
    }
    assert!(held > 0, "{page}");
    asks_soon(files, &page);
}

/// What a figure needs is asked for by the page and its first script, not by one script after the other.
fn asks_soon(files: &Files, page: &str) {
    assert!(page.contains("modulepreload\" href=\"./assets/live-"), "{page}");
    let asked = page.matches("modulepreload\" href").count();
    assert!(asked < 8, "{asked} scripts: each is a request, on six connections at best");
    let (_, boot) = files.iter().find(|(name, _)| name.starts_with("boot-")).unwrap();
    let boot = String::from_utf8_lossy(boot);
    let asked: BTreeSet<_> =
        boot.split('"').filter_map(|text| text.strip_prefix("./")).map(str::to_owned).collect();
    for name in &asked {
        assert!(files.contains_key(name), "{name}");
    }
    for part in ["lock-cost-", "en-lock-cost-", "zh-lock-cost-", "en-", "zh-", "zh-article-"] {
        let part = format!("assets/{part}");
        assert!(asked.iter().any(|name| name.starts_with(&part)), "{part} of {asked:?}");
    }
}

fn sri(contents: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // 48 bytes are sixteen times three: nothing is left over that would need padding.
    let base64 = Sha384::digest(contents)
        .chunks(3)
        .flat_map(|three| {
            let bits = three.iter().fold(0, |bits, byte| bits << 8 | usize::from(*byte));
            [18, 12, 6, 0].map(|shift| char::from(SIGNS[bits >> shift & 63]))
        })
        .collect::<String>();
    format!("sha384-{base64}")
}
