//! The server on 127.0.0.1: takes connections, and stays up whatever comes in over them. What it answers is in files.rs, reload.rs.

mod files;
mod reload;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio_io_timeout::TimeoutStream;

use crate::error::{Error, Result};
pub use reload::Reload;

/// Together with what each may send before it is refused, the bound of what clients can make us hold.
const CONNECTIONS: usize = 512;
const HEAD_BYTES: usize = 32 * 1024;
const HEAD_FIELDS: usize = 100;
/// How many ports after the wanted one are tried.
const PORTS: u16 = 100;

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
    /// Whether pages reload when [`Server::reload`] says so.
    pub reloads: bool,
    /// How long a request's head may take to arrive, a connection idle before one, and a client take nothing of what is sent to it.
    pub patience: Duration,
}

impl Options {
    /// A folder on any free port, as a page with threads needs it.
    pub fn new(folder: PathBuf) -> Options {
        Options {
            folder,
            port: 0,
            headers: Headers::Isolation,
            reloads: false,
            patience: Duration::from_secs(20),
        }
    }
}

/// A running server; dropping it ends it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    reload: Option<Reload>,
    end: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts to serve, on a thread of its own.
    ///
    /// # Errors
    /// [`Error::Server`] when there is no port or no thread to be had.
    pub fn start(options: Options) -> Result<Server> {
        let wrong = |error: io::Error| Error::Server(error.to_string());
        let listener = bind(options.port).map_err(wrong)?;
        let address = listener.local_addr().map_err(wrong)?;
        listener.set_nonblocking(true).map_err(wrong)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(wrong)?;
        let reload = options.reloads.then(Reload::new);
        let app = files::app(options.folder, options.headers, reload.clone());
        let (end, ended) = oneshot::channel();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, app, options.patience) => {}
                    // Also when the sender is dropped.
                    _ = ended => {}
                }
            });
        };
        let thread = std::thread::Builder::new()
            .name("server".to_owned())
            .spawn(serve)
            .map_err(wrong)?;
        Ok(Server {
            address,
            reload,
            end: Some(end),
            thread: Some(thread),
        })
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// The way to tell open pages that they have changed, where the options asked for that.
    pub fn reload(&self) -> Option<&Reload> {
        self.reload.as_ref()
    }

    /// Serves for as long as the process lives.
    pub fn serve_on(mut self) {
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
fn bind(wanted: u16) -> io::Result<TcpListener> {
    let last = if wanted == 0 {
        0
    } else {
        wanted.saturating_add(PORTS)
    };
    let mut failure = io::Error::from(io::ErrorKind::AddrInUse);
    for port in wanted..=last {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return Ok(listener),
            Err(error) => failure = error,
        }
    }
    Err(io::Error::new(
        failure.kind(),
        format!("ports {wanted} to {last} can't be had ({failure})"),
    ))
}

async fn accept(listener: TcpListener, app: Router, patience: Duration) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Further clients wait outside until one of those inside is done or has run out of our patience.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let app = app.clone();
                tokio::spawn(async move {
                    // How a client's connection ends is its own affair.
                    let _ = talk(stream, app, patience).await;
                    drop(place);
                });
            }
            // Out of file descriptors, or the client is gone already: the next one may fare better.
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn talk(stream: TcpStream, app: Router, patience: Duration) -> hyper::Result<()> {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    let mut protocol = http1::Builder::new();
    protocol
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEAD_FIELDS);
    protocol
        .serve_connection(
            TokioIo::new(Box::pin(stream)),
            TowerToHyperService::new(app),
        )
        .await
}
