//! The server on 127.0.0.1: tower-http's `ServeDir` with the headers that isolate the page, and a way to tell open pages that they have changed.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, Request};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use axum::routing::get;
use tokio::sync::{oneshot, watch};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

/// The page's Content-Security-Policy, for the server's header and for the `<meta>` of `www/boot.js`.
///
/// Everything from the page's own origin, and nothing written into the page: no inline script or style, no `eval`; wasm may be
/// compiled. Pictures may be data (the icon) or made by the page itself (exports). Scripts' addresses pass the one Trusted Types
/// policy of `www/trust.js`. Which sites may frame the page is left open: all of them may.
pub const POLICY: &str = "default-src 'none'; \
    script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; \
    img-src 'self' data: blob:; \
    connect-src 'self'; \
    worker-src 'self'; \
    frame-src 'self'; \
    base-uri 'none'; \
    form-action 'none'; \
    require-trusted-types-for 'script'; \
    trusted-types lock-lab";

/// What isolates a page (each browser engine takes of it what it knows), and what may run in it.
const ISOLATION: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("document-isolation-policy", "isolate-and-require-corp"),
];

/// How many ports after the wanted one are tried.
const PORTS: u16 = 100;

/// Answered at once with the page's version, and to a page that knows that one, when there is another.
const CHANGES: &str = "/lock-lab-changes";
const RELOAD_SCRIPT_PATH: &str = "/lock-lab-changes.js";
const RELOAD_TAG: &[u8] = b"<script type=\"module\" src=\"/lock-lab-changes.js\"></script>";
const RELOAD_SCRIPT: &str = "\
for (let seen = \"\"; ;) {
  try {
    const version = await (await fetch(`/lock-lab-changes?${seen}`)).text();
    if (seen && version !== seen) location.reload();
    seen = version;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
";

/// Which headers the answers carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headers {
    /// Those that isolate the page from others, as shared memory needs it, and its Content-Security-Policy.
    Isolation,
    /// None of them: what a plain static host sends.
    Plain,
}

/// What to serve, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The folder with the page.
    pub folder: PathBuf,
    /// The wanted port; where it is taken, the next free one. 0: any.
    pub port: u16,
    /// What to send with every file.
    pub headers: Headers,
    /// Whether open pages reload at [`Server::reload`].
    pub reloads: bool,
}

impl Options {
    /// A folder on any free port, as a page with threads needs it.
    pub fn new(folder: PathBuf) -> Options {
        Options {
            folder,
            port: 0,
            headers: Headers::Isolation,
            reloads: false,
        }
    }
}

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    version: watch::Sender<String>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to serve, on a thread of its own.
    ///
    /// # Errors
    /// When there is no free port.
    pub fn start(options: Options) -> Result<Server> {
        let listener = bind(options.port)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (version, changes) = watch::channel(now());
        let app = app(&options, changes);
        let (end, ended) = oneshot::channel::<()>();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
                    return;
                };
                tokio::select! {
                    _ = async { axum::serve(listener, app).await } => {}
                    // Also when the sender is dropped.
                    _ = ended => {}
                }
            });
        });
        Ok(Server {
            address,
            version,
            end: Some(end),
            thread: Some(thread),
        })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Makes every open page load again, where the options asked for that.
    pub fn reload(&self) {
        self.version.send_replace(now());
    }

    /// Serves for as long as the process lives.
    pub fn join(mut self) {
        if let Some(thread) = self.thread.take() {
            // It ends by a panic only, whose message has been printed.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The wanted port, or the next that is free.
fn bind(wanted: u16) -> Result<TcpListener> {
    let last = if wanted == 0 {
        0
    } else {
        wanted.saturating_add(PORTS)
    };
    let mut ports = (wanted..last).map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)));
    let found = ports.find_map(io::Result::ok);
    found
        .map_or_else(|| TcpListener::bind((Ipv4Addr::LOCALHOST, last)), Ok)
        .with_context(|| format!("no server on 127.0.0.1: ports {wanted} to {last} can't be had"))
}

fn app(options: &Options, changes: watch::Receiver<String>) -> Router {
    let (headers, reloads) = (options.headers, options.reloads);
    let mut app = Router::new();
    if reloads {
        let script = ([(header::CONTENT_TYPE, "text/javascript")], RELOAD_SCRIPT);
        app = app.route(RELOAD_SCRIPT_PATH, get(|| async move { script }));
        app = app.route(CHANGES, get(move |query| wait_for_change(query, changes)));
    }
    app.fallback_service(ServeDir::new(&options.folder))
        .layer(from_fn(move |request, next| revise(request, next, reloads)))
        .layer(CompressionLayer::new())
        .layer(map_response(move |mut response: Response| async move {
            let isolation = ISOLATION.iter().filter(|_| headers == Headers::Isolation);
            for &(name, value) in isolation.chain(&[("x-content-type-options", "nosniff")]) {
                let name = HeaderName::from_static(name);
                response
                    .headers_mut()
                    .insert(name, HeaderValue::from_static(value));
            }
            response
        }))
}

/// Names the charset, decides what may be cached, and brings the script that reloads into a page that should.
async fn revise(request: Request, next: Next, reloads: bool) -> Response {
    // Each build's files in assets/ have names of their own.
    let is_hashed = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let caching = if is_hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    // A date is too coarse a validator for files that may be built twice a second.
    headers.remove(header::LAST_MODIFIED);
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    if kind.starts_with("text/") && !kind.contains(';') {
        let named = HeaderValue::try_from(format!("{kind}; charset=utf-8"));
        headers.extend(named.map(|named| (Some(header::CONTENT_TYPE), named)));
    }
    if !reloads || !kind.starts_with("text/html") {
        return response;
    }
    headers.remove(header::CONTENT_LENGTH);
    let (head, body) = response.into_parts();
    let html = axum::body::to_bytes(body, usize::MAX)
        .await
        .unwrap_or_default();
    // Behind the page's end is fine: parsers put it into the body.
    Response::from_parts(head, Body::from([&html, RELOAD_TAG].concat()))
}

/// Answers with the version once it is another than the client knows.
async fn wait_for_change(
    RawQuery(known): RawQuery,
    mut changes: watch::Receiver<String>,
) -> String {
    let is_new = |version: &String| Some(version) != known.as_ref();
    changes
        .wait_for(is_new)
        .await
        .map(|version| version.clone())
        .unwrap_or_default()
}

/// Differs from all earlier versions, of this server and of those before it.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_nanos()).to_string()
}
