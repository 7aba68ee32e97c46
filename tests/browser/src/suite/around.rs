//! Pages that are not clean: old themes, slides, switches of their own, shortcuts on every key. Nothing of them gets into a figure, nothing of a figure's
//! gets out.

use std::fmt::Write as _;

use serde_json::{Value, json};
use thirtyfour::Key;

use super::{Case, cases};
use crate::engine::{Engine, figures};
use crate::lab::{FIGURE, QUICK, document};
use crate::page::Page;
use crate::report::{is_whole, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    nothing_of_a_pages_inherited_style_gets_into_a_figure.within(90),
    a_figure_is_hidden_where_the_page_hides_it,
    a_figure_is_light_or_dark_as_the_page_around_it_is.within(90),
    a_figure_in_its_own_frame_is_light_or_dark_as_the_page_around_it_is.only(&[Engine::Chromium]),
    in_a_component_of_the_page_a_figure_is_dark_as_what_it_stands_on,
    a_figure_that_fills_the_screen_can_be_scrolled.only(&[Engine::Chromium]),
    in_a_scaled_or_zoomed_page_a_figure_is_drawn_and_read_as_in_any_other.within(90),
    the_timeline_is_sharp_after_the_ratio_of_pixels_has_changed.only(&[Engine::Chromium]),
    where_width_goes_by_what_is_inside_a_figure_has_one,
    no_width_makes_an_error_in_the_page.within(180),
    keys_that_a_figure_uses_do_not_reach_the_page_and_others_do,
    two_fingers_zoom_the_page_where_the_timeline_can_not_be_zoomed.only(&[Engine::Chromium]),
    a_press_that_slips_off_the_timeline_drags_nothing_afterwards,
];

/// What old themes say of their texts: all of it is inherited.
const DIRTY: &str = "text-indent: 2em; letter-spacing: .08em; word-spacing: .3em; text-transform: uppercase; white-space: pre-wrap; \
    word-break: break-all; overflow-wrap: anywhere; hyphens: auto; text-shadow: 0 0 3px red; cursor: wait; list-style: square inside; line-height: 3; \
    text-align: right; font: italic 700 small-caps 30px/2 cursive; direction: rtl; user-select: none; -webkit-user-select: none; quotes: none; \
    tab-size: 2; text-align-last: center; border-collapse: separate; border-spacing: 9px; caption-side: bottom; empty-cells: hide; fill: red; \
    stroke: red; text-anchor: end; color: rgb(1, 2, 3); font-feature-settings: 'liga' 0; font-kerning: none; text-rendering: geometricPrecision";

/// What the parts of all figures look like, and how high the figures are.
const LOOKS: &str = "return [...document.querySelectorAll('lock-lab')].map((figure) => {
    const kinds = {};
    for (const one of figure.shadowRoot.querySelector('figure').querySelectorAll('*')) {
        const kind = `${one.localName}.${one.getAttribute('class') ?? ''}`;
        if (kinds[kind] || !isSeen(one)) continue;
        const style = getComputedStyle(one);
        kinds[kind] = ['textIndent', 'letterSpacing', 'wordSpacing', 'textTransform', 'whiteSpace', 'wordBreak', 'overflowWrap', 'hyphens', 'textShadow', 'cursor', 'listStyle', 'lineHeight',
            'textAlign', 'fontStyle', 'fontWeight', 'fontSize', 'fontFamily', 'fontVariantCaps', 'direction', 'userSelect', 'quotes', 'tabSize', 'textAlignLast', 'borderCollapse', 'borderSpacing', 'captionSide',
            'emptyCells', 'fill', 'stroke', 'textAnchor', 'color', 'fontFeatureSettings', 'fontKerning', 'textRendering'].map((name) => `${name}: ${style[name]}`);
    }
    return { name: figure.getAttribute('figure'), height: Math.round(figure.getBoundingClientRect().height), kinds };
})";

