//! The figures `price-list` and `contention`: what they measure, what they show of it, and what a reader can do with it.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_valid, list, loses_count, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    every_counter_has_its_price_and_any_can_be_pinned,
    a_price_list_that_is_stopped_keeps_what_it_has,
    threads_compete_and_every_point_is_shown,
    a_sweep_that_is_stopped_keeps_its_points.only(&[Engine::Chromium]),
    a_stop_is_heard_whatever_lock_is_fought_for.only(&[Engine::Chromium]),
    a_stop_is_heard_while_prices_are_measured.only(&[Engine::Chromium]),
    time_goes_from_outside_the_lock_to_inside_and_keeps_its_sum.only(&[Engine::Chromium]),
    where_the_cores_are_not_told_theory_is_left_out.only(&[Engine::Chromium]),
    with_one_hog_the_single_thread_is_said_to_be_it.only(&[Engine::Chromium]),
    what_is_said_of_shares_and_waits_is_true_of_them.only(&[Engine::Chromium]),
    the_names_below_the_axis_of_threads_never_touch,
];

/// The counters that the figure's list offers.
fn rows(page: &Page) -> Vec<Value> {
    let found = page.js(
        "return parts().filter((one) => one.getAttribute('role') === 'option')
             .map((one) => ({ id: one.dataset.id, said: one.getAttribute('aria-label'), pinned: one.getAttribute('aria-selected') }))",
    );
    list(&found).to_vec()
}

