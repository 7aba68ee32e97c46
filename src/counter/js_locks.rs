//! The browser's locks between tabs and workers. Nobody can block in one: each request is a promise, so
//! there is no counter, only a price (`Host::probe`).

use super::{Kind, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "js-locks",
    label: "navigator.locks",
    exact: true,
    shared: true,
    side: Side::Js,
    server: false,
    meaning: "The browser's own locks, which tabs and workers of a site share; asked for and awaited.",
    source: "W3C, Web Locks API",
    make: None,
};
