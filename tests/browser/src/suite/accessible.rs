//! axe-core finds nothing, in every state, light and dark; and a narrow screen shows all without scrolling sideways.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::engine::{Engine, root};
use crate::lab::{ENDLESS, FIGURE, QUICK};
use crate::page::Page;
use crate::report::list;

/// The tests.
pub const CASES: &[Case] = cases![
    the_article_has_no_violation_in_light,
    the_article_has_no_violation_in_dark,
    the_article_follows_the_system_into_the_dark.only(&[Engine::Chromium]),
    a_running_figure_has_no_violation,
    a_finished_figure_has_no_violation,
    a_failed_figure_has_no_violation,
    a_refused_figure_has_no_violation,
    // WebKitGTK, as the suite starts it, shares memory on plain pages too.
    an_unsupported_figure_has_no_violation.only(&[Engine::Chromium, Engine::Firefox]),
    at_320_pixels_nothing_scrolls_sideways,
    at_390_pixels_a_finished_figure_fits,
];

/// Lets axe look at the page as it is now.
#[track_caller]
fn no_violation(page: &Page, what: &str) {
    let path = root().join("node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!(
            "axe-core is not installed ({}: {error}): run `npm ci`",
            path.display()
        )
    });
    // Colours that are still on their way to other ones are nobody's choice.
    page.js("return Promise.all([...document.getAnimations(), ...parts().flatMap((one) => one.getAnimations())].map((one) => one.finished.catch(() => {})))");
    let found = page.js(&format!(
        "{axe}
         return (window.axe ?? axe).run(document, {{ resultTypes: ['violations'] }}).then((result) => ({{
            checked: result.passes.length,
            violations: result.violations.map((one) => ({{ id: one.id, help: one.help, where: one.nodes.slice(0, 3).map((node) => `${{node.target.flat().join(' ')}}: ${{node.failureSummary}}`) }})),
         }}))"
    ));
    assert!(
        found["checked"]
            .as_u64()
            .is_some_and(|checked| checked >= 10),
        "axe checked next to nothing: {found}"
    );
    assert!(
        list(&found["violations"]).is_empty(),
        "{what}: {:#}",
        found["violations"]
    );
}

/// The page in light and in dark, with the figure in the same state.
#[track_caller]
fn no_violation_in_either_theme(page: &Page, what: &str) {
    for theme in ["light", "dark"] {
        page.js_with(
            "document.body.style.cssText = arguments[0] === 'dark' ? 'background: #16171a; color: #ecebe6' : 'background: #fbfaf7; color: #1d1c1a';
             lab().setAttribute('theme', arguments[0])",
            vec![theme.into()],
        );
        no_violation(page, &format!("{what}, {theme}"));
    }
}

/// A stage with what axe asks of every page.
fn framed(figure: &str) -> String {
    format!("<h1>A page of the suite</h1>{figure}")
}

fn the_article_has_no_violation_in_light(page: &Page) {
    page.open(&page.site.isolated.url("index.html?theme=light"));
    page.wait_state(FIGURE, "ready");
    no_violation(page, "the article in light");
}

fn the_article_has_no_violation_in_dark(page: &Page) {
    page.open(&page.site.isolated.url("index.html?theme=dark"));
    page.wait_state(FIGURE, "ready");
    no_violation(page, "the article in dark");
}

fn the_article_follows_the_system_into_the_dark(page: &Page) {
    let paper = "getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor";
    page.prefer_scheme("light");
    page.open(&page.site.isolated.url("index.html"));
    page.wait_state(FIGURE, "ready");
    let light = page.js(&format!("return {paper}"));
    page.prefer_scheme("dark");
    page.wait("the paper turns dark", &format!("{paper} !== {light}"));
    no_violation(page, "the article in the system's dark");
}

fn a_running_figure_has_no_violation(page: &Page) {
    page.stage(&framed(ENDLESS));
    let call = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 0);
    no_violation_in_either_theme(page, "running");
    assert!(!page.is_settled(call), "it ran all the while");
}

