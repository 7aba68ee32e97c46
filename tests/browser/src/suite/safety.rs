//! What the lab promises the owner of a page that carries it: it lives under a strict policy, keeps nothing, asks nobody else, and no page
//! around a frame, no address and no text makes it do more than it should. That the lab's own pages keep to their policy, every test shows.

use serde_json::json;

use super::{Case, cases};
use crate::engine::{Engine, root};
use crate::fuzz;
use crate::lab::{FIGURE, QUICK};
use crate::netlog;
use crate::page::Page;
use crate::report::{is_partial, is_whole, list, text};

/// The tests.
pub const CASES: &[Case] = cases![
    under_the_guides_policy_a_figure_runs_and_violates_nothing,
    the_labs_own_page_has_its_policy_where_the_host_sends_none,
    a_policy_that_leaves_no_room_for_workers_is_named,
    a_run_asked_for_before_a_policy_is_known_is_done_in_a_frame_or_names_the_policy,
    nothing_is_kept_and_nobody_else_is_asked,
    what_the_browser_records_of_its_network_is_the_labs_own_origin.only(&[Engine::Chromium]),
    a_page_around_a_frame_may_start_64_threads_and_no_more,
    a_frame_that_nobody_sees_does_not_run,
    a_run_that_nobody_pressed_for_ends_by_itself,
    hostile_text_is_shown_as_text,
    // All of it is the page's own doing, whatever the engine.
    a_thousand_texts_and_messages_of_chance_do_no_harm.only(&[Engine::Chromium]),
];

/// Opens somebody else's page with a policy of its own and the figure in it.
#[track_caller]
fn open_under(page: &Page, policy: &str) {
    page.open_html(&format!(
        "<meta http-equiv='Content-Security-Policy' content=\"{policy}\"><script src='suite-recorder.js'></script>\
         <script type='module' src='lock-lab.js'></script><body>{QUICK}</body>"
    ));
}

/// The policy that the guide gives to authors, from its own code block.
fn guides_policy() -> String {
    let guide = std::fs::read_to_string(root().join("docs/api.md")).expect("the guide");
    let block = guide
        .split("```")
        .find(|block| block.trim_start().starts_with("Content-Security-Policy:"))
        .expect("the guide has a policy for authors");
    let policy = block.split_once(':').expect("a header").1;
    policy.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn under_the_guides_policy_a_figure_runs_and_violates_nothing(page: &Page) {
    open_under(page, &guides_policy());
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    page.is_quiet();
    // It is in force: the page itself can't do what it forbids.
    page.js("document.head.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }))");
    page.wait(
        "the violation is noted",
        "complaints.some((one) => one.startsWith('violation: style-src'))",
    );
}

fn the_labs_own_page_has_its_policy_where_the_host_sends_none(page: &Page) {
    let post = page.site.post(&page.site.plain, "post", "", None);
    page.open(&post.replace("/post", "/lab/index.html?figure=price-list"));
    page.wait("the figure is there", "!!lab()?.state");
    let kept = page.js(
        "document.head.append(Object.assign(document.createElement('style'), { textContent: ':root { --broken: 1 }' }));\
         document.head.append(Object.assign(document.createElement('meta'), { name: 'tried' }));\
         return [!!document.querySelector('meta[name=tried]'), getComputedStyle(document.documentElement).getPropertyValue('--broken')]",
    );
    assert_eq!(kept, json!([true, ""]), "a style in the page's midst");
    page.site.violations();
}

/// The sentence with which a figure refuses to run on a page with this policy.
#[track_caller]
fn refused(page: &Page, change: &[(&str, &str)], code: &str) -> String {
    let policy = change.iter().fold(guides_policy(), |policy, (from, to)| {
        assert!(policy.contains(from), "{policy} has no {from}");
        policy.replace(from, to)
    });
    open_under(page, &policy);
    // Not the button itself: it goes with the figure that turns to a frame, and the driver would hand over what is no longer there.
    page.wait("the figure is there", "!!(runButton() || lab().error)");
    let (is, message) = page.refused();
    assert_eq!(is, code, "{message}");
    page.wait("a reader sees the sentence", "words().includes(lab().error.message.slice(0, 40))");
    message
}

fn a_policy_that_leaves_no_room_for_workers_is_named(page: &Page) {
    // Where a frame may stand, it has the policy of the lab's own page.
    let nowhere = ("frame-src 'self'", "frame-src 'none'");
    for (changes, code, named) in [
        (
            &[("trusted-types lock-lab", "trusted-types theirs")][..],
            "worker-start",
            &["Trusted Types", "lock-lab"][..],
        ),
        (&[("worker-src 'self'", "worker-src 'none'")], "worker-start", &["worker-src"]),
        (&[("connect-src 'self'", "connect-src 'none'"), nowhere], "wasm-load", &["connect-src"]),
    ] {
        let message = refused(page, changes, code);
        assert!(named.iter().all(|part| message.contains(part)), "{named:?}: {message}");
    }
}

/// A browser tells of a violation some time after the failure, on a busy machine long after it, and a reader may have pressed Run before.
fn a_run_asked_for_before_a_policy_is_known_is_done_in_a_frame_or_names_the_policy(page: &Page) {
    for frames in ["'self'", "'none'"] {
        page.open_html(&format!(
            "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; frame-src {frames}\">\
             <script type='module' src='lock-lab.js'></script><body></body>"
        ));
        let call = page.js_with(
            "addEventListener('securitypolicyviolation', (event) => {
                 const { type, blockedURI, effectiveDirective } = event;
                 if (!event.isTrusted) return;
                 event.stopImmediatePropagation();
                 setTimeout(() => document.dispatchEvent(Object.assign(new Event(type), { blockedURI, effectiveDirective })), 150);
             }, true);
             document.body.innerHTML = arguments[0];
             return begin(lab().run())",
            vec![QUICK.into()],
        );
        let call = call.as_u64().expect("a call");
        if frames == "'self'" {
            is_whole(&page.settled(call).report());
            assert_eq!(page.state(FIGURE), "done");
            continue;
        }
        let (code, message) = page.settled(call).refusal();
        assert_eq!(code, "wasm-load", "{message}");
        assert!(message.contains("connect-src"), "{message}");
        assert_eq!(page.get(FIGURE, "error")["message"], message);
        assert_eq!(page.state(FIGURE), "failed");
    }
}

