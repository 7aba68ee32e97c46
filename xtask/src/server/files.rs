//! Answers with the folder's files: their types, validators, caching, compression, and the headers that isolate the page.

use std::convert::Infallible;
use std::path::PathBuf;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use super::Headers;
use super::reload::{self, Reload};
use crate::digest;
use crate::policy::POLICY;

/// What isolates a page (each browser engine takes of it what it knows), and what may run in it.
const ISOLATION: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("document-isolation-policy", "isolate-and-require-corp"),
];

/// Everything that this server answers.
pub fn app(folder: PathBuf, headers: Headers, reload: Option<Reload>) -> Router {
    let files = ServeDir::new(folder);
    let mut app = Router::new();
    if let Some(reload) = reload.clone() {
        app = app
            .route(reload::PATH, get(move || async move { reload.listen() }))
            .route(reload::SCRIPT_PATH, get(|| async { Reload::script() }));
    }
    app.fallback(move |request: Request| answer(files.clone(), reload.clone(), request))
        .layer(CompressionLayer::new())
        .layer(map_response(move |response| async move {
            finish(response, headers)
        }))
}

async fn answer(files: ServeDir, reload: Option<Reload>, mut request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let known = request
        .headers()
        .get(IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    // The tag is the one validator: a file's date is too coarse for files that are built twice a second. And whole files only.
    for name in [IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, RANGE] {
        request.headers_mut().remove(name);
    }
    // The tag is made from the content, so HEAD needs that too; hyper leaves the body out.
    if request.method() == Method::HEAD {
        *request.method_mut() = Method::GET;
    }
    let served: Result<_, Infallible> = files.oneshot(request).await;
    let response = match served {
        Ok(response) => response.map(Body::new),
        Err(never) => match never {},
    };
    let (mut about, body) = response.into_parts();
    if about.status != StatusCode::OK {
        return (about, body).into_response();
    }
    let Ok(content) = axum::body::to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut content = Vec::from(content);
    name_charset(&mut about.headers);
    let is_html = about
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if let (true, Some(reload)) = (is_html, reload) {
        content = reload.listening(content);
    }
    for name in [ACCEPT_RANGES, CONTENT_LENGTH, LAST_MODIFIED] {
        about.headers.remove(name);
    }
    let tag = digest::of(&[&content]);
    about
        .headers
        .insert(CACHE_CONTROL, HeaderValue::from_static(caching(&path)));
    match known.as_deref().and_then(|known| matching(known, &tag)) {
        Some(theirs) => {
            about.status = StatusCode::NOT_MODIFIED;
            about.headers.remove(CONTENT_TYPE);
            about
                .headers
                .extend(HeaderValue::from_str(theirs).map(|theirs| (ETAG, theirs)));
            (about, Body::empty()).into_response()
        }
        None => {
            about
                .headers
                .extend(HeaderValue::from_str(&format!("\"{tag}\"")).map(|tag| (ETAG, tag)));
            (about, Bytes::from(content)).into_response()
        }
    }
}

/// All that the page's text files are written in.
fn name_charset(headers: &mut HeaderMap) {
    let bare = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .filter(|kind| kind.starts_with("text/") && !kind.contains(';'));
    if let Some(Ok(named)) =
        bare.map(|kind| HeaderValue::from_str(&format!("{kind}; charset=utf-8")))
    {
        headers.insert(CONTENT_TYPE, named);
    }
}

/// A hash in a file's name means that the name will never have another content.
fn caching(path: &str) -> &'static str {
    let stem = path
        .rsplit('/')
        .next()
        .and_then(|name| name.split('.').next());
    let hash = stem
        .and_then(|stem| stem.rsplit_once('-'))
        .map(|(_, hash)| hash);
    // As esbuild writes it.
    let is_hash = |hash: &str| {
        hash.len() == 8
            && hash
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    if path.starts_with("/assets/") || hash.is_some_and(is_hash) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

/// The first of a client's tags that names this content, in whatever encoding it was sent.
fn matching<'a>(known: &'a str, tag: &str) -> Option<&'a str> {
    known.split(',').map(str::trim).find(|theirs| {
        let bare = theirs.trim_start_matches("W/").trim_matches('"');
        bare == tag
            || bare
                .strip_prefix(tag)
                .is_some_and(|rest| rest.starts_with('-'))
    })
}

/// What every answer gets in the end, refusals included.
fn finish(mut response: Response, headers: Headers) -> Response {
    let fields = response.headers_mut();
    // Two encodings of one file are two sets of bytes: a strong tag must tell them apart.
    if let (Some(tag), Some(encoding)) = (fields.get(ETAG), fields.get(CONTENT_ENCODING)) {
        let both = (
            tag.to_str().map(|tag| tag.trim_matches('"')),
            encoding.to_str(),
        );
        if let (Ok(tag), Ok(encoding)) = both
            && let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}-{encoding}\""))
        {
            fields.insert(ETAG, tag);
        }
    }
    fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if headers == Headers::Isolation {
        for (name, value) in ISOLATION {
            fields.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_cached_for_ever() {
        assert!(caching("/assets/host-4F2A.js").contains("immutable"));
        assert!(caching("/article-7QXA2B4C.css").contains("immutable"));
        for path in ["/", "/index.html", "/lock-lab.js", "/service-worker.js"] {
            assert_eq!(caching(path), "no-cache", "{path}");
        }
    }

    #[test]
    fn a_tag_is_known_again_in_any_encoding() {
        assert_eq!(matching("\"x\", \"abc-br\"", "abc"), Some("\"abc-br\""));
        assert_eq!(matching("W/\"abc\"", "abc"), Some("W/\"abc\""));
        assert_eq!(matching("\"abcd\"", "abc"), None);
    }
}
