//! Tells open pages that they have changed. Watches no files.

use std::sync::Arc;
use std::time::SystemTime;

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::watch;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;

/// Where pages listen.
pub const PATH: &str = "/lock-lab-changes";
/// Where the script lies that makes them.
pub const SCRIPT_PATH: &str = "/lock-lab-changes.js";

/// What makes a page listen. The first word it hears is the state it was loaded in; any other means there is something new,
/// also after the server has been started anew.
const SCRIPT: &str = "let seen; new EventSource(\"/lock-lab-changes\").onmessage = ({ data }) => { seen ??= data; if (data !== seen) location.reload(); };\n";
/// What brings it into a page, whose policy allows no script in its midst.
const TAG: &str = "<script type=\"module\" src=\"/lock-lab-changes.js\"></script>";

/// The open pages' way to hear of changes.
#[derive(Debug, Clone)]
pub struct Reload(Arc<watch::Sender<String>>);

impl Reload {
    pub(super) fn new() -> Reload {
        Reload(Arc::new(watch::Sender::new(now())))
    }

    /// Every open page loads again.
    pub fn all(&self) {
        self.0.send_replace(now());
    }

    /// The answer to a page that listens.
    pub(super) fn listen(&self) -> Response {
        let words = WatchStream::new(self.0.subscribe());
        let events =
            words.map(|word| Ok::<_, std::convert::Infallible>(Event::default().data(word)));
        Sse::new(events)
            .keep_alive(KeepAlive::default())
            .into_response()
    }

    /// The page, made to listen.
    pub(super) fn listening(&self, mut html: Vec<u8>) -> Vec<u8> {
        // Behind the page's end is fine: parsers put it into the body.
        html.extend_from_slice(TAG.as_bytes());
        html
    }

    /// The answer to a page that asks for its script.
    pub(super) fn script() -> Response {
        let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
        ([(CONTENT_TYPE, kind)], SCRIPT).into_response()
    }
}

/// Differs from all earlier ones, of this server and of those before it.
fn now() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |time| time.as_nanos()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_listens_where_the_server_speaks() {
        assert!(SCRIPT.contains(&format!("\"{PATH}\"")) && TAG.contains(SCRIPT_PATH));
    }
}