fn nothing_is_kept_and_nobody_else_is_asked(page: &Page) {
    page.site.isolated.asked();
    page.open(&page.site.isolated.fresh("index.html?threads=3&times=2&wait-ms=5&loops=1000"));
    page.wait_state(FIGURE, "ready");
    is_whole(&page.run());
    let seen = page.js(
        "return (async () => ({
            cookies: document.cookie,
            local: Object.keys(localStorage), session: Object.keys(sessionStorage),
            databases: (await indexedDB.databases?.() ?? []).map((one) => one.name),
            caches: await caches.keys(),
            asked: [...new Set(performance.getEntriesByType('resource').map((one) => new URL(one.name).origin))],
            own: location.origin,
        }))()",
    );
    assert_eq!(seen["cookies"], "");
    for kept in ["local", "session", "databases", "caches"] {
        assert_eq!(seen[kept], json!([]), "{kept}");
    }
    assert_eq!(seen["asked"], json!([seen["own"]]), "whom the page asked");
    // Workers ask for themselves: the server has heard them, and the policy, which reports, lets them go nowhere else.
    let asked = page.site.isolated.asked();
    let of_worker = |path: &String| path.contains("pool-worker");
    assert!(asked.iter().any(of_worker), "the server hears of workers: {asked:?}");
}

fn what_the_browser_records_of_its_network_is_the_labs_own_origin(page: &Page) {
    let origin = &page.site.isolated;
    origin.asked();
    let address = origin.fresh("index.html?threads=3&times=2&wait-ms=5&loops=1000&autorun=1");
    let requests = netlog::requests(&address, || {
        origin.asked().iter().any(|path| path.contains("pool-worker"))
    });
    let requests = requests.expect("a record");
    let own = origin.url("");
    let (from, asked): (Vec<_>, Vec<_>) = requests.into_iter().unzip();
    for (part, what) in [
        ("article", "scripts"),
        ("owner-worker", "workers"),
        ("_bg.wasm", "the module"),
        ("pool-worker", "threads, which workers start"),
    ] {
        assert!(asked.iter().any(|url| url.contains(part)), "{what} are recorded: {asked:#?}");
    }
    assert!(
        asked.iter().all(|url| url.starts_with(&own) || url.starts_with("data:")),
        "{asked:#?}"
    );
    assert!(from.iter().all(|initiator| own.starts_with(initiator.as_str())), "{from:#?}");
}

/// Waits until a frame says why it does not run: nobody has pressed.
#[track_caller]
fn needs_press(page: &Page, asked: &str) -> String {
    let told = page.wait(
        &format!("it is told why it does not run, {asked}"),
        "told.find((one) => one.type === 'lab-error' && one.error)",
    );
    assert_eq!(told["error"]["code"], "needs-press", "{asked}: {told}");
    text(&told["error"]["message"]).to_owned()
}

