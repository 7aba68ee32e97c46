//! Faults that a network, a host or a policy could put between a page and its files. How they are done is in site.rs.

/// What can be wrong between a page and its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 404 for every file whose path holds this.
    Missing(&'static str),
    /// The wasm module comes as `text/plain`, as from a host that does not know the type.
    WasmAsText,
    /// The wasm module's type is right, but it is no wasm.
    WasmGarbage,
    /// The wasm module breaks off in the middle.
    WasmCutShort,
    /// The wasm module arrives when all is mended, and not before.
    WasmSlow,
    /// Each thread's clock is up to 3 ms behind its fellows', as where it lost its processor when it began.
    ClocksApart,
    /// A content security policy that forbids to compile wasm.
    NoWasmPolicy,
    /// One for every file that lets nobody ask for what a page has made itself, nor put a frame anywhere.
    NoBlobPolicy,
}

impl Fault {
    /// As it stands in addresses.
    pub(super) fn name(self) -> String {
        match self {
            Fault::Missing(part) => format!("missing-{part}"),
            other => format!("{other:?}"),
        }
    }

    /// The policy that it puts on every file.
    pub(super) fn policy(self) -> Option<&'static str> {
        match self {
            Fault::NoWasmPolicy => Some("script-src 'self'; worker-src 'self'"),
            Fault::NoBlobPolicy => Some("connect-src 'self'; frame-src 'none'"),
            _ => None,
        }
    }

    /// The one of that name.
    pub(super) fn of(name: &str) -> Option<Fault> {
        /// Every part of a path whose absence a test asks for.
        const PARTS: [&str; 10] = [
            "_bg.wasm",
            "owner-worker",
            "coordinator-worker",
            "pool-worker",
            "live-",
            "zh-",
            "zh-article",
            "service-worker",
            "share-",
            "take-home-",
        ];
        let others = [
            Fault::ClocksApart,
            Fault::WasmAsText,
            Fault::WasmGarbage,
            Fault::WasmCutShort,
            Fault::WasmSlow,
            Fault::NoWasmPolicy,
            Fault::NoBlobPolicy,
        ];
        PARTS.into_iter().map(Fault::Missing).chain(others).find(|fault| fault.name() == name)
    }
}
