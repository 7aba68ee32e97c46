//! Every command that the README names does what the README says of it. Of those that test, bench or record all, a small part
//! is done: all of it is what this test belongs to, or takes minutes.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use xtask::{browsers, paths};

/// The commands in a Markdown text's `sh` blocks, without their comments.
fn commands(markdown: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            inside = line == "```sh";
        } else if inside {
            let command = line.split('#').next().unwrap_or_default().trim();
            found.extend((!command.is_empty()).then(|| command.to_owned()));
        }
    }
    found
}

/// An empty folder.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("readme-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).current_dir(paths::root());
    command
}

/// What a command prints, once it has ended well.
#[track_caller]
fn done(words: &[&str]) -> String {
    let output = command(words)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{words:?}: {error}"));
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{words:?} failed:\n{said}");
    said
}

/// Whether the browser that a command drives is here. On CI it must be.
fn has_browser(words: &[&str], engine: &str) -> bool {
    let missing: Vec<_> = browsers::missing(&[engine]).collect();
    let is_ci = std::env::var("CI").as_deref() == Ok("true");
    assert!(missing.is_empty() || !is_ci, "{words:?} needs {missing:?}");
    if !missing.is_empty() {
        eprintln!("\n!!! NOT TRIED: {words:?} needs {missing:?}\n");
    }
    missing.is_empty()
}

/// `cargo xtask serve`, with whatever else it is told, until this is dropped.
struct Serving {
    child: Child,
    address: String,
}

impl Serving {
    fn start(words: &[&str], path: &str) -> Serving {
        let mut child = command(words)
            .env("PATH", path)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("cargo");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.strip_prefix("Lock Lab is at http://")?;
            rest.split([' ', '/']).next().map(str::to_owned)
        });
        let Some(address) = address else {
            let _ = child.kill();
            panic!("{words:?} ended without an address");
        };
        Serving { child, address }
    }

    /// The answer's head and body for the article, in lower case.
    fn article(&self) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a server");
        write!(stream, "GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)
            .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer.to_lowercase()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves the article, isolated unless told otherwise, and opens it when told to.
fn serves(words: &[&str]) {
    let folder = folder("open");
    let (opener, opened) = (folder.join("xdg-open"), folder.join("address"));
    fs::write(
        &opener,
        format!("#!/bin/sh\necho \"$1\" > {0}.new && mv {0}.new {0}\n", opened.display()),
    )
    .expect("written");
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("executable");
    let path = format!("{}:{}", folder.display(), std::env::var("PATH").expect("a PATH"));
    let serving = Serving::start(words, &path);
    let answer = serving.article();
    assert!(answer.starts_with("http/1.1 200") && answer.contains("<lock-lab"), "{answer}");
    assert_eq!(
        answer.contains("cross-origin-opener-policy: same-origin"),
        !words.contains(&"--plain"),
        "{words:?}"
    );
    if cfg!(target_os = "linux") && words.contains(&"--open") {
        while !opened.exists() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let told = fs::read_to_string(&opened).expect("an address");
        assert!(told.contains(&serving.address), "{told}");
    }
}

/// A `cargo xtask test` as far as it is run here: without browsers where it names none, and one quick test of those it has.
fn narrowed<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut words = words.to_vec();
    let named = words.iter().position(|&word| word == "--browser");
    let has_filter = words
        .iter()
        .skip(3)
        .enumerate()
        .any(|(at, word)| !word.starts_with("--") && named != Some(at + 2));
    if named.is_none() && !words.contains(&"--no-browser") {
        words.push("--no-browser");
    }
    if !has_filter {
        words.push("a_line_has_three_decimals");
    }
    words
}

/// Runs a narrowed `cargo xtask test`.
fn tests(words: &[&str]) {
    let engine = words.iter().skip_while(|&&word| word != "--browser").nth(1);
    if engine.is_some_and(|engine| !has_browser(words, engine)) {
        return;
    }
    let output = done(words);
    let has_passed =
        |line: &str| line.starts_with("test result: ok. ") && !line.contains(" 0 passed");
    assert!(output.lines().any(has_passed), "{words:?} runs a test:\n{output}");
}

