//! Turns the feature `loom` into `cfg(loom)`: a feature is for this crate alone, where a flag for all crates would build everything anew.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    if std::env::var_os("CARGO_FEATURE_LOOM").is_some() {
        println!("cargo:rustc-cfg=loom");
    }
}
