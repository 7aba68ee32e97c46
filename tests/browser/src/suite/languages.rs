//! The figures and the article in each language there is: by attribute, page, address and link, at once and without a reload; nothing of
//! another language is left over.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::engine::{Engine, figures};
use crate::lab::{ENDLESS, FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_partial, text};
use crate::site::Fault;

/// The tests.
pub const CASES: &[Case] = cases![
    an_article_that_is_asked_for_in_chinese_is_in_chinese_before_it_is_drawn,
    an_article_whose_words_can_t_be_had_is_shown_as_it_was_built.only(&[Engine::Chromium]),
    the_article_built_in_chinese_needs_no_script.only(&[Engine::Chromium]),
    a_link_changes_the_language_of_all_the_page_in_place,
    of_two_links_pressed_in_a_row_the_last_one_holds.only(&[Engine::Chromium]),
    a_figure_follows_its_attribute_then_its_page,
    a_figure_in_its_own_frame_follows_the_page_around_it.only(&[Engine::Chromium, Engine::Firefox]),
    another_language_in_mid_run_changes_the_words_and_not_the_run,
    a_failure_is_said_again_in_another_language.only(&[Engine::Chromium]),
    no_english_is_left_in_a_chinese_figure.only(&[Engine::Chromium]),
];

/// Runs of Latin letters in a text that is not English: names and symbols, which are the same everywhere.
const NAMES: &str = "lock std Mutex atomic worker Worker Service Thread True False Chromium Firefox WebKit \
    WebKitGTK ESR CPython Python Rust JSON CPU rustc BusyMode busy mode use time cost commit \
    all thread start done Ctrl Delete English CAS MCS RwLock futex parking lot ticket robust \
    convoy Atomics add navigator locks postMessage WebAssembly JavaScript bootstrap Jain \
    Jeff Dean Google GIL sleep AMD EPYC Xeon GHz";

/// What stands as it is in every language: a title, a line of somebody's program.
const QUOTED: &[&str] =
    &["Building Software Systems at Google and Lessons Learned", "with lock: value += 1"];

/// Whether each text that carries a mark is in Chinese.
const ALL_CHINESE: &str = "[...document.querySelectorAll('body [data-text]')].every((one) => /[\\u4e00-\\u9fff]/.test(one.textContent)) && /[\\u4e00-\\u9fff]/.test(document.title)";

fn an_article_that_is_asked_for_in_chinese_is_in_chinese_before_it_is_drawn(page: &Page) {
    page.open_page("index.html?lang=zh&threads=4");
    page.wait("the article is in Chinese", ALL_CHINESE);
    page.wait("and so is the figure", "words().includes('运行')");
    assert_eq!(page.js("return document.documentElement.lang"), "zh-Hans");
    assert!(page.address().ends_with("index.html?lang=zh&threads=4"), "{}", page.address());
    assert_eq!(page.get(FIGURE, "config")["threads"], 4);
    let times = page.js(
        "return { drawn: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
                  words: performance.getEntriesByType('resource').find(({ name }) => name.includes('zh-article'))?.responseEnd ?? null }",
    );
    assert!(
        times["drawn"].is_null() || times["drawn"].as_f64() > times["words"].as_f64(),
        "something was drawn before the words were there: {times}"
    );
}

fn an_article_whose_words_can_t_be_had_is_shown_as_it_was_built(page: &Page) {
    page.open(&page.site.isolated.broken(Fault::Missing("zh-article"), "index.html?lang=zh"));
    page.wait("the article is seen", "isSeen(document.querySelector('h1')) && getComputedStyle(document.querySelector('h1')).visibility === 'visible'");
    assert_eq!(page.js("return document.documentElement.lang"), "en", "it says what it is");
    page.wait("its figure is what was asked for all the same", "words().includes('运行')");
}

