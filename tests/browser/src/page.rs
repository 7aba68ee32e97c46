//! A page in a browser as a test sees it: goes to addresses, runs scripts, waits for conditions, presses keys. Every call is bounded by the
//! test's time limit and panics with a sentence when it can't do what it was asked. Knows nothing of figures.

use std::cell::RefCell;
use std::future::Future;
use std::time::{Duration, Instant};

use serde_json::Value;
use thirtyfour::error::WebDriverResult;
use thirtyfour::{TypingData, WebDriver, WebElement};
use tokio::runtime::Runtime;
use tokio::time::{sleep, timeout};

use crate::browser::Browser;
use crate::engine::Engine;
use crate::outside::Line;
use crate::site::Site;

/// In front of every script.
const PRELUDE: &str = include_str!("prelude.js");
/// How long a condition may take to come true where the test says nothing else.
const PATIENCE: Duration = Duration::from_secs(20);
/// What a command may take beyond the test's time: a condition that has not come true in time is then
/// said to be that, and not taken for a hang.
const GRACE: Duration = Duration::from_secs(2);
/// How often a condition is looked at.
const GLANCE: Duration = Duration::from_millis(25);

/// The page under test.
pub struct Page<'a> {
    /// The engine that shows it.
    pub engine: Engine,
    /// Where it comes from.
    pub site: &'a Site,
    pub(crate) driver: WebDriver,
    pub(crate) browser: &'a Browser,
    runtime: &'a Runtime,
    until: Instant,
    limit: Duration,
    doing: RefCell<String>,
    stuck: RefCell<bool>,
    pub(crate) console: RefCell<Vec<Line>>,
    pub(crate) log_start: usize,
}

