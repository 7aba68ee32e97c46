//! What fails around a figure: parts that don't come, a clipboard that refuses, frames and documents that come and go. Each ends in a sentence where
//! its reader is, or does no harm, and every promise settles.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{FIGURE, QUICK, document};
use crate::page::Page;
use crate::report::{is_whole, text};
use crate::site::Fault;

/// The tests.
pub const CASES: &[Case] = cases![
    a_figure_whose_parts_fail_is_mended_by_the_next_press,
    what_is_fetched_on_a_press_and_fails_is_said_there_and_fetched_by_the_next_press,
    what_was_not_copied_is_not_said_to_be,
    in_a_frame_that_its_page_has_written_a_figure_runs,
    a_figure_in_another_document_keeps_its_looks_and_its_report,
    a_run_that_a_frame_is_asked_for_out_of_sight_can_be_stopped.only(&[Engine::Chromium]),
    in_an_isolated_page_with_the_lab_elsewhere_a_figure_runs_or_says_why
        .only(&[Engine::Chromium, Engine::Firefox]),
    what_a_policy_for_scripts_forbids_is_said_to_be_the_policy.only(&[Engine::Chromium]),
    threads_that_end_with_their_owner_end_the_run_with_a_sentence.within(120),
    a_worker_that_is_ended_without_a_word_ends_the_run_with_a_sentence,
    a_message_that_cannot_be_read_ends_the_run_with_a_sentence,
    a_file_that_cannot_be_read_is_refused_and_one_that_comes_late_is_nothing_to_another_figure,
    files_that_never_come_keep_neither_a_figure_nor_its_menu_waiting,
    a_language_that_cannot_be_fetched_is_said_to_be_missing,
];

/// Whether a figure shows somebody else's run.
const SHOWN: &str = "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent";

/// No shell is there to say it, nor to be pressed: the element itself does, in its reader's language, and tries again.
fn a_figure_whose_parts_fail_is_mended_by_the_next_press(page: &Page) {
    let stage = page.site.stage(&format!("<section lang='zh'>{QUICK}</section>"));
    let name = stage.rsplit('/').next().unwrap_or_default();
    page.open(&page.site.isolated.broken(Fault::Missing("live-"), name));
    page.wait("it has failed", "lab()?.error?.code === 'script-load'");
    let said = page.js("return lab().shadowRoot.textContent");
    assert!(text(&said).contains("没能加载"), "in the reader's language: {said}");
    page.site.isolated.mend();
    page.js("parts().find((one) => one.localName === 'button').click()");
    page.wait("the next press tries again", "lab().state === 'ready' && lab().error === null");
    is_whole(&page.run());
}

/// After a deploy, or off line: buttons whose code can't be had, and a report that is dropped.
fn what_is_fetched_on_a_press_and_fails_is_said_there_and_fetched_by_the_next_press(page: &Page) {
    const PAGE: &str = "index.html?figure=lock-cost&threads=4&times=2&wait-ms=5&loops=1000";
    const SAID: &str = "/could not be fetched/.test(words())";
    page.open(&page.site.isolated.broken(Fault::Missing("take-home-"), PAGE));
    page.wait_state(FIGURE, "ready");
    page.js("const dropped = new DataTransfer(); dropped.setData('text/plain', '{}'); lab().shadowRoot.querySelector('figure').dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, bubbles: true }))");
    page.wait("a report that is dropped is not lost without a word", SAID);
    for (missing, press, comes) in [
        ("share-", "button(/^share/i)", "lab().shadowRoot.querySelector('dialog[open]')"),
        ("take-home-", "button(/^export$/i)", "button(/^copy csv/i)"),
    ] {
        page.open(&page.site.isolated.broken(Fault::Missing(missing), PAGE));
        page.wait_state(FIGURE, "ready");
        page.js("suite.unhandled = []; addEventListener('unhandledrejection', ({ reason }) => suite.unhandled.push(String(reason)))");
        page.wait("there is something to take home", "!button(/^export$/i).disabled");
        page.click(press);
        page.wait("the figure says so", SAID);
        assert!(!page.is(comes), "{missing}: nothing was held back: this test shows nothing");
        assert_eq!(page.state(FIGURE), "ready");
        assert_eq!(page.js("return suite.unhandled"), json!([]));
        page.site.isolated.mend();
        page.click(press);
        page.wait(&format!("{missing}: the next press fetches it"), comes);
        assert!(!page.is(SAID), "{missing}: and what was said is said no more");
    }
}