fn the_article_built_in_chinese_needs_no_script(page: &Page) {
    page.open(&page.site.isolated.url("index.zh.html"));
    assert_eq!(page.js("return document.documentElement.lang"), "zh-Hans");
    assert_eq!(page.js(&format!("return {ALL_CHINESE}")), true);
    let built = page.js("return fetch('index.zh.html').then((answer) => answer.text())");
    assert!(text(&built).contains("锁"), "the words are in the file itself");
    page.wait("its figures speak Chinese", "words().includes('运行')");
}

fn a_link_changes_the_language_of_all_the_page_in_place(page: &Page) {
    page.open_page("index.html?threads=4");
    page.js("suite.same = true");
    page.click("document.querySelector('a[data-language=zh]')");
    page.wait("the article is in Chinese", ALL_CHINESE);
    page.wait("and so is the figure", "words().includes('运行')");
    assert_eq!(page.js("return [suite.same, document.documentElement.lang, new URLSearchParams(location.search).get('lang'), new URLSearchParams(location.search).get('threads')]"), json!([true, "zh-Hans", "zh", "4"]));
    // A phrase scrolls to its figure, smoothly: where the link is that is pressed next is then anybody's guess.
    page.js("lab('[show=lanes]').scrollIntoView = () => {}; document.querySelector('button[data-set]').click()");
    page.wait("phrases still set the figure", "lab('[show=lanes]').config.threads === 20");
    page.click("document.querySelector('a[data-language=en]')");
    page.wait("it is back in English", "document.documentElement.lang === 'en' && /lock/.test(document.querySelector('h1').textContent) && words().includes('Threads')");
}

fn of_two_links_pressed_in_a_row_the_last_one_holds(page: &Page) {
    page.open_page("index.html");
    let asked = |language| {
        format!(
            "document.documentElement.lang === '{language}' && new URLSearchParams(location.search).get('lang') === 'en'"
        )
    };
    page.js("document.querySelector('a[data-language=en]').click()");
    page.wait("the English words are at hand", &asked("en"));
    page.js(
        "suite.files = performance.getEntriesByType('resource').length;
         for (const language of ['zh', 'en']) document.querySelector(`a[data-language=${language}]`).click();",
    );
    page.wait(
        "the Chinese ones have come after them",
        "performance.getEntriesByType('resource').length > suite.files",
    );
    page.js("return new Promise((resolve) => setTimeout(resolve, 300))");
    assert_eq!(page.js(&format!("return {}", asked("en"))), true);
    assert!(!page.js("return document.querySelector('h1').textContent").to_string().contains('锁'));
}

fn a_figure_follows_its_attribute_then_its_page(page: &Page) {
    page.stage(&format!(
        "{QUICK}<div lang='zh-CN'><lock-lab id='inner' threads='4'></lock-lab></div>"
    ));
    page.wait("the first one speaks the page's English", "words().includes('Threads')");
    page.js("lab('#inner').scrollIntoView()");
    page.wait("the second one what stands around it", "words(lab('#inner')).includes('线程')");
    page.set("#inner", "lang", "en");
    page.wait("an attribute of its own goes first", "words(lab('#inner')).includes('Threads')");
    page.js("document.documentElement.lang = 'zh'");
    page.wait("the page turned Chinese", "words().includes('线程')");
    assert!(text(&page.js("return words(lab('#inner'))")).contains("Threads"));
    page.set(FIGURE, "lang", "en-US");
    page.wait("and the first one back", "words().includes('Threads')");
    page.js("lab().removeAttribute('lang')");
    page.wait("and with its page again", "words().includes('线程')");
    assert_eq!(
        page.js("return parts().find((one) => one.localName === 'figure').lang"),
        "zh-Hans",
        "who reads aloud is told"
    );
}

