//! A figure as an embedding page sees it: its state, config, report and error, its methods, what it shows. Everything here goes through
//! what `docs/api.md` promises, but for the parts that a person presses.

use std::time::Duration;

use serde_json::{Value, json};

use crate::page::Page;

/// The figure that most tests have on their page.
pub const FIGURE: &str = "lock-lab";

/// A figure whose run takes a moment only, whatever the machine.
pub const QUICK: &str = r#"<lock-lab figure="lock-cost" threads="4" times="3" wait-ms="5" loops="1000" details="open"></lock-lab>"#;

/// A figure whose first run waits so long that only a stop ends it.
pub const ENDLESS: &str = r#"<lock-lab figure="lock-cost" threads="4" times="5" wait-ms="60000" loops="1000"></lock-lab>"#;

/// A figure whose third run calculates so long that only a stop ends it, and whose first two take no time.
pub const GRINDING: &str = r#"<lock-lab figure="lock-cost" threads="4" times="5" wait-ms="0" loops="1000000000"></lock-lab>"#;

/// Keeps what the page's frames say, and from which of them it came; `order` says something to the first one.
pub const LISTENS: &str = "<script>window.told = [];
    addEventListener('message', ({ source, data }) => told.push({ at: Array.from(frames).indexOf(source), ...data }));
    window.order = (type, config) => frames[0].postMessage({ type, config }, '*');</script>";

/// A whole page with this body, or head and body.
pub fn document(body: &str) -> String {
    format!(
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>A post</title>\
         <link rel='icon' href='data:,'>{body}"
    )
}

/// What became of a call of `run()` or `stop()`.
#[derive(Debug, Clone)]
pub enum Settled {
    /// It resolved, with the report or with null.
    Report(Value),
    /// It rejected.
    Refusal {
        /// The error's code.
        code: String,
        /// Its sentence.
        message: String,
    },
}

impl Settled {
    /// The report.
    ///
    /// # Panics
    /// Where the promise rejected.
    #[track_caller]
    pub fn report(self) -> Value {
        match self {
            Settled::Report(report) => report,
            Settled::Refusal { code, message } => {
                panic!("the promise rejected, with code {code}: {message}")
            }
        }
    }

    /// Code and sentence of the error.
    ///
    /// # Panics
    /// Where the promise resolved.
    #[track_caller]
    pub fn refusal(self) -> (String, String) {
        match self {
            Settled::Refusal { code, message } => (code, message),
            Settled::Report(report) => {
                panic!("the promise should have rejected, but resolved to {report}")
            }
        }
    }
}

