//! The server as its clients see it, well-meaning and hostile ones: over real connections, byte by byte. Builds no page.

mod hostile;

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use xtask::server::{Headers, Options, Server};

const ISOLATION: [(&str, &str); 5] = [
    ("content-security-policy", xtask::policy::POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("document-isolation-policy", "isolate-and-require-corp"),
];

/// A folder with a page in it, a secret beside it, and its server.
struct Site {
    folder: TempDir,
    server: Server,
}

struct Answer {
    status: u16,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

fn site(change: impl FnOnce(&mut Options)) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("dist");
    fs::create_dir_all(page.join("assets/wasm-12")).unwrap();
    fs::write(folder.path().join("secret.txt"), "the secret").unwrap();
    fs::write(
        page.join("index.html"),
        "<!doctype html><title>Hello</title>",
    )
    .unwrap();
    fs::write(page.join("lock-lab.js"), "export {};\n".repeat(500)).unwrap();
    fs::write(page.join("article-7QXA2B4C.css"), "body {}").unwrap();
    fs::write(page.join("picture.svg"), "<svg/>").unwrap();
    fs::write(page.join("data.json"), "{}").unwrap();
    fs::write(
        page.join("assets/wasm-12/locklab_bg.wasm"),
        b"\0asm\x01\0\0\0",
    )
    .unwrap();
    let mut options = Options::new(page);
    change(&mut options);
    Site {
        server: Server::start(options).unwrap(),
        folder,
    }
}

impl Site {
    fn address(&self) -> String {
        self.server
            .url()
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .to_owned()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream
    }

    /// Sends bytes as they stand; gives all that comes back until the server closes.
    fn send(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        // The server may refuse, and close, before it has read everything.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        answer
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let fields: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let bytes = self.send(
            format!("{method} {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n{fields}\r\n")
                .as_bytes(),
        );
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let end = end.unwrap_or_else(|| {
            panic!(
                "{method} {path}: no whole answer: {}",
                String::from_utf8_lossy(&bytes)
            )
        });
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let mut lines = head.lines();
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers: BTreeMap<_, _> = lines
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let rest = bytes[end + 4..].to_vec();
        let body = if headers
            .get("transfer-encoding")
            .is_some_and(|how| how == "chunked")
        {
            unchunked(&rest)
        } else {
            rest
        };
        Answer {
            status,
            headers,
            body,
        }
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    fn assert_is_up(&self, after: &str) {
        assert_eq!(
            self.get("/").status,
            200,
            "the server is down after {after}"
        );
    }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = bytes.windows(2).position(|window| window == b"\r\n") {
        let length =
            usize::from_str_radix(std::str::from_utf8(&bytes[..line]).unwrap(), 16).unwrap();
        body.extend_from_slice(&bytes[line + 2..line + 2 + length]);
        bytes = &bytes[line + 4 + length..];
    }
    body
}

#[test]
fn every_answer_isolates_refusals_included() {
    let site = site(|_| {});
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/lock-lab.js"),
        ("GET", "/nowhere"),
        ("POST", "/"),
    ] {
        let answer = site.ask(method, path, &[]);
        for (name, value) in ISOLATION
            .into_iter()
            .chain([("x-content-type-options", "nosniff")])
        {
            assert_eq!(answer.header(name), value, "{name} of {method} {path}");
        }
    }
}

#[test]
fn a_plain_host_sends_nothing_that_isolates() {
    let site = site(|options| options.headers = Headers::Plain);
    let answer = site.get("/");
    assert_eq!(answer.status, 200);
    for (name, _) in ISOLATION {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
}

#[test]
fn files_come_with_their_types() {
    let site = site(|_| {});
    let cases = [
        ("/", "text/html; charset=utf-8"),
        ("/index.html?threads=20", "text/html; charset=utf-8"),
        ("/lock-lab.js", "text/javascript; charset=utf-8"),
        ("/article-7QXA2B4C.css", "text/css; charset=utf-8"),
        ("/assets/wasm-12/locklab_bg.wasm", "application/wasm"),
        ("/data.json", "application/json"),
        ("/picture.svg", "image/svg+xml"),
    ];
    for (path, kind) in cases {
        assert_eq!(site.get(path).header("content-type"), kind, "{path}");
    }
}

#[test]
fn only_what_has_a_hash_in_its_name_is_cached_for_ever() {
    let site = site(|_| {});
    for path in ["/", "/lock-lab.js"] {
        assert_eq!(site.get(path).header("cache-control"), "no-cache", "{path}");
    }
    for path in ["/article-7QXA2B4C.css", "/assets/wasm-12/locklab_bg.wasm"] {
        assert!(
            site.get(path).header("cache-control").contains("immutable"),
            "{path}"
        );
    }
}

#[test]
fn what_a_client_has_is_not_sent_again_until_it_changes() {
    let site = site(|_| {});
    let first = site.get("/");
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "a strong tag, not {tag}");
    let again = site.ask("GET", "/", &[("If-None-Match", &tag)]);
    assert_eq!(
        (again.status, again.body.len(), again.header("etag")),
        (304, 0, tag.as_str())
    );
    // Within the same second, to the same length: a file's date could not tell.
    fs::write(
        site.folder.path().join("dist/index.html"),
        "<!doctype html><title>HELLO</title>",
    )
    .unwrap();
    let changed = site.ask("GET", "/", &[("If-None-Match", &tag)]);
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), tag);
}

