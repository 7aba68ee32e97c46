//! Measures what a page pays that carries figures: what its readers fetch and wait for, what moves, what its own thread loses, what it gets back.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::bench::{Goal, row};
use super::native;
use crate::engine::Engine;
use crate::lab::{FIGURE, LISTENS, QUICK, document};
use crate::page::Page;
use crate::report::{is_whole, number};
use crate::suite::Case;

/// What is measured.
pub const CASES: &[Case] = &[
    Case::new("embeds-door", door),
    Case::new("embeds-in-view", in_view).only(&[Engine::Chromium]).within(120),
    Case::new("embeds-picture", picture).within(120),
    Case::new("embeds-article", article)
        .only(&[Engine::Chromium])
        // Ten times through all of it, half of them in slow motion.
        .within(480),
    Case::new("embeds-five", five).within(300),
    Case::new("waiting", waiting).only(&[Engine::Chromium]).within(120),
    // What a file weighs does not depend on the engine.
    Case::new("first-load", first_load).only(&[Engine::Chromium]),
];

/// How often what a reader waits for is measured.
const TIMES: usize = 5;

/// Keeps, from the page's first moment on, what the browser says of paints, of what moved, and of long tasks. For Chromium, which has a way to put
/// a script in front of a page, and alone knows two of the three.
const WATCH: &str = "
    window.watched = { lcp: 0, shifts: [], tasks: [] };
    const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
    watch('largest-contentful-paint', (one) => (watched.lcp = one.startTime));
    watch('layout-shift', (one) => one.hadRecentInput || watched.shifts.push({ at: one.startTime, value: one.value, who: one.sources.map(({ node }) => node?.nodeName + '.' + (node?.className ?? '')).join(' ') }));
    watch('longtask', (one) => watched.tasks.push({ at: one.startTime, ms: one.duration }));
";

/// The layout shift as browsers sum it up: the worst window of moves with less than a second between them, five seconds long at most.
fn cumulative_shift(shifts: &Value) -> f64 {
    let (mut worst, mut sum, mut first, mut last) =
        (0.0_f64, 0.0, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for shift in shifts.as_array().into_iter().flatten() {
        let (at, value) = (number(&shift["at"]), number(&shift["value"]));
        if at - last > 1000.0 || at - first > 5000.0 {
            (sum, first) = (0.0, at);
        }
        last = at;
        sum += value;
        worst = worst.max(sum);
    }
    worst
}

/// What tasks of a page take beyond 50 ms each, which is what a reader's press may have to wait for.
fn blocking(tasks: &Value) -> f64 {
    let tasks = tasks.as_array().into_iter().flatten();
    tasks.map(|task| (number(&task["ms"]) - 50.0).max(0.0)).fold(0.0, |sum, ms| sum + ms)
}

/// A post with an element far below, which has the lab in a folder beside it.
fn far() -> String {
    document(&format!(
        "<script type='module' src='lab/lock-lab.js'></script><body><div style='height: 6000px'></div>{QUICK}"
    ))
}

/// The element on a page that shows it far below: nothing of it but its script.
fn door(page: &Page) {
    page.site.isolated.asked();
    page.open(&page.site.post(&page.site.isolated, "post", &far(), None));
    page.wait("the element is known", "customElements.get('lock-lab')");
    page.js("return new Promise((resolve) => setTimeout(resolve, 1500))");
    let asked = page.site.isolated.asked();
    let scripts = asked.iter().filter(|path| path.ends_with(".js")).count() as f64;
    page.row("requests of an element far from view", "", Goal::Most(1.0), [scripts]);
    if page.engine == Engine::Chromium {
        let shifts = page.js("return new Promise((resolve) => { const all = []; new PerformanceObserver((list) => { all.push(...list.getEntries()); }).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => resolve(all.reduce((sum, one) => sum + one.value, 0)), 200); })");
        page.row("layout shift by it", "", Goal::Most(0.0), [number(&shifts)]);
        let bytes =
            native::brotli(&["lock-lab.js".to_owned()]).unwrap_or_else(|error| panic!("{error}"));
        row("lock-lab.js, brotli", "", "KB", Goal::Most(6.0), [bytes / 1e3]);
    }
}

/// From a reader's scrolling to a figure that can be run, on a plain static host with the folder beside the post: the one reload included, by
/// which the figure's own page gets its isolation, for a reader's first visit; and for the next one.
fn in_view(page: &Page) {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let post = page.site.post(&page.site.plain, "post", &far(), None);
        for times in [&mut first, &mut again] {
            page.open(&post);
            page.wait("the element is known", "customElements.get('lock-lab')");
            let ms = page.js("const begun = performance.now(); lab().scrollIntoView(); return until(() => lab().state === 'ready', 15000).then(() => performance.now() - begun)");
            let framed = "lab().shadowRoot.querySelector('iframe') && lab().state === 'ready'";
            page.wait("it stands in a frame", framed);
            times.push(number(&ms));
        }
    }
    let what = "frame on a plain host, same origin: in view to ready";
    page.row(what, "ms", Goal::Most(1500.0), first);
    page.row("the same, of a reader who was there before", "ms", Goal::Most(1500.0), again);
}

