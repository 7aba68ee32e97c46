//! What `cargo xtask package` makes for authors, put where an author puts it.

use xtask::server::{Headers, Options, Server};

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;

/// The tests.
pub const CASES: &[Case] =
    cases![what_authors_download_is_live_where_it_is_unpacked.only(&[Engine::Chromium])];

/// The zip of `cargo xtask package`, unpacked beside a post and served as plain files at a path of a site: the lines of its README, as pasted.
fn what_authors_download_is_live_where_it_is_unpacked(page: &Page) {
    let folder = tempfile::tempdir().expect("a folder");
    let blog = folder.path().join("site/blog/2026");
    let made = xtask::package::write(&page.site.folder, &folder.path().join("made"), "a test")
        .expect("packages");
    let zip = made
        .iter()
        .find(|path| path.extension().is_some_and(|ending| ending == "zip"))
        .expect("a zip");
    zip::ZipArchive::new(std::fs::File::open(zip).expect("a file"))
        .expect("a zip")
        .extract(&blog)
        .expect("unpacked");
    let readme = std::fs::read_to_string(blog.join("lock-lab/README.md")).expect("a README");
    let lines: Vec<_> = readme
        .split("```html\n")
        .skip(1)
        .filter_map(|block| block.split_once("```").map(|(lines, _)| lines))
        .collect();
    assert_eq!(lines.len(), 2, "an element and a frame: {readme}");
    let head = "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><link rel='icon' href='data:,'>";
    for (name, line) in [("element.html", lines[0]), ("frame.html", lines[1])] {
        std::fs::write(blog.join(name), format!("{head}<body>{line}")).expect("written");
    }
    let options = Options {
        headers: Headers::Plain,
        ..Options::new(folder.path().join("site"))
    };
    let server = Server::start(options).expect("a server");
    let post = |name: &str| format!("{}blog/2026/{name}", server.url());
    page.open(&post("element.html"));
    page.wait_state("lock-lab", "ready");
    assert_eq!(page.get("lock-lab", "config")["threads"], 20);
    page.open(&post("frame.html"));
    page.enter_frame("document.querySelector('iframe')");
    page.wait_state(FIGURE, "ready");
    assert_eq!(page.get(FIGURE, "config")["threads"], 20);
    page.leave_frame();
}