/// All figures in this page, with their recorded runs shown, and what they look like.
#[track_caller]
fn looks_in(page: &Page, html: &str) -> Value {
    page.open(&page.site.stage_whole(&page.site.isolated, html));
    all_there(page);
    page.js(LOOKS)
}

#[track_caller]
fn all_there(page: &Page) {
    page.wait("the element is known", "customElements.get('lock-lab')");
    page.js("document.querySelectorAll('lock-lab').forEach((one) => one.prepare())");
    page.wait(
        "all are there, with somebody's run",
        "[...document.querySelectorAll('lock-lab')].every((one) => one.state === 'ready' && one.shadowRoot.querySelector('.recorded .verdict') && !one.shadowRoot.querySelector('.chart:empty'))",
    );
    page.js("return new Promise((resolve) => setTimeout(resolve, 300))");
}

/// Every figure, in a column of its own width.
fn all_figures() -> String {
    figures()
        .iter()
        .map(|name| format!("<div style='width: 700px'><lock-lab figure='{name}' lang='en' theme='light'></lock-lab></div>"))
        .collect()
}

fn nothing_of_a_pages_inherited_style_gets_into_a_figure(page: &Page) {
    let script = "<script type='module' src='lock-lab.js'></script>";
    let figures = all_figures();
    let clean = looks_in(page, &document(&format!("{script}<body>{figures}</body>")));
    let dirty = format!("{script}<body><article style=\"{DIRTY}\">{figures}</article></body>");
    let important = format!(
        "<style>* {{ line-height: 2 !important; letter-spacing: 2px !important }}</style>{dirty}"
    );
    // Tables in pages without a doctype have rules of their own.
    let quirks = document(&dirty).replace("<!doctype html>", "");
    let mut wrong = String::new();
    for (name, html) in
        [("inherited", document(&dirty)), ("important", document(&important)), ("quirks", quirks)]
    {
        let seen = looks_in(page, &html);
        for (one, other) in list(&clean).iter().zip(list(&seen)) {
            let figure = text(&one["name"]);
            // Lines without text are lower in such pages.
            let lower = if name == "quirks" { 24.0 } else { 2.0 };
            if (number(&one["height"]) - number(&other["height"])).abs() > lower {
                let _ = writeln!(
                    wrong,
                    "{name}, {figure}: {} px high instead of {}",
                    other["height"], one["height"]
                );
            }
            for (kind, style) in one["kinds"].as_object().expect("parts") {
                for (mine, theirs) in list(style).iter().zip(list(&other["kinds"][kind])) {
                    if mine != theirs {
                        let _ = writeln!(wrong, "{name}, {figure}, {kind}: {theirs}, not {mine}");
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A panel that is not shown, a slide that can't be pressed.
fn a_figure_is_hidden_where_the_page_hides_it(page: &Page) {
    page.stage(&format!("<div id='panel'>{QUICK}</div>"));
    let seen = |style: &str| {
        page.js(&format!("const panel = document.querySelector('#panel'); panel.style = '{style}'; const style = getComputedStyle(runButton() ?? parts().find((one) => one.matches('button.run'))); return [style.visibility, style.pointerEvents]"))
    };
    assert_eq!(seen("visibility: hidden"), json!(["hidden", "auto"]));
    assert_eq!(seen("pointer-events: none"), json!(["visible", "none"]));
    assert_eq!(seen(""), json!(["visible", "auto"]));
}

/// Pages by what they do to be light or dark, as styles of their root and their body.
const PAGES: [(&str, &str, &str, bool); 8] = [
    ("no word of any scheme", "", "", false),
    ("a scheme, and no colours", "color-scheme: dark", "", true),
    ("a scheme and colours", "color-scheme: dark; background: #111; color: #eee", "", true),
    ("the light one", "color-scheme: light; background: #fff; color: #222", "", false),
    ("colours only, on the root", "background: #0b1020; color: #cbd5e1", "", true),
    (
        "colours only, on the body",
        "",
        "background: oklch(0.2 0.02 260); color: oklch(0.7 0.01 260)",
        true,
    ),
    ("pale ink on white", "", "background: #fff; color: #999", false),
    (
        "both schemes, and colours of one",
        "color-scheme: light dark; background: #fff; color: #333",
        "",
        false,
    ),
];

#[track_caller]
fn follows(page: &Page, paper: impl Fn(&str, bool)) {
    for system in ["light", "dark"] {
        page.prefer_scheme(system);
        // There and back, each from another one.
        for (name, root, body, dark) in PAGES.iter().chain(PAGES.iter().rev().skip(1)) {
            page.js(&format!(
                "document.documentElement.style = '{root}'; document.body.style = '{body}'"
            ));
            paper(&format!("{name}, in a {system} system"), *dark);
        }
    }
    page.prefer_scheme("");
}

fn a_figure_is_light_or_dark_as_the_page_around_it_is(page: &Page) {
    page.open_html(&format!(
        "<script type='module' src='lock-lab.js'></script><body><main>{QUICK}</main></body>"
    ));
    page.wait_state(FIGURE, "ready");
    follows(page, |name, dark| {
        let wanted = if dark { "paper() < 0.3" } else { "paper() > 0.7" };
        page.wait(&format!("the figure goes with {name}"), wanted);
    });
    // A page that fades, a switch by an element that comes and goes, and what the author says goes before all.
    page.js("document.documentElement.style = ''; document.body.style = 'transition: all .3s'; document.head.insertAdjacentHTML('beforeend', '<style>.dark body { background: #111; color: #ddd }</style>'); document.documentElement.className = 'dark'");
    page.wait("the figure is dark", "paper() < 0.3");
    page.set(FIGURE, "theme", "light");
    page.wait("the author's word holds", "paper() > 0.7");
    page.js("lab().removeAttribute('theme'); document.querySelector('main').hidden = true");
    page.js("document.documentElement.className = ''; return new Promise((resolve) => setTimeout(resolve, 700)).then(() => (document.querySelector('main').hidden = false))");
    page.wait("what was hidden meanwhile follows", "paper() > 0.7");
}

fn a_figure_in_its_own_frame_is_light_or_dark_as_the_page_around_it_is(page: &Page) {
    page.open_post(&format!("<body><script type='module' src='lab/lock-lab.js'></script>{QUICK}"));
    page.wait_state(FIGURE, "ready");
    follows(page, |name, dark| {
        let side = if dark { "< 0.3" } else { "> 0.7" };
        page.enter_frame("lab().shadowRoot.querySelector('iframe')");
        page.wait(&format!("the frame goes with {name}"), &format!("paper() {side} && (getComputedStyle(document.documentElement).colorScheme === 'dark') === {dark}"));
        page.leave_frame();
    });
}

/// A card of a design system: what is around the figure as it is drawn is in the card's shadow tree, not in the page.
fn in_a_component_of_the_page_a_figure_is_dark_as_what_it_stands_on(page: &Page) {
    page.open_html(&format!("<script type='module' src='lock-lab.js'></script><body><div id='card'>{QUICK}</div><script>document.querySelector('#card').attachShadow({{ mode: 'open' }}).innerHTML = '<div><slot></slot></div>'</script>"));
    page.wait_state(FIGURE, "ready");
    for style in ["background: #111; color: #888", "color-scheme: dark; background: canvas"] {
        page.js_with("document.querySelector('#card').shadowRoot.firstChild.style = arguments[0]; lab().remove(); document.querySelector('#card').innerHTML = '<lock-lab></lock-lab>'", vec![style.into()]);
        page.wait(style, "lab().state === 'ready' && paper() < 0.3");
    }
}

fn a_figure_that_fills_the_screen_can_be_scrolled(page: &Page) {
    page.stage(&format!("<button>All of it</button>{QUICK}"));
    assert!(page.set_viewport(1000, 500), "no window");
    page.js("document.querySelector('button').onclick = () => lab().requestFullscreen()");
    page.click("document.querySelector('button')");
    page.wait("it fills the screen", "document.fullscreenElement === lab()");
    page.js("lab().scrollTop = 9000");
    page.wait(
        "its foot is seen",
        "lab().shadowRoot.querySelector('footer').getBoundingClientRect().bottom <= innerHeight",
    );
    page.js("return document.exitFullscreen()");
}

fn in_a_scaled_or_zoomed_page_a_figure_is_drawn_and_read_as_in_any_other(page: &Page) {
    page.open_html(&format!(
        "<script type='module' src='lock-lab.js'></script><body style='margin: 0'><div id='slide' style='width: 960px; transform-origin: 0 0'>{QUICK}</div></body>"
    ));
    page.wait_state(FIGURE, "ready");
    let mut texts = Vec::new();
    for style in ["", "transform: scale(.5)", "transform: scale(1.5)", "zoom: .8", "zoom: 1.25"] {
        page.js(&format!("document.querySelector('#slide').style.cssText = 'width: 960px; transform-origin: 0 0; {style}'"));
        is_whole(&page.run());
        // The first part of the run, in which every lane has something at any time.
        page.js("lab().shadowRoot.querySelector('.phases button').click(); return new Promise((resolve) => setTimeout(resolve, 500))");
        let seen = page.js(
            "const canvas = parts().find((one) => one.localName === 'canvas');
             const style = getComputedStyle(canvas);
             const zoom = Number(getComputedStyle(document.querySelector('#slide')).zoom) || 1;
             const bars = lab().shadowRoot.querySelector('.bars');
             const chart = bars.querySelector('svg');
             canvas.scrollIntoView({ block: 'center', behavior: 'instant' });
             const box = canvas.getBoundingClientRect();
             const read = (share) => {
                 canvas.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, composed: true, pointerType: 'mouse', clientX: box.left + box.width * share, clientY: box.top + box.height / 3 }));
                 return lab().shadowRoot.querySelector('.cursor').getBoundingClientRect();
             };
             // The mark frames the moment under the pointer.
             const marks = [.3, .75].map((share) => { const mark = read(share), x = box.left + box.width * share; return [mark.left - 3 <= x, mark.right + 3 >= x, mark.top <= box.top + box.height / 3 + 1, mark.bottom >= box.top + box.height / 3 - 1]; });
             return { sharp: canvas.width / (parseFloat(style.width) * devicePixelRatio * zoom), bars: Number(chart.getAttribute('width')) / bars.clientWidth, seen: chart.getBoundingClientRect().width / bars.getBoundingClientRect().width, marks,
                 texts: [...chart.querySelectorAll('text[textLength]')].map((one) => one.textContent) }",
        );
        let near = |name: &str| (number(&seen[name]) - 1.0).abs() < 0.01;
        // WebKit tells of no device pixels: there a zoomed canvas has the page's.
        let sharp = near("sharp") || (page.engine == Engine::Webkit && style.starts_with("zoom"));
        assert!(sharp && near("bars") && near("seen"), "{style}: {seen}");
        assert_eq!(
            seen["marks"],
            json!([[true, true, true, true], [true, true, true, true]]),
            "{style}"
        );
        texts.push(seen["texts"].clone());
        assert_eq!(texts.last(), texts.first(), "{style}: other texts are made narrower");
    }
}

/// A reader zooms the page, or moves the window to another screen: the size in CSS pixels is what it was.
fn the_timeline_is_sharp_after_the_ratio_of_pixels_has_changed(page: &Page) {
    page.open_html(&format!("<script type='module' src='lock-lab.js'></script><body><div style='width: 960px'>{QUICK}</div></body>"));
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    for ratio in [2.0, 1.0, 1.5, 1.25, 3.0, 1.0] {
        page.cdp(
            "Emulation.setDeviceMetricsOverride",
            json!({ "width": 1600, "height": 900, "deviceScaleFactor": ratio, "mobile": false }),
        );
        page.wait(
            &format!("the canvas has all of the pixels at {ratio}"),
            &format!("(() => {{ const canvas = parts().find((one) => one.localName === 'canvas'); return devicePixelRatio === {ratio} && Math.abs(canvas.width - canvas.clientWidth * {ratio}) < 1.5 && Math.abs(canvas.height - canvas.clientHeight * {ratio}) < 1.5; }})()"),
        );
    }
    page.cdp("Emulation.clearDeviceMetricsOverride", json!({}));
}

/// A float, a table's cell, a grid's column and an inline block shrink to fit: around a figure to no less than a phone.
fn where_width_goes_by_what_is_inside_a_figure_has_one(page: &Page) {
    let figure = "<lock-lab figure='price-list'></lock-lab>";
    page.open_html(&format!(
        "<script type='module' src='lock-lab.js'></script><div style='float: left'>{figure}</div><table style='clear: both'><td>A</td><td>{figure}</td></table><div style='display: inline-block'>{figure}</div><div style='display: flex'><div>{figure}</div></div>"
    ));
    page.wait("the element is known", "customElements.get('lock-lab')");
    let widths = "[...document.querySelectorAll('lock-lab')].map((one) => one.clientWidth)";
    let before = page.js(&format!("return {widths}"));
    page.js("document.querySelectorAll('lock-lab').forEach((one) => one.prepare())");
    page.wait(
        "all are there",
        "[...document.querySelectorAll('lock-lab')].every((one) => one.state === 'ready')",
    );
    for widths in [before, page.js(&format!("return {widths}"))] {
        assert!(list(&widths).iter().all(|width| number(width) >= 340.0), "{widths}");
    }
}

fn no_width_makes_an_error_in_the_page(page: &Page) {
    page.open_html(&format!(
        "<script>window.errors = []; addEventListener('error', ({{ message }}) => errors.push(message))</script>\
         <script type='module' src='lock-lab.js'></script><body style='margin: 0'>{}</body>",
        all_figures().replace("style='width: 700px'", "")
    ));
    all_there(page);
    // As a reader drags the window's edge, and as a sidebar opens.
    let up = [320, 390, 480, 499, 501, 560, 640, 720, 800, 960, 1280, 1600];
    for width in up.iter().chain(up.iter().rev()).chain(&[720, 390, 720, 1600]) {
        page.js(&format!("document.body.style.width = '{width}px'; return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"));
    }
    // What is folded follows when it is unfolded.
    page.js("for (const one of document.querySelectorAll('lock-lab')) one.shadowRoot.querySelectorAll('details').forEach((fold) => (fold.open = true))");
    page.wait("every chart follows", "![...document.querySelectorAll('lock-lab')].flatMap((one) => [...one.shadowRoot.querySelectorAll('.chart')]).some((one) => one.firstChild && Math.abs(Number(one.firstChild.getAttribute('width')) - one.clientWidth) > 1)");
    let told = page.js("return new Promise((resolve) => setTimeout(() => resolve(errors), 300))");
    assert_eq!(told, json!([]));
}

/// Puts the focus on a part, types, and gives what the page's own shortcuts have heard of it.
#[track_caller]
fn heard(page: &Page, part: &str, keys: &[&str]) -> Value {
    page.js(&format!("heardKeys.length = 0; ({part}).focus({{ preventScroll: true }})"));
    for &key in keys {
        page.keys(key);
    }
    page.js("return [...new Set(heardKeys)].sort()")
}

fn keys_that_a_figure_uses_do_not_reach_the_page_and_others_do(page: &Page) {
    page.stage(&format!("{QUICK}<input id='theirs'>"));
    page.js("window.heardKeys = []; for (const type of ['keydown', 'keypress', 'keyup']) document.addEventListener(type, ({ key }) => heardKeys.push(key))");
    is_whole(&page.run());
    let key = |key: Key| key.value().to_string();
    let [left, right, home, delete, escape, enter] =
        [Key::Left, Key::Right, Key::Home, Key::Delete, Key::Escape, Key::Enter].map(key);
    let slider = "control('range', /thread/i)";
    assert_eq!(heard(page, slider, &[&right, &left, &home]), json!([]), "a slider");
    assert_eq!(heard(page, slider, &["s", "j"]), json!(["j", "s"]), "keys that no slider knows");
    let field = "control('number', /thread/i)";
    assert_eq!(heard(page, field, &["2", &delete, &left]), json!([]), "a field");
    page.set(FIGURE, "threads", "4");
    let canvas = "parts().find((one) => one.localName === 'canvas')";
    assert_eq!(heard(page, canvas, &[&right, "+", "0", &home]), json!([]), "the timeline");
    assert_eq!(heard(page, canvas, &["s", "j"]), json!(["j", "s"]), "keys that no timeline knows");
    let share = "button(/^share/i)";
    assert_eq!(heard(page, share, &["k"]), json!(["k"]));
    assert_eq!(heard(page, share, &[&enter]), json!([]), "a button");
    page.wait("the dialog is open", "lab().shadowRoot.querySelector('dialog[open]')");
    assert_eq!(
        heard(page, "lab().shadowRoot.querySelector('dialog .close')", &["s", &escape]),
        json!([]),
        "the dialog has the page's keyboard"
    );
    page.wait("it is closed", "!lab().shadowRoot.querySelector('dialog[open]')");
    assert_eq!(heard(page, "document.querySelector('#theirs')", &["2", "s"]), json!(["2", "s"]));
    assert_eq!(heard(page, "parts().find((one) => one.localName === 'select')", &["s"]), json!([]));
    // And with Ctrl they are the page's and the browser's.
    page.js(&format!("heardKeys.length = 0; const slider = {slider}; slider.focus(); slider.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'k', ctrlKey: true, bubbles: true, composed: true }}))"));
    assert_eq!(page.js("return heardKeys"), json!(["k"]));
    // What is swiped goes along with no slider.
    let swiped = page.js(&format!("let seen = 0; document.addEventListener('pointerdown', () => seen++); for (const part of [{slider}, {canvas}, runButton()]) part.dispatchEvent(new PointerEvent('pointerdown', {{ bubbles: true, composed: true }})); return seen"));
    assert_eq!(swiped, 2, "the canvas is not zoomed, and the button is no slider");
}

fn two_fingers_zoom_the_page_where_the_timeline_can_not_be_zoomed(page: &Page) {
    page.stage("<lock-lab figure='lock-cost' threads='4' times='5' wait-ms='60000' loops='1000'></lock-lab>");
    let allowed = "return ['canvas', 'input[type=range]'].map((part) => getComputedStyle(lab().shadowRoot.querySelector(part)).touchAction)";
    page.wait("the recorded run is there", "/record/i.test(words())");
    assert_eq!(page.js(allowed), json!(["pan-y", "pan-y pinch-zoom"]), "a run that can be zoomed");
    let call = page.begin_phase(FIGURE, 0);
    assert_eq!(
        page.js(allowed),
        json!(["pan-y pinch-zoom", "pan-y pinch-zoom"]),
        "a run that goes on"
    );
    page.stop(FIGURE);
    page.settled(call);
}

/// It is let go elsewhere, of which the timeline hears nothing: the pointer that comes back points at a moment.
fn a_press_that_slips_off_the_timeline_drags_nothing_afterwards(page: &Page) {
    page.stage(QUICK);
    page.run();
    // The first part of the run, in which every lane has something at any time.
    page.js("lab().shadowRoot.querySelector('.phases button').click()");
    let read = page.js(
        "const canvas = parts().find((one) => one.localName === 'canvas');
         const { left, top, width, height } = canvas.getBoundingClientRect();
         const [clientX, clientY] = [left + width / 2, top + height / 3];
         for (const type of ['pointerdown', 'pointerleave', 'pointermove']) canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: 'mouse', clientX, clientY }));
         return lab().shadowRoot.querySelector('.under').textContent",
    );
    assert!(text(&read).contains("worker-"), "{read}");
}