/// How soon there is something to look at in a frame that no engine can isolate, and how often its page is loaded until then.
fn picture(page: &Page) {
    let measure = |_| {
        page.site.plain.asked();
        page.open_post(&format!("{LISTENS}<iframe title='figure' sandbox='allow-scripts' src='lab/index.html?figure=lock-cost' style='width: 800px; height: 900px'></iframe>"));
        page.told_state("unsupported");
        page.enter_frame("document.querySelector('iframe')");
        let at = page.wait(
            "there is a picture",
            "performance.getEntriesByName('lock-lab picture')[0]?.startTime",
        );
        page.leave_frame();
        let asked = page.site.plain.asked();
        let loads = asked.iter().filter(|path| path.ends_with("/lab/index.html")).count();
        (number(&at), loads as f64)
    };
    let (shown, loads): (Vec<_>, Vec<_>) = (0..TIMES).map(measure).unzip();
    let what = "frame that can't be isolated: load to the first picture";
    page.row(what, "ms", Goal::Most(500.0), shown);
    page.row("the same: how often its page was loaded", "", Goal::Most(1.0), loads);
}

/// The article as a reader meets it, on a processor that is four times as slow: what is painted when, what moves while all of it is read, how long
/// its thread is taken.
fn article(page: &Page) {
    let script = page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }));
    for (rate, what, rest) in
        [(4, "article, processor 4 times as slow", ", to rest"), (1, "article, this processor", "")]
    {
        page.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate }));
        let (mut painted, mut moved, mut taken, mut read) = (vec![], vec![], vec![], vec![]);
        for _ in 0..TIMES {
            page.open(&page.site.isolated.fresh("index.html"));
            page.wait_state(FIGURE, "ready");
            // Until its thread has been free for two seconds, as others count it too.
            page.wait("the page has come to rest", "performance.now() - Math.max(1000, ...watched.tasks.map(({ at, ms }) => at + ms)) > 2000");
            let seen = page.js("return watched");
            painted.push(number(&seen["lcp"]));
            taken.push(blocking(&seen["tasks"]));
            // All of it, as a reader scrolls through: a command a step, for one that lasts for all of them can outlast what a driver allows a script.
            let step = "scrollBy(0, 400); return new Promise((resolve) => setTimeout(() => resolve(scrollY + innerHeight >= document.documentElement.scrollHeight - 2), 150))";
            let patience = Duration::from_secs(90);
            page.until_some(patience, "all of it has been scrolled through", || {
                match page.js(step) {
                    Value::Bool(true) => Ok(()),
                    _ => Err("its end is not in sight".to_owned()),
                }
            });
            // What is folded has no room, and begins when it is unfolded.
            page.wait("the last figure is there", "[...document.querySelectorAll('lock-lab')].every((figure) => figure.state === 'ready' || !figure.checkVisibility({ contentVisibilityAuto: false }))");
            let seen = page
                .js("return new Promise((resolve) => setTimeout(() => resolve(watched), 1000))");
            moved.push(cumulative_shift(&seen["shifts"]));
            read.push(blocking(&seen["tasks"]));
        }
        page.row(format!("{what}: largest paint"), "ms", Goal::Most(1000.0), painted);
        let block = format!("the same: tasks over 50 ms, by what they are over{rest}");
        page.row(block, "ms", Goal::Most(50.0), taken);
        let what = "the same, and while all of it is scrolled through";
        page.row(what, "ms", Goal::Open, read);
        page.row("layout shift meanwhile", "", Goal::Most(0.02), moved);
    }
    page.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 }));
    page.cdp("Page.removeScriptToEvaluateOnNewDocument", script);
}

