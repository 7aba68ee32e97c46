//! What the suite's server makes of an answer: other contents, reports of what a policy refuses, scripts of the suite's own. Serves nothing.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{CHANCE, RECORDER, SOURCES, VIOLATIONS};
use crate::engine::root;

/// The scripts that are no part of the built folder.
pub fn suites_own(path: &str) -> Option<Bytes> {
    if path == RECORDER {
        return Some(Bytes::from_static(include_bytes!("../recorder.js")));
    }
    let file = match path.strip_prefix(SOURCES) {
        Some(name) => root().join("www").join(name),
        None => root().join("tests/fuzz").join(path.strip_prefix(CHANCE)?),
    };
    std::fs::read(file).ok().map(Bytes::from)
}

/// A second of silence, as a film or a sound of somebody else's site: no codec is needed for it.
pub fn sound() -> Bytes {
    const RATE: u32 = 8000;
    let fields = [
        &16u32.to_le_bytes()[..],
        &[1, 0, 1, 0],
        &RATE.to_le_bytes(),
        &RATE.to_le_bytes(),
        &[1, 0, 8, 0],
    ]
    .concat();
    let samples = vec![128; RATE as usize];
    let chunks = [&b"WAVEfmt "[..], &fields, b"data", &RATE.to_le_bytes(), &samples].concat();
    let length = u32::try_from(chunks.len()).unwrap_or(u32::MAX);
    Bytes::from([&b"RIFF"[..], &length.to_le_bytes(), &chunks].concat())
}

/// Adds to a policy, where there is one, that we want to hear of what it refuses.
pub fn report_violations(headers: &mut HeaderMap) {
    let policy = headers.get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    if let Some(Ok(policy)) =
        policy.map(|policy| HeaderValue::from_str(&format!("{policy}; report-uri {VIOLATIONS}")))
    {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
}

/// The same answer with another content.
pub fn with(response: Response, mime: &'static str, content: Bytes) -> Response {
    let mut headers = response.headers().clone();
    headers.remove(ETAG);
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(mime));
    (StatusCode::OK, headers, content).into_response()
}

/// A response without its content, and that.
pub async fn taken(response: Response) -> (Response, Bytes) {
    let (head, body) = response.into_parts();
    let content = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Response::from_parts(head, Body::empty()), content)
}
