//! What a figure does to the page that it is a guest of: takes no focus, no scroll, no pinch, shows no white in a dark page, and asks for
//! no more than the reader's machine has.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::engine::{Engine, Variant};
use crate::lab::{FIGURE, LISTENS, QUICK, document};
use crate::page::Page;
use crate::report::{is_whole, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    a_figure_takes_neither_focus_nor_scroll_while_it_loads_and_runs,
    a_frame_in_a_dark_page_is_never_white.only(&[Engine::Chromium]),
    where_service_workers_are_refused_a_frame_shows_a_recorded_run_and_loads_once
        .only(&[Engine::Chromium]),
    one_finger_moves_a_slider_and_scrolls_the_page_and_two_zoom_the_timeline
        .only(&[Engine::Chromium]),
    whatever_number_of_processors_a_browser_tells_a_figure_runs_what_was_asked_for,
    a_device_with_little_memory_gets_no_more_threads_than_fit_and_says_so.only(&[Engine::Chromium]),
    the_host_pages_own_pictures_sounds_scripts_and_frames_stay_whole,
    in_a_private_window_a_figure_runs_or_says_why_and_never_loads_again_and_again
        .only(&[Engine::Chromium, Engine::Firefox])
        .with(Variant::Private),
];

/// The element with its script, as an author pastes it into a post.
fn pasted() -> String {
    format!("<script type='module' src='lab/lock-lab.js'></script>{QUICK}")
}

/// The page's own button keeps the focus, and its place stays, with an inline figure and with one in a frame.
fn a_figure_takes_neither_focus_nor_scroll_while_it_loads_and_runs(page: &Page) {
    let origins = [&page.site.isolated, &page.site.plain];
    for origin in &origins[..if page.engine == Engine::Chromium { 2 } else { 1 }] {
        let html = document(&format!(
            "<body><button id='mine'>Mine</button><div style='height: 300px'></div>{}<div style='height: 3000px'></div></body>",
            pasted()
        ));
        page.open(&page.site.post(origin, "post", &html, None));
        page.js("window.taken = []; document.querySelector('#mine').focus({ preventScroll: true }); scrollTo(0, 120);
            addEventListener('focusin', ({ target }) => target.id === 'mine' || taken.push(`focus on ${target.localName}`));
            addEventListener('scroll', () => scrollY === 120 || taken.push(`scrolled to ${scrollY}`))");
        page.wait_state(FIGURE, "ready");
        is_whole(&page.run());
        let after = page.js("return [document.activeElement.id, scrollY, taken]");
        assert_eq!(after, json!(["mine", 120, []]));
    }
}

/// The colour in the middle of a picture's lower half, where the frame is.
#[track_caller]
fn brightness(picture: &[u8]) -> u64 {
    let mut reader =
        png::Decoder::new(std::io::Cursor::new(picture)).read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("of a size that fits")];
    let info = reader.next_frame(&mut pixels).expect("a whole picture");
    let row = &pixels[info.line_size * (info.height as usize / 2)..][..info.line_size];
    let sample = info.color_type.samples();
    let at = &row[row.len() / 2 / sample * sample..][..3];
    at.iter().map(|&part| u64::from(part)).sum::<u64>() / 3
}

/// While the frame's page is still on its way, when it has come, and in both ways of embedding.
fn a_frame_in_a_dark_page_is_never_white(page: &Page) {
    page.prefer_scheme("dark");
    for body in [
        "<script type='module' src='lab/lock-lab.js'></script><lock-lab figure='lock-cost'></lock-lab>",
        "<iframe title='figure' src='lab/index.html?figure=lock-cost' style='border: 0; width: 100%; height: 760px'></iframe>",
    ] {
        page.open_post(&format!(
            "<meta name='color-scheme' content='light dark'><style>body {{ margin: 0; background: light-dark(white, #111) }}</style><body>{LISTENS}{body}</body>"
        ));
        let mut seen = Vec::new();
        seen.extend((0..8).map(|_| brightness(&page.picture())));
        page.wait(
            "the figure is there",
            "lab()?.state === 'ready' || told.some((one) => one.state === 'ready')",
        );
        seen.push(brightness(&page.picture()));
        assert!(
            seen.iter().all(|&bright| bright < 128),
            "something white in a dark page: {seen:?} with {body}"
        );
    }
    page.prefer_scheme("");
}