fn what_was_not_copied_is_not_said_to_be(page: &Page) {
    page.stage(QUICK);
    is_whole(&page.run());
    page.js("Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: () => Promise.reject(new DOMException('no', 'NotAllowedError')) } });
        document.execCommand = () => false;
        parts().find((one) => one.localName === 'summary' && /prints it/.test(one.textContent)).click(); button(/^copy$/i).click()");
    page.wait("it says so", "button(/^not copied/i)");
    assert!(!page.is("button(/^copied/i)"));
    let marked = page.js("const field = focused(); return field.value.slice(field.selectionStart, field.selectionEnd)");
    assert_eq!(
        marked,
        page.get(FIGURE, "report")["text"],
        "the text is marked, to be copied by hand"
    );
    page.js("document.execCommand = () => true; focused().blur(); return until(() => button(/^copy$/i)).then(() => button(/^copy$/i).click())");
    page.wait("the next press tries again", "button(/^copied$/i)");
    assert!(!page.is("lab().shadowRoot.querySelector('textarea')"), "nothing is left of it");
}

/// Editors show previews so; such a page's address has no origin, but it has: its parent's.
fn in_a_frame_that_its_page_has_written_a_figure_runs(page: &Page) {
    let inside =
        format!("<script type='module' src='/lock-lab.js'></script>{QUICK}").replace('"', "'");
    for how in [
        format!(
            "<iframe title='preview' style='width: 900px; height: 900px' srcdoc=\"{inside}\"></iframe>"
        ),
        format!(
            "<iframe title='preview' style='width: 900px; height: 900px'></iframe><script>const its = frames[0].document; its.open(); its.write(\"{}\"); its.close()</script>",
            inside.replace("</script>", "<\\/script>")
        ),
    ] {
        page.open_html(&format!("<body>{how}</body>"));
        page.enter_frame("document.querySelector('iframe')");
        page.wait_state(FIGURE, "ready");
        is_whole(&page.run());
        page.leave_frame();
    }
}

/// As when it is put into a window of its own; style sheets belong to the document that made them.
fn a_figure_in_another_document_keeps_its_looks_and_its_report(page: &Page) {
    const LOOKS: &str = "(() => { const one = suite.lab.shadowRoot.querySelector('.question'); const style = one && suite.lab.ownerDocument.defaultView.getComputedStyle(one); return style && style.fontSize + ' ' + style.textWrap; })()";
    page.stage(QUICK);
    let report = page.run();
    page.js("suite.lab = lab(); const frame = document.createElement('iframe'); frame.style.cssText = 'width: 900px; height: 900px'; document.querySelector('main').append(frame)");
    let before = page.js(&format!("return {LOOKS}"));
    page.js("document.querySelector('iframe').contentDocument.body.append(suite.lab)");
    page.wait("its looks are there", &format!("{LOOKS} === {before}"));
    assert_eq!(page.js("return suite.lab.report"), report);
    page.js("suite.lab.scrollIntoView()");
    let call = page.js("return begin(suite.lab.run())").as_u64().expect("a call");
    is_whole(&page.settled(call).report());
    page.js("document.querySelector('main').append(suite.lab)");
    page.wait("and when it comes back", &format!("{LOOKS} === {before}"));
    page.is_quiet();
}

fn a_run_that_a_frame_is_asked_for_out_of_sight_can_be_stopped(page: &Page) {
    let far = format!("<div id='above'></div>{QUICK}");
    page.open_post(&format!("<script type='module' src='lab/lock-lab.js'></script>{far}"));
    page.js("document.querySelector('#above').style.height = `${innerHeight + 300}px`");
    page.wait_state(FIGURE, "ready");
    let calls = [page.begin(FIGURE, "run"), page.begin(FIGURE, "run")];
    let stopped = page.stop(FIGURE);
    assert!(stopped.is_null(), "there was no run: {stopped}");
    for call in calls {
        assert_eq!(page.settled_within(Duration::from_secs(5), call).refusal().0, "cancelled");
    }
    // Before the frame has said anything.
    page.js("const other = lab().cloneNode(true); other.id = 'other'; lab().after(other); other.prepare()");
    let call = page.begin("#other", "run");
    page.begin("#other", "stop");
    assert_eq!(page.settled_within(Duration::from_secs(10), call).refusal().0, "cancelled");
    for selector in [FIGURE, "#other"] {
        page.js_with("lab(arguments[0]).scrollIntoView()", vec![selector.into()]);
        page.wait_state(selector, "ready");
        is_whole(&page.run_of(selector));
    }
    // A frame that goes elsewhere in mid-run answers nothing any more.
    page.js("for (const [name, value] of [['wait-ms', '60000'], ['times', '5']]) lab().setAttribute(name, value); lab().scrollIntoView()");
    let call = page.begin(FIGURE, "run");
    page.wait_state(FIGURE, "running");
    page.js("lab().shadowRoot.querySelector('iframe').src = 'about:blank'");
    assert_eq!(page.settled_within(Duration::from_secs(10), call).refusal().0, "cancelled");
}

/// Such a page admits no frame whose server says nothing of it.
fn in_an_isolated_page_with_the_lab_elsewhere_a_figure_runs_or_says_why(page: &Page) {
    let theirs =
        page.site.post(&page.site.plain, "theirs", "", None).replace("127.0.0.1", "localhost");
    let folder = format!("{}lab/", theirs.trim_end_matches("theirs"));
    let html =
        document(&format!("<script type='module' src='{folder}lock-lab.js'></script>{QUICK}"));
    page.open(&page.site.post(&page.site.isolated, "post", &html, None));
    let begun = Instant::now();
    page.wait("it says where it stands", "['ready', 'unsupported'].includes(lab()?.state)");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(8), "soon: {took:?}");
    if page.engine == Engine::Chromium {
        // It has frames for that, without the reader's cookies.
        is_whole(&page.run());
        return;
    }
    let error = page.get(FIGURE, "error");
    assert_eq!(error["code"], "no-shared-memory");
    assert!(
        text(&error["message"]).contains("Cross-Origin-Embedder-Policy"),
        "the true reason: {error}"
    );
    page.wait(
        "what its author can do",
        "lab().shadowRoot.textContent.includes('Cross-Origin-Resource-Policy')",
    );
}

