//! What the article does with its figures: phrases that run what they say, bets that a reader's own run answers, the list of its parts.

use std::time::Duration;

use serde_json::json;

use super::{Case, cases};
use crate::lab::FIGURE;
use crate::page::Page;

/// The tests.
pub const CASES: &[Case] = cases![
    every_phrase_runs_what_it_says_in_sight_and_leads_back.within(240),
    a_bet_is_answered_by_the_reader_s_own_run_in_any_language,
    a_task_ticks_itself_when_a_run_has_done_it,
    the_list_of_parts_marks_the_one_that_is_read,
    an_address_unfolds_the_lab_that_it_leads_to,
    words_lines_and_parts_that_show_the_same_light_each_other,
    no_bar_of_another_run_stands_where_one_goes_on_or_was_stopped,
    each_slice_says_what_no_other_says.within(90),
    equal_runs_are_told_without_a_lock_and_without_the_post,
];

/// Instead of a run, notes whose it would be.
const NOTES_RUNS: &str = "const made = customElements.get('lock-lab').prototype;
    suite.ran = [];
    made.run = async function () { suite.ran.push(this); };
    made.stop = async () => null;
    suite.phrases = [...document.querySelectorAll('.phrase')];
    suite.inside = (one) => { const { top, bottom } = one?.getBoundingClientRect() ?? {}; return top >= 0 && bottom <= innerHeight; };
    suite.away = (one) => { const { top, bottom } = one.getBoundingClientRect(); return bottom <= 0 || top >= innerHeight; };";

/// Each width of window on which a reader may press a phrase.
const WINDOWS: [(u32, u32); 2] = [(1280, 800), (390, 844)];

fn every_phrase_runs_what_it_says_in_sight_and_leads_back(page: &Page) {
    for (width, height) in WINDOWS {
        // Where a window can't be as narrow, its narrowest will do.
        page.set_viewport(width, height);
        page.open_page("index.html");
        page.js(NOTES_RUNS);
        let phrases = page.js("return suite.phrases.map(({ textContent, dataset: { figure, set } }) => `${textContent} (${figure}, ${set})`)");
        let phrases = phrases.as_array().cloned().unwrap_or_default();
        assert!(phrases.len() > 15, "an article has phrases: {phrases:?}");
        for (i, phrase) in phrases.iter().enumerate() {
            page.js(&format!("suite.ran = []; suite.phrase = suite.phrases[{i}]; suite.phrase.scrollIntoView({{ block: 'center' }}); suite.phrase.click()"));
            let stepped = phrase.as_str().is_some_and(|said| said.contains("schedule="));
            page.wait(&format!("“{phrase}” runs"), &format!("{stepped} || suite.ran.length === 1"));
            let figure = "const [name, slice] = suite.phrase.dataset.figure.split('/');
                const figure = suite.ran[0] ?? document.querySelector(`lock-lab[figure=${name}][show=${slice}]`) ?? document.querySelector(`lock-lab[figure=${name}]`);";
            let is_set = format!(
                "(() => {{ {figure} return figure.getAttribute('figure') === name && [...new URLSearchParams(suite.phrase.dataset.set)].every(([one, value]) => figure.getAttribute(one) === value); }})()"
            );
            assert!(page.is(&is_set), "“{phrase}” sets what it says");
            let in_sight =
                format!("(() => {{ {figure} return suite.inside(runButton(figure)); }})()");
            page.wait(&format!("the Run of “{phrase}” is in sight at {width} px"), &in_sight);
            page.js("return rests(() => suite.phrase)");
            let away = "suite.away(suite.phrase) !== document.querySelector('.back').hidden";
            page.wait(&format!("a way leads back to “{phrase}”, if that is out of sight"), away);
            // Its figure may still be on its way to its place.
            let back = "(document.querySelector('.back:not([hidden])')?.click(), !suite.away(suite.phrase))";
            page.wait(&format!("the reader is back at “{phrase}”"), back);
        }
    }
}

fn a_bet_is_answered_by_the_reader_s_own_run_in_any_language(page: &Page) {
    page.open_page("index.html?threads=4&times=4&wait-ms=5&loops=1000");
    let answers = "[...document.querySelectorAll('[data-answer=lock-cost] p')].filter(isSeen).map((one) => one.textContent)";
    assert_eq!(page.js(&format!("return {answers}")), json!([]), "no answer before a run");
    page.js("document.querySelector('[data-bet=lock-cost] [value=ms]').click()");
    page.run();
    page.wait("the bet is answered", &format!("{answers}[0]?.includes('forty times')"));
    let own = "(/cost ([\\d.]+\\s(?:ns|µs|μs|ms))\\./.exec(document.querySelector('[data-answer=lock-cost]').textContent) ?? [])[1]";
    page.wait("with the reader's own number", own);
    page.js("document.querySelector('[data-bet=lock-cost] [value=cant]').click()");
    page.wait(
        "another bet has another answer",
        &format!("{answers}[0]?.includes('you were right')"),
    );
    page.click("document.querySelector('a[data-language=zh]')");
    page.wait(
        "in another language too, numbers included",
        &format!("{answers}[0]?.includes('押对了') && /一共\\s[\\d.]/.test({answers}[1] ?? '')"),
    );
}

fn a_task_ticks_itself_when_a_run_has_done_it(page: &Page) {
    page.open_page("index.html");
    page.run_of("lock-lab[figure=interleaving]");
    let ticked = "[...document.querySelectorAll('[data-tasks] .done')].map((one) => one.dataset.text).join()";
    page.wait("what was brought about is ticked", ticked);
    assert_eq!(page.js(&format!("return {ticked}")), "article.tasks.orders", "and nothing else");
}

