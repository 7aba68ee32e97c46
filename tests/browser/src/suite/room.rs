//! Nothing on a page moves when a figure comes into it, and nothing of a figure sticks out or is cut: not on a phone, not in a language with
//! longer words, not from right to left.

use std::fmt::Write as _;

use super::{Case, cases};
use crate::engine::{Engine, Variant, figures};
use crate::page::Page;
use crate::report::{list, number, text};

const CHROMIUM: &[Engine] = &[Engine::Chromium];

/// The tests, each with two sets of fonts: letters of some are a tenth wider than those of others.
pub const CASES: &[Case] = cases![
    the_room_kept_for_a_figure_is_enough_and_not_much_more.only(CHROMIUM).with(Variant::WideFonts),
    the_room_kept_for_a_figure_is_enough_and_not_much_more
        .only(CHROMIUM)
        .with(Variant::NarrowFonts),
    nothing_sticks_out_or_is_cut_with_long_words_in_either_direction
        .only(CHROMIUM)
        .with(Variant::WideFonts)
        .within(90),
    nothing_sticks_out_or_is_cut_with_long_words_in_either_direction
        .only(CHROMIUM)
        .with(Variant::NarrowFonts)
        .within(90),
    a_reader_who_has_set_text_larger_reads_larger_text_and_nothing_is_cut
        .only(&[Engine::Chromium, Engine::Firefox])
        .with(Variant::LargeText)
        .within(90),
];

/// How much of the room that is kept may stay empty: it is enough for wide letters, and narrow ones need fewer lines.
const EMPTY: f64 = 0.08;

/// All figures on a page of the suite's own, with their recorded runs shown.
#[track_caller]
fn stage_all(page: &Page, width: u32, attributes: &str) {
    page.set_viewport(width, 800);
    let body: String = figures()
        .iter()
        .map(|name| format!("<lock-lab figure='{name}' {attributes}></lock-lab>"))
        .collect();
    page.open(&page.site.stage(&body));
    page.wait("the element is known", "customElements.get('lock-lab')");
    page.js("document.body.style.margin = 0; document.querySelectorAll('lock-lab').forEach((one) => one.prepare())");
    page.wait(
        "all are there, with somebody's run",
        "[...document.querySelectorAll('lock-lab')].every((one) => one.state === 'ready' && one.shadowRoot.querySelector('.recorded .verdict'))",
    );
}

