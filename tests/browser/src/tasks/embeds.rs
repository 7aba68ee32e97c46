//! Measures what a page pays that carries figures: what its readers fetch and wait for, what moves, what its own thread loses, what it gets back.

use std::time::Duration;

use serde_json::{Value, json};

use super::bench::add;
use super::native;
use super::table::Row;
use crate::engine::Engine;
use crate::lab::QUICK;
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
fn far(folder: &str) -> String {
    format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><link rel='icon' href='data:,'>\
         <script type='module' src='{folder}lock-lab.js'></script><body><div style='height: 6000px'></div>{QUICK}</body>"
    )
}

/// The element on a page that shows it far below: nothing of it but its script.
fn door(page: &Page) {
    page.site.isolated.asked();
    page.open(&page.site.post(&page.site.isolated, "post", &far("lab/"), None));
    page.wait("the element is known", "customElements.get('lock-lab')");
    page.js("return new Promise((resolve) => setTimeout(resolve, 1500))");
    let asked = page.site.isolated.asked();
    let scripts = asked.iter().filter(|path| path.ends_with(".js"));
    let name = page.engine.name();
    add(Row::most(
        "requests of an element far from view",
        name,
        "",
        Some(1.0),
        vec![scripts.count() as f64],
    ));
    if page.engine == Engine::Chromium {
        let shifts = page.js("return new Promise((resolve) => { const all = []; new PerformanceObserver((list) => { all.push(...list.getEntries()); }).observe({ type: 'layout-shift', buffered: true }); setTimeout(() => resolve(all.reduce((sum, one) => sum + one.value, 0)), 200); })");
        add(Row::most("layout shift by it", name, "", Some(0.0), vec![number(&shifts)]));
        let bytes =
            native::brotli(&["lock-lab.js".to_owned()]).unwrap_or_else(|error| panic!("{error}"));
        add(Row::most("lock-lab.js, brotli", "", "KB", Some(6.0), vec![bytes / 1e3]));
    }
}

/// From a reader's scrolling to a figure that can be run, on a plain static host with the folder beside the post: the one reload included, by
/// which the figure's own page gets its isolation, for who comes for the first time; and for who was there before.
fn in_view(page: &Page) {
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let post = page.site.post(&page.site.plain, "post", &far("lab/"), None);
        for times in [&mut first, &mut again] {
            page.open(&post);
            page.wait("the element is known", "customElements.get('lock-lab')");
            let ms = page.js("const begun = performance.now(); lab().scrollIntoView(); return until(() => lab().state === 'ready', 15000).then(() => performance.now() - begun)");
            page.wait(
                "it stands in a frame",
                "lab().shadowRoot.querySelector('iframe') && lab().state === 'ready'",
            );
            times.push(number(&ms));
        }
    }
    let name = page.engine.name();
    add(Row::most(
        "frame on a plain host, same origin: in view to ready",
        name,
        "ms",
        Some(1500.0),
        first,
    ));
    add(Row::most("the same, of a reader who was there before", name, "ms", Some(1500.0), again));
}

/// How soon there is something to look at in a frame that no engine can isolate, and how often its page is loaded until then.
fn picture(page: &Page) {
    let (mut shown, mut loads) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let html = "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><link rel='icon' href='data:,'><body><script>window.told = []; addEventListener('message', ({ data }) => told.push(data))</script>\
            <iframe title='figure' sandbox='allow-scripts' src='lab/index.html?figure=lock-cost' style='width: 800px; height: 900px'></iframe></body>";
        let post = page.site.post(&page.site.plain, "post", html, None);
        page.site.plain.asked();
        page.open(&post);
        page.wait(
            "the frame says where it stands",
            "told.some((one) => one.type === 'lab-state' && one.state === 'unsupported')",
        );
        page.enter_frame("document.querySelector('iframe')");
        let at = page.wait(
            "there is a picture",
            "performance.getEntriesByName('lock-lab picture')[0]?.startTime",
        );
        page.leave_frame();
        shown.push(number(&at));
        loads.push(
            page.site.plain.asked().iter().filter(|path| path.ends_with("/lab/index.html")).count()
                as f64,
        );
    }
    let name = page.engine.name();
    add(Row::most(
        "frame that can't be isolated: load to the first picture",
        name,
        "ms",
        Some(500.0),
        shown,
    ));
    add(Row::most("the same: how often its page was loaded", name, "", Some(1.0), loads));
}

