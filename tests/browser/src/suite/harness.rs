//! The suite's own tools, held against pages that need nothing of the product: a tool that sees nothing would make every test pass.

use std::time::Duration;

use thirtyfour::Key;

use super::{Case, cases};
use crate::engine::Engine;
use crate::page::Page;

const BLANK: &str = "<!doctype html><html lang=en><title>Blank</title><link rel=icon href=data:,>";

/// The tests.
pub const CASES: &[Case] = cases![
    the_suite_sees_worker_threads_come_and_go,
    the_suite_hears_what_pages_and_their_workers_complain_of
        .only(&[Engine::Chromium, Engine::Firefox]),
    the_suite_can_put_a_page_out_of_sight,
    the_suite_types_and_presses_as_a_person_does,
    the_suite_serves_isolated_and_plain_pages,
];

fn the_suite_sees_worker_threads_come_and_go(page: &Page) {
    page.open(&page.site.stage_whole(&page.site.isolated, BLANK));
    let before = page.worker_threads();
    page.js(
        "const leaf = URL.createObjectURL(new Blob(['postMessage(0)']));
         const branch = URL.createObjectURL(new Blob([`self.kept = [0, 1, 2].map(() => new Worker('${leaf}'));
             kept.forEach((one) => (one.onmessage = () => postMessage(0)))`]));
         window.branch = new Worker(branch);
         window.grown = 0;
         window.branch.onmessage = () => window.grown++",
    );
    // Chromium forgets to end a nested worker whose parent ends while it starts.
    page.wait("all have started", "window.grown === 3");
    page.until_some(Duration::from_secs(10), "four threads more, the nested ones included", || {
        match page.worker_threads() {
            now if now >= before + 4 => Ok(()),
            now => Err(format!("{now} threads, {before} before")),
        }
    });
    page.js("branch.terminate()");
    page.until_some(Duration::from_secs(10), "they are gone again", || {
        match page.worker_threads() {
            now if now <= before => Ok(()),
            now => Err(format!("{now} threads, {before} before")),
        }
    });
}

fn the_suite_hears_what_pages_and_their_workers_complain_of(page: &Page) {
    let html = "<!doctype html><title>Complaints</title><link rel=icon href=data:,><script>
        const inner = URL.createObjectURL(new Blob(['console.warn(\"from the inner worker\"); postMessage(0)']));
        const outer = URL.createObjectURL(new Blob([`console.warn(\"from the outer worker\"); const one = new Worker('${inner}'); one.onmessage = () => postMessage(0)`]));
        console.log('only a remark'); console.warn('from the page');
        window.worker = new Worker(outer); window.worker.onmessage = () => (window.finished = true);
        setTimeout(() => { throw new Error('thrown by the page') });
    </script>";
    page.open(&page.site.stage_whole(&page.site.plain, html));
    page.wait("the workers have spoken", "window.finished");
    for wanted in
        ["from the page", "from the outer worker", "from the inner worker", "thrown by the page"]
    {
        page.until_some(Duration::from_secs(5), &format!("the console has {wanted:?}"), || {
            let lines = page.console();
            let found = lines.iter().any(|line| line.is_complaint && line.text.contains(wanted));
            if found { Ok(()) } else { Err(format!("{lines:?}")) }
        });
    }
    assert!(
        page.console().iter().all(|line| !line.is_complaint || !line.text.contains("remark")),
        "a remark is no complaint"
    );
    // Chromium keeps a left page for the way back, its workers with it, and the next tests count workers.
    page.js("window.worker.terminate()");
}

fn the_suite_can_put_a_page_out_of_sight(page: &Page) {
    page.open(&page.site.stage_whole(&page.site.isolated, BLANK));
    assert_eq!(page.js("return document.hidden"), false);
    page.hide();
    page.unhide();
}

fn the_suite_types_and_presses_as_a_person_does(page: &Page) {
    let html = "<!doctype html><title>Input</title><link rel=icon href=data:,><div id=host></div><script>
        window.trusted = [];
        const root = host.attachShadow({ mode: 'open' });
        root.innerHTML = '<button>Press</button><input type=range min=0 max=10 value=5>';
        for (const one of root.children) for (const type of ['click', 'input']) one.addEventListener(type, (event) => trusted.push([type, event.isTrusted]));
    </script>";
    page.open(&page.site.stage_whole(&page.site.plain, html));
    page.click("host.shadowRoot.querySelector('button')");
    page.js("focused()?.blur?.(); host.shadowRoot.querySelector('button').focus()");
    page.keys(Key::Tab);
    assert_eq!(page.js("return focused().type"), "range");
    page.keys(Key::Right);
    assert_eq!(page.js("return focused().value"), "6");
    let heard = page.js("return trusted");
    assert_eq!(heard[0], serde_json::json!(["click", true]));
    assert!(
        heard
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one[0] == "input" && one[1] == true)),
        "{heard}"
    );
    page.drag("host.shadowRoot.querySelector('input')", &[10, 10, 10, 10]);
    assert_ne!(
        page.js("return host.shadowRoot.querySelector('input').value"),
        "6",
        "a drag moves a slider"
    );
}

fn the_suite_serves_isolated_and_plain_pages(page: &Page) {
    for (origin, isolated) in [(&page.site.isolated, true), (&page.site.plain, false)] {
        page.open(&page.site.stage_whole(origin, BLANK));
        assert_eq!(page.js("return crossOriginIsolated"), isolated);
    }
}