fn the_room_kept_for_a_figure_is_enough_and_not_much_more(page: &Page) {
    let mut wrong = String::new();
    for (language, width, kept) in ["en", "zh"].into_iter().flat_map(|language| {
        [(1280, 960), (720, 680), (390, 358)].map(|(width, kept)| (language, width, kept))
    }) {
        stage_all(page, width, &format!("lang='{language}'"));
        let took = page.js_with(
            "document.querySelectorAll('lock-lab').forEach((one) => { one.style.width = `${arguments[0]}px`; one.shadowRoot.querySelector('figure').style.minHeight = 0; });
             return new Promise((resolve) => setTimeout(resolve, 300)).then(() => [...document.querySelectorAll('lock-lab')].map((one) => [one.getAttribute('figure'), one.getBoundingClientRect().height]))",
            vec![kept.into()],
        );
        // The article keeps it by its style, a frame by a table: as suite-www/ has it.
        page.open(&page.site.isolated.url(&format!("index.html?lang={language}")));
        let reserved = page.js_with(
            "const names = [...document.querySelectorAll('lock-lab')].map((one) => one.getAttribute('figure'));
             const kept = async (name) => [name, (await import(`./suite-www/figures/${name}/figure.js`)).figure.heights];
             globalThis.LAB_HEIGHTS = Object.fromEntries(await Promise.all(names.map(kept)));
             const { heightOf } = await import('./suite-www/reach/place.js');
             const of = (name) => parseFloat(getComputedStyle(document.querySelector(`lock-lab[figure=${name}]`)).minHeight);
             return Object.fromEntries(names.map((name) => [name, [of(name), heightOf(name, arguments[0], arguments[1])]]))",
            vec![kept.into(), language.into()],
        );
        for one in list(&took) {
            let (name, took) = (text(&one[0]), number(&one[1]));
            for (place, kept) in ["article.css", "reach/place.js"].iter().zip(list(&reserved[name]))
            {
                let kept = number(kept);
                if took > kept || kept - took > EMPTY * kept {
                    let _ = writeln!(
                        wrong,
                        "{name} in {language} at {width} px: {took} px, kept {kept} (www/{place})"
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What of a figure is wider than the figure, and which text is cut off.
const AMISS: &str = "
    const amiss = [];
    for (const figure of document.querySelectorAll('lock-lab')) {
        const name = figure.getAttribute('figure');
        const box = figure.getBoundingClientRect();
        for (const one of parts(figure)) {
            if (!isSeen(one) || one.closest('.unseen, .wide, svg defs')) continue;
            const at = one.getBoundingClientRect();
            if (!at.width || !at.height) continue;
            const said = `${name}: ${one.localName}.${one.getAttribute('class') ?? ''} \"${one.textContent.trim().slice(0, 40)}\"`;
            if (at.right > box.right + 1.5 || at.left < box.left - 1.5) amiss.push(`${said} sticks out (${Math.round(at.left - box.left)} to ${Math.round(at.right - box.left)} of ${Math.round(box.width)})`);
            const cuts = getComputedStyle(one).overflowX !== 'visible' || one.localName === 'button';
            if (cuts && one instanceof HTMLElement && one.localName !== 'select' && one.scrollWidth > one.clientWidth + 1.5 && one.clientWidth && one.localName !== 'input') amiss.push(`${said} is cut: ${one.scrollWidth} px in ${one.clientWidth}`);
        }
        for (const label of parts(figure).filter((one) => one.localName === 'label' && isSeen(one))) {
            const field = label.nextElementSibling?.getBoundingClientRect();
            const range = document.createRange(); range.selectNodeContents(label);
            const at = range.getBoundingClientRect();
            if (field && at.bottom > field.top && at.top < field.bottom && at.right > field.left + 1.5 && at.left < field.right - 1.5) amiss.push(`${name}: label \"${label.textContent}\" runs into its field`);
        }
    }
    if (document.documentElement.scrollWidth > innerWidth) amiss.push(`the page is ${document.documentElement.scrollWidth} px wide in ${innerWidth}`);
    return amiss;
";

fn a_reader_who_has_set_text_larger_reads_larger_text_and_nothing_is_cut(page: &Page) {
    for width in [1280, 800, 390] {
        stage_all(page, width, "");
        let scales = page.js("return [...document.querySelectorAll('lock-lab')].map((one) => { const run = one.shadowRoot.querySelector('button.run'); return run.getBoundingClientRect().height / parseFloat(getComputedStyle(run).height); })");
        assert!(list(&scales).iter().all(|scale| (number(scale) - 1.5).abs() < 0.02), "{scales}");
        let amiss = page.js(AMISS);
        assert!(list(&amiss).is_empty(), "{width} px: {amiss:#}");
    }
}

fn nothing_sticks_out_or_is_cut_with_long_words_in_either_direction(page: &Page) {
    let mut wrong = String::new();
    for width in [1280, 390] {
        stage_all(page, width, "lang='en-XA'");
        for direction in ["ltr", "rtl"] {
            let amiss = page.js(&format!(
                "document.documentElement.dir = '{direction}'; document.querySelectorAll('lock-lab').forEach((one) => one.shadowRoot.querySelector('figure').setAttribute('dir', '{direction}'));
                 return new Promise((resolve) => setTimeout(resolve, 400)).then(() => {{ {AMISS} }})"
            ));
            for one in list(&amiss) {
                let _ = writeln!(
                    wrong,
                    "{width} px, {direction}: {}",
                    one.as_str().unwrap_or_default()
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
