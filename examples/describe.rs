//! Prints what the page must know before any wasm is loaded, as one JSON object: the build writes it
//! into the page. Not a part of the page itself.

fn main() {
    println!("{:#}", locklab::describe::describe());
}
