//! What can be taken home of a run, each opened in what it is for; and another run laid beside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use serde_json::{Value, json};

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{FIGURE, QUICK, document};
use crate::page::Page;
use crate::report::{is_valid, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    tables_and_reports_are_copied_as_what_they_are,
    a_timeline_opens_as_a_trace.only(&[Engine::Chromium]),
    a_picture_has_twice_the_pages_points_its_title_and_its_environment,
    what_contention_found_opens_in_what_it_is_for,
    another_report_is_laid_beside_and_taken_away_again,
    a_report_that_is_none_is_refused_with_what_is_wrong,
    the_lines_for_embedding_carry_the_settings_and_work_as_pasted,
    a_slice_is_what_is_shared_first_with_all_that_is_chosen,
    an_own_whole_run_has_a_card_with_a_link_that_reopens_it,
];

/// Keeps what the page copies and saves, instead of letting the browser do it.
const CATCH: &str = "
    suite.taken = [];
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text) => void suite.taken.push(text) } });
    const made = URL.createObjectURL;
    URL.createObjectURL = (blob) => { suite.taken.push(blob); return made.call(URL, blob); };
    HTMLAnchorElement.prototype.click = function () { if (!this.download) this.dispatchEvent(new MouseEvent('click')); };";

/// What the page hands over when an item of the menu is pressed: a text, or a file's bytes in base64.
#[track_caller]
pub fn taken(page: &Page, says: &str) -> String {
    let script = format!(
        "{{ {CATCH} }}
         const menu = button(/^(export|导出)$/i);
         if (menu.getAttribute('aria-expanded') !== 'true') menu.click();
         return until(() => button({says})).then((item) => {{
             if (!item) throw new Error('the menu has no such item');
             item.click();
             return until(() => suite.taken.length > 0);
         }}).then(async () => {{
             const [taken] = suite.taken;
             if (typeof taken === 'string') return taken;
             if (!taken) throw new Error('nothing was handed over');
             if (!/image\\/png/.test(taken.type)) return taken.text();
             return btoa(Array.from(new Uint8Array(await taken.arrayBuffer()), (byte) => String.fromCharCode(byte)).join(''));
         }})"
    );
    text(&page.js(&script)).to_owned()
}

/// The copied CSV, read by a parser of others: a row for each of the report's, with its numbers in these columns.
#[track_caller]
fn has_columns(page: &Page, rows: &Value, columns: &[&str]) {
    let csv = taken(page, "/^copy csv/i");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let head = reader.headers().expect("a line of names").clone();
    let records: Vec<_> =
        reader.records().map(|row| row.expect("a row as long as the first")).collect();
    for column in columns {
        let place = head
            .iter()
            .position(|one| one == *column)
            .unwrap_or_else(|| panic!("no {column} in {head:?}"));
        let copied: Vec<Option<f64>> = records
            .iter()
            .map(|record| match &record[place] {
                "" => None,
                field => Some(field.parse().expect("a number")),
            })
            .collect();
        let pointer = format!("/{}", column.replace('.', "/"));
        let expected: Vec<_> =
            list(rows).iter().map(|row| row.pointer(&pointer).and_then(Value::as_f64)).collect();
        assert_eq!(copied, expected, "{column}");
    }
}

/// The saved pictures: the one of lines has these parts and no style sheet's colours, the one of points is twice as large and shows something.
#[track_caller]
pub fn has_pictures(page: &Page, parts: &[&str]) {
    let svg = taken(page, "/picture \\(svg\\)/i");
    for part in parts {
        assert!(svg.contains(part), "the picture has no {part:?}");
    }
    assert!(!svg.contains("var(--"), "colours are written as what they are");
    let size = |name: &str| -> f64 {
        let from = svg.find(&format!(" {name}=\"")).expect("a size") + name.len() + 3;
        svg[from..].split('"').next().and_then(|value| value.parse().ok()).expect("a number")
    };
    let bytes = STANDARD.decode(taken(page, "/picture \\(png\\)/i")).expect("base64");
    let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size that fits")];
    let info = reader.next_frame(&mut pixels).expect("a whole PNG");
    assert_eq!(
        (f64::from(info.width), f64::from(info.height)),
        (2.0 * size("width"), 2.0 * size("height"))
    );
    let colours: std::collections::HashSet<_> =
        pixels.chunks(info.color_type.samples()).take(400_000).collect();
    assert!(colours.len() > 8, "there is something to be seen");
}

