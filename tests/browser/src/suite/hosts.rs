//! Where authors put a figure: each place does what the table in docs/hosting.md says, and loads nothing twice for nothing.

use serde_json::json;

use super::{Case, cases};
use crate::engine::{Engine, root};
use crate::hosts::{HOSTS, outcome};
use crate::lab::QUICK;
use crate::page::Page;
use crate::report::{is_partial, is_whole};

/// The tests.
pub const CASES: &[Case] = cases![
    every_host_is_as_the_table_says.within(180),
    an_element_with_a_frame_behaves_as_if_it_ran_inline.only(&[Engine::Chromium]),
    frames_of_one_page_take_turns_and_give_their_threads_back.only(&[Engine::Chromium]),
    a_frame_hears_settings_before_what_is_asked_of_it_and_undoes_none_it_has_not_heard
        .only(&[Engine::Chromium]),
    a_frame_follows_its_element_through_the_page.only(&[Engine::Chromium]),
    in_a_sandbox_a_dead_link_and_a_lost_download_are_told,
    in_a_frame_higher_than_the_window_the_dialog_opens_where_the_reader_is
        .only(&[Engine::Chromium, Engine::Firefox]),
];

/// The cell of the table for this host and engine.
#[track_caller]
fn expected(page: &Page, host: &str) -> String {
    let text = std::fs::read_to_string(root().join("docs/hosting.md")).expect("the guide");
    let column = Engine::ALL.iter().position(|engine| *engine == page.engine).unwrap_or_default();
    let row =
        text.lines().find(|line| line.starts_with(&format!("| {host} |"))).unwrap_or_else(|| {
            panic!("docs/hosting.md has no row for {host}: `cargo xtask hosts` writes it")
        });
    row.split('|').nth(column + 2).unwrap_or_default().trim().to_owned()
}

fn every_host_is_as_the_table_says(page: &Page) {
    for host in HOSTS {
        let (name, _) = host;
        assert_eq!(
            outcome(page, host),
            expected(page, name),
            "{name}: not what docs/hosting.md says (`cargo xtask hosts` writes it)"
        );
    }
}

/// Such a figure on a page that is not isolated, with the folder beside it.
#[track_caller]
fn stage(page: &Page, body: &str) {
    page.open(&page.site.stage_on(&page.site.plain, body));
    page.wait_state("lock-lab", "ready");
    page.wait("it stands in a frame", "lab().shadowRoot.querySelector('iframe')");
}

fn an_element_with_a_frame_behaves_as_if_it_ran_inline(page: &Page) {
    stage(page, QUICK);
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["environment"]["isolatedBy"], "document-isolation-policy");
    assert_eq!(page.get("lock-lab", "report"), report);
    let heard: Vec<_> =
        page.heard("lab-state").iter().map(|event| event["detail"]["state"].clone()).collect();
    assert_eq!(heard, [json!("ready"), json!("running"), json!("done")]);
    assert!(
        page.heard("lab-state").last().is_some_and(|event| event["hasReport"] == true),
        "when it is done its report is there"
    );
    page.wait(
        "no bar inside, no gap below",
        "(() => { const frame = lab().shadowRoot.querySelector('iframe'); return frame.clientHeight > 300 && frame.clientHeight < 4000 })()",
    );
    // Another setting, a stop, a worker's death: all without a reload.
    page.site.plain.asked();
    page.set("lock-lab", "wait-ms", "60000");
    let call = page.begin("lock-lab", "run");
    page.wait_state("lock-lab", "running");
    let partial = page.stop("lock-lab");
    is_partial(&partial, "stopped");
    assert_eq!(page.settled(call).report(), partial);
    assert_eq!(partial["config"]["waitMs"], 60000);
    page.set("lock-lab", "threads", "129");
    assert_eq!(page.get("lock-lab", "error")["code"], "bad-config");
    assert_eq!(page.refused().0, "bad-config");
    page.set("lock-lab", "threads", "3");
    page.set("lock-lab", "wait-ms", "300");
    page.wait("mended, it works again", "lab().error === null && lab().state !== 'failed'");
    let call = page.begin("lock-lab", "run");
    page.enter_frame("lab().shadowRoot.querySelector('iframe')");
    page.wait("its threads run", "phaseShown() >= 0");
    page.leave_frame();
    page.js("lab().kill(0)");
    let report = page.settled(call).report();
    assert_eq!(report["outcome"], "failed", "{report:#}");
    assert_eq!(page.get("lock-lab", "error")["code"], "worker-failed");
    assert!(
        !page.site.plain.asked().iter().any(|path| path.ends_with("index.html")),
        "a setting is no reason to load the frame again"
    );
    page.is_quiet();
}

