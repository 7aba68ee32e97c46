//! The page's Content-Security-Policy: stands here once, for the server's header and for the `<meta>` of `www/boot.js`. Sends nothing.

/// Everything from the page's own origin, and nothing written into the page: no inline script or style, no `eval`; wasm may be
/// compiled. Pictures may be data (the icon) or made by the page itself (exports). Scripts' addresses pass the one Trusted Types
/// policy of `www/trust.js`. Who may frame the page is not said: anybody may.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place;

    #[test]
    fn nothing_inline_and_no_eval_is_allowed() {
        for loophole in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
            assert!(!POLICY.contains(loophole), "{loophole}");
        }
    }

    #[test]
    fn the_guide_gives_authors_the_policy_as_it_is() {
        let guide = std::fs::read_to_string(place::root().join("docs/embedding.md")).unwrap();
        for directive in POLICY.split("; ") {
            assert!(
                guide.contains(directive),
                "docs/embedding.md lacks `{directive}`"
            );
        }
    }
}