fn tables_and_reports_are_copied_as_what_they_are(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    let copied: Value =
        serde_json::from_str(&taken(page, "/^copy report/i")).expect("the report is JSON");
    assert_eq!(copied, report);
    is_valid(&copied);

    has_columns(page, &report["runs"], &["wallMs", "increments"]);

    let markdown = taken(page, "/markdown/i");
    let lines: Vec<_> = markdown.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(lines.len(), 6, "a head, a rule and four runs: {markdown}");
    assert!(
        lines.iter().all(|line| line.matches('|').count() == lines[0].matches('|').count()),
        "{markdown}"
    );
    assert!(markdown.contains(text(&report["environment"]["engine"])));
}

/// The saved trace, held against Google's "Trace Event Format": metadata, complete events with their length, instants with their scope.
#[track_caller]
fn trace(page: &Page) -> Value {
    let trace: Value = serde_json::from_str(&taken(page, "/^save trace/i")).expect("JSON");
    for event in list(&trace["traceEvents"]) {
        assert!(
            event["pid"].is_u64() && event["tid"].is_u64() && event["name"].is_string(),
            "{event}"
        );
        let at = |key: &str| event[key].as_f64().is_some_and(|us| us >= 0.0);
        let fits = match text(&event["ph"]) {
            "M" => event["args"]["name"].is_string(),
            "X" => at("ts") && at("dur"),
            "i" => at("ts") && event["s"] == "t",
            _ => false,
        };
        assert!(fits, "{event}");
    }
    assert!(["ns", "ms"].contains(&text(&trace["displayTimeUnit"])));
    trace
}

fn a_timeline_opens_as_a_trace(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    let trace = trace(page);
    let events = list(&trace["traceEvents"]);
    let of = |kind: &str| events.iter().filter(|event| event["ph"] == kind).collect::<Vec<_>>();
    let threads: Vec<_> =
        of("M").into_iter().filter(|event| event["name"] == "thread_name").collect();
    let workers: usize = list(&report["runs"]).iter().map(|run| list(&run["workers"]).len()).sum();
    assert_eq!(threads.len(), workers, "a thread a worker and run");
    // The first run's first wait, in both: µs there, ms here.
    let waits = of("X")
        .into_iter()
        .filter(|event| event["name"] == "io" && event["pid"] == 1 && event["tid"] == 1);
    let busy_ms: f64 = waits.map(|event| number(&event["dur"]) / 1000.0).sum();
    let told = number(&report["runs"][0]["workers"][0]["busyMs"]);
    assert!(
        (busy_ms - told).abs() < 5.0,
        "{busy_ms} ms of waits in the trace, {told} in the report"
    );
}

fn a_picture_has_twice_the_pages_points_its_title_and_its_environment(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    let engine = text(&report["environment"]["engine"]);
    has_pictures(page, &["Lock cost", engine, "<image", "data:image/png"]);
}

/// A histogram in its own library, a trace, a table and pictures of both of its charts.
fn what_contention_found_opens_in_what_it_is_for(page: &Page) {
    page.stage_small("contention", &[], "threads='2' counters='one' sample-ms='20'");
    let report = page.run();
    let point = &list(&report["points"])[1];
    let bytes = STANDARD.decode(taken(page, "/^copy histogram/i")).expect("base64");
    let histogram: Histogram<u64> =
        Deserializer::new().deserialize(&mut bytes.as_slice()).expect("a compressed V2 histogram");
    assert_eq!(histogram.len() as f64, number(&point["waitNs"]["count"]));
    let trace = trace(page);
    let turns = list(&trace["traceEvents"]).iter();
    let turns = turns.filter(|event| event["name"] == "holding").count();
    assert_eq!(turns, list(&point["turns"]).len(), "a complete event a turn at the lock");
    has_columns(page, &report["points"], &["threads", "opsPerSecond", "waitNs.p99", "lost"]);
    has_pictures(page, &["Contention", "std Mutex", "data:image/png"]);
    // What is folded is in no picture: another reader's recording was never drawn there.
    page.js("lab().removeAttribute('details')");
    page.wait("it is folded", "!parts().some((one) => one.localName === 'canvas' && isSeen(one))");
    let svg = taken(page, "/picture \\(svg\\)/i");
    assert!(!svg.contains("data:") && svg.contains("std Mutex"), "{svg}");
}

/// Pastes a text where a report is asked for.
fn paste(page: &Page, report: &str) {
    page.js_with(
        "const menu = button(/^export$/i);
         if (menu.getAttribute('aria-expanded') !== 'true') menu.click();
         const area = () => parts().find((one) => one.localName === 'textarea' && isSeen(one));
         return until(area).then(() => { area().value = arguments[0]; area().dispatchEvent(new Event('change')); })",
        vec![report.into()],
    );
}

