//! A figure is one screen; nothing on a page moves when it comes, nor when its verdict does; and nothing of it sticks out or is cut: not on a phone,
//! not in a language with longer words, not from right to left.

use std::fmt::Write as _;

use super::{Case, ONE, cases};
use crate::engine::{Engine, Variant, figures};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{list, number, text};

/// The tests, each with two sets of fonts: letters of some are a tenth wider than those of others.
pub const CASES: &[Case] = cases![
    a_figure_is_one_screen_and_keeps_its_room.only(ONE).with(Variant::WideFonts).within(90),
    a_figure_is_one_screen_and_keeps_its_room.only(ONE).with(Variant::NarrowFonts).within(90),
    nothing_moves_when_a_figure_comes_and_when_its_verdict_does.only(ONE).within(120),
    every_slice_stands_in_its_height_and_runs.only(ONE).within(150),
    nothing_sticks_out_or_is_cut_with_long_words_in_either_direction
        .only(ONE)
        .with(Variant::WideFonts)
        .within(90),
    nothing_sticks_out_or_is_cut_with_long_words_in_either_direction
        .only(ONE)
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

/// How wide a page is, how wide a figure in it, and how high that may be: a post's column where there is room, and in it; a phone's screen; a small phone.
const SCREENS: [(u32, u32, f64); 4] =
    [(1280, 960, 640.0), (736, 680, 640.0), (390, 358, 844.0), (320, 288, 980.0)];

/// Where a figure is to be lower: the stepper's buttons are pressed while its number is looked at.
const LOWER: [(&str, u32, f64); 2] = [("interleaving", 680, 480.0), ("interleaving", 358, 560.0)];

fn a_figure_is_one_screen_and_keeps_its_room(page: &Page) {
    let mut wrong = String::new();
    for (language, (width, column, most)) in
        ["en", "zh"].into_iter().flat_map(|language| SCREENS.map(|screen| (language, screen)))
    {
        stage_all(page, width, &format!("lang='{language}'"));
        let took = page.js_with(
            "document.querySelectorAll('lock-lab').forEach((one) => { one.style.width = `${arguments[0]}px`; one.shadowRoot.querySelector('figure').style.minHeight = 0; });
             return new Promise((resolve) => setTimeout(resolve, 300)).then(() => [...document.querySelectorAll('lock-lab')].map((one) => [one.getAttribute('figure'), one.getBoundingClientRect().height]))",
            vec![column.into()],
        );
        let beside = "new Set([...lab('[figure=interleaving]').shadowRoot.querySelectorAll('.threads > div')].map((one) => Math.round(one.getBoundingClientRect().top))).size === 1";
        assert!(page.is(beside), "both threads, and the number, stand side by side at {column} px");
        // The article keeps it by its style, a frame by a table: as suite-www/ has it.
        page.open(&page.site.isolated.url(&format!("index.html?lang={language}")));
        let reserved = page.js_with(
            "const names = arguments[1];
             const kept = async (name) => [name, { '': (await import(`./suite-www/figures/${name}/figure.js`)).figure.heights }];
             globalThis.LAB_HEIGHTS = Object.fromEntries(await Promise.all(names.map(kept)));
             const { heightOf } = await import('./suite-www/reach/place.js');
             const of = (name) => { const one = document.querySelector(`lock-lab[figure=${name}]:not([show])`); return one ? parseFloat(getComputedStyle(one).minHeight) : null };
             return Object.fromEntries(names.map((name) => [name, [of(name), heightOf(name, '', arguments[0])]]))",
            vec![column.into(), figures().into()],
        );
        for one in list(&took) {
            let (name, took) = (text(&one[0]), number(&one[1]));
            let lower = LOWER.iter().find(|low| (low.0, low.1) == (name, column));
            let most = lower.map_or(most, |low| low.2);
            if took > most {
                let _ = writeln!(
                    wrong,
                    "{name} in {language} at {column} px: {took} px, at most {most}"
                );
            }
            for (place, kept) in ["article.css", "reach/place.js"].iter().zip(list(&reserved[name]))
            {
                let Some(kept) = kept.as_f64().filter(|_| column > 320) else { continue };
                if took > kept || kept - took > EMPTY * kept {
                    let _ = writeln!(
                        wrong,
                        "{name} in {language} at {column} px: {took} px, kept {kept} (www/{place})"
                    );
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Each figure with settings that are soon done.
const SHORT: [&str; 6] = [
    "figure=lock-cost&wait-ms=5&times=5&loops=1000",
    "figure=price-list&budget-ms=500",
    "figure=interleaving&schedule=ABAB",
    "figure=contention&threads=2&sample-ms=10",
    "figure=master-worker&threads=4&times=2&wait-ms=30&poll-ms=20",
    "figure=master-exit&threads=4&wait-ms=300",
];

fn nothing_moves_when_a_figure_comes_and_when_its_verdict_does(page: &Page) {
    let mut moved = String::new();
    for (width, query) in [704, 390].into_iter().flat_map(|width| SHORT.map(|query| (width, query)))
    {
        page.set_viewport(width, 860);
        page.open_figure(query);
        page.wait(
            "somebody's run is shown",
            "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent",
        );
        page.run();
        let shifts = page.js(
            "return new Promise((resolve) => new PerformanceObserver((all) => resolve(all.getEntries().filter((one) => one.value > 0).map((one) => `${one.value.toFixed(4)}: ${one.sources.map(({ previousRect: from, currentRect: to }) => [from, to].map(({ x, y, width, height }) => [x, y, width, height].map(Math.round)).join(' to ')).join('; ')}`))).observe({ type: 'layout-shift', buffered: true }) ?? setTimeout(resolve, 400, []))",
        );
        for shift in list(&shifts) {
            let _ = writeln!(moved, "{query} at {width} px: {}", text(shift));
        }
    }
    assert!(moved.is_empty(), "{moved}");
}

/// A page, and how high a slice in it may be: in a post's column, and on a phone.
const SLICES: [(u32, f64); 2] = [(704, 480.0), (382, 560.0)];

fn every_slice_stands_in_its_height_and_runs(page: &Page) {
    page.open_figure("figure=lock-cost");
    page.set(FIGURE, "show", "nothing");
    page.wait("the slices are named", "/times, lanes, noise/.test(lab().error?.message ?? '')");
    let slices = page.js("return customElements.get('lock-lab').figures.flatMap(({ name, slices }) => slices.map((slice) => [name, slice]))");
    assert_eq!(list(&slices).len(), 15, "{slices}");
    let mut wrong = String::new();
    for (one, (width, most)) in
        list(&slices).iter().flat_map(|one| SLICES.map(|screen| (one, screen)))
    {
        let (figure, slice) = (text(&one[0]), text(&one[1]));
        let short =
            SHORT.iter().find(|query| query.contains(figure)).expect("a figure of the list");
        page.set_viewport(width, 860);
        page.open_figure(&format!("{short}&show={slice}"));
        page.wait(
            "somebody's run is shown",
            "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent",
        );
        for moment in ["at rest", "done"] {
            let seen = page.js("return [lab().getBoundingClientRect().height, parts().filter((one) => one.matches('input[type=number], select') && isSeen(one)).length, lab().shadowRoot.querySelector('.slice > .verdict').textContent.length, lab().shadowRoot.querySelector('footer > a').href]");
            let (height, controls, said) = (number(&seen[0]), number(&seen[1]), number(&seen[2]));
            if height > most
                || controls > 2.0
                || said < 20.0
                || !text(&seen[3]).contains(&format!("figure={figure}&"))
            {
                let _ = writeln!(wrong, "{figure} {slice} at {width} px, {moment}: {seen}");
            }
            if moment == "at rest" {
                page.run();
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
        // Firefox makes boxes of texts in SVG larger than the texts.
        if page.engine == Engine::Chromium {
            let amiss = page.js(AMISS);
            assert!(list(&amiss).is_empty(), "{width} px: {amiss:#}");
        }
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
