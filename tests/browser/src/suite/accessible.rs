//! axe-core finds nothing, in every state of every figure, in every look; all can be reached, pressed and heard; and a narrow screen shows all
//! without scrolling sideways.

use serde_json::{Value, json};

use super::recordings::{does_without_threads, standing_without_sharing};
use super::{Case, cases};
use crate::engine::{Engine, figures, root};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::list;

/// The tests.
pub const CASES: &[Case] = cases![
    the_article_has_no_violation_in_light,
    the_article_has_no_violation_in_dark,
    the_article_follows_the_system_into_the_dark.only(&[Engine::Chromium]),
    no_state_of_the_first_figure_has_a_violation.within(90),
    no_state_of_another_figure_has_a_violation.only(&[Engine::Chromium]).within(180),
    a_figure_alone_in_its_frame_has_no_violation.only(&[Engine::Chromium]),
    // WebKitGTK, as the suite starts it, shares memory on plain pages too.
    an_unsupported_figure_has_no_violation.only(&[Engine::Chromium, Engine::Firefox]),
    a_voice_speaks_at_rest_stops_not_at_every_frame.only(&[Engine::Chromium]),
    at_320_pixels_nothing_scrolls_sideways,
    at_390_pixels_a_finished_figure_fits,
];

/// What only the colours decide.
const COLOURS: &str = "runOnly: ['color-contrast', 'link-in-text-block'],";

/// Lets axe look at the page as it is now.
#[track_caller]
fn no_violation(page: &Page, what: &str) {
    look(page, what, "", 10);
}

/// The same with some rules only, of which so many at least must have found something that is right.
#[track_caller]
fn look(page: &Page, what: &str, rules: &str, least: u64) {
    let path = root().join("node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&path).unwrap_or_else(|error| {
        panic!("axe-core is not installed ({}: {error}): run `npm ci`", path.display())
    });
    // Colours that are still on their way to other ones are nobody's choice.
    page.js("return Promise.all([...document.getAnimations(), ...parts().flatMap((one) => one.getAnimations())].map((one) => one.finished.catch(() => {})))");
    let found = page.js(&format!(
        "{axe}
         return (window.axe ?? axe).run(document, {{ {rules} resultTypes: ['violations'] }}).then((result) => ({{
            checked: result.passes.length,
            violations: result.violations.map((one) => ({{ id: one.id, help: one.help, where: one.nodes.slice(0, 3).map((node) => `${{node.target.flat().join(' ')}}: ${{node.failureSummary}}`) }})),
         }}))"
    ));
    assert!(
        found["checked"].as_u64().is_some_and(|checked| checked >= least),
        "axe checked next to nothing: {found}"
    );
    assert!(list(&found["violations"]).is_empty(), "{what}: {:#}", found["violations"]);
}

/// The page in every look there is, its figures in the same states.
#[track_caller]
fn no_violation_in_any_look(page: &Page, what: &str) {
    for theme in ["light", "dark"] {
        page.js_with(
            "document.body.style.cssText = arguments[0] === 'dark' ? 'background: #16171a; color: #ecebe6' : 'background: #fbfaf7; color: #1d1c1a';
             for (const figure of document.querySelectorAll('lock-lab')) figure.setAttribute('theme', arguments[0])",
            vec![theme.into()],
        );
        let what = format!("{what}, {theme}");
        if theme == "light" {
            no_violation(page, &what);
        } else {
            look(page, &what, COLOURS, 1);
        }
    }
    if page.engine == Engine::Chromium {
        page.emulate("", &[("forced-colors", "active")]);
        page.js("document.body.style.cssText = ''");
        look(page, &format!("{what}, forced colours"), COLOURS, 1);
        page.emulate("", &[]);
    }
}

/// A stage with what axe asks of every page.
fn framed(figure: &str) -> String {
    format!("<h1>A page of the suite</h1>{figure}")
}

fn the_article_has_no_violation_in_light(page: &Page) {
    page.open_page("index.html?theme=light");
    no_violation(page, "the article in light");
}

fn the_article_has_no_violation_in_dark(page: &Page) {
    page.open_page("index.html?theme=dark");
    no_violation(page, "the article in dark");
}

fn the_article_follows_the_system_into_the_dark(page: &Page) {
    let paper = "getComputedStyle(document.documentElement).backgroundColor + getComputedStyle(document.body).backgroundColor";
    page.prefer_scheme("light");
    page.open_page("index.html");
    let light = page.js(&format!("return {paper}"));
    page.prefer_scheme("dark");
    page.wait("the paper turns dark", &format!("{paper} !== {light}"));
    no_violation(page, "the article in the system's dark");
}

