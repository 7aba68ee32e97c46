//! The places where authors put a figure, and what becomes of it there in the engine at hand: found out by pasting, running and reading. The
//! suite holds the table in `docs/embedding.md` against this; `cargo xtask hosts` writes it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::lab::FIGURE;
use crate::page::Page;

/// A place, and what is pasted there.
pub struct Host {
    /// As the table names it.
    pub name: &'static str,
    /// Puts the page there and gives its address.
    stage: fn(&Page) -> String,
    /// How the figure is reached from the page.
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// By the element.
    Element,
    /// By messages to the first frame.
    Frame,
    /// The figure is the page; or what its reader gets instead.
    Page,
}

/// What is pasted: a run that takes a moment only.
const ELEMENT: &str =
    "<lock-lab figure='lock-cost' threads='3' times='2' wait-ms='5' loops='1000'></lock-lab>";
const QUERY: &str = "figure=lock-cost&threads=3&times=2&wait-ms=5&loops=1000";

/// Every place, in the table's order.
pub const HOSTS: &[Host] = &[
    Host {
        name: "an isolated page, with the lab's folder on the same site: element",
        stage: |page| page.site.post(&page.site.isolated, "post", &element("lab/"), None),
        kind: Kind::Element,
    },
    Host {
        name: "a post as Jekyll builds it, folder on the same site: element",
        stage: |page| {
            page.site.post(
                &page.site.plain,
                "2026/11/24/locks.html",
                &element("../../../lab/"),
                None,
            )
        },
        kind: Kind::Element,
    },
    Host {
        name: "a post as Hugo builds it, folder on the same site: iframe",
        stage: |page| {
            page.site.post(&page.site.plain, "posts/locks/", &frame("../../lab/", ""), None)
        },
        kind: Kind::Frame,
    },
    Host {
        name: "a page of another site: element",
        stage: |page| elsewhere(page, element),
        kind: Kind::Element,
    },
    Host {
        name: "a page of another site: iframe",
        stage: |page| elsewhere(page, |folder| frame(folder, "")),
        kind: Kind::Frame,
    },
    Host {
        name: "an iframe with `sandbox=\"allow-scripts allow-same-origin\"`",
        stage: |page| {
            let html = frame("lab/", "sandbox='allow-scripts allow-same-origin'");
            page.site.post(&page.site.plain, "post", &html, None)
        },
        kind: Kind::Frame,
    },
    Host {
        name: "an iframe with `sandbox=\"allow-scripts\"`",
        stage: |page| {
            let html = frame("lab/", "sandbox='allow-scripts'");
            page.site.post(&page.site.plain, "post", &html, None)
        },
        kind: Kind::Frame,
    },
    Host {
        name: "a page with a strict policy (`default-src 'none'; script-src 'self'; frame-src 'self'`): element",
        stage: |page| {
            let policy = "default-src 'none'; script-src 'self'; frame-src 'self'";
            page.site.post(&page.site.plain, "post", &element("lab/"), Some(policy))
        },
        kind: Kind::Element,
    },
    Host {
        name: "the lab's own page in a tab, from a host that sends no headers",
        stage: |page| {
            let post = page.site.post(&page.site.plain, "post", "", None);
            format!("{}/lab/index.html?{QUERY}", post.trim_end_matches("/post"))
        },
        kind: Kind::Page,
    },
    Host {
        name: "the same, opened as a file",
        stage: |page| {
            format!(
                "file://{}/index.html?{QUERY}",
                page.site.folder.canonicalize().expect("a folder").display()
            )
        },
        kind: Kind::Page,
    },
];

fn whole(body: &str) -> String {
    format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><link rel='icon' href='data:,'><body><main>{body}</main></body></html>"
    )
}

fn element(folder: &str) -> String {
    whole(&format!("<script type='module' src='{folder}lock-lab.js'></script>{ELEMENT}"))
}

/// The iframe line, and what notes what the frame says.
fn frame(folder: &str, attributes: &str) -> String {
    whole(&format!(
        "<script>window.told = []; addEventListener('message', ({{ data }}) => told.push(data))</script>\
         <iframe title='figure' src='{folder}index.html?{QUERY}' {attributes} allow='cross-origin-isolated' style='width: 800px; height: 700px'></iframe>"
    ))
}

/// A page on one site with the folder on another: by another name of this machine.
fn elsewhere(page: &Page, html: impl Fn(&str) -> String) -> String {
    let theirs = page.site.post(&page.site.plain, "theirs", "", None);
    let folder = format!("{}lab/", theirs.trim_end_matches("theirs"));
    let post = page.site.post(&page.site.plain, "post", &html(&folder), None);
    post.replace("127.0.0.1", "localhost")
}

/// What becomes of a figure there, in a few words.
///
/// # Panics
/// Where it hangs, loads again and again, or fails.
#[track_caller]
pub fn outcome(page: &Page, host: &Host) -> String {
    page.site.plain.asked();
    page.site.isolated.asked();
    page.open(&(host.stage)(page));
    let outcome = match host.kind {
        Kind::Element => element_outcome(page),
        Kind::Frame => frame_outcome(page),
        Kind::Page if page.address().starts_with("file:") => file_outcome(page),
        Kind::Page => {
            page.wait(
                "the figure says where it stands",
                "['ready', 'unsupported'].includes(lab()?.state)",
            );
            element_outcome(page)
        }
    };
    let loads =
        |asked: Vec<String>| asked.iter().filter(|path| path.ends_with("/lab/index.html")).count();
    let loads = loads(page.site.plain.asked()) + loads(page.site.isolated.asked());
    assert!(loads <= 2, "{}: the lab's page was loaded {loads} times", host.name);
    if loads == 2 && outcome.starts_with("live") {
        return format!("{outcome}, after one reload");
    }
    assert!(loads < 2, "{}: it was loaded again for nothing: {outcome}", host.name);
    outcome
}

fn means(report: &Value) -> String {
    // How finely the times agree is another matter: where a page is not isolated, clocks are coarse.
    assert_eq!(report["outcome"], "done", "{report:#}");
    let environment = &report["environment"];
    match environment["isolatedBy"].as_str() {
        Some("browser") => "live, though not isolated".to_owned(),
        Some("headers") => "live, by its headers".to_owned(),
        Some("service-worker") => "live, by the service worker".to_owned(),
        Some("document-isolation-policy") => "live, by a policy of its own".to_owned(),
        other => panic!("isolated by {other:?}"),
    }
}

fn element_outcome(page: &Page) -> String {
    page.wait("the figure says where it stands", "['ready', 'unsupported'].includes(lab()?.state)");
    if page.state(FIGURE) == "unsupported" {
        return "recorded run".to_owned();
    }
    means(&page.run())
}

fn frame_outcome(page: &Page) -> String {
    let state = page.wait(
        "the frame says where it stands",
        "told.findLast((one) => one.type === 'lab-state' && ['ready', 'unsupported'].includes(one.state))?.state",
    );
    if state == json!("unsupported") {
        return "recorded run".to_owned();
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