/// Five figures in five frames of one post: what they take before they are wanted, and what is left after each has had its turn.
fn five(page: &Page) {
    let figures: String = (0..5).map(|at| format!("<iframe id='at{at}' title='figure' src='lab/index.html?figure=lock-cost&threads=4&times=3&wait-ms=5&loops=1000' allow='cross-origin-isolated' style='display: block; width: 800px; height: 300px'></iframe>")).collect();
    let old = page.worker_threads();
    let html = document(&format!("{LISTENS}{figures}"));
    page.open(&page.site.post(&page.site.isolated, "post", &html, None));
    for at in 0..5 {
        page.js(&format!("document.querySelector('#at{at}').scrollIntoView()"));
        let ready = format!("told.some((one) => one.at === {at} && one.state === 'ready')");
        page.wait("each is ready", &ready);
    }
    let rest = page.worker_threads();
    let more = || page.worker_threads().saturating_sub(rest);
    let fresh = rest.saturating_sub(old) as f64;
    page.row("five frames before interaction: workers", "", Goal::Most(0.0), [fresh]);
    let before = page.resident_mb();
    let mut most = 0;
    let mut kept = Vec::new();
    for at in 0..5 {
        page.js(&format!("document.querySelector('#at{at}').scrollIntoView(); frames[{at}].postMessage({{ type: 'lab-run' }}, '*')"));
        let report = format!("told.find((one) => one.at === {at} && one.type === 'lab-report')");
        is_whole(&page.wait("each runs", &report)["report"]);
        most = most.max(more());
        kept.push(page.resident_mb() - before);
    }
    // One frame alone has threads: its four, their owner and the coordinator. Chromium needs up to two seconds to end a sleeping thread.
    page.wait_threads(rest + 6);
    let what = "each of them run once: memory of all processes, over before";
    page.row(what, "MB", Goal::Open, kept);
    page.row("workers while the next has just run", "", Goal::Open, [most as f64]);
    // A figure gives its threads back when nobody has wanted them for a minute.
    page.until_some(Duration::from_secs(90), "the threads are given back", || match more() {
        0 => Ok(()),
        now => Err(format!("{now} worker threads")),
    });
    page.row("a minute after: workers more than before", "", Goal::Most(0.0), [more() as f64]);
    let kept = page.resident_mb() - before;
    page.row("a minute after: memory of all processes, over before", "MB", Goal::Open, [kept]);
}

/// What a reader waits for beside the runs themselves: over a slow line for a figure that can be run; from the press for the first run; and in the
/// second run of a page.
fn waiting(page: &Page) {
    const LINE: [i64; 2] = [150, 200_000];
    let source = "addEventListener('lab-state', ({ detail }) => { if (detail.state === 'ready') window.readyAt ??= performance.now(); })";
    let script = page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }));
    let network = |[ms, bytes]: [i64; 2]| {
        page.cdp("Network.enable", json!({}));
        page.cdp("Network.emulateNetworkConditions", json!({ "offline": false, "latency": ms, "downloadThroughput": bytes, "uploadThroughput": bytes }));
    };
    let (mut ready, mut pressed, mut second) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TIMES {
        network(LINE);
        page.open(&page.site.isolated.fresh("index.html?times=1&wait-ms=1&loops=1000"));
        ready.push(number(&page.wait("the figure is ready", "window.readyAt")));
        network([0, -1]);
        let press = "const begun = performance.now(); runButton().click(); return until(() => phaseShown() >= 0, 15000).then(() => performance.now() - begun)";
        pressed.push(number(&page.js(press)));
        page.wait_state(FIGURE, "done");
        let again = page.js("const begun = performance.now(); return lab().run().then(({ runs }) => performance.now() - begun - runs.reduce((sum, { wallMs }) => sum + wallMs, 0))");
        second.push(number(&again));
    }
    page.cdp("Page.removeScriptToEvaluateOnNewDocument", script);
    page.row("article ready at 1.6 Mbit/s, 150 ms", "ms", Goal::Most(1200.0), ready);
    page.row("press to the first run, 20 threads", "ms", Goal::Most(400.0), pressed);
    page.row("second run, beside the runs, 20 × 1 × 1 ms", "ms", Goal::Most(150.0), second);
}

/// What a browser that knows nothing yet asks for, weighed as hosts send it: until the article's first figure is ready, and until it has run. By the
/// host's own record, which has what workers ask for as well.
fn first_load(page: &Page) {
    let origin = &page.site.isolated;
    origin.asked();
    page.open(&origin.fresh("index.html"));
    page.wait_state(FIGURE, "ready");
    // Its recorded run and native ones come after it.
    std::thread::sleep(Duration::from_secs(1));
    let mut asked = origin.asked();
    let weigh = |what: &str, asked: &[String]| {
        let files: BTreeSet<_> = asked.iter().filter_map(|path| in_dist(path)).collect();
        let files: Vec<_> = files.into_iter().collect();
        let bytes = native::brotli(&files).unwrap_or_else(|error| panic!("{error}"));
        eprintln!("  {what}: {}", files.join(", "));
        page.row(what, "KB", Goal::Most(150.0), [bytes / 1e3]);
    };
    weigh("first load of the article, brotli: until its figure is ready", &asked);
    page.run();
    asked.extend(origin.asked());
    weigh("the same, until it has run", &asked);
}

/// The file of the built folder that such a path of [`Origin::fresh`](crate::site::Origin::fresh) stands for.
fn in_dist(path: &str) -> Option<String> {
    let (_, file) = path.strip_prefix("/fault/none-")?.split_once('/')?;
    Some(file.to_owned())
}