/// Digests for the page's own scripts alone, as strict sites have them: by a Content-Security-Policy, and by an Integrity-Policy.
fn what_a_policy_for_scripts_forbids_is_said_to_be_the_policy(page: &Page) {
    let digests =
        std::fs::read_to_string(page.site.folder.join("integrity.json")).expect("the digests");
    let digests: serde_json::Value = serde_json::from_str(&digests).expect("JSON");
    let digest = text(&digests["lock-lab.js"]);
    let html = document(&format!(
        "<script type='module' src='lab/lock-lab.js' integrity='{digest}' crossorigin='anonymous'></script><section lang='zh'>{QUICK}</section>"
    ));
    let strict = format!("script-src '{digest}' 'strict-dynamic' 'wasm-unsafe-eval'");
    for (address, named) in [
        (page.site.post(&page.site.isolated, "post", &html, Some(&strict)), "script-src"),
        (page.site.post_with_integrity_policy("post", &html), "Integrity-Policy"),
    ] {
        page.open(&address);
        page.wait("it says where it stands", "['ready', 'failed'].includes(lab()?.state)");
        assert_eq!(page.get(FIGURE, "error")["code"], "script-load", "{named}");
        let said = page.words(FIGURE);
        assert!(said.contains(named), "it names {named}: {said}");
        assert!(said.contains("禁止"), "in the reader's language: {said}");
    }
}

/// As a browser does that is short of memory. What was shown before comes back: nothing of that run can be told.
fn a_worker_that_is_ended_without_a_word_ends_the_run_with_a_sentence(page: &Page) {
    page.open(&page.site.isolated.url("index.html?threads=3&times=2&wait-ms=2000&loops=1000"));
    page.wait_state(FIGURE, "ready");
    page.wait("a recorded run is shown", SHOWN);
    page.js("const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (message, ...rest) {
            if (message?.type === 'run') setTimeout(() => this.terminate(), 500);
            postMessage.call(this, message, ...rest);
        };");
    // It looks once a second. Ten times as often, workers that live have given a sign in between still.
    page.js("const { setInterval } = window; window.setInterval = (look, ms, ...rest) => setInterval(look, ms === 1000 ? 100 : ms, ...rest)");
    let call = page.begin(FIGURE, "run");
    let (code, message) = page.settled(call).refusal();
    assert_eq!(code, "engine-lost");
    assert!(message.contains("no sign of life"), "{message}");
    page.wait("a reader sees it", "/no sign of life/.test(words())");
    page.wait("the recorded run is there again", SHOWN);
}