#[test]
fn each_encoding_has_its_own_tag_and_each_is_known_again() {
    let site = site(|_| {});
    let plain = site.get("/lock-lab.js");
    assert_eq!(plain.header("content-encoding"), "");
    let mut tags = vec![plain.header("etag").to_owned()];
    for encoding in ["br", "gzip"] {
        let packed = site.ask("GET", "/lock-lab.js", &[("Accept-Encoding", encoding)]);
        assert_eq!(packed.header("content-encoding"), encoding);
        assert!(
            packed.body.len() * 5 < plain.body.len(),
            "{encoding}: {} bytes",
            packed.body.len()
        );
        let tag = packed.header("etag").to_owned();
        let again = site.ask(
            "GET",
            "/lock-lab.js",
            &[("Accept-Encoding", encoding), ("If-None-Match", &tag)],
        );
        assert_eq!((again.status, again.header("etag")), (304, tag.as_str()));
        tags.push(tag);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 3, "{tags:?}");
}

#[test]
fn head_says_what_get_would_send_without_sending_it() {
    let site = site(|_| {});
    let (get, head) = (
        site.get("/lock-lab.js"),
        site.ask("HEAD", "/lock-lab.js", &[]),
    );
    assert_eq!((head.status, head.body.len()), (200, 0));
    for name in ["etag", "content-type", "content-length"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
}

#[test]
fn a_part_of_a_file_is_answered_with_the_whole() {
    let site = site(|_| {});
    let answer = site.ask("GET", "/lock-lab.js", &[("Range", "bytes=0-3")]);
    assert_eq!((answer.status, answer.body.len()), (200, 5500));
}

#[test]
fn where_a_port_is_taken_the_next_free_one_is() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let wanted = taken.local_addr().unwrap().port();
    let site = site(|options| options.port = wanted);
    let port: u16 = site.address().rsplit(':').next().unwrap().parse().unwrap();
    assert!(
        port > wanted && port <= wanted.saturating_add(100),
        "{wanted} is taken, got {port}"
    );
    site.assert_is_up("taking another port");
}

#[test]
fn a_dropped_server_gives_its_port_back() {
    let site = site(|_| {});
    let address = site.address();
    drop(site.server);
    TcpListener::bind(address).unwrap();
}

#[test]
fn pages_reload_when_they_are_told_to() {
    let site = site(|options| options.reloads = true);
    let page = String::from_utf8(site.get("/").body).unwrap();
    assert!(
        page.contains("src=\"/lock-lab-changes.js\"") && !page.contains("EventSource"),
        "the page's policy allows no script in its midst: {page}"
    );
    let script = site.get("/lock-lab-changes.js");
    assert!(script.header("content-type").starts_with("text/javascript"));
    assert!(
        String::from_utf8(script.body)
            .unwrap()
            .contains("EventSource(\"/lock-lab-changes\")")
    );
    assert!(
        !String::from_utf8(site.get("/lock-lab.js").body)
            .unwrap()
            .contains("EventSource")
    );
    let mut stream = site.connect();
    stream
        .write_all(b"GET /lock-lab-changes HTTP/1.1\r\nHost: here\r\n\r\n")
        .unwrap();
    let mut heard = String::new();
    // Whole lines of events only: the policy in the answer's head speaks of data as well.
    let mut hear = |words: usize| {
        loop {
            let whole = heard.rfind('\n').map_or("", |end| &heard[..end]);
            let said: Vec<_> = whole
                .lines()
                .filter_map(|line| line.strip_prefix("data: ").map(str::to_owned))
                .collect();
            if said.len() >= words {
                return said;
            }
            let mut bytes = [0; 512];
            let length = stream.read(&mut bytes).unwrap();
            assert!(length > 0, "the server hung up after {heard:?}");
            heard.push_str(&String::from_utf8_lossy(&bytes[..length]));
        }
    };
    hear(1);
    site.server.reload().unwrap().all();
    let words = hear(2);
    assert_ne!(words[0], words[1], "the page would not notice");
}

#[test]
fn without_watching_pages_are_served_as_they_are() {
    let site = site(|_| {});
    assert_eq!(site.get("/").body, b"<!doctype html><title>Hello</title>");
    assert_eq!(site.get("/lock-lab-changes").status, 404);
}