/// How often the lab's page was loaded since this was asked last.
fn loads(page: &Page) -> usize {
    page.site.plain.asked().iter().filter(|path| path.ends_with("/lab/index.html")).count()
}

/// As in private windows, or with cookies blocked.
fn where_service_workers_are_refused_a_frame_shows_a_recorded_run_and_loads_once(page: &Page) {
    let script = page.cdp(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('The user denied permission to use Service Worker.', 'SecurityError'))" }),
    );
    for at in ["post", "lab/index.html?figure=lock-cost"] {
        let post = page.site.post(&page.site.plain, "post", &document(&pasted()), None);
        page.site.plain.asked();
        page.open(&post.replace("/post", &format!("/{at}")));
        page.wait("it says where it stands", "lab()?.state === 'unsupported'");
        assert_eq!(page.get(FIGURE, "error")["code"], "no-shared-memory");
        if at != "post" {
            page.wait(
                "somebody's run is shown",
                "lab().shadowRoot.querySelector('.recorded .verdict')",
            );
        }
        assert_eq!(loads(page), 1, "{at}");
    }
    page.cdp("Page.removeScriptToEvaluateOnNewDocument", script);
}

/// Fingers at these places, from the first to the last of each.
#[track_caller]
fn fingers(page: &Page, paths: &[[[f64; 2]; 2]]) {
    let points = |share: f64| -> Value {
        paths
            .iter()
            .enumerate()
            .map(|(id, [from, to])| json!({ "id": id, "x": from[0] + (to[0] - from[0]) * share, "y": from[1] + (to[1] - from[1]) * share }))
            .collect()
    };
    let touch = |kind: &str, points: Value| {
        page.cdp("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }));
    };
    touch("touchStart", points(0.0));
    for step in 1..=8 {
        touch("touchMove", points(f64::from(step) / 8.0));
    }
    touch("touchEnd", json!([]));
}

/// Where the middle of a part of the figure is seen, and how wide it is.
#[track_caller]
fn middle_of(page: &Page, part: &str) -> [f64; 3] {
    let found = page.js(&format!("const one = {part}; one.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const at = one.getBoundingClientRect(); return [at.left + at.width / 2, at.top + at.height / 2, at.width]"));
    [0, 1, 2].map(|at| number(&list(&found)[at]))
}

fn one_finger_moves_a_slider_and_scrolls_the_page_and_two_zoom_the_timeline(page: &Page) {
    page.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 2 }));
    page.stage(&format!("{QUICK}<div id='below'></div>"));
    page.js("document.querySelector('#below').style.height = '2000px'");
    let [x, y, width] = middle_of(page, "control('range', /threads/i)");
    fingers(page, &[[[x - width / 2.0 + 12.0, y], [x + width / 4.0, y + 3.0]]]);
    page.wait("the number of threads follows", "lab().config.threads > 60");
    page.set(FIGURE, "threads", "4");
    is_whole(&page.run());
    let [x, y, width] = middle_of(page, "lab().shadowRoot.querySelector('.timeline canvas')");
    // Ticks say what part of the run is seen: the canvas has no other voice, so the readout of its middle is compared.
    let moment = "lab().shadowRoot.querySelector('.timeline canvas').toDataURL()";
    let before = page.js(&format!("return {moment}"));
    fingers(page, &[[[x - 20.0, y], [x - width / 4.0, y]], [[x + 20.0, y], [x + width / 4.0, y]]]);
    page.until_some(std::time::Duration::from_secs(5), "the timeline is drawn anew, finer", || {
        let now = page.js(&format!("return {moment}"));
        if now == before { Err("the same picture".to_owned()) } else { Ok(()) }
    });
    assert_eq!(page.js("return visualViewport.scale"), 1, "the page itself is not zoomed");
    let before = number(&page.js("return scrollY"));
    fingers(page, &[[[x, y], [x, y - 200.0]]]);
    page.wait("one finger has scrolled the page", &format!("scrollY > {before} + 100"));
    page.cdp("Emulation.setTouchEmulationEnabled", json!({ "enabled": false }));
}