/// Records or draws into a folder of its own.
fn makes(words: &[&str], file: &str, starts: &[u8]) {
    if !has_browser(words, "chromium") {
        return;
    }
    let folder = folder("made");
    let into = folder.to_str().expect("a path in UTF-8");
    done(&[words, &["--into", into]].concat());
    let written = fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert!(
        written.starts_with(starts),
        "{file} begins with {:?}",
        &written[..8.min(written.len())]
    );
}

/// Does what a command says. A command that is in no arm has no test: the README must not name it.
fn try_out(line: &str) {
    let words: Vec<_> = line.split_whitespace().collect();
    match words[..] {
        ["cargo", "xtask", "--help"] => assert!(done(&words).contains("serve")),
        ["cargo", "xtask", "serve", ..] => serves(&words),
        ["cargo", "xtask", "build"] => {
            done(&words);
            assert!(paths::dist().join("index.html").is_file());
        }
        ["cargo", "xtask", "build", "--site", site] => {
            done(&words);
            let page = fs::read_to_string(paths::dist().join("index.html")).expect("a page");
            assert!(page.contains(&format!("rel=\"canonical\" href=\"{site}\"")));
            // What other tests look at is the usual page.
            done(&["cargo", "xtask", "build"]);
        }
        ["cargo", "xtask", "release", "--dry-run"] => {
            let said = done(&words);
            assert!(said.contains("Nothing was published"), "{said}");
            assert!(said.contains("### Added"), "the notes are shown: {said}");
        }
        ["cargo", "xtask", "package"] => {
            let said = done(&words);
            for ending in [".zip", ".tgz", "SHA256SUMS"] {
                assert!(said.contains(ending), "{said}");
            }
        }
        ["cargo", "xtask", "test", ..] => tests(&narrowed(&words)),
        ["cargo", "xtask", "lint"] => assert!(done(&words).contains(" passed, 0 failed")),
        // One experiment of each kind, by the program that it calls natively.
        ["cargo", "xtask", "bench", "validity"] => {
            let output = done(&["cargo", "run", "--quiet", "--example", "validity", "1"]);
            assert!(output.contains("found within the interval"), "{output}");
        }
        ["cargo", "xtask", "bench", ..] => {
            let said = done(&[&words[..], &["costs-load"]].concat());
            assert!(said.contains("KB"), "{said}");
        }
        ["cargo", "xtask", "record"] => makes(&words, "lock-cost/recording.json", b"{"),
        ["cargo", "xtask", "picture"] => makes(&words, "picture.png", b"\x89PNG"),
        // Compiled as the tests are: an optimized build is cargo's affair, and takes minutes.
        ["cargo", "install", "--path", "."] => {
            let folder = folder("installed");
            let into = folder.to_str().expect("a path in UTF-8");
            done(&[&words[..], &["--quiet", "--debug", "--root", into]].concat());
            let program = folder.join("bin/locklab");
            let said = done(&[program.to_str().expect("a path in UTF-8"), "--version"]);
            assert!(said.starts_with("locklab "), "{said}");
        }
        ["locklab", ref args @ ..] => {
            let output =
                done(&[&["cargo", "run", "--quiet", "--bin", "locklab", "--"], args].concat());
            assert!(output.contains('\n'), "{line} prints its lines");
        }
        _ => panic!("the README names `{line}`, which nothing tries: teach it to this test"),
    }
}

#[test]
#[ignore = "builds the page and drives browsers; `cargo xtask test` runs it"]
fn every_command_in_the_readme_does_what_it_says() {
    let readme = fs::read_to_string(paths::root().join("README.md")).expect("the README");
    let commands = commands(&readme);
    assert!(commands.len() > 5, "the README tells what can be done: {commands:?}");
    let mut tried = BTreeSet::new();
    for line in &commands {
        let words: Vec<_> = line.split_whitespace().collect();
        // Two that are the same once they are narrowed are tried once.
        if words.get(2) == Some(&"test") && !tried.insert(narrowed(&words)) {
            continue;
        }
        eprintln!("▸ {line}");
        try_out(line);
    }
}

#[test]
fn only_what_stands_in_shell_blocks_is_a_command() {
    let markdown = "cargo no\n```sh\ncargo yes   # why\n\n# only a comment\n```\n```html\n<no>\n```\n```sh\nls\n```\n";
    assert_eq!(commands(markdown), ["cargo yes", "ls"]);
}

#[test]
#[should_panic(expected = "which nothing tries")]
fn a_command_that_nothing_tries_is_a_failure() {
    try_out("cargo xtask fly");
}