fn another_report_is_laid_beside_and_taken_away_again(page: &Page) {
    page.stage_small("price-list", &[], "budget-ms='500'");
    let report = page.run();
    has_columns(page, &report["prices"], &["nsPerOp", "lowNs", "highNs", "samples"]);
    has_pictures(page, &["Price list", "std Mutex"]);
    let mut other = report;
    other["environment"]["engine"] = json!("Other 1 <b>bold</b>");
    other["prices"][0]["nsPerOp"] = json!(50.0);
    // As on a busy machine, where a batch was short and the clock is coarse.
    other["prices"][0]["lowNs"] = json!(-124_885.035);
    paste(page, &other.to_string());
    page.wait(
        "it is said whose lies beside",
        "/a report from Other 1 <b>bold/.test(words()) && parts().some((one) => one.matches('.prices .there'))",
    );
    page.click("button(/^remove$/i)");
    page.wait(
        "it is gone",
        "!/a report from/.test(words()) && !parts().some((one) => one.matches('.prices .there'))",
    );
}

fn a_report_that_is_none_is_refused_with_what_is_wrong(page: &Page) {
    page.stage(QUICK);
    let report = page.run();
    let with = |path: &str, value: Value| {
        let mut changed = report.clone();
        *changed.pointer_mut(path).expect("a part of the report") = value;
        changed.to_string()
    };
    for (offered, told) in [
        ("{nothing".to_owned(), "not JSON"),
        ("[1]".to_owned(), "isn’t a Lock Lab report"),
        (with("/schema", json!("locklab-report/9")), "locklab-report.9"),
        (with("/figure", json!("contention")), "a report of the figure “contention”"),
        (
            with("/runs/1/wallMs", json!("soon")),
            r"runs\[1\].wallMs should be a number, and is soon",
        ),
        (with("/runs/0/wallMs", json!(-1)), r"runs\[0\].wallMs is -1; it must lie between"),
    ] {
        paste(page, &offered);
        page.wait(told, &format!("/can’t be shown.*{told}/.test(words())"));
    }
    assert_eq!(page.state(FIGURE), "done");
}

/// Every way to embed a figure names its settings; the element's lines make the same figure, and the link opens it.
fn the_lines_for_embedding_carry_the_settings_and_work_as_pasted(page: &Page) {
    page.stage(QUICK);
    page.wait_state(FIGURE, "ready");
    let lines = page.lines_to_embed("");
    let lines: Vec<&str> = list(&lines).iter().map(text).collect();
    for setting in ["4", "3", "5", "1000"] {
        assert!(lines.iter().all(|line| line.contains(setting)), "{lines:#?}");
    }
    assert!(lines[0].contains("<iframe ") && lines[0].contains("loading=\"lazy\""));
    assert!(
        !lines[1].contains("integrity="),
        "the next build's script would be refused: {}",
        lines[1]
    );
    page.keys(thirtyfour::Key::Escape);
    page.wait("Escape closes it", "!lab().shadowRoot.querySelector('dialog')");
    let pasted = page.site.stage_whole(&page.site.isolated, &format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>A post</title><body>{}",
        lines[1]
    ));
    let link = lines[2].to_owned();
    for address in [pasted, link] {
        page.open(&address);
        page.wait_state(FIGURE, "ready");
        assert_eq!(
            page.js("return lab().config"),
            json!({ "threads": 4, "times": 3, "waitMs": 5, "loops": 1000, "counter": "std-mutex", "gil": "off" })
        );
    }
}