fn frames_of_one_page_take_turns_and_give_their_threads_back(page: &Page) {
    let five: String =
        (0..5).map(|at| QUICK.replace("<lock-lab", &format!("<lock-lab id='at{at}'"))).collect();
    let old = page.worker_threads();
    stage(page, &five);
    for at in 0..5 {
        let id = format!("#at{at}");
        page.js_with("lab(arguments[0]).scrollIntoView()", vec![id.as_str().into()]);
        page.wait_state(&id, "ready");
    }
    // Chromium keeps some threads of pages that it keeps for the way back.
    let before = page.worker_threads();
    assert!(before <= old, "no frame has a thread: {old} before, {before} now");
    page.set("#at0", "wait-ms", "60000");
    page.js("lab('#at0').scrollIntoView()");
    let first = page.begin("#at0", "run");
    page.wait_state("#at0", "running");
    page.js("lab('#at1').scrollIntoView()");
    let second = page.begin("#at1", "run");
    page.wait_state("#at1", "running");
    assert!(!page.is_settled(second), "it waits");
    page.stop("#at0");
    page.settled(first);
    is_whole(&page.settled(second).report());
    for id in ["#at2", "#at3"] {
        page.js_with("lab(arguments[0]).scrollIntoView()", vec![id.into()]);
        is_whole(&page.run_of(id));
    }
    // One frame alone has threads: four, their owner and the coordinator.
    page.wait_threads(before + 6);
}

/// The parent's half alone, with what its frame says put into its ear: that the frame looks at its settings before it looks whether
/// it can be seen is chance otherwise, and so is that it has told settings before it hears newer ones.
fn a_frame_hears_settings_before_what_is_asked_of_it_and_undoes_none_it_has_not_heard(page: &Page) {
    page.open(&page.site.isolated.url("index.html"));
    let told = page.js(
        "return (async () => {
            globalThis.LAB_HEIGHTS = { 'lock-cost': { '': [100, 100] } };
            const { open } = await import('./suite-www/reach/relay.js');
            const { Model } = await import('./suite-www/model.js');
            const element = document.createElement('div');
            element.attachShadow({ mode: 'open' });
            document.body.append(element);
            const model = new Model();
            model.set({ figure: 'lock-cost', config: { threads: 2 } });
            const mounting = new AbortController();
            let followed = null;
            const relay = await open({ element, model, configure: (config) => (followed = config), signal: mounting.signal, read: () => null, folder: new URL('./', location).href });
            const told = [];
            const ear = new MessageChannel().port1;
            ear.postMessage = ({ type, config }) => told.push(config ? `${type} ${JSON.stringify(config)}` : type);
            Object.defineProperty(element.shadowRoot.querySelector('iframe'), 'contentWindow', { value: ear });
            const says = (data) => window.dispatchEvent(new MessageEvent('message', { source: ear, origin: location.origin, data }));
            relay.run().catch(() => {});
            says({ type: 'lab-hello' });
            says({ type: 'lab-config', config: { threads: 4 }, id: 0 });
            told.push(followed);
            says({ type: 'lab-config', config: { threads: 4 }, id: 0 });
            told.push(followed);
            says({ type: 'lab-config', config: { threads: 4 }, id: 1 });
            told.push(followed);
            mounting.abort();
            element.remove();
            return told;
        })()",
    );
    assert_eq!(
        told,
        json!(["lab-config {\"threads\":2}", "lab-run", null, null, { "threads": "4" }])
    );
}

