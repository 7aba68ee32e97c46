//! How figures and article look for this reader and with that author: an author's fonts and colours, contrast, colours that the reader has
//! chosen, less motion, and paper.

use serde_json::{Value, json};

use super::{Case, ONE, cases};
use crate::engine::figures;
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::{list, text};

/// The tests.
pub const CASES: &[Case] = cases![
    an_authors_fonts_and_colours_reach_every_part,
    every_colour_can_be_told_from_the_paper,
    a_reader_who_wants_more_contrast_has_it.only(ONE),
    states_differ_by_more_than_their_colours.only(ONE),
    nothing_moves_for_a_reader_who_wants_no_motion.only(ONE),
    a_printed_figure_shows_results_and_nothing_to_press.only(ONE),
    the_printed_article_has_no_buttons_and_a_light_paper.only(ONE),
];

/// The contrast of two colours as WCAG computes it, of colours as browsers write them; and what a role of a figure looks like.
const CONTRAST: &str = "
    const channels = (colour) => { const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d'); context.fillStyle = colour; context.fillRect(0, 0, 1, 1); return [...context.getImageData(0, 0, 1, 1).data]; };
    const light = (colour) => { const [r, g, b] = channels(colour).map((one) => (one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const contrast = (a, b) => { const [less, more] = [light(a), light(b)].sort((x, y) => x - y); return (more + 0.05) / (less + 0.05); };
    const probed = (place, value) => { const probe = document.createElement('span'); place.append(probe); probe.style.color = value; const { color } = getComputedStyle(probe); probe.remove(); return color; };
    const role = (name) => probed(lab().shadowRoot.querySelector('.figure'), `var(--c-${name})`);";

fn an_authors_fonts_and_colours_reach_every_part(page: &Page) {
    page.stage(QUICK);
    page.js("document.body.style.setProperty('--lock-lab-paper', 'rgb(250, 240, 200)');
         document.body.style.setProperty('--lock-lab-font', 'monospace');
         lab().style.setProperty('--lock-lab-reading-font', 'cursive');
         lab().style.setProperty('--lock-lab-accent', 'rgb(10, 20, 30)');
         lab().style.setProperty('--lock-lab-io', 'rgb(200, 10, 10)')");
    page.wait("the recorded run is there", "/record/i.test(words())");
    let seen = page.js(
        "const style = (selector) => getComputedStyle(lab().shadowRoot.querySelector(selector));
         return [getComputedStyle(lab()).backgroundColor, style('label').fontFamily, style('.question').fontFamily, style('.verdict').fontFamily, style('button.run').backgroundColor, style('select').backgroundColor]",
    );
    assert_eq!(
        seen,
        json!([
            "rgb(250, 240, 200)",
            "monospace",
            "cursive",
            "cursive",
            "rgb(10, 20, 30)",
            "rgb(250, 240, 200)"
        ])
    );
    // The canvas, which no style sheet reaches, is painted anew by itself.
    page.wait(
        "the lanes have the author's colour",
        "(() => { const canvas = parts().find((one) => one.localName === 'canvas'); const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
           for (let i = 0; i < data.length; i += 4) if (data[i] === 200 && data[i + 1] === 10 && data[i + 2] === 10) return true; return false; })()",
    );
    page.set(FIGURE, "theme", "dark");
    assert_eq!(
        page.js("return getComputedStyle(lab()).colorScheme"),
        "dark",
        "what the browser itself draws goes along"
    );
}

fn every_colour_can_be_told_from_the_paper(page: &Page) {
    page.open_page("index.html?figure=lock-cost");
    for theme in ["light", "dark"] {
        page.set(FIGURE, "theme", theme);
        let found = page.js_with(
            &format!(
                "{CONTRAST}
                 document.documentElement.dataset.theme = arguments[0];
                 const names = [...lab().shadowRoot.adoptedStyleSheets[0].cssRules[0].style].filter((name) => name.startsWith('--c-')).map((name) => name.slice(4));
                 const article = (name) => probed(document.body, `var(--${{name}})`);
                 return {{
                   count: names.length,
                   pale: names.filter((name) => !['paper', 'hair'].includes(name)).map((name) => [name, contrast(role(name), role('paper'))]).filter(([name, value]) => value < (['ink', 'soft', 'accent', 'failed'].includes(name) ? 4.5 : 3)),
                   other: ['paper', 'ink', 'soft', 'hair', 'accent'].filter((name) => article(name) !== role(name)),
                 }}"
            ),
            vec![theme.into()],
        );
        assert!(found["count"].as_u64() >= Some(13), "a palette: {found}");
        assert_eq!(found["pale"], json!([]), "too near to the paper in {theme}");
        assert_eq!(found["other"], json!([]), "other in the article than in a figure, {theme}");
    }
}

fn a_reader_who_wants_more_contrast_has_it(page: &Page) {
    page.open_page("index.html");
    let soft = format!(
        "{CONTRAST} return [contrast(role('soft'), role('paper')), contrast(role('rule'), role('paper')), contrast(role('hair'), role('paper'))]"
    );
    for scheme in ["light", "dark"] {
        page.emulate("", &[("prefers-contrast", "more"), ("prefers-color-scheme", scheme)]);
        let [text, rule, hair] =
            [0, 1, 2].map(|at| page.js(&soft)[at].as_f64().unwrap_or_default());
        assert!(
            text >= 7.0 && rule >= 7.0 && hair >= 4.5,
            "{scheme}: {text:.1}, {rule:.1}, {hair:.1}"
        );
    }
}

fn states_differ_by_more_than_their_colours(page: &Page) {
    page.emulate("", &[("forced-colors", "active")]);
    for figure in figures() {
        page.open_figure(&format!("figure={figure}"));
        page.wait("the recorded run is there", "/recorded run/i.test(words())");
        let shapes = page.js(
            "return [...lab().shadowRoot.querySelectorAll('.legend li:has(svg)')].map((one) => one.querySelector('svg').innerHTML).filter((one, i, all) => all.indexOf(one) === i).map((one) => one.replace(/var\\(--c-\\w+\\)/g, ''))",
        );
        let shapes: Vec<_> = list(&shapes).iter().map(text).collect();
        for (i, shape) in shapes.iter().enumerate() {
            assert!(
                !shapes[..i].contains(shape),
                "{figure}: two states look alike but for their colours: {shapes:#?}"
            );
        }
        let unread = page.js(&format!(
            "{CONTRAST} return ['ink', 'soft', 'rule', 'accent', 'cpu', 'waiting', 'holding', 'failed', 'master'].filter((name) => contrast(role(name), role('paper')) < 3)"
        ));
        assert_eq!(unread, json!([]), "{figure}: can't be told from the reader's own background");
    }
}

fn nothing_moves_for_a_reader_who_wants_no_motion(page: &Page) {
    page.emulate("", &[("prefers-reduced-motion", "reduce")]);
    page.open_page("index.html?threads=4&times=2&wait-ms=5&loops=1000");
    page.js(
        "suite.ways = [];
         const { scrollIntoView } = Element.prototype;
         Element.prototype.scrollIntoView = function (how) { suite.ways.push(how?.behavior ?? 'auto'); scrollIntoView.call(this, how); };
         suite.moving = [];
         (function look() {
           for (const one of lab().shadowRoot.getAnimations()) if (one.effect.getComputedTiming().activeDuration > 10) suite.moving.push(one.transitionProperty ?? one.animationName);
           requestAnimationFrame(look);
         })()",
    );
    page.run();
    page.js("document.querySelector('button[data-set]').click()");
    // It arrives a second time where figures come to their height meanwhile.
    assert_eq!(page.js("return [[...new Set(suite.ways)], suite.moving]"), json!([["auto"], []]));
}

/// What is seen of a figure on paper.
#[track_caller]
fn on_paper(page: &Page) -> Value {
    page.js(
        "dispatchEvent(new Event('beforeprint'));
         const seen = parts().filter(isSeen);
         return {
           buttons: seen.filter((one) => one.localName === 'button').map((one) => one.getAttribute('aria-pressed')),
           sliders: seen.filter((one) => one.type === 'range').length,
           settings: seen.filter((one) => one.matches('input[type=number], select')).map((one) => one.value),
           sentences: seen.filter((one) => one.matches('.verdict, .results > p')).length,
           rows: seen.filter((one) => one.matches('.results tbody tr')).length,
           scheme: getComputedStyle(lab()).colorScheme,
           wide: document.scrollingElement.scrollWidth > innerWidth,
         }",
    )
}

fn a_printed_figure_shows_results_and_nothing_to_press(page: &Page) {
    assert!(page.set_viewport(680, 900));
    page.open_figure("figure=lock-cost&threads=4&times=2&wait-ms=5&loops=1000&theme=dark");
    page.run();
    page.emulate("print", &[("prefers-color-scheme", "dark")]);
    let seen = on_paper(page);
    assert_eq!(
        seen,
        json!({ "buttons": ["true"], "sliders": 0, "settings": ["4", "5", "std-mutex", "2", "1000", "off"], "sentences": seen["sentences"], "rows": 4, "scheme": "light", "wide": false })
    );
    assert!(seen["sentences"].as_u64() >= Some(2), "{seen}");
    // What holds a lock is white on a dark screen; on paper it would vanish.
    let lightest = page.js(
        "const canvas = parts().find((one) => one.localName === 'canvas'); const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
         let most = 0; for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) most = Math.max(most, Math.min(data[i], data[i + 1], data[i + 2])); return most",
    );
    assert!(lightest.as_u64() < Some(240), "something is painted white on white: {lightest}");
    let pdf = page.cdp("Page.printToPDF", json!({ "printBackground": false }));
    assert!(text(&pdf["data"]).starts_with("JVBERi0"), "a PDF can be made of it");
    page.js("dispatchEvent(new Event('afterprint'))");
}

fn the_printed_article_has_no_buttons_and_a_light_paper(page: &Page) {
    page.emulate("print", &[("prefers-color-scheme", "dark")]);
    page.open_page("index.html?theme=dark");
    let seen = page.js(&format!(
        "{CONTRAST}
         const phrase = getComputedStyle(document.querySelector('.phrase'));
         return [getComputedStyle(document.documentElement).colorScheme, phrase.color === getComputedStyle(document.querySelector('main p')).color, phrase.borderBottomStyle, isSeen(document.querySelector('.languages')), isSeen(document.querySelector('.listing pre')), contrast(getComputedStyle(document.querySelector('h1')).color, 'white') > 12]"
    ));
    assert_eq!(seen, json!(["light", true, "none", false, true, true]));
}
