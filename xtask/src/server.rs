//! The server on 127.0.0.1: tower-http's `ServeDir` with the headers that isolate the page, and a way to tell open pages that they have changed.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, LAST_MODIFIED,
};
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use axum::routing::get;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

/// The page's Content-Security-Policy, for the server's header and for the `<meta>` of `www/boot.js`.
///
/// Everything from the page's own origin, and nothing written into the page: no inline script or style, no `eval`; wasm may be
/// compiled. Pictures may be data (the icon) or made by the page itself (exports). Scripts' addresses pass the one Trusted Types
/// policy of `www/trust.js`. Which sites may frame the page is left open: all of them may.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'none'; require-trusted-types-for 'script'; trusted-types lock-lab";

/// What isolates a page (each browser engine takes of it what it knows), and what may run in it.
pub const ISOLATION: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("document-isolation-policy", "isolate-and-require-corp"),
];

/// Behind the page's end is fine: parsers put it into the body. Its policy allows no script in its midst.
const RELOAD_TAG: &[u8] = b"<script type=\"module\" src=\"/lock-lab-changes.js\"></script>";
const RELOAD_SCRIPT: &str = r#"for (let seen = ""; ;) {
  try {
    const version = await (await fetch(`/lock-lab-changes?${seen}`)).text();
    if (seen && version !== seen) location.reload();
    seen = version;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
"#;

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
    /// The wanted port; where it is taken, the next free one of a hundred. 0: any.
    pub port: u16,
    /// What to send with every file.
    pub headers: Headers,
    /// Whether open pages reload at [`Server::reload`].
    pub reloads: bool,
}

impl Options {
    /// A folder on any free port, as a page with threads needs it.
    pub fn new(folder: PathBuf) -> Options {
        let (port, headers, reloads) = (0, Headers::Isolation, false);
        Options { folder, port, headers, reloads }
    }
}

/// A running server; dropping it ends it, outside of other runtimes.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    version: watch::Sender<String>,
    _runtime: Runtime,
}

impl Server {
    /// Starts to serve, on a thread of its own.
    pub fn start(options: Options) -> Result<Server> {
        Server::start_behind(options, |app| app)
    }

    /// The same, with something in front of it.
    pub fn start_behind(options: Options, front: impl FnOnce(Router) -> Router) -> Result<Server> {
        let mut ports = options.port..=options.port.saturating_add(100);
        let listener = ports.find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
        let listener = listener.with_context(|| format!("no free port after {}", options.port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (version, changes) = watch::channel(now());
        let app = front(app(&options, changes));
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let _entered = runtime.enter();
        let listener = tokio::net::TcpListener::from_std(listener)?;
        runtime.spawn(async { axum::serve(listener, app).await });
        drop(_entered);
        Ok(Server { address, version, _runtime: runtime })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Makes every open page load again, where the options asked for that.
    pub fn reload(&self) {
        self.version.send_replace(now());
    }
}

fn app(options: &Options, changes: Changes) -> Router {
    let (headers, reloads) = (options.headers, options.reloads);
    let mut app = Router::new();
    if reloads {
        let script = ([(CONTENT_TYPE, "text/javascript")], RELOAD_SCRIPT);
        app = app.route("/lock-lab-changes.js", get(|| async move { script }));
        app = app.route("/lock-lab-changes", get(move |known| wait_for_change(known, changes)));
    }
    let isolate = map_response(move |mut response: Response| async move {
        let isolation = ISOLATION.iter().filter(|_| headers == Headers::Isolation);
        let all = isolation.chain(&[("x-content-type-options", "nosniff")]);
        let field =
            |&(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value));
        response.headers_mut().extend(all.map(field));
        response
    });
    app.fallback_service(ServeDir::new(&options.folder))
        .layer(from_fn(move |request, next| revise(request, next, reloads)))
        .layer(CompressionLayer::new())
        .layer(isolate)
}

/// Names the charset, decides what may be cached, and brings the script that reloads into a page that should.
async fn revise(request: Request, next: Next, reloads: bool) -> Response {
    // Each build's files in assets/ have names of their own.
    let is_hashed = request.uri().path().starts_with("/assets/");
    let (mut head, body) = next.run(request).await.into_parts();
    let fields = &mut head.headers;
    let caching = ["no-cache", "public, max-age=31536000, immutable"][usize::from(is_hashed)];
    fields.insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    // A date is too coarse a validator for files that may be built twice a second.
    fields.remove(LAST_MODIFIED);
    let kind = fields.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let named = HeaderValue::try_from(format!("{kind}; charset=utf-8"));
    if kind.starts_with("text/") && !kind.contains(';') {
        fields.extend(named.map(|named| (Some(CONTENT_TYPE), named)));
    }
    if !reloads || !kind.starts_with("text/html") {
        return Response::from_parts(head, body);
    }
    fields.remove(CONTENT_LENGTH);
    let html = to_bytes(body, usize::MAX).await.unwrap_or_default();
    Response::from_parts(head, Body::from([&html, RELOAD_TAG].concat()))
}

type Changes = watch::Receiver<String>;

/// Answers with the version once it is another than the client knows.
async fn wait_for_change(RawQuery(known): RawQuery, mut changes: Changes) -> String {
    let _ = changes.wait_for(|version| Some(version) != known.as_ref()).await;
    changes.borrow().clone()
}

/// Differs from all earlier versions, of this server and of those before it.
fn now() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |time| time.as_nanos()).to_string()
}
