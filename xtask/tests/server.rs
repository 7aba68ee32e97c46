//! The server as its clients see it, over real connections: our headers, our folder and nothing beside it, our reload.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use xtask::paths;
use xtask::server::{Headers, Options, POLICY, Server};

const ISOLATION: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("document-isolation-policy", "isolate-and-require-corp"),
];

/// The options for a fresh folder with a page in it, and a secret beside it.
fn page(test: &str) -> Options {
    let top = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("server-{test}"));
    let page = top.join("dist");
    fs::create_dir_all(page.join("assets/wasm-12")).unwrap();
    let write = |path: &str, text: &str| fs::write(top.join(path), text).unwrap();
    write("secret.txt", "the secret");
    write("dist/index.html", "<!doctype html><title>Hello</title>");
    write("dist/lock-lab.js", &"export {};\n".repeat(500));
    write("dist/article-7QXA2B4C.css", "body {}");
    write("dist/data.json", "{}");
    write("dist/assets/wasm-12/locklab_bg.wasm", "\0asm\x01\0\0\0");
    Options::new(page)
}

fn connect(server: &Server) -> TcpStream {
    let address = server.url();
    let address = address.trim_start_matches("http://").trim_end_matches('/');
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// Asks once; gives the whole answer, its head in lower case.
fn ask(server: &Server, method: &str, path: &str, fields: &str) -> (String, Vec<u8>) {
    let mut stream = connect(server);
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{fields}\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase() + "\r\n";
    (head, answer[end + 4..].to_vec())
}

#[track_caller]
fn has(head: &str, name: &str, value: &str) -> bool {
    head.contains(&format!("\r\n{name}: {}\r\n", value.to_lowercase()))
}

#[test]
fn every_answer_isolates_refusals_included() {
    let server = Server::start(page("isolates")).unwrap();
    for (method, path) in
        [("GET", "/"), ("GET", "/lock-lab.js"), ("GET", "/nowhere"), ("POST", "/")]
    {
        let (head, _) = ask(&server, method, path, "");
        for (name, value) in ISOLATION.into_iter().chain([("x-content-type-options", "nosniff")]) {
            assert!(has(&head, name, value), "{name} of {method} {path}: {head}");
        }
    }
}

#[test]
fn a_plain_host_sends_nothing_that_isolates() {
    let server = Server::start(Options { headers: Headers::Plain, ..page("plain") }).unwrap();
    let (head, _) = ask(&server, "GET", "/", "");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(ISOLATION.iter().all(|(name, _)| !head.contains(name)), "{head}");
}

#[test]
fn files_come_with_their_types_and_are_cached_if_their_names_have_a_hash() {
    let server = Server::start(page("types")).unwrap();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.html?threads=20", "text/html; charset=utf-8"),
        ("/lock-lab.js", "text/javascript; charset=utf-8"),
        ("/article-7QXA2B4C.css", "text/css; charset=utf-8"),
        ("/assets/wasm-12/locklab_bg.wasm", "application/wasm"),
        ("/data.json", "application/json"),
    ] {
        let (head, _) = ask(&server, "GET", path, "");
        assert!(has(&head, "content-type", kind), "{path}: {head}");
        let is_kept = head.contains("immutable");
        assert_eq!(is_kept, path.starts_with("/assets/"), "{path}: {head}");
        // Two builds within a second have the same date.
        assert!(
            is_kept || has(&head, "cache-control", "no-cache") && !head.contains("last-modified"),
            "{head}"
        );
    }
}

#[test]
fn what_a_browser_can_unpack_is_packed() {
    let server = Server::start(page("packed")).unwrap();
    for encoding in ["br", "gzip"] {
        let (head, body) =
            ask(&server, "GET", "/lock-lab.js", &format!("Accept-Encoding: {encoding}\r\n"));
        assert!(has(&head, "content-encoding", encoding) && body.len() < 1000, "{head}");
    }
}

#[test]
fn nothing_outside_the_folder_can_be_reached() {
    let server = Server::start(page("outside")).unwrap();
    for path in [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/.%00./secret.txt",
        "/%ff%fe",
    ] {
        let (head, body) = ask(&server, "GET", path, "");
        let is_refused = head.starts_with("http/1.1 4") || head.starts_with("http/1.1 3");
        assert!(is_refused && !String::from_utf8_lossy(&body).contains("secret"), "{path}: {head}");
    }
    assert!(ask(&server, "GET", "/", "").0.starts_with("http/1.1 200"), "the server is up");
}

#[test]
fn where_a_port_is_taken_the_next_free_one_is_and_a_dropped_server_gives_it_back() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let wanted = taken.local_addr().unwrap().port();
    let server = Server::start(Options { port: wanted, ..page("port") }).unwrap();
    let address = server.url();
    let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let port: u16 = address.rsplit(':').next().unwrap().parse().unwrap();
    assert!(port > wanted && port <= wanted.saturating_add(100), "{wanted} is taken, got {port}");
    drop(server);
    TcpListener::bind(address).unwrap();
}

#[test]
fn open_pages_hear_of_a_change() {
    let server = Server::start(Options { reloads: true, ..page("reload") }).unwrap();
    let html = String::from_utf8(ask(&server, "GET", "/", "").1).unwrap();
    // The page's policy allows no script in its midst.
    assert!(html.contains("src=\"/lock-lab-changes.js\"") && !html.contains("fetch("), "{html}");
    let script = String::from_utf8(ask(&server, "GET", "/lock-lab-changes.js", "").1).unwrap();
    assert!(
        script.contains("/lock-lab-changes?") && script.contains("location.reload()"),
        "{script}"
    );
    let version = || String::from_utf8(ask(&server, "GET", "/lock-lab-changes?", "").1).unwrap();
    let first = version();
    let mut stream = connect(&server);
    let wait = format!(
        "GET /lock-lab-changes?{first} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(wait.as_bytes()).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(stream.read(&mut [0]).is_err(), "an answer before there is a change");
    server.reload();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(&version()) && !answer.ends_with(&first), "{answer}");
}

#[test]
fn without_watching_pages_are_served_as_they_are() {
    let server = Server::start(page("as-is")).unwrap();
    assert_eq!(ask(&server, "GET", "/", "").1, b"<!doctype html><title>Hello</title>");
    assert!(ask(&server, "GET", "/lock-lab-changes", "").0.starts_with("http/1.1 404"));
}

#[test]
fn the_policy_allows_nothing_inline_and_stands_in_the_guide() {
    for loophole in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
        assert!(!POLICY.contains(loophole), "{loophole}");
    }
    let guide = fs::read_to_string(paths::root().join("docs/api.md")).unwrap();
    for directive in POLICY.split("; ") {
        assert!(guide.contains(directive), "docs/api.md lacks `{directive}`");
    }
}