impl<'a> Page<'a> {
    /// A fresh page with so much time for a test.
    pub fn new(
        browser: &'a Browser,
        driver: WebDriver,
        site: &'a Site,
        runtime: &'a Runtime,
        limit: Duration,
    ) -> Page<'a> {
        let page = Page {
            engine: browser.engine,
            site,
            driver,
            browser,
            runtime,
            until: Instant::now() + limit,
            limit,
            doing: RefCell::default(),
            stuck: RefCell::new(false),
            console: RefCell::default(),
            log_start: browser.driver().map_or(0, |driver| driver.output().len()),
        };
        // What the page before left in the log is not this one's.
        page.read_console();
        page.console.borrow_mut().clear();
        page
    }

    /// Waits for a command to the driver. A hang ends with the test's time, and says what hung.
    #[track_caller]
    pub(crate) fn call<T>(
        &self,
        what: &str,
        command: impl Future<Output = WebDriverResult<T>>,
    ) -> T {
        self.doing.replace(what.to_owned());
        let left = self.until.saturating_duration_since(Instant::now()) + GRACE;
        match self.runtime.block_on(async { timeout(left, command).await }) {
            Ok(Ok(value)) => value,
            Ok(Err(error)) => panic!("{what}: {error}"),
            Err(_) => {
                self.stuck.replace(true);
                let [limit, asked] = [self.limit, left].map(|time| time.as_secs());
                panic!(
                    "the test's {limit} s were over while it was to {what}, as the driver was asked {asked} s ago"
                )
            }
        }
    }

    /// What was asked of the driver last.
    pub fn doing(&self) -> String {
        self.doing.borrow().clone()
    }

    /// Whether the driver owes an answer, so that its session is good for nothing more.
    pub fn is_stuck(&self) -> bool {
        *self.stuck.borrow()
    }

    /// More time for looking at a page after its test has failed.
    pub fn extend(&mut self, time: Duration) {
        self.until = Instant::now() + time;
    }

    /// Goes to an address and waits until the page has loaded.
    #[track_caller]
    pub fn open(&self, address: &str) {
        self.call(&format!("open {address}"), self.driver.goto(address));
    }

    /// Loads the page again.
    #[track_caller]
    pub fn reload(&self) {
        self.call("reload the page", self.driver.refresh());
    }

    /// Back in the history.
    #[track_caller]
    pub fn back(&self) {
        self.call("go back", self.driver.back());
    }

    /// Where the page says that it is.
    #[track_caller]
    pub fn address(&self) -> String {
        self.call("read the address", self.driver.current_url()).to_string()
    }

    /// Runs a script and gives what it returns; a promise is waited for.
    #[track_caller]
    pub fn js(&self, script: &str) -> Value {
        self.js_with(script, Vec::new())
    }

    /// The same with `arguments`.
    #[track_caller]
    pub fn js_with(&self, script: &str, arguments: Vec<Value>) -> Value {
        let whole = format!("{PRELUDE}\n{script}");
        self.call(&format!("run `{}`", first_line(script)), self.driver.execute(whole, arguments))
            .json()
            .clone()
    }

    /// Whether an expression is truthy now.
    #[track_caller]
    pub fn is(&self, expression: &str) -> bool {
        self.js(&format!("return Boolean({expression})")) == true
    }

    /// Waits until an expression is truthy, and gives its value.
    #[track_caller]
    pub fn wait(&self, what: &str, expression: &str) -> Value {
        self.wait_up_to(PATIENCE, what, expression)
    }

    /// Waits until an expression is truthy, but not longer than this.
    #[track_caller]
    pub fn wait_up_to(&self, patience: Duration, what: &str, expression: &str) -> Value {
        let script = format!("return ({expression})");
        self.until_some(patience, what, || {
            let value = self.js(&script);
            if is_truthy(&value) { Ok(value) } else { Err(format!("`{expression}` is {value}")) }
        })
    }

    /// Asks again and again until there is an answer; the last refusal is the message when there is none in time.
    #[track_caller]
    pub fn until_some<T>(
        &self,
        patience: Duration,
        what: &str,
        ask: impl Fn() -> Result<T, String>,
    ) -> T {
        let begun = Instant::now();
        loop {
            let refusal = match ask() {
                Ok(answer) => return answer,
                Err(refusal) => refusal,
            };
            assert!(
                Instant::now() < self.until,
                "the test's {} s were over while waiting until {what}: {refusal}",
                self.limit.as_secs()
            );
            assert!(
                begun.elapsed() < patience,
                "waited {:.1} s in vain until {what}: {refusal}",
                begun.elapsed().as_secs_f32()
            );
            self.runtime.block_on(async { sleep(GLANCE).await });
        }
    }

    /// An element that a script returns.
    #[track_caller]
    pub fn element(&self, script: &str) -> WebElement {
        let whole = format!("{PRELUDE}\nreturn ({script})");
        let found = self.call(&format!("find {script}"), self.driver.execute(whole, Vec::new()));
        assert!(!found.json().is_null(), "there is no {script} in the page");
        found.element().unwrap_or_else(|error| panic!("{script} is no element: {error}"))
    }

    /// Presses an element as a person does: at its middle, scrolled into view, once it stands still.
    #[track_caller]
    pub fn click(&self, script: &str) {
        self.js(&format!("return rests(() => ({script}))"));
        let element = self.element(script);
        self.call(&format!("press {script}"), element.click());
    }

    /// Types keys into whatever has the focus.
    #[track_caller]
    pub fn keys(&self, keys: impl Into<TypingData>) {
        let keys = keys.into();
        let named = format!("type {keys:?}");
        let typed = self
            .driver
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
            .send_keys(keys);
        self.call(&named, typed.perform());
    }

    /// Presses the mouse on an element and moves it from step to step, as when a slider is dragged.
    #[track_caller]
    pub fn drag(&self, script: &str, steps: &[i64]) {
        let element = self.element(script);
        let mut chain = self
            .driver
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
            .click_and_hold_element(&element);
        for &step in steps {
            chain = chain.move_by_offset(step, 0);
        }
        self.call(&format!("drag {script}"), chain.release().perform());
    }

    /// Moves the mouse to a place in an element, in pixels from its upper left corner, and leaves it there.
    #[track_caller]
    pub fn hover(&self, script: &str, place: [i64; 2]) {
        let (element, [x, y]) = self.place_in(script, place);
        let chain = self
            .driver
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
            .move_to_element_with_offset(&element, x, y);
        self.call(&format!("point at {script}"), chain.perform());
    }

    /// Presses the mouse at a place in an element, moves it by these steps, and lets go; without a step that is a click.
    #[track_caller]
    pub fn press_at(&self, script: &str, place: [i64; 2], steps: &[[i64; 2]]) {
        let (element, [x, y]) = self.place_in(script, place);
        let mut chain = self
            .driver
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO))
            .move_to_element_with_offset(&element, x, y)
            .click_and_hold();
        for &[x, y] in steps {
            chain = chain.move_by_offset(x, y);
        }
        self.call(&format!("press at a place in {script}"), chain.release().perform());
    }

    /// An element that has been scrolled into sight, and a place in it counted from its middle, as drivers count.
    #[track_caller]
    fn place_in(&self, script: &str, [x, y]: [i64; 2]) -> (WebElement, [i64; 2]) {
        let middle = self.js(&format!(
            "const one = {script}; one.scrollIntoView({{ block: 'center' }}); const {{ width, height }} = one.getBoundingClientRect(); return [Math.floor(width / 2), Math.floor(height / 2)]"
        ));
        let half = |at: usize| middle[at].as_i64().unwrap_or_default();
        (self.element(script), [x - half(0), y - half(1)])
    }

    /// Goes into a frame of the page; scripts run in there from now on.
    #[track_caller]
    pub fn enter_frame(&self, script: &str) {
        let frame = self.element(script);
        self.call("enter a frame", frame.enter_frame());
    }

    /// Back out of every frame.
    #[track_caller]
    pub fn leave_frame(&self) {
        let leave = self.driver.enter_default_frame();
        self.call("leave the frame", leave);
    }
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

fn first_line(script: &str) -> &str {
    script.trim().lines().next().unwrap_or_default()
}