/// The same with the worker that owns the threads: they end with it, and the coordinator is left.
fn threads_that_end_with_their_owner_end_the_run_with_a_sentence(page: &Page) {
    page.stage(&QUICK.replace(r#"wait-ms="5""#, r#"wait-ms="3000""#));
    page.js("const { Worker } = window;
        window.Worker = class extends Worker { constructor(url, ...rest) { super(url, ...rest); if (String(url).includes('owner-worker')) suite.owner = this; } };");
    let call = page.begin_phase(FIGURE, 0);
    page.js("suite.owner.terminate()");
    let report = page.settled_within(Duration::from_secs(30), call).report();
    assert_eq!(report["outcome"], "failed", "{report:#}");
    assert_eq!(page.get(FIGURE, "error")["code"], "worker-failed");
    page.wait("a reader sees it", "/gave no sign of life/.test(words())");
    page.set(FIGURE, "wait-ms", "5");
    page.wait("it is set", "lab().config.waitMs === 5");
    is_whole(&page.run());
}

fn a_message_that_cannot_be_read_ends_the_run_with_a_sentence(page: &Page) {
    page.stage(QUICK);
    page.js(
        "const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (message, ...rest) {
            if (message?.type === 'run') return void this.dispatchEvent(new MessageEvent('messageerror'));
            postMessage.call(this, message, ...rest);
        };",
    );
    let (code, message) = page.refused();
    assert_eq!(code, "engine-lost");
    assert!(message.contains("could not be read"), "{message}");
}

/// As a folder can't, that is dropped as a file would be, or what is gone by now.
fn a_file_that_cannot_be_read_is_refused_and_one_that_comes_late_is_nothing_to_another_figure(
    page: &Page,
) {
    page.stage(QUICK);
    let report = page.run();
    let drop = |read: &str| {
        page.js(&format!(
            "const dataTransfer = {{ types: ['Files'], getData: () => '', files: [{{ text: () => {read} }}] }};
             lab().shadowRoot.querySelector('figure').dispatchEvent(Object.assign(new Event('drop'), {{ dataTransfer }}))"
        ));
    };
    drop("Promise.reject(new DOMException('gone', 'NotFoundError'))");
    page.wait("it is refused", "/can’t be shown.*could not be read/.test(words())");
    drop("new Promise((resolve) => (suite.arrive = resolve))");
    page.wait("the next one is being read", "suite.arrive");
    page.set(FIGURE, "figure", "price-list");
    page.wait_state(FIGURE, "ready");
    page.js_with(
        "suite.arrive(arguments[0]); return new Promise((resolve) => setTimeout(resolve, 100))",
        vec![report.to_string().into()],
    );
    assert!(!page.is("/a report from/.test(words())"), "it is of the figure that was here before");
    page.is_quiet();
    // A part of a figure has no menu, but it takes what is dropped, and gives it back.
    page.open_figure("figure=lock-cost&show=times");
    page.wait("it stands", "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent");
    drop(&format!("Promise.resolve({})", json!(report.to_string())));
    page.wait("it is laid beside", "/a report from/.test(words())");
    page.click("button(/^remove$/i)");
    page.wait("it is gone", "!/a report from/.test(words())");
}

/// The recorded run of a page that may need a frame, and other machines' runs; the page's own patience is cut short.
fn files_that_never_come_keep_neither_a_figure_nor_its_menu_waiting(page: &Page) {
    const STALL: &str = "const { fetch: load } = window, { timeout } = AbortSignal;
        AbortSignal.timeout = (ms) => timeout.call(AbortSignal, [4000, 15000].includes(ms) ? ms / 20 : ms);
        window.fetch = (url, options) => {
            if (!/\\.json$/.test(url)) return load(url, options);
            (window.stalled ??= []).push(String(url));
            return new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(options.signal.reason)));
        };";
    page.open_html(&format!(
        "<script>{STALL}</script><script type='module' src='lock-lab.js'></script>\
         <body><lock-lab figure='price-list' budget-ms='500'></lock-lab>"
    ));
    page.wait_state(FIGURE, "ready");
    page.run();
    page.click("button(/^export$/i)");
    page.wait("the menu opens", "button(/^copy csv/i)");
    assert!(page.is("stalled.length > 1"), "the recorded run, and other machines' were asked for");
}

fn a_language_that_cannot_be_fetched_is_said_to_be_missing(page: &Page) {
    page.open(&page.site.isolated.broken(
        Fault::Missing("zh-"),
        "index.html?figure=lock-cost&threads=2&times=2&wait-ms=5&loops=1000",
    ));
    page.wait_state(FIGURE, "ready");
    page.js("document.documentElement.lang = 'zh'; lab().setAttribute('lang', 'zh')");
    page.wait("the figure says so", "/could not be fetched/.test(words())");
    page.site.isolated.mend();
    page.js("lab().setAttribute('lang', 'en')");
    page.js("lab().setAttribute('lang', 'zh')");
    page.wait("the next change finds it", "words().includes('运行')");
}