/// Its own page sees nothing of the page around it.
fn a_figure_in_its_own_frame_follows_the_page_around_it(page: &Page) {
    page.open_post(&format!(
        "<script type='module' src='lab/lock-lab.js'></script><article lang='fr'>{QUICK}</article>"
    ));
    page.wait("it stands there", "['ready', 'unsupported'].includes(lab()?.state)");
    for (lang, word) in [("zh", "线程"), ("en", "Threads"), ("zh-CN", "线程")] {
        page.js_with("document.documentElement.lang = arguments[0]", vec![lang.into()]);
        page.enter_frame("lab().shadowRoot.querySelector('iframe')");
        page.wait("the frame follows", &format!("words().includes('{word}')"));
        page.leave_frame();
    }
}

fn another_language_in_mid_run_changes_the_words_and_not_the_run(page: &Page) {
    page.stage(ENDLESS);
    let call = page.begin_phase(FIGURE, 0);
    page.set(FIGURE, "lang", "zh");
    page.wait("it says in Chinese where it is", "/第 1 轮，共 4 轮/.test(words())");
    assert_eq!(page.state(FIGURE), "running");
    assert!(!page.is_settled(call), "the run goes on");
    page.wait("its timeline is drawn again", "(() => { const canvas = parts().find((one) => one.localName === 'canvas'); return canvas.height > 10 && new Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, 20).data).size > 3; })()");
    page.click("button(/^停止$/)");
    let report = page.settled(call).report();
    is_partial(&report, "stopped");
    page.wait(
        "the end is said in Chinese",
        "words().includes('已停止') && words().includes('再次运行')",
    );
    page.set(FIGURE, "lang", "en");
    page.wait(
        "the report stays, in English",
        "words().includes('Stopped. What was measured stays.') && words().includes('Run again')",
    );
    assert_eq!(page.get(FIGURE, "report"), report);
}

fn a_failure_is_said_again_in_another_language(page: &Page) {
    page.open(&page.site.stage_hopeless(QUICK));
    page.wait(
        "the figure is unsupported",
        "lab().state === 'unsupported' && /can't share memory/.test(words())",
    );
    page.set(FIGURE, "lang", "zh");
    page.wait(
        "it says so in Chinese",
        "words().includes('不能让线程共享内存') && !words().includes('share memory')",
    );
    page.wait("the recorded run is labelled in Chinese", "words().includes('录制的运行')");
    assert_eq!(page.state(FIGURE), "unsupported");
    page.set(FIGURE, "threads", "0");
    page.wait("what is wrong is said in Chinese", "words().includes('在这里不能用')");
}

/// Every part of every figure, at rest and after a run, opened as far as it opens.
fn no_english_is_left_in_a_chinese_figure(page: &Page) {
    // Each figure takes of these what it has.
    const SHORT: &str =
        "threads=4&times=2&wait-ms=5&loops=1000&budget-ms=500&counters=all&sample-ms=10";
    for figure in figures() {
        page.open_figure(&format!("figure={figure}&lang=zh&{SHORT}"));
        page.wait("the recorded run is there", "words().includes('录制的运行')");
        let rest = leftovers(page);
        page.run();
        let done = leftovers(page);
        assert_eq!(
            [&rest, &done],
            [&json!([]), &json!([])],
            "{figure}: English at rest, and after a run"
        );
    }
}

/// Words in Latin letters that a reader sees or hears, the lines that the program prints and its report not counted.
#[track_caller]
fn leftovers(page: &Page) -> Value {
    page.js(
        "parts().filter((one) => one.localName === 'details').forEach((one) => (one.open = true))",
    );
    page.js_with(
        "const own = (one) => one.closest('pre, .lines, footer');
         const seen = parts().filter((one) => !own(one) && one.localName !== 'option').flatMap((one) => [
           ...[...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data),
           ...['aria-label', 'title', 'aria-valuetext', 'aria-roledescription', 'placeholder'].map((name) => one.getAttribute(name) ?? ''),
         ]).join(' ');
         const plain = arguments[1].reduce((text, quoted) => text.replaceAll(quoted, ' '), seen);
         return [...new Set(plain.match(/[A-Za-z]{3,}/g))].filter((word) => !arguments[0].split(' ').includes(word))",
        vec![json!(NAMES), json!(QUOTED)],
    )
}