fn a_finished_figure_has_no_violation(page: &Page) {
    page.stage(&framed(QUICK));
    page.run();
    page.js(
        "parts().filter((one) => one.localName === 'details').forEach((one) => (one.open = true))",
    );
    no_violation_in_either_theme(page, "done");
}

fn a_failed_figure_has_no_violation(page: &Page) {
    page.stage(&framed(ENDLESS));
    let call = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 0);
    page.js("lab().kill(1)");
    page.settled(call);
    assert_eq!(page.state(FIGURE), "failed");
    no_violation_in_either_theme(page, "failed");
}

fn a_refused_figure_has_no_violation(page: &Page) {
    page.open(
        &page
            .site
            .stage(&framed("<lock-lab threads='0'></lock-lab>")),
    );
    page.wait(
        "the figure says that it is wrong",
        "lab().error && words().includes('threads')",
    );
    no_violation_in_either_theme(page, "refused");
}

fn an_unsupported_figure_has_no_violation(page: &Page) {
    page.open(&page.site.stage_on(&page.site.plain, &framed(QUICK)));
    page.wait("the figure is unsupported", "lab().state === 'unsupported'");
    no_violation_in_either_theme(page, "unsupported");
}

/// Makes the page so narrow, by the window where the browser goes along, else by a frame of that width, and goes into it.
#[track_caller]
fn narrow(page: &Page, width: u32, path: &str) {
    if page.set_viewport(width, 800) {
        page.open(&page.site.isolated.url(path));
        return;
    }
    let html = format!(
        "<!doctype html><html lang='en'><title>Narrow</title><link rel='icon' href='data:,'>
         <iframe title='narrow' src='{path}' allow='cross-origin-isolated' style='width: {width}px; height: 800px; border: 0'></iframe>"
    );
    page.open(&page.site.stage_whole(&page.site.isolated, &html));
    page.enter_frame("document.querySelector('iframe')");
    assert_eq!(page.js("return innerWidth"), width);
}

/// The page does not scroll sideways. Where it does, the message names the innermost parts that are
/// wider than what holds them.
#[track_caller]
fn nothing_sticks_out(page: &Page, width: u32) {
    let seen = page.js(
        "const sticksOut = (one) => isSeen(one) && one.getBoundingClientRect().right > innerWidth + 1;
         const wide = [...document.querySelectorAll('body *'), ...parts()].filter((one) => sticksOut(one) && ![...one.children].some(sticksOut));
         const name = (one) => `${one.localName}.${one.className?.baseVal ?? one.className} ${Math.round(one.getBoundingClientRect().right)}`;
         return { scroll: document.scrollingElement.scrollWidth, wide: wide.slice(0, 12).map(name) }",
    );
    let scroll = seen["scroll"].as_u64().unwrap_or(u64::MAX);
    assert!(
        scroll <= u64::from(width),
        "the page scrolls sideways at {width} pixels: {seen}"
    );
}

fn at_320_pixels_nothing_scrolls_sideways(page: &Page) {
    narrow(page, 320, "index.html");
    page.wait_state(FIGURE, "ready");
    nothing_sticks_out(page, 320);
    let button: Value = page.js("const box = runButton().getBoundingClientRect(); return [box.width, box.height, box.right]");
    assert!(
        button[0].as_f64() >= Some(44.0)
            && button[1].as_f64() >= Some(32.0)
            && button[2].as_f64() <= Some(320.0),
        "a thumb needs more than that: {button}"
    );
    assert_eq!(
        page.js("return getComputedStyle(document.body).overflowX === 'hidden'"),
        json!(false),
        "what sticks out is not just cut off"
    );
}

fn at_390_pixels_a_finished_figure_fits(page: &Page) {
    narrow(
        page,
        390,
        "index.html?figure=lock-cost&threads=20&times=2&wait-ms=5&loops=1000",
    );
    page.wait_state(FIGURE, "ready");
    page.run();
    page.js(
        "parts().filter((one) => one.localName === 'details').forEach((one) => (one.open = true))",
    );
    nothing_sticks_out(page, 390);
}
