//! Where the pages under test come from: the built folder, with isolation headers and without, pages of the suite's own beside it, and
//! faults on demand that a network, a host or a policy could put in. The files come from the server of
//! `cargo xtask serve`, with its headers; this is a layer in front of it. Judges nothing.
//!
//! Every address is `http://127.0.0.1:PORT/…`. Behind `/fault/NAME/` lies the same folder, with that fault.

mod answer;
mod fault;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY,
    CONTENT_TYPE, IF_NONE_MATCH,
};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use xtask::server::{Headers, Options, Server};

use answer::{report_violations, suites_own, taken, with};
pub use fault::Fault;

/// Where browsers report what a page's policy has refused: added to the server's own policy, so that every test proves it.
const VIOLATIONS: &str = "/suite-violations";
/// The recorder's script: pages under the policy hold none in their midst.
const RECORDER: &str = "suite-recorder.js";
/// Something to be heard.
const SOUND: &str = "suite-sound.wav";
/// Behind this lie the page's sources as they stand, for tests of what a script does by itself.
pub const SOURCES: &str = "suite-www/";

/// Behind this lies what chance makes.
const CHANCE: &str = "suite-fuzz/";

/// How often the slow host looks whether it is to go on.
const GLANCE: Duration = Duration::from_millis(20);

/// What an origin knows beside the folder.
#[derive(Debug, Default)]
struct Shared {
    pages: Mutex<HashMap<String, Staged>>,
    asked: Mutex<Vec<String>>,
    violations: Mutex<Vec<String>>,
    mended: Mutex<bool>,
}

/// A page of the suite's own.
#[derive(Debug, Clone)]
struct Staged {
    html: String,
    policy: Policy,
}

/// The content security policy of a page of the suite's own.
#[derive(Debug, Clone)]
enum Policy {
    /// The server's.
    Ours,
    /// Another, or none: pages of which a test writes all are other people's.
    Theirs(Option<String>),
    /// None, but one that demands a digest for every script.
    Integrity,
}

/// One server: an origin of its own.
#[derive(Debug)]
pub struct Origin {
    address: String,
    shared: Arc<Shared>,
    // Dropping it would end it.
    _server: Server,
}

/// The servers of the suite.
#[derive(Debug)]
pub struct Site {
    /// Sends the headers that isolate a page.
    pub isolated: Origin,
    /// Sends none, as a plain static host does.
    pub plain: Origin,
    /// The folder itself.
    pub folder: PathBuf,
    next: AtomicUsize,
}

impl Site {
    /// Serves a folder twice, until the process ends.
    ///
    /// # Errors
    /// A sentence, when no port or no thread can be had.
    pub fn start(folder: PathBuf) -> Result<Site, String> {
        Ok(Site {
            isolated: Origin::start(folder.clone(), Headers::Isolation)?,
            plain: Origin::start(folder.clone(), Headers::Plain)?,
            folder,
            next: AtomicUsize::new(0),
        })
    }

    /// A page of the test's own on an isolated origin: events and complaints are recorded from the first moment on,
    /// the lab's one script is there, and `body` is its body. Gives its address.
    pub fn stage(&self, body: &str) -> String {
        self.stage_on(&self.isolated, body)
    }

    /// The same on one of the two origins.
    pub fn stage_on(&self, origin: &Origin, body: &str) -> String {
        self.keep(origin, stage_html(body), Policy::Ours)
    }

    /// A figure on a page that is not isolated and forbids frames: nothing can be run there, in whatever engine needs isolation.
    pub fn stage_hopeless(&self, body: &str) -> String {
        let policy = Policy::Theirs(Some("frame-src 'none'".to_owned()));
        self.keep(&self.plain, stage_html(body), policy)
    }

    /// A page of an author's site, at this path of it, which has the built folder in its `lab/`, where no cache and no service worker
    /// knows it. Gives the page's address.
    pub fn post(&self, origin: &Origin, path: &str, html: &str, policy: Option<&str>) -> String {
        let name = format!("blog/{}/{path}", self.next.fetch_add(1, Ordering::Relaxed));
        let staged =
            Staged { html: html.to_owned(), policy: Policy::Theirs(policy.map(str::to_owned)) };
        held(&origin.shared.pages).insert(name.trim_end_matches('/').to_owned(), staged);
        origin.url(&name)
    }

    /// The same on the isolated origin, with a policy that demands a digest for every script.
    pub fn post_with_integrity_policy(&self, path: &str, html: &str) -> String {
        let address = self.post(&self.isolated, path, html, None);
        let name = address[self.isolated.address.len() + 1..].to_owned();
        if let Some(page) = held(&self.isolated.shared.pages).get_mut(&name) {
            page.policy = Policy::Integrity;
        }
        address
    }

    /// A page of which the test writes all, and which has no policy but what it writes itself.
    pub fn stage_whole(&self, origin: &Origin, html: &str) -> String {
        self.keep(origin, html.to_owned(), Policy::Theirs(None))
    }

    fn keep(&self, origin: &Origin, html: String, policy: Policy) -> String {
        let name = format!("stage-{}.html", self.next.fetch_add(1, Ordering::Relaxed));
        held(&origin.shared.pages).insert(name.clone(), Staged { html, policy });
        origin.url(&name)
    }

    /// What pages and workers tried that their policy forbids, since this was asked last.
    pub fn violations(&self) -> Vec<String> {
        [&self.isolated, &self.plain]
            .into_iter()
            .flat_map(|origin| std::mem::take(&mut *held(&origin.shared.violations)))
            .collect()
    }
}