fn every_counter_has_its_price_and_any_can_be_pinned(page: &Page) {
    page.stage_small("price-list", &[], "budget-ms='500'");
    // What the browser tells of its battery is there before the run asks for it.
    let battery = page.js("return navigator.getBattery ? navigator.getBattery().then((told) => !told.charging) : null");
    let report = page.run();
    is_valid(&report);
    assert_eq!(report["figure"], "price-list");
    assert_eq!(report["environment"]["onBattery"], battery);
    let prices = list(&report["prices"]);
    assert!(prices.len() >= 3, "{report:#}");
    for price in prices {
        let [low, median, high] = ["lowNs", "nsPerOp", "highNs"].map(|key| number(&price[key]));
        assert!(low <= median && median <= high, "{price}");
        // No interval is told from fewer, however little time there was.
        assert!(number(&price["samples"]) >= 5.0, "{price}");
    }
    let has_locks = page.is("'locks' in navigator");
    for (counter, side, is_there) in [
        ("atomic", "wasm", true),
        ("channel", "wasm", true),
        ("js-atomics", "js", true),
        ("js-plain", "js", true),
        ("js-futex", "js", true),
        ("js-message", "js", true),
        ("js-locks", "js", has_locks),
    ] {
        let row = prices.iter().find(|row| row["counter"] == counter);
        assert_eq!(row.is_some(), is_there, "{counter}: {report}");
        if let Some(row) = row {
            assert_eq!(row["side"], side, "{counter}");
            assert!(number(&row["rawNs"]) > 0.0, "{counter}: {row}");
        }
    }
    page.is_quiet();
    page.click("button(/^all counters$/i)");
    page.wait("the post is answered", "/× 400 = .* of 20/.test(words())");
    let exact = prices.iter().filter(|row| !loses_count(&row["counter"]));
    let dearest =
        exact.max_by(|one, two| number(&one["nsPerOp"]).total_cmp(&number(&two["nsPerOp"])));
    let dearest = text(&dearest.expect("prices")["counter"]).to_owned();
    page.js_with("suite.dearest = parts().find((one) => one.dataset?.id === arguments[0]).querySelector('.name').textContent", vec![dearest.into()]);
    page.wait(
        "the dearest of all rows is named, whatever it is written in",
        "words().includes(` to ${suite.dearest} (`)",
    );
    let shown = rows(page);
    for price in prices {
        assert!(
            shown.iter().any(|row| row["id"] == price["counter"]),
            "{} has no row",
            price["counter"]
        );
    }
    let names = |pinned: &str| {
        let rows = rows(page);
        let mine = rows.iter().filter(|row| row["pinned"] == pinned);
        mine.map(|row| text(&row["id"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("true"), ["std-mutex"]);

    // By keys: the first row of the list; and by a click.
    page.js("parts().find((one) => one.getAttribute('role') === 'listbox').focus()");
    for key in ["\u{e011}", "\u{e007}"] {
        page.keys(key);
    }
    let first = text(&shown[0]["id"]).to_owned();
    page.wait("the first row is pinned", &format!("lab().config.counter === '{first}'"));
    assert_eq!(names("true"), [first.as_str()]);
    page.click("parts().find((one) => one.dataset.id === 'std-mutex').querySelector('text')");
    page.wait("the mutex is pinned again", "lab().config.counter === 'std-mutex'");
    assert_eq!(names("true"), ["std-mutex"]);
    assert_eq!(page.state(FIGURE), "done", "pinning changes nothing that was measured");
}

fn a_price_list_that_is_stopped_keeps_what_it_has(page: &Page) {
    page.stage_small("price-list", &[], "budget-ms='60000'");
    let report = page.stopped_once("prices are there", "/narrow|widest interval/.test(words()) && /\\d+ of \\d+ prices/.test(words()) && !/ 0 of \\d+ prices/.test(words()) && (suite.drawn = parts().filter((one) => one.dataset?.id?.startsWith('js-')).map((one) => one.matches('.js'))).length > 0");
    let drawn = page.js("return suite.drawn");
    assert!(
        list(&drawn).iter().all(|js| js == true),
        "JavaScript's rows are told from Rust's while the run goes on: {drawn}"
    );
    is_valid(&report);
    assert!(!list(&report["prices"]).is_empty(), "{report:#}");
    page.wait("they are shown", "/× 400 = /.test(words())");
}

fn threads_compete_and_every_point_is_shown(page: &Page) {
    page.stage("<lock-lab details='open' figure='contention' threads='3' counters='one' sample-ms='200' hold-ns='500' pause-ns='500'></lock-lab>");
    let report = page.run();
    is_valid(&report);
    let points = list(&report["points"]);
    let threads: Vec<_> = points.iter().map(|point| number(&point["threads"])).collect();
    assert_eq!(threads, [1.0, 2.0, 3.0]);
    for point in points {
        let [low, middle, high] = ["lowOpsPerSecond", "opsPerSecond", "highOpsPerSecond"]
            .map(|name| number(&point[name]));
        assert!(0.0 < low && low <= middle && middle <= high, "{point}");
        assert_eq!(list(&point["windows"]).len(), 10, "{point}");
        assert_eq!(point["lost"], 0, "{point}");
    }
    page.wait(
        "what came out is said",
        "/with one thread, .* with 3/.test(words()) && /Amdahl/.test(words())",
    );
    assert!(page.words(FIGURE).contains("Who had the lock"), "the turns are shown");

    // The chart is read by keys, and its tabs show other sides of the same points.
    let at = "parts().find((one) => one.getAttribute('role') === 'slider' && one.classList.contains('lines'))";
    let read = |attribute: &str| {
        let found = page.js(&format!("return {at}.getAttribute('{attribute}')"));
        text(&found).to_owned()
    };
    assert_eq!(read("aria-valuenow"), "3");
    page.js(&format!("{at}.focus()"));
    page.keys("\u{e012}");
    assert_eq!(read("aria-valuenow"), "2");
    assert!(read("aria-valuetext").contains("std Mutex"), "{}", read("aria-valuetext"));
    page.click("button(/^fairness$/i)");
    assert!(read("aria-valuetext").contains("Fairness"), "{}", read("aria-valuetext"));
    let rows = page.js("return parts().filter((one) => one.localName === 'tr' && one.parentElement.localName === 'tbody' && isSeen(one)).length");
    assert_eq!(rows, 1, "the table tells of the number of threads that was chosen");
}

fn a_sweep_that_is_stopped_keeps_its_points(page: &Page) {
    page.stage_small("contention", &[], "threads='128' counters='all' sample-ms='100'");
    let report =
        page.stopped_once("some points are there", "/([2-9]|\\d\\d) of \\d+ points/.test(words())");
    is_valid(&report);
    assert!(list(&report["points"]).len() >= 2, "{report:#}");
    page.wait("they are shown", "parts().some((one) => one.matches('.lines .dot'))");
}

/// Far more than a stop needs, far less than what it cuts short; `cargo xtask bench costs` holds it to 250 ms.
const SOON_MS: f64 = 3000.0;

/// Stops that came soon, each with a report of what there was.
#[track_caller]
fn were_soon(stops: &Value) {
    for stop in list(stops) {
        assert!(number(&stop["ms"]) < SOON_MS, "{stop}");
        assert_eq!(stop["report"]["outcome"], "stopped", "{stop:#}");
        is_valid(&stop["report"]);
    }
}

fn a_stop_is_heard_whatever_lock_is_fought_for(page: &Page) {
    page.stage_small("contention", &[], "threads='16' counters='one' sample-ms='100'");
    let stops = page.stops_of_every_counter();
    assert!(list(&stops).len() >= 13, "{stops}");
    were_soon(&stops);
    for stop in list(&stops) {
        let points = list(&stop["report"]["points"]);
        assert!(points.len() >= 2, "more threads than cores were at it: {stop:#}");
        assert!(
            points.iter().all(|point| point["lost"] == 0) || loses_count(&stop["counter"]),
            "{stop:#}"
        );
    }
}

fn a_stop_is_heard_while_prices_are_measured(page: &Page) {
    page.stage_small("price-list", &[], "budget-ms='60000'");
    // Some fall into the warming up of what only JavaScript has, some into the rounds.
    let stops = page.js(
        "const stops = [];
         for (const wait of [0, 20, 60, 150, 400]) {
             const run = lab().run();
             if (!(await until(() => lab().state === 'running' && /Measuring|narrow|widest/.test(words()), 10000))) throw new Error('it never ran');
             await new Promise((resolve) => setTimeout(resolve, wait));
             const asked = performance.now();
             const report = await lab().stop();
             stops.push({ ms: performance.now() - asked, report });
             await run;
         }
         return stops",
    );
    assert_eq!(list(&stops).len(), 5);
    were_soon(&stops);
}

fn time_goes_from_outside_the_lock_to_inside_and_keeps_its_sum(page: &Page) {
    page.stage_small("contention", &[], "hold-ns='1000' pause-ns='3000'");
    page.js(
        "const slider = parts().find((one) => one.closest?.('.extra') && one.type === 'range');
         slider.value = '75'; slider.dispatchEvent(new Event('input'))",
    );
    page.wait("time has moved", "lab().config.holdNs === 3000");
    assert_eq!(page.get(FIGURE, "config")["pauseNs"], json!(1000));
}

fn where_the_cores_are_not_told_theory_is_left_out(page: &Page) {
    page.stage_small("contention", &[], "threads='2' counters='one' sample-ms='10'");
    page.js("Object.defineProperty(navigator, 'hardwareConcurrency', { value: undefined })");
    let report = page.run();
    is_valid(&report);
    assert!(report["environment"]["cores"].is_null(), "{report:#}");
    page.wait("it is said why", "/doesn’t say how many cores/.test(words())");
    page.click("button(/^expected$/i)");
    assert_eq!(
        page.js("return parts().some((one) => one.matches('.lines .theory'))"),
        json!(false)
    );
}

fn with_one_hog_the_single_thread_is_said_to_be_it(page: &Page) {
    page.stage_small("contention", &[], "threads='2' counters='one' sample-ms='10'");
    let said = "/The single-thread run was the hog itself/.test(words())";
    page.run();
    page.wait("it is told", "/with one thread/.test(words())");
    assert!(!page.is(said), "there is no hog");
    page.set(FIGURE, "pattern", "hog");
    page.run();
    page.wait("the hog is told of", said);
}

/// The sentences alone: what a run comes to is chance.
fn what_is_said_of_shares_and_waits_is_true_of_them(page: &Page) {
    page.open(&page.site.isolated.url("index.html"));
    let said = page.js(
        "return (async () => {
            const { default: contention } = await import('./suite-www/figures/contention/en.js');
            const waits = (p50, p99) => contention.waits({ p50, p99, max: 9e6, step: 5000 });
            return [contention.shares(0.5, [2, 0, 0, 1], 10), contention.shares(0.8, [30, 0, 40], 10), contention.shares(0.9, [30, 40], 10),
                waits(5000, 5150), waits(5000, 80000), waits(20000, 80000)];
        })()",
    );
    let holds = [
        (0, "2 threads got nothing at all", true),
        (0, "No thread had more than 2 turns", true),
        (1, "one thread got nothing at all", true),
        (1, "No thread had more", false),
        (2, "nothing", false),
        (3, "All but one in a hundred", true),
        (3, "one in a hundred took longer", false),
        (4, "Half of its waits took no more than one step", true),
        (4, "one in a hundred took longer than 80", true),
        (5, "step", false),
    ];
    for (at, words, expected) in holds {
        let sentence = text(&said[at]);
        assert_eq!(sentence.contains(words), expected, "{words}: {sentence}");
    }
}

/// A phone's width, and any number of threads and cores.
fn the_names_below_the_axis_of_threads_never_touch(page: &Page) {
    page.open(&page.site.isolated.url("index.html"));
    let touching = page.js(
        "return (async () => {
            const { makeLines } = await import('./suite-www/views/lines.js');
            const { default: { chart: said } } = await import('./suite-www/figures/contention/en.js');
            const touching = [];
            for (const width of [358, 680]) for (const last of [2, 3, 4, 8, 20, 64]) for (let cores = 1; cores <= last; cores++) {
                const chart = makeLines(said, { at() {}, pin() {} });
                Object.assign(chart.element.style, { width: `${width}px`, font: '13px sans-serif' });
                document.body.prepend(chart.element);
                const xs = [1, 2, 4, 8, 16, 32, 64].filter((one) => one < last).concat(last);
                const lines = [{ id: 'a', name: 'a', kind: 'own', loses: false, points: xs.map((x) => ({ x, y: 1e6 })) }];
                chart.show({ lines, pinned: 'a', xs, at: last, cores, log: true, title: '', mark: String, format: String });
                await until(() => chart.element.querySelector('text'));
                const [one, two] = [said.cores, said.threads].map((name) => [...chart.element.querySelectorAll('text')].find(({ textContent }) => textContent === name).getBoundingClientRect());
                const box = chart.element.getBoundingClientRect();
                if (Math.max(one.left, two.left) - Math.min(one.right, two.right) < 4 || one.left < box.left) touching.push(`${cores} of ${last} at ${width} px: ${[one.left, one.right, two.left, two.right].map(Math.round)}`);
                chart.destroy();
                chart.element.remove();
            }
            return touching;
        })()",
    );
    assert_eq!(touching, serde_json::json!([]));
}