fn a_page_around_a_frame_may_start_64_threads_and_no_more(page: &Page) {
    page.open_framed("threads=65&times=2&wait-ms=5&loops=1000&autorun=1", 0);
    needs_press(page, "by itself");
    page.js("told.length = 0; order('lab-run')");
    let message = needs_press(page, "by a message");
    assert!(message.contains("64"), "{message}");
    assert!(!page.is("told.some((one) => one.type === 'lab-report')"));
    page.js("order('lab-config', { threads: 64 }); order('lab-run')");
    let report = &page.told("lab-report")["report"];
    is_whole(report);
    assert_eq!(report["config"]["threads"], 64);
    // A reader's press runs whatever is set.
    page.js("told.length = 0; order('lab-config', { threads: 128 })");
    page.enter_frame("document.querySelector('iframe')");
    page.wait("the frame has heard it", "lab().config.threads === 128");
    page.click("runButton()");
    page.wait_state(FIGURE, "running");
    page.wait_state(FIGURE, "done");
    assert_eq!(page.get(FIGURE, "report")["config"]["threads"], 128);
}

fn a_frame_that_nobody_sees_does_not_run(page: &Page) {
    page.open_framed("threads=2&times=2&wait-ms=5&loops=1000&autorun=1", 5000);
    page.told("lab-height");
    page.js("order('lab-run'); order('lab-config', { threads: 3 })");
    page.wait(
        "the frame has heard both",
        "frames[0].document.querySelector('lock-lab').config.threads === 3",
    );
    assert!(!page.is("told.some((one) => one.type === 'lab-report' || one.state === 'running')"));
    page.js("document.querySelector('iframe').scrollIntoView()");
    is_whole(&page.told("lab-report")["report"]);
}

fn a_run_that_nobody_pressed_for_ends_by_itself(page: &Page) {
    page.open_framed("threads=2&times=5&wait-ms=60000&loops=1000", 0);
    // A stop that comes before the program has no report: so it is fetched first, however long that takes.
    page.js("const inside = frames[0].document.querySelector('lock-lab'); inside.config = { waitMs: 1 }; inside.run()");
    page.told("lab-report");
    // Nobody waits for a minute here: the limits are the page's own, and only shorter.
    page.js("const inside = frames[0].document.querySelector('lock-lab'); inside.config = { waitMs: 60000 }; Object.assign(inside.limits, { runMs: 300, allMs: 300 }); told.length = 0; order('lab-run')");
    let report = &page.told("lab-report")["report"];
    is_partial(report, "stopped");
    let warnings = list(&report["warnings"]);
    assert!(warnings.iter().any(|one| one["code"] == "time-limit"), "{warnings:?}");
    page.js("told.length = 0; order('lab-run')");
    needs_press(page, "again");
    page.enter_frame("document.querySelector('iframe')");
    assert!(page.words(FIGURE).contains("Press Run"), "{}", page.words(FIGURE));
    page.click("runButton()");
    page.wait_state_after_failure(FIGURE, "running");
    page.click("stopButton()");
    page.wait_state(FIGURE, "stopped");
}

/// What hostile text has brought into the page, if it has.
const INJECTED: &str = "return [...(window.hacked ? ['it ran'] : []), ...[...document.body.querySelectorAll('*'), ...parts()]
    .filter((one) => one.matches('img, script, [onerror]')).map((one) => one.localName)]";

fn hostile_text_is_shown_as_text(page: &Page) {
    let hostile =
        "\"><img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>&lt;b&gt;";
    let query: String = hostile.bytes().map(|byte| format!("%{byte:02x}")).collect();
    page.open(&page.site.isolated.url(&format!(
        "index.html?figure=lock-cost&threads={query}&counter={query}&lang={query}&theme={query}"
    )));
    page.wait("it is named", "lab()?.error && words().includes('onerror')");
    page.js_with(
        "lab().config = { times: arguments[0], waitMs: arguments[0] }; lab().setAttribute('loops', arguments[0])",
        vec![hostile.into()],
    );
    page.wait("so are the others", "words().includes('wait-ms')");
    assert_eq!(page.js(INJECTED), json!([]));
    page.open(&page.site.isolated.url(&format!("index.html?figure={query}")));
    page.wait("no such figure", "lab()?.error && words().includes('onerror')");
    assert_eq!(page.js(INJECTED), json!([]));
}

fn a_thousand_texts_and_messages_of_chance_do_no_harm(page: &Page) {
    fuzz::open(page);
    fuzz::throw(page, 1, 1000);
    let complaints: Vec<_> = page.console().into_iter().filter(|line| line.is_complaint).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}