fn a_frame_follows_its_element_through_the_page(page: &Page) {
    page.open(&page.site.stage_on(&page.site.plain, "<div id='there'></div>"));
    // A frame's new page listens before the element knows of it: what is asked meanwhile was meant for the page before.
    page.js_with(
        "let held = null;
         addEventListener('message', (event) => {
             if (!suite.moved || !event.isTrusted) return;
             if (!held && event.data.type === 'lab-hello') {
                 held = [];
                 suite.asked = begin(lab().run());
                 setTimeout(() => {
                     suite.moved = false;
                     for (const { data, source, origin } of held) dispatchEvent(new MessageEvent('message', { data, source, origin }));
                 }, 1000);
             }
             if (held) event.stopImmediatePropagation();
             held?.push(event);
         });
         document.querySelector('main').insertAdjacentHTML('beforeend', arguments[0])",
        vec![QUICK.into()],
    );
    page.wait_state("lock-lab", "ready");
    page.set("lock-lab", "threads", "2");
    page.js("suite.moved = true; document.querySelector('#there').append(lab())");
    page.wait("it is asked for a run", "'asked' in suite");
    let report = page.settled(0).report();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], 2);
    page.js("suite.removed = lab(); lab().remove()");
    page.js("document.querySelector('main').append(suite.removed)");
    page.wait("it is ready again", "lab().state !== 'running'");
    is_whole(&page.run());
    // What a reader changes in the frame, the element says too.
    page.enter_frame("lab().shadowRoot.querySelector('iframe')");
    page.js("lab().setAttribute('times', '4')");
    page.leave_frame();
    page.wait("the element follows", "lab().config.times === 4");
    page.is_quiet();
}

/// The frame that the element makes is as high as its figure: its middle is far from the button at its foot.
fn in_a_frame_higher_than_the_window_the_dialog_opens_where_the_reader_is(page: &Page) {
    page.open_post(&format!(
        "<body><div style='height: 400px'></div><script type='module' src='lab/lock-lab.js'></script>{QUICK}<div style='height: 1500px'></div>"
    ));
    page.wait("the figure is there", "['ready', 'unsupported'].includes(lab()?.state)");
    page.wait("the frame is high", "lab().clientHeight > 1200");
    for share in [0.95, 0.5] {
        page.js(&format!("window.before = (scrollTo(0, scrollY + lab().getBoundingClientRect().top + lab().clientHeight * {share} - innerHeight / 2), Math.round(scrollY)); return new Promise((resolve) => setTimeout(resolve, 200))"));
        page.enter_frame("lab().shadowRoot.querySelector('iframe')");
        page.js("button(/^share/i).click()");
        page.wait("the dialog is open", "lab().shadowRoot.querySelector('dialog[open]')");
        let place = page.js("return new Promise((resolve) => setTimeout(resolve, 300)).then(() => ['dialog', 'dialog .close'].map((part) => lab().shadowRoot.querySelector(part).getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]))");
        page.js("lab().shadowRoot.querySelector('dialog').close()");
        page.leave_frame();
        let seen = page.js_with(
            "const { top } = lab().shadowRoot.querySelector('iframe').getBoundingClientRect(); return [Math.round(scrollY) === before, arguments[0].every(([from, to]) => top + from >= 0 && top + to <= innerHeight && to - from > 10), arguments[0], top, innerHeight]",
            vec![place],
        );
        assert_eq!([&seen[0], &seen[1]], [&json!(true); 2], "{seen}");
    }
}

/// Such frames open no windows and save no files, and only the console says so.
fn in_a_sandbox_a_dead_link_and_a_lost_download_are_told(page: &Page) {
    for sandbox in ["allow-scripts", "allow-scripts allow-same-origin"] {
        page.open_post(&format!(
            "<body><script>window.told = []; addEventListener('message', ({{ data }}) => told.push(data))</script>\
             <iframe title='figure' sandbox='{sandbox}' src='lab/index.html?figure=lock-cost' style='width: 900px; height: 1800px'></iframe>"
        ));
        page.wait(
            "the frame has come as far as it can",
            "told.some((one) => ['ready', 'unsupported'].includes(one.state))",
        );
        page.enter_frame("document.querySelector('iframe')");
        page.wait(
            "somebody's run is shown",
            "lab().shadowRoot.querySelector('.recorded .verdict')",
        );
        page.js("lab().shadowRoot.querySelector('footer a').click()");
        page.wait(
            "the address can be copied",
            "/lets no link open/.test(words()) && words().includes(lab().shadowRoot.querySelector('footer a').href)",
        );
        page.js("button(/^export/i).click()");
        page.wait("the menu says what may happen", "/allows no downloads/.test(words())");
        page.leave_frame();
    }
}