impl Origin {
    /// The address of a file of the folder.
    pub fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.address)
    }

    /// The address of a file, seen through a fault. Faults hold until `mend`.
    pub fn broken(&self, fault: Fault, path: &str) -> String {
        *held(&self.shared.mended) = false;
        format!("{}/fault/{}/{path}", self.address, fault.name())
    }

    /// The address of a file, or of a staged page, in a folder of its own that no cache knows.
    pub fn fresh(&self, path: &str) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        format!("{}/fault/none-{number}/{path}", self.address)
    }

    /// From now on the addresses of `broken` work as any other.
    pub fn mend(&self) {
        *held(&self.shared.mended) = true;
    }

    /// The paths asked for since this was called last, in their order.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *held(&self.shared.asked))
    }

    fn start(folder: PathBuf, headers: Headers) -> Result<Origin, String> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let front = from_fn(move |request, next| answer(Arc::clone(&theirs), request, next));
        let options = Options { headers, ..Options::new(folder) };
        let server = Server::start_behind(options, |app| app.layer(front))
            .map_err(|error| format!("the suite's server could not start: {error}"))?;
        Ok(Origin {
            address: server.url().trim_end_matches('/').to_owned(),
            shared,
            _server: server,
        })
    }
}

/// A page with the lab's one script, where everything is recorded.
fn stage_html(body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A page of the suite</title>\
                 <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">\n\
                 <script src=\"{RECORDER}\"></script>\n<script type=\"module\" src=\"lock-lab.js\"></script>\n<body><main>{body}</main></body></html>"
    )
}

/// What stands between a browser and the server of the folder.
async fn answer(shared: Arc<Shared>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == VIOLATIONS {
        let report = to_bytes(request.into_body(), 1 << 20).await;
        let report = String::from_utf8_lossy(&report.unwrap_or_default()).into_owned();
        held(&shared.violations).push(report);
        return StatusCode::NO_CONTENT.into_response();
    }
    held(&shared.asked).push(path.clone());
    let mended = *held(&shared.mended);
    let (fault, inner) = match path.strip_prefix("/fault/").and_then(|rest| rest.split_once('/')) {
        Some((name, inner)) => (Fault::of(name).filter(|_| !mended), inner),
        None => (None, path.trim_start_matches('/')),
    };
    let is_wasm = path.ends_with(".wasm");
    while fault == Some(Fault::WasmSlow) && is_wasm && !*held(&shared.mended) {
        tokio::time::sleep(GLANCE).await;
    }
    let page = held(&shared.pages).get(inner.trim_end_matches('/')).cloned();
    let in_blog = path.starts_with("/blog/");
    let inner = if in_blog { inner.splitn(4, '/').nth(3).unwrap_or_default() } else { inner };
    let script = suites_own(inner);
    let sound = (inner == SOUND).then(answer::sound);
    let is_ours = page.is_some() || script.is_some() || sound.is_some();
    let behind = if is_ours { "index.html" } else { inner };
    // As it came, it is a part of an address.
    let behind = Uri::try_from(format!("/{behind}")).unwrap_or_default();
    *request.uri_mut() = behind;
    if is_ours || fault.is_some() {
        // What is cut or made up can't be packed, and a tag would be another file's.
        request.headers_mut().remove(ACCEPT_ENCODING);
        request.headers_mut().remove(IF_NONE_MATCH);
    }
    let mut response = next.run(request).await;
    report_violations(response.headers_mut());
    if let Some(Staged { html, policy }) = page {
        response = with(response, "text/html; charset=utf-8", Bytes::from(html));
        if !matches!(policy, Policy::Ours) {
            response.headers_mut().remove(CONTENT_SECURITY_POLICY);
        }
        if matches!(policy, Policy::Integrity) {
            let demand = HeaderValue::from_static("blocked-destinations=(script)");
            response.headers_mut().insert("integrity-policy", demand);
        }
        if let Policy::Theirs(theirs) = policy
            && let Some(Ok(theirs)) = theirs.as_deref().map(HeaderValue::from_str)
        {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, theirs);
        }
    }
    if in_blog {
        // As the usual static hosts do.
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    if let Some(sound) = sound {
        response = with(response, "audio/wav", sound);
    }
    if let Some(script) = script {
        response = with(response, "text/javascript; charset=utf-8", script);
    }
    match fault {
        Some(Fault::Missing(part)) if inner.contains(part) => {
            response = with(response, "text/plain", Bytes::from_static(b"Not found"));
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        Some(Fault::WasmAsText) if is_wasm => {
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        }
        Some(Fault::WasmGarbage) if is_wasm => {
            response = with(
                response,
                "application/wasm",
                Bytes::from_static(b"This is not what you asked for."),
            );
        }
        Some(Fault::WasmCutShort) if is_wasm => {
            let (head, content) = taken(response).await;
            response = with(head, "application/wasm", content.slice(..content.len() / 2));
        }
        Some(Fault::ClocksApart) if inner.contains("pool-worker") => {
            let (head, content) = taken(response).await;
            let script = [b"Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin - 3 * Math.random() });", &*content].concat();
            response = with(head, "text/javascript; charset=utf-8", script.into());
        }
        _ => {}
    }
    if let Some(policy) = fault.and_then(Fault::policy) {
        let policy = HeaderValue::from_static(policy);
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    if fault.is_some() {
        // What one test broke, the next must not find in a cache.
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn held<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