/// The article as a reader meets it, on a processor that is four times as slow: what is painted when, what moves while all of it is read, how long
/// its thread is taken.
fn article(page: &Page) {
    let script = page.cdp("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }));
    let name = page.engine.name();
    for (rate, paint, block) in [
        (
            4,
            "article, processor 4 times as slow: largest paint",
            "the same: tasks over 50 ms, by what they are over, to rest",
        ),
        (
            1,
            "article, this processor as it is: largest paint",
            "the same: tasks over 50 ms, by what they are over",
        ),
    ] {
        page.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": rate }));
        let (mut painted, mut moved, mut taken, mut read) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for _ in 0..TIMES {
            page.open(&page.site.isolated.fresh("index.html"));
            page.wait_state("lock-lab", "ready");
            // Until its thread has been free for two seconds, as others count it too.
            page.wait("the page has come to rest", "performance.now() - Math.max(1000, ...watched.tasks.map(({ at, ms }) => at + ms)) > 2000");
            let seen = page.js("return watched");
            painted.push(number(&seen["lcp"]));
            taken.push(blocking(&seen["tasks"]));
            // All of it, as a reader scrolls through: a command a step, for one that lasts for all of them can outlast what a driver allows a script.
            let step = "scrollBy(0, 400); return new Promise((resolve) => setTimeout(() => resolve(scrollY + innerHeight >= document.documentElement.scrollHeight - 2), 150))";
            page.until_some(Duration::from_secs(90), "all of it has been scrolled through", || {
                match page.js(step) {
                    Value::Bool(true) => Ok(()),
                    _ => Err("its end is not in sight".to_owned()),
                }
            });
            page.wait("the last figure is there", "[...document.querySelectorAll('lock-lab')].every(({ state }) => state === 'ready')");
            let seen = page
                .js("return new Promise((resolve) => setTimeout(() => resolve(watched), 1000))");
            moved.push(cumulative_shift(&seen["shifts"]));
            read.push(blocking(&seen["tasks"]));
        }
        add(Row::most(paint, name, "ms", Some(1000.0), painted));
        add(Row::most(block, name, "ms", Some(50.0), taken));
        add(Row::most("the same, and while all of it is scrolled through", name, "ms", None, read));
        add(Row::most("layout shift meanwhile", name, "", Some(0.02), moved));
    }
    page.cdp("Emulation.setCPUThrottlingRate", json!({ "rate": 1 }));
    page.cdp("Page.removeScriptToEvaluateOnNewDocument", script);
}

/// Five figures in five frames of one post: what they take before they are wanted, and what is left after each has had its turn.
fn five(page: &Page) {
    let figures: String = (0..5).map(|at| format!("<iframe id='at{at}' title='figure' src='lab/index.html?figure=lock-cost&threads=4&times=3&wait-ms=5&loops=1000' allow='cross-origin-isolated' style='display: block; width: 800px; height: 300px'></iframe>")).collect();
    let old = page.worker_threads();
    let html = format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title><link rel='icon' href='data:,'><body><script>window.told = []; addEventListener('message', ({{ source, data }}) => told.push({{ at: Array.from(frames).indexOf(source), ...data }}))</script>{figures}</body>"
    );
    page.open(&page.site.post(&page.site.isolated, "post", &html, None));
    for at in 0..5 {
        page.js(&format!("document.querySelector('#at{at}').scrollIntoView()"));
        page.wait(
            "each is ready",
            &format!("told.some((one) => one.at === {at} && one.state === 'ready')"),
        );
    }
    let rest = page.worker_threads();
    let name = page.engine.name();
    add(Row::most(
        "five frames before interaction: workers",
        name,
        "",
        Some(0.0),
        vec![rest.saturating_sub(old) as f64],
    ));
    let before = page.resident_mb();
    let mut most = 0;
    let mut kept = Vec::new();
    for at in 0..5 {
        page.js(&format!("document.querySelector('#at{at}').scrollIntoView(); frames[{at}].postMessage({{ type: 'lab-run' }}, '*')"));
        let told = page.wait(
            "each runs",
            &format!("told.find((one) => one.at === {at} && one.type === 'lab-report')"),
        );
        is_whole(&told["report"]);
        most = most.max(page.worker_threads().saturating_sub(rest));
        kept.push(page.resident_mb() - before);
    }
    // Chromium needs up to two seconds to end a sleeping thread.
    page.until_some(Duration::from_secs(10), "one frame alone has threads", || {
        match page.worker_threads().saturating_sub(rest) {
            now if now <= 6 => Ok(()),
            now => Err(format!("{now} worker threads")),
        }
    });
    add(Row::most(
        "each of them run once: memory of all processes, over before",
        name,
        "MB",
        None,
        kept,
    ));
    add(Row::most("workers while the next has just run", name, "", None, vec![most as f64]));
    // A figure gives its threads back when nobody has wanted them for a minute.
    page.until_some(Duration::from_secs(90), "the threads are given back", || {
        match page.worker_threads().saturating_sub(rest) {
            0 => Ok(()),
            now => Err(format!("{now} worker threads")),
        }
    });
    add(Row::most(
        "a minute after: workers more than before",
        name,
        "",
        Some(0.0),
        vec![page.worker_threads().saturating_sub(rest) as f64],
    ));
    add(Row::most(
        "a minute after: memory of all processes, over before",
        name,
        "MB",
        None,
        vec![page.resident_mb() - before],
    ));
}