/// One figure in each state that does not end by itself or was brought about: fresh, refused, done, failed where that can be done, running.
#[track_caller]
fn no_state_has_a_violation(page: &Page, figure: &str) {
    const SHORT: &str =
        "threads='3' times='2' wait-ms='5' loops='1000' budget-ms='500' sample-ms='10'";
    page.open(&page.site.stage(""));
    let steps = does_without_threads(page, figure);
    let long = if steps {
        "times='3'"
    } else {
        "threads='3' times='20' wait-ms='60000' loops='1000' budget-ms='120000' sample-ms='5000'"
    };
    let of = |id: &str, settings: &str| {
        format!("<lock-lab id='{id}' figure='{figure}' {settings}></lock-lab>")
    };
    page.stage(&framed(
        &[
            of("fresh", SHORT),
            of("refused", if steps { "times='0'" } else { "threads='0'" }),
            of("done", SHORT),
            of("failed", long),
            of("running", long),
        ]
        .concat(),
    ));
    for (id, seen) in [
        ("fresh", "/recorded run/i.test(words(lab('#fresh')))"),
        ("refused", "/threads/.test(words(lab('#refused')))"),
    ] {
        page.js_with("lab('#' + arguments[0]).scrollIntoView()", vec![id.into()]);
        page.wait(id, seen);
    }
    page.run_of("#done");
    if figure == "lock-cost" {
        let call = page.begin_phase("#failed", 0);
        page.js("lab('#failed').kill(1)");
        page.settled(call);
        assert_eq!(page.state("#failed"), "failed");
    } else {
        page.js("lab('#failed').remove()");
    }
    let call = if steps {
        // No setting makes its run long: it runs again and again.
        page.js("return begin((async () => { for (;;) await lab('#running').run() })())")
            .as_u64()
            .expect("a call")
    } else {
        page.begin("#running", "run")
    };
    page.wait_state("#running", "running");
    page.wait("the run shows how far it is", "parts(lab('#running')).some((one) => one.localName === 'progress' && one.value >= 0 && one.hasAttribute('value'))");
    page.js(
        "for (const figure of document.querySelectorAll('lock-lab')) parts(figure).filter((one) => one.localName === 'details').forEach((one) => (one.open = true))",
    );
    no_violation_in_any_look(page, figure);
    for width in if page.engine == Engine::Chromium { &[1280, 390][..] } else { &[1280] } {
        page.set_viewport(*width, 800);
        can_be_pressed_and_read(page, &format!("{figure} at {width} pixels"));
    }
    assert!(!page.is_settled(call), "it ran all the while");
}

/// Whatever can be pressed is large enough for a thumb and in the Tab key's way; sliders say their values in words; a canvas has a text in its place; a
/// table that is wider than its room says so, and scrolls by keys.
#[track_caller]
fn can_be_pressed_and_read(page: &Page, what: &str) {
    let wrong = page.js(
        "const wrong = [];
         const name = (one) => `${one.closest('figure')?.parentNode.host.id} ${one.localName} ${one.getAttribute('aria-label') ?? one.textContent.trim().slice(0, 40)}`;
         const all = [...document.querySelectorAll('lock-lab')].flatMap((figure) => parts(figure)).filter(isSeen);
         for (const one of all.filter((one) => one.matches('button, input, select, summary, a[href], [tabindex]') && !one.disabled && one.closest('fieldset[disabled]') === null)) {
           const { width, height } = one.getBoundingClientRect();
           if (width < 24 || height < 24) wrong.push(`${name(one)} is ${Math.round(width)} × ${Math.round(height)} px`);
           if (one.tabIndex < 0 && ![...(one.closest('[role=group], [role=radiogroup], [role=tablist]')?.querySelectorAll('[tabindex=\"0\"]') ?? [])].length) wrong.push(`${name(one)} can't be reached by Tab`);
         }
         for (const slider of all.filter((one) => one.type === 'range')) {
           if (!slider.getAttribute('aria-label') && !slider.labels.length) wrong.push(`${name(slider)} has no name`);
           if (!/[^\\d.,\\s]/.test(slider.getAttribute('aria-valuetext') ?? '')) wrong.push(`${name(slider)} says its value as ${slider.getAttribute('aria-valuetext')}`);
         }
         for (const canvas of all.filter((one) => one.localName === 'canvas')) {
           if ((canvas.getAttribute('aria-label') ?? '').length < 30) wrong.push(`${name(canvas)} has no text in its place`);
           const figure = canvas.getRootNode().host;
           if (figure.state !== 'running' && figure.state !== 'failed' && figure.id !== 'refused' && !canvas.closest('figure').querySelector('table')) wrong.push(`${name(canvas)} has no table`);
         }
         for (const table of all.filter((one) => one.localName === 'table')) {
           const room = table.parentElement;
           const { overflowX, backgroundImage } = getComputedStyle(room);
           const goesOn = room.tabIndex === 0 && room.getAttribute('aria-label') && overflowX === 'auto' && backgroundImage !== 'none';
           if (table.offsetWidth > room.clientWidth + 1 && !goesOn) wrong.push(`${name(table)} is cut off, and nothing says so`);
         }
         return [...new Set(wrong)]",
    );
    assert_eq!(wrong, json!([]), "{what}");
}