/// Opens a page where the browser tells this of itself, before any script of the page's could ask.
#[track_caller]
fn open_where(page: &Page, property: &str, told: &str) {
    page.open_html(&format!(
        "<body><script>Object.defineProperty(navigator, '{property}', {{ get: () => {told} }})</script>\
         <script type='module' src='lock-lab.js'></script>{QUICK}</body>"
    ));
    page.wait_state(FIGURE, "ready");
}

/// Browsers that guard their readers tell 2 or 8, whatever there is, or nothing.
fn whatever_number_of_processors_a_browser_tells_a_figure_runs_what_was_asked_for(page: &Page) {
    for told in ["1", "2", "8", "undefined"] {
        open_where(page, "hardwareConcurrency", told);
        let report = page.run();
        is_whole(&report);
        assert_eq!(report["config"]["threads"], 4);
        let cores = &report["environment"]["cores"];
        assert_eq!(
            *cores,
            told.parse::<u64>().map_or(Value::Null, Value::from),
            "the report says what the browser says"
        );
    }
}

/// Phones end a page that takes too much, without a word. What a figure will not start it says where the threads are set, and when it is asked.
fn a_device_with_little_memory_gets_no_more_threads_than_fit_and_says_so(page: &Page) {
    for (told, most) in [("0.25", 20), ("1", 32), ("2", 64)] {
        open_where(page, "deviceMemory", told);
        let seen =
            page.js("const slider = control('range', /threads/i); return [slider.max, words()]");
        assert_eq!(seen[0], most.to_string(), "the slider's end at {told} GB");
        let sentence = format!("At most {most} here: this browser reports {told}");
        assert!(text(&seen[1]).contains(&sentence), "{sentence}: {seen}");
        let described = page.js("const field = control('number', /threads/i); return field.getAttribute('aria-describedby').split(' ').map((id) => lab().shadowRoot.getElementById(id)?.textContent).join('')");
        assert!(text(&described).contains(&sentence), "{described}");
    }
    let before = page.worker_threads();
    page.set(FIGURE, "threads", "66");
    assert_eq!(page.get(FIGURE, "config")["threads"], 66, "what was asked for stands");
    let (code, message) = page.refused();
    assert_eq!(code, "no-memory");
    assert!(message.contains("64 threads or fewer"), "{message}");
    assert!(page.words(FIGURE).contains(&message.replace('\u{a0}', " ")), "a reader sees it");
    assert!(page.worker_threads() <= before, "no thread was started for it");
    page.set(FIGURE, "threads", "64");
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], 64, "as many as fit run");
    // Enough, and browsers that tell nothing.
    for told in ["4", "32", "undefined"] {
        open_where(page, "deviceMemory", told);
        let seen = page.js("return [control('range', /threads/i).max, /at most/i.test(words())]");
        assert_eq!(seen, json!(["128", false]), "{told} GB");
    }
}