fn the_list_of_parts_marks_the_one_that_is_read(page: &Page) {
    page.open_page("index.html");
    let part = "decodeURI(document.querySelector('nav [aria-current]')?.hash ?? '')";
    assert_eq!(page.js(&format!("return {part}")), "", "none before the first");
    page.js("document.querySelector('nav [href=\"#contention\"]').click()");
    page.wait("the part that it leads to is marked", &format!("{part} === '#contention'"));
    page.js("document.querySelector('#threads').scrollIntoView()");
    page.wait("and any other that comes into view", &format!("{part} === '#threads'"));
}

fn an_address_unfolds_the_lab_that_it_leads_to(page: &Page) {
    page.open(&page.site.isolated.url("index.html?contention.hold-ns=700#lab-contention"));
    let whole = "document.querySelector('#lab-contention lock-lab')";
    page.wait(
        "the lab is in sight",
        &format!("isSeen({whole}) && {whole}.getBoundingClientRect().top < innerHeight"),
    );
    assert_eq!(page.js(&format!("return {whole}.config.holdNs")), 700, "as the address has it");
    assert!(page.is("!document.querySelector('#lab-price-list').open"), "no other one is");
}

fn words_lines_and_parts_that_show_the_same_light_each_other(page: &Page) {
    page.open_page("index.html");
    page.js("document.querySelectorAll('.listing').forEach((one) => (one.open = true)); lab('[show=lanes]').scrollIntoView()");
    page.wait(
        "the lanes are there",
        "lab('[show=lanes]').shadowRoot.querySelector('.recorded .legend li')",
    );
    // What is lit: words, lines of listings, entries of the legend; and in the lanes.
    let lit = |mark: &str| {
        format!(
            "['.mark', 'pre span'].every((one) => document.querySelector(`${{one}}[data-mark={mark}]`).classList.contains('lit')) && lab('[show=lanes]').shadowRoot.querySelector('.legend [data-mark={mark}]').classList.contains('lit') && document.querySelectorAll('.lit:not([data-mark={mark}])').length === 0"
        )
    };
    let paled = "(() => { const canvas = lab('[show=lanes]').shadowRoot.querySelector('canvas'); const { data } = canvas.getContext('2d').getImageData(canvas.width / 2, 0, 1, canvas.height); return [...data].filter((_, i) => i % 4 === 3 && data[i] > 200).length; })()";
    let before = page.js(&format!("return {paled}"));
    page.js("document.querySelector('.mark[data-mark=waiting]').focus()");
    page.wait("a word that is focused lights what it means", &lit("waiting"));
    page.wait("and what it doesn't mean is paler", &format!("{paled} < {before} / 2"));
    let point = |what: &str| {
        page.js(&format!("{what}.dispatchEvent(new PointerEvent('pointermove', {{ bubbles: true, composed: true }}))"))
    };
    point("lab('[show=lanes]').shadowRoot.querySelector('.legend [data-mark=io]')");
    page.wait("a part of the figure lights its words", &lit("io"));
    point("document.querySelector('pre [data-mark=holding]')");
    page.wait("a line of a listing, the figure", &lit("holding"));
    point("document.querySelector('h1')");
    page.wait(
        "anything else lights nothing",
        &format!("document.querySelectorAll('.lit').length === 0 && {paled} === {before}"),
    );
}

fn no_bar_of_another_run_stands_where_one_goes_on_or_was_stopped(page: &Page) {
    const BARS: &str = "/This run: wall time/.test(words())";
    page.open_figure("figure=lock-cost&show=times&threads=4&wait-ms=100");
    page.wait("the recorded run is drawn", BARS);
    let run = || {
        let call = page.begin(FIGURE, "run");
        page.wait("it runs", "/Run [12] of 4/.test(words())");
        assert!(!page.is(BARS), "whose are they?");
        call
    };
    page.settled_within(Duration::from_secs(30), run()).report();
    page.wait("what came out is drawn", BARS);
    run();
    page.stop(FIGURE);
    page.wait_state(FIGURE, "stopped");
    assert!(!page.is(BARS), "the bars are the run's before");
}

fn each_slice_says_what_no_other_says(page: &Page) {
    for (figure, slices) in [
        ("lock-cost", ["times", "lanes", "gil", "noise", "same"].as_slice()),
        ("contention", &["crowd", "law", "turns"]),
        ("master-worker", &["polling", "told"]),
        ("master-exit", &["death", "adoption"]),
    ] {
        let mut said = std::collections::HashSet::new();
        for slice in slices {
            page.open_figure(&format!("figure={figure}&show={slice}"));
            let verdict = page.wait(
                "a recorded run's sentence",
                "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent",
            );
            assert!(!verdict.to_string().contains("another setting"), "{figure} {slice}");
            assert!(said.insert(verdict.to_string()), "{figure} {slice} repeats: {verdict}");
        }
    }
}

fn equal_runs_are_told_without_a_lock_and_without_the_post(page: &Page) {
    page.stage("<lock-lab show='same' threads='4' times='4' wait-ms='5' loops='1000'></lock-lab>");
    for told in ["The second IO run took", "2 runs so far.*The second run took longer in"] {
        page.run();
        page.wait("what came out", &format!("/{told}/.test(words())"));
        assert!(
            page.is("/Second run ÷ first/.test(words()) && !/the lock|the post/i.test(words())")
        );
    }
}