impl Page<'_> {
    /// Opens a page of the test's own with this body, and waits until its first figure is ready.
    #[track_caller]
    pub fn stage(&self, body: &str) {
        self.open(&self.site.stage(body));
        self.wait_state(FIGURE, "ready");
    }

    /// Stages a figure with these attributes, and with small numbers for as many others as they say nothing of.
    #[track_caller]
    pub fn stage_small(&self, figure: &str, small: &[(&str, &str)], attributes: &str) {
        let rest: String = small
            .iter()
            .filter(|(name, _)| !attributes.contains(&format!("{name}=")))
            .map(|(name, value)| format!(" {name}='{value}'"))
            .collect();
        self.stage(&format!(
            "<lock-lab details='open' figure='{figure}'{rest} {attributes}></lock-lab>"
        ));
    }

    /// Starts the figure and stops it from within the page, as soon as this is true there: for moments that come and go too quickly for a
    /// driver. Gives the report that both promises agree on.
    #[track_caller]
    pub fn stopped_once(&self, moment: &str, expression: &str) -> Value {
        let [run, stop] = self.reports_of(&format!(
            "lab().run(), until(() => {expression}, 15000).then((so) => {{ if (!so) throw new Error('it never came to this'); return lab().stop(); }})"
        ));
        assert_eq!(run, stop, "run() and stop() give the same report");
        assert_eq!(run["outcome"], "stopped", "{moment}: {run:#}");
        assert_eq!(self.state(FIGURE), "stopped");
        run
    }

    /// Runs contention for every counter, one after the other, and stops each as soon as two numbers of threads are through, so with more of
    /// them at it than there are cores. Gives each one's name, how long the stop took, and its report.
    #[track_caller]
    pub fn stops_of_every_counter(&self) -> Value {
        self.js(
            "return (async () => {
             const pinned = lab().getAttribute('counter') ?? 'std-mutex';
             lab().setAttribute('counter', '?');
             if (!(await until(() => lab().error?.detail?.wrong, 5000))) throw new Error('no names are told');
             const names = lab().error.detail.wrong[0].allowed.split(', ').filter((name) => name !== 'none');
             const stops = [];
             for (const counter of names) {
                 lab().setAttribute('counter', counter);
                 await until(() => lab().state !== 'failed' && lab().config.counter === counter, 5000);
                 const run = lab().run();
                 if (!(await until(() => lab().state === 'running' && /(^|\\D)([2-9]|\\d\\d) of \\d+ points/.test(words()), 10000))) throw new Error(`${counter} never came to more threads`);
                 const asked = performance.now();
                 const report = await lab().stop();
                 stops.push({ counter, ms: performance.now() - asked, report });
                 await run;
             }
             lab().setAttribute('counter', pinned);
             return stops;
             })()",
        )
    }

    /// Opens a page of the product's own, and waits until its first figure is ready.
    #[track_caller]
    pub fn open_page(&self, path: &str) {
        self.open(&self.site.isolated.url(path));
        self.wait_state(FIGURE, "ready");
    }

    /// The same of the page that has what this query says.
    #[track_caller]
    pub fn open_figure(&self, query: &str) {
        self.open_page(&format!("index.html?{query}"));
    }

    /// A property of a figure.
    #[track_caller]
    pub fn get(&self, selector: &str, property: &str) -> Value {
        self.js_with(
            "return lab(arguments[0])[arguments[1]]",
            vec![selector.into(), property.into()],
        )
    }

    /// The state of a figure.
    #[track_caller]
    pub fn state(&self, selector: &str) -> String {
        self.get(selector, "state").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a figure is in a state. Gives up at once where it failed instead.
    #[track_caller]
    pub fn wait_state(&self, selector: &str, state: &str) {
        self.wait_state_up_to(Duration::from_secs(20), selector, state);
    }

    /// The same with another patience.
    #[track_caller]
    pub fn wait_state_up_to(&self, patience: Duration, selector: &str, state: &str) {
        let script = "const it = lab(arguments[0]); return { state: it?.state ?? null, error: it?.error ?? null }";
        let last = self.until_some(patience, &format!("{selector} is {state}"), || {
            let now = self.js_with(script, vec![selector.into()]);
            let is = now["state"].as_str().unwrap_or_default();
            if is == state || is == "failed" || is == "unsupported" {
                Ok(now)
            } else {
                Err(format!("it is {now}"))
            }
        });
        assert_eq!(last["state"], state, "{selector} came to another end: {last}");
    }

    /// Waits until a figure that failed is in another state again.
    #[track_caller]
    pub fn wait_state_after_failure(&self, selector: &str, state: &str) {
        self.wait(
            &format!("{selector} is {state}"),
            &format!("lab({}).state === {}", json!(selector), json!(state)),
        );
    }

    /// Sets an attribute of a figure.
    #[track_caller]
    pub fn set(&self, selector: &str, attribute: &str, value: &str) {
        self.js_with(
            "lab(arguments[0]).setAttribute(arguments[1], arguments[2])",
            [selector, attribute, value].map(Value::from).to_vec(),
        );
    }

    /// Calls `run()` or another method that promises a report, and goes on. Gives the number by which `settled` knows the call.
    #[track_caller]
    pub fn begin(&self, selector: &str, method: &str) -> u64 {
        let call = self.js_with(
            "return begin(lab(arguments[0])[arguments[1]]())",
            vec![selector.into(), method.into()],
        );
        call.as_u64().unwrap_or_else(|| panic!("{method}() was not begun: {call}"))
    }

    /// Whether a call has come to its end.
    #[track_caller]
    pub fn is_settled(&self, call: u64) -> bool {
        self.js_with("return suite.runs[arguments[0]].settled", vec![call.into()]) == json!(true)
    }

    /// Waits for the end of a call.
    #[track_caller]
    pub fn settled(&self, call: u64) -> Settled {
        self.settled_within(Duration::from_secs(30), call)
    }

    /// Waits for the end of a call, but not longer than this.
    #[track_caller]
    pub fn settled_within(&self, patience: Duration, call: u64) -> Settled {
        let run = self.wait_up_to(
            patience,
            "the promise settles",
            &format!("suite.runs[{call}].settled && suite.runs[{call}]"),
        );
        match run.get("error") {
            Some(error) => {
                assert_eq!(
                    error["isError"], true,
                    "what a promise rejects with is an Error: {error}"
                );
                let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
                Settled::Refusal { code: text("code"), message: text("message") }
            }
            None => Settled::Report(run["report"].clone()),
        }
    }

    /// Runs the first figure to its end, and gives the report.
    #[track_caller]
    pub fn run(&self) -> Value {
        self.run_of(FIGURE)
    }

    /// The same of any figure.
    #[track_caller]
    pub fn run_of(&self, selector: &str) -> Value {
        let call = self.begin(selector, "run");
        self.settled(call).report()
    }

    /// Stops a figure's run, and gives the report.
    #[track_caller]
    pub fn stop(&self, selector: &str) -> Value {
        let call = self.begin(selector, "stop");
        self.settled(call).report()
    }

    /// Runs the first figure, which must refuse: gives code and sentence.
    #[track_caller]
    pub fn refused(&self) -> (String, String) {
        let call = self.begin(FIGURE, "run");
        self.settled(call).refusal()
    }

    /// Begins promises in one go in the page, as these expressions make them, and gives the report of each.
    #[track_caller]
    pub fn reports_of<const N: usize>(&self, promises: &str) -> [Value; N] {
        let calls = self.js(&format!("return [{promises}].map(begin)"));
        std::array::from_fn(|at| {
            let call = calls[at].as_u64().unwrap_or_else(|| panic!("{N} promises: {calls}"));
            self.settled(call).report()
        })
    }

    /// Begins a run and waits until it is in this part of it; gives the call's number.
    #[track_caller]
    pub fn begin_phase(&self, selector: &str, phase: usize) -> u64 {
        let call = self.begin(selector, "run");
        self.wait_phase(selector, phase);
        call
    }

    /// Waits until the browser has no more worker threads than this.
    #[track_caller]
    pub fn wait_threads(&self, most: usize) {
        self.until_some(
            Duration::from_secs(20),
            &format!("{most} worker threads are left"),
            || match self.worker_threads() {
                now if now <= most => Ok(()),
                now => Err(format!("{now} worker threads")),
            },
        );
    }

    /// Waits until a figure's run is in this part of it (0 to 3, in the post's order), by what it shows.
    #[track_caller]
    pub fn wait_phase(&self, selector: &str, phase: usize) {
        self.wait_state(selector, "running");
        let ask = format!("phaseShown(lab({})) >= {phase}", json!(selector));
        self.wait(&format!("the run is in its part {phase}"), &ask);
    }

    /// All that a person reads in a figure.
    #[track_caller]
    pub fn words(&self, selector: &str) -> String {
        self.js_with("return words(lab(arguments[0]))", vec![selector.into()])
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Events that the stage's recorder heard, of one type, oldest first.
    #[track_caller]
    pub fn heard(&self, kind: &str) -> Vec<Value> {
        self.js_with("return heard.filter((one) => one.type === arguments[0])", vec![kind.into()])
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// Opens the figure's dialog for sharing, and gives the lines that it offers for a slice, or for the whole ("").
    #[track_caller]
    pub fn lines_to_embed(&self, show: &str) -> Value {
        self.click("button(/^share/i)");
        self.wait(
            "the dialog is open",
            "lab().shadowRoot.querySelector('dialog[open]')?.querySelectorAll('pre').length >= 6",
        );
        self.js_with(
            "const select = Object.assign(lab().shadowRoot.querySelector('dialog [name=show]'), { value: arguments[0] }); select.dispatchEvent(new Event('change')); return [...lab().shadowRoot.querySelectorAll('dialog pre')].map((one) => one.textContent)",
            vec![show.into()],
        )
    }

    /// What the stage's page complained of: errors, unhandled rejections, console warnings.
    #[track_caller]
    pub fn complaints(&self) -> Vec<Value> {
        self.js("return complaints").as_array().cloned().unwrap_or_default()
    }

    /// The page complained of nothing.
    #[track_caller]
    pub fn is_quiet(&self) {
        assert_eq!(self.complaints(), Vec::<Value>::new());
    }

    /// Opens a page of other people's on an isolated origin: this is its body, and there is no policy.
    #[track_caller]
    pub fn open_html(&self, body: &str) {
        self.open(&self.site.stage_whole(&self.site.isolated, &document(body)));
    }

    /// Opens a post with this body on a plain host, which has the built folder in its `lab/`.
    #[track_caller]
    pub fn open_post(&self, body: &str) {
        self.open(&self.site.post(&self.site.plain, "post", &document(body), None));
    }

    /// Opens a page that [`LISTENS`] and carries lock-cost in a frame, so far below that nobody sees it where there is much `above`.
    #[track_caller]
    pub fn open_framed(&self, query: &str, above: u32) {
        self.open_html(&format!(
            "{LISTENS}<div style='height: {above}px'></div><iframe title='figure' src='index.html?figure=lock-cost&{query}' \
             style='width: 900px; height: 900px' allow='cross-origin-isolated'></iframe>"
        ));
        if above == 0 {
            self.told_state("ready");
        }
    }

    /// Waits for a frame's message of this type, in a page that [`LISTENS`].
    #[track_caller]
    pub fn told(&self, kind: &str) -> Value {
        self.wait(
            &format!("a frame says {kind}"),
            &format!("told.find((one) => one.type === '{kind}')"),
        )
    }

    /// Waits until a frame has said that it is in this state.
    #[track_caller]
    pub fn told_state(&self, state: &str) {
        let said = format!("told.some((one) => one.state === '{state}')");
        self.wait(&format!("a frame is {state}"), &said);
    }
}
