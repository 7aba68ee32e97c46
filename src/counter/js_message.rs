//! A message to the worker that owns the number, and its answer. Nobody can block in it: each answer is an
//! event, so there is no counter, only a price (`Host::probe`).

use super::{Kind, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "js-message",
    label: "postMessage to an owner",
    exact: true,
    shared: true,
    side: Side::Js,
    server: false,
    meaning: "A worker owns the number; each addition is a message there and one back.",
    source: "WHATWG HTML, Web workers: postMessage",
    make: None,
};