/// What browsers break on a page that demands consent of all it holds: images, sounds, films, scripts and frames of sites that say nothing. A post on a
/// plain host has them all, beside the element and a frame, and the lab's service worker has been there before it.
fn the_host_pages_own_pictures_sounds_scripts_and_frames_stay_whole(page: &Page) {
    let advert = page.site.stage_whole(
        &page.site.plain,
        "<!doctype html><html lang='en'><title>An advertisement</title><body><script>parent.postMessage({ type: 'advert' }, '*')</script>",
    );
    let theirs = page.site.plain.url("").replace("127.0.0.1", "localhost");
    let advert = advert.replace("127.0.0.1", "localhost");
    let html = document(&format!(
        "<body>{LISTENS}<script>window.came = {{}};\
         const note = (one, what) => (came[one.localName] ??= what)</script>\
         <img src='{theirs}cards/lock-cost.png' alt='' width='300' onload='note(this, true)' onerror='note(this, false)'>\
         <video src='{theirs}suite-sound.wav' preload='auto' controls onloadedmetadata='note(this, true)' onerror='note(this, false)'></video>\
         <script src='{theirs}suite-recorder.js' onload='note(this, !!window.heard)' onerror='note(this, false)'></script>\
         <iframe title='advert' src='{advert}' width='300' height='80'></iframe>\
         <script type='module' src='lab/lock-lab.js'></script>{QUICK}\
         <iframe class='lock-lab' title='figure' src='lab/index.html?figure=price-list' width='800' height='600'></iframe></body>"
    ));
    let post = page.site.post(&page.site.plain, "post", &html, None);
    // A reader who was on the lab's own page first.
    page.open(&post.replace("/post", "/lab/index.html?figure=lock-cost"));
    page.wait("it stands where it can", "['ready', 'unsupported'].includes(lab()?.state)");
    page.open(&post);
    page.wait(
        "both figures have come as far as they can",
        "['ready', 'unsupported'].includes(lab()?.state) && told.some((one) => ['ready', 'unsupported'].includes(one.state))",
    );
    page.wait(
        "all that the host page holds has come or failed",
        "'video' in came && 'img' in came && 'script' in came && told.some((one) => one.type === 'advert')",
    );
    let seen = page.js(
        "return fetch(arguments[0], { mode: 'no-cors' }).then(({ type }) => type, String).then((beacon) => ({ ...came, advert: told.some((one) => one.type === 'advert'), beacon,
            isolated: crossOriginIsolated, controller: navigator.serviceWorker?.controller?.scriptURL ?? null, plays: document.createElement('video').canPlayType('audio/wav') !== '' }))"
            .replace("arguments[0]", &format!("'{theirs}cards/price-list.png'"))
            .as_str(),
    );
    let plays = seen["plays"].clone();
    assert_eq!(
        seen,
        json!({ "img": true, "video": plays, "script": true, "advert": true, "beacon": "opaque", "isolated": false, "controller": null, "plays": plays }),
        "the page around a figure is as it was without one"
    );
    assert!(page.engine == Engine::Webkit || plays == true, "this browser plays the sound");
}

/// On a plain host, where only the lab's service worker could help: in a tab of its own, and by the element in a post.
fn in_a_private_window_a_figure_runs_or_says_why_and_never_loads_again_and_again(page: &Page) {
    let mut outcomes = Vec::new();
    for at in ["lab/index.html?figure=lock-cost&threads=3&times=2&wait-ms=5&loops=1000", "post"] {
        let post = page.site.post(&page.site.plain, "post", &document(&pasted()), None);
        page.site.plain.asked();
        page.open(&post.replace("/post", &format!("/{at}")));
        let state = page.wait(
            "it says where it stands",
            "['ready', 'unsupported'].includes(lab()?.state) && lab().state",
        );
        if state == "ready" {
            assert_eq!(page.run()["outcome"], "done");
        } else {
            let error = page.get(FIGURE, "error");
            assert_eq!(error["code"], "no-shared-memory", "{error}");
            assert!(text(&error["message"]).len() > 60, "it says why: {error}");
        }
        // A loop would go on now.
        page.js("return new Promise((resolve) => setTimeout(resolve, 500))");
        let loads = loads(page);
        assert!(loads <= 2, "{at}: {loads} loads");
        outcomes.push(text(&state).to_owned());
    }
    let expected = match page.engine {
        Engine::Chromium => ["ready", "ready"],
        _ => ["ready", "unsupported"],
    };
    assert_eq!(outcomes, expected, "docs/api.md says what private windows do");
}