/// Each figure as a frame shows it, at rest and with a run of its own: in both themes, of which one changes colours only.
fn a_figure_alone_in_its_frame_has_no_violation(page: &Page) {
    const SHORT: &str = "threads=3&times=2&wait-ms=5&loops=1000&budget-ms=500&sample-ms=10";
    let wear = |theme: &str| {
        page.js_with(
            "lab().setAttribute('theme', arguments[0]); document.documentElement.dataset.theme = arguments[0]",
            vec![theme.into()],
        );
    };
    for figure in figures() {
        page.open_figure(&format!("figure={figure}&theme=light&{SHORT}"));
        page.wait("it has come to rest", "lab().shadowRoot.querySelector('.recorded .verdict')");
        no_violation(page, &format!("{figure} alone, light"));
        wear("dark");
        look(page, &format!("{figure} alone, dark"), COLOURS, 1);
        page.run();
        no_violation(page, &format!("{figure} alone and done, dark"));
        wear("light");
        look(page, &format!("{figure} alone and done, light"), COLOURS, 1);
    }
}

fn no_state_of_the_first_figure_has_a_violation(page: &Page) {
    no_state_has_a_violation(page, "lock-cost");
}

fn no_state_of_another_figure_has_a_violation(page: &Page) {
    for figure in figures() {
        if figure != "lock-cost" {
            no_state_has_a_violation(page, &figure);
        }
    }
}

/// Who listens hears of the beginning, of each part, of each tenth, and of the end, however many frames there were.
fn a_voice_speaks_at_rest_stops_not_at_every_frame(page: &Page) {
    page.stage("<lock-lab threads='4' times='20' wait-ms='20' loops='5000000'></lock-lab>");
    page.wait_state(FIGURE, "ready");
    page.js(
        "suite.said = [];
         const region = (node) => (node.closest ? node : node.parentElement)?.closest('[role=status], [role=alert], [aria-live]');
         suite.regions = parts().filter((one) => region(one) === one).length;
         new MutationObserver((changes) => {
           for (const one of new Set(changes.map(({ target }) => region(target)).filter(Boolean))) suite.said.push(one.textContent);
         }).observe(lab().shadowRoot, { subtree: true, childList: true, characterData: true })",
    );
    page.run();
    let said = page.js("return suite.said.filter(Boolean)");
    let said: Vec<_> = crate::report::list(&said).to_vec();
    assert!(page.is("suite.regions >= 2"), "there are live regions");
    assert!(
        said.iter().any(|text| text.as_str().is_some_and(|text| text.contains("Run 4 of 4"))),
        "{said:?}"
    );
    assert!(said.len() <= 30, "{} announcements in two seconds: {said:?}", said.len());
}

fn an_unsupported_figure_has_no_violation(page: &Page) {
    let figures = figures();
    let all: String = figures
        .iter()
        .map(|figure| format!("<lock-lab id='{figure}' figure='{figure}'></lock-lab>"))
        .collect();
    page.open(&page.site.stage_hopeless(&framed(&all)));
    for figure in &figures {
        page.js_with("lab('#' + arguments[0]).scrollIntoView()", vec![figure.as_str().into()]);
        let stands = standing_without_sharing(page, figure);
        page.wait(
            &format!("{figure} stands as it can"),
            &format!("lab('#{figure}').state === '{stands}'"),
        );
    }
    no_violation_in_any_look(page, "unsupported");
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
    assert!(scroll <= u64::from(width), "the page scrolls sideways at {width} pixels: {seen}");
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
    narrow(page, 390, "index.html?figure=lock-cost&threads=20&times=2&wait-ms=5&loops=1000");
    page.wait_state(FIGURE, "ready");
    page.run();
    page.js(
        "parts().filter((one) => one.localName === 'details').forEach((one) => (one.open = true))",
    );
    nothing_sticks_out(page, 390);
}