/// Of a whole figure its first slice, of a slice that one, of another slice what that is for.
fn a_slice_is_what_is_shared_first_with_all_that_is_chosen(page: &Page) {
    let open = "(button(/^share/i).click(), until(() => lab().shadowRoot.querySelector('dialog[open] pre')).then(() => lab().shadowRoot.querySelector('dialog')))";
    let choose = "const choose = (dialog, chosen) => { for (const [name, value] of Object.entries(chosen)) { const one = dialog.querySelector(`[name=${name}]`); one.value = value; one.dispatchEvent(new Event('change')); } return [...dialog.querySelectorAll('pre')].map((one) => one.textContent); }";
    page.stage("<lock-lab figure=\"lock-cost\" threads=\"4\" src=\"mine.json\"></lock-lab>");
    page.wait("the figure stands", "button(/^share/i)");
    let seen = page.js(&format!("{choose}; return {open}.then((dialog) => [dialog.querySelector('[name=show]').value, choose(dialog, {{ width: '390', theme: 'dark', lang: 'zh' }})])"));
    assert_eq!(seen[0], "times", "the slice is the first choice");
    let lines: Vec<&str> = list(&seen[1]).iter().map(text).collect();
    let src = page.js("return new URL('mine.json', document.baseURI).href");
    for (value, attribute) in [
        ("show", "times"),
        ("theme", "dark"),
        ("lang", "zh"),
        ("threads", "4"),
        ("src", text(&src)),
    ] {
        let address = page.js_with(
            "return new URL(arguments[0]).searchParams.get(arguments[1])",
            vec![lines[2].into(), value.into()],
        );
        assert_eq!(address, attribute, "{value}: {}", lines[2]);
        assert!(lines[1].contains(&format!("{value}=\"{attribute}\"")), "{value}: {}", lines[1]);
    }
    assert!(lines[0].contains("max-width: 390px"), "{}", lines[0]);
    assert!(lines[0].contains("height=\"401\""), "{}", lines[0]);
    assert!(!lines[0].contains('\n'), "one line: {}", lines[0]);
    let pasted = page.site.stage_whole(&page.site.isolated, &document(lines[1]));
    page.open(&pasted);
    page.wait("the slice stands there, as chosen", "/^跑两遍/.test(words()) && lab().clientWidth === 390 && getComputedStyle(lab()).colorScheme === 'dark'");

    page.open_figure("figure=master-worker&show=polling");
    page.wait("the slice stands", "button(/^share/i)");
    let seen = page.js(&format!("{choose}; return {open}.then((dialog) => [dialog.querySelector('[name=show]').value, choose(dialog, {{}})[1], choose(dialog, {{ show: 'told' }})[1]])"));
    assert_eq!(seen[0], "polling", "pressed from within a slice");
    assert!(
        text(&seen[1]).contains("notice=\"poll\"") && text(&seen[1]).contains("show=\"polling\""),
        "{seen}"
    );
    assert!(
        text(&seen[2]).contains("notice=\"told\"") && text(&seen[2]).contains("show=\"told\""),
        "{seen}"
    );
}

/// What is posted of a run: none of somebody else's, of a part of one, or of one that was disturbed.
fn an_own_whole_run_has_a_card_with_a_link_that_reopens_it(page: &Page) {
    let card = "(button(/^share/i).click(), until(() => lab().shadowRoot.querySelector('dialog[open] pre')).then(() => lab().shadowRoot.querySelector('dialog .card')))";
    let closed = "lab().shadowRoot.querySelector('dialog').close()";
    page.open_figure("figure=lock-cost&show=times&threads=4&times=3&wait-ms=5&loops=1000");
    page.wait(
        "a recorded run is shown",
        "lab().shadowRoot.querySelector('.recorded > .verdict')?.textContent",
    );
    let none = format!("return {card}.then((card) => ({closed}, card === null))");
    assert_eq!(page.js(&none), true, "a recorded run is nobody's own");
    page.run();
    let seen = page.js(&format!(
        "return {card}.then(async (card) => {{
            const canvas = card.querySelector('canvas');
            const colours = () => new Set(new Uint32Array(canvas.getContext('2d').getImageData(60, 280, 1000, 260).data.buffer)).size;
            await until(() => colours() > 8);
            {CATCH}
            [...card.querySelectorAll('button')].forEach((one) => one.click());
            await until(() => suite.taken.length === 2);
            {closed};
            return [canvas.width, canvas.height, colours(), suite.taken.find((one) => typeof one === 'string'), suite.taken.find((one) => one.type)?.type, lab().shadowRoot.querySelector('.verdict').textContent, card.querySelector('a').href];
        }})"
    ));
    assert_eq!([&seen[0], &seen[1]], [1200, 630], "{seen}");
    assert!(number(&seen[2]) > 8.0, "the picture is on it: {seen}");
    assert!(text(&seen[3]).contains(text(&seen[5]).trim()), "the figure's own sentence: {seen}");
    assert!(text(&seen[3]).ends_with(text(&seen[6])), "and the link: {seen}");
    assert_eq!(seen[4], "image/png");
    page.js("lab().report.warnings = [{ code: 'machine-slept', ms: 900 }]");
    assert_eq!(page.js(&none), true, "whose times nobody should trust");
    page.open(text(&seen[6]));
    page.wait_state(FIGURE, "ready");
    let config = page.get(FIGURE, "config");
    assert_eq!([&config["threads"], &config["waitMs"]], [4, 5], "{config}");
    assert!(page.is("lab().getAttribute('show') === 'times'"), "{seen}");
}
