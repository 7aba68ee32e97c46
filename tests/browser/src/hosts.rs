//! The places where authors put a figure, and what becomes of it there in the engine at hand: found out by pasting, running and reading. The
//! suite holds the table in `docs/hosting.md` against this; `cargo xtask hosts` writes it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::lab::{FIGURE, LISTENS, document};
use crate::page::Page;

/// A place, as the table names it, and what puts the page there and gives its address.
pub type Host = (&'static str, fn(&Page) -> String);

/// What is pasted: a run that takes a moment only.
const ELEMENT: &str =
    "<lock-lab figure='lock-cost' threads='3' times='2' wait-ms='5' loops='1000'></lock-lab>";
const QUERY: &str = "figure=lock-cost&threads=3&times=2&wait-ms=5&loops=1000";

/// Every place, in the table's order.
pub const HOSTS: &[Host] = &[
    ("an isolated page, with the lab's folder on the same site: element", |page| {
        page.site.post(&page.site.isolated, "post", &element("lab/"), None)
    }),
    ("a post as Jekyll builds it, folder on the same site: element", |page| {
        post(page, "2026/11/24/locks.html", &element("../../../lab/"))
    }),
    ("a post as Hugo builds it, folder on the same site: iframe", |page| {
        post(page, "posts/locks/", &frame("../../lab/", ""))
    }),
    ("a page of another site: element", |page| elsewhere(page, element)),
    ("a page of another site: iframe", |page| elsewhere(page, |folder| frame(folder, ""))),
    ("an iframe with `sandbox=\"allow-scripts allow-same-origin\"`", |page| {
        post(page, "post", &frame("lab/", "sandbox='allow-scripts allow-same-origin'"))
    }),
    ("an iframe with `sandbox=\"allow-scripts\"`", |page| {
        post(page, "post", &frame("lab/", "sandbox='allow-scripts'"))
    }),
    (
        "a page with a strict policy (`default-src 'none'; script-src 'self'; frame-src 'self'`): element",
        |page| {
            let policy = "default-src 'none'; script-src 'self'; frame-src 'self'";
            page.site.post(&page.site.plain, "post", &element("lab/"), Some(policy))
        },
    ),
    ("the lab's own page in a tab, from a host that sends no headers", |page| {
        let post = post(page, "post", "");
        format!("{}/lab/index.html?{QUERY}", post.trim_end_matches("/post"))
    }),
    ("the same, opened as a file", |page| {
        let folder = page.site.folder.canonicalize().expect("a folder");
        format!("file://{}/index.html?{QUERY}", folder.display())
    }),
];

fn element(folder: &str) -> String {
    document(&format!("<script type='module' src='{folder}lock-lab.js'></script>{ELEMENT}"))
}

/// The iframe line, and what notes what the frame says.
fn frame(folder: &str, attributes: &str) -> String {
    document(&format!(
        "{LISTENS}<iframe title='figure' src='{folder}index.html?{QUERY}' {attributes} allow='cross-origin-isolated' style='width: 800px; height: 700px'></iframe>"
    ))
}

/// A post on a plain host with the lab's folder.
fn post(page: &Page, path: &str, html: &str) -> String {
    page.site.post(&page.site.plain, path, html, None)
}

/// A page on one site with the folder on another: by another name of this machine.
fn elsewhere(page: &Page, html: impl Fn(&str) -> String) -> String {
    let theirs = post(page, "theirs", "");
    let folder = format!("{}lab/", theirs.trim_end_matches("theirs"));
    post(page, "post", &html(&folder)).replace("127.0.0.1", "localhost")
}

/// What becomes of a figure there, in a few words.
///
/// # Panics
/// Where it hangs, loads again and again, or fails.
#[track_caller]
pub fn outcome(page: &Page, &(name, stage): &Host) -> String {
    page.site.plain.asked();
    page.site.isolated.asked();
    page.open(&stage(page));
    let outcome = if page.address().starts_with("file:") {
        file_outcome(page)
    } else if page.is("document.querySelector('iframe')") {
        frame_outcome(page)
    } else {
        element_outcome(page)
    };
    let asked = [page.site.plain.asked(), page.site.isolated.asked()].concat();
    let loads = asked.iter().filter(|path| path.ends_with("/lab/index.html")).count();
    assert!(loads <= 2, "{name}: the lab's page was loaded {loads} times");
    if loads == 2 && outcome.starts_with("live") {
        return format!("{outcome}, after one reload");
    }
    assert!(loads < 2, "{name}: it was loaded again for nothing: {outcome}");
    outcome
}

/// How a report's run was possible.
///
/// # Panics
/// Where it is of no whole run.
pub fn means(report: &Value) -> String {
    // How finely the times agree is another matter: where a page is not isolated, clocks are coarse.
    assert_eq!(report["outcome"], "done", "{report:#}");
    let environment = &report["environment"];
    match environment["isolatedBy"].as_str() {
        Some("browser") => "live, though not isolated".to_owned(),
        Some("headers") => "live, by its headers".to_owned(),
        Some("service-worker") => "live, by the service worker".to_owned(),
        Some("none") => "live with one thread, else a recorded run".to_owned(),
        Some("document-isolation-policy") => "live, by a policy of its own".to_owned(),
        other => panic!("isolated by {other:?}"),
    }
}

/// What becomes of a page's element.
///
/// # Panics
/// Where it hangs or fails.
#[track_caller]
pub fn element_outcome(page: &Page) -> String {
    page.wait(
        "the figure says where it stands",
        "['ready', 'unsupported', 'done', 'stopped'].includes(lab()?.state)",
    );
    if page.state(FIGURE) == "unsupported" {
        page.set(FIGURE, "threads", "1");
        if page.js("return until(() => lab().state === 'ready', 3000).then(Boolean)") != true {
            return "recorded run".to_owned();
        }
    }
    means(&page.run())
}

fn frame_outcome(page: &Page) -> String {
    let state = page.wait(
        "the frame says where it stands",
        "told.findLast((one) => one.type === 'lab-state' && ['ready', 'unsupported'].includes(one.state))?.state",
    );
    if state == json!("unsupported") {
        page.js("frames[0].postMessage({ type: 'lab-config', config: { threads: 1 } }, '*')");
        if page
            .js("return until(() => told.some((one) => one.state === 'ready'), 3000).then(Boolean)")
            != true
        {
            return "recorded run".to_owned();
        }
    }
    page.js("frames[0].postMessage({ type: 'lab-run' }, '*')");
    let message =
        page.wait("the frame tells its report", "told.find((one) => one.type === 'lab-report')");
    means(&message["report"])
}

fn file_outcome(page: &Page) -> String {
    page.wait_up_to(
        Duration::from_secs(5),
        "a reader is told",
        "/opened as a file/i.test(document.body.innerText + words(lab()))",
    );
    "a sentence".to_owned()
}
