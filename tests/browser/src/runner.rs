//! Runs one test after the other: gives it a page, and when it fails, gathers what there is to be seen of why.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use crate::browser::Browser;
use crate::engine::{Engine, Variant, target};
use crate::page::Page;
use crate::site::Site;
use crate::suite::Case;

/// How long a failed page is looked at.
const AFTERMATH: Duration = Duration::from_secs(15);

thread_local! {
    /// The last panic on this thread, with its place: tests fail by panicking.
    static PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Keeps panics for the report of a test instead of printing them in the middle of a line.
pub fn keep_panics() {
    std::panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let said = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied());
        let place = info
            .location()
            .map(|place| format!(" ({}:{})", place.file(), place.line()))
            .unwrap_or_default();
        PANIC.set(Some(format!("{}{place}", said.unwrap_or("a panic without words"))));
    }));
}

/// All that tests share.
pub struct Runner {
    site: Site,
    runtime: Runtime,
    headed: bool,
    browser: Option<Browser>,
    times: Vec<(Duration, String)>,
}

impl Runner {
    /// A runner over a built folder. Starts no browser yet.
    ///
    /// # Errors
    /// A sentence, when the folder can't be served.
    pub fn new(folder: PathBuf, headed: bool) -> Result<Runner, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| format!("no runtime for the drivers: {error}"))?;
        Ok(Runner { site: Site::start(folder)?, runtime, headed, browser: None, times: Vec::new() })
    }

    /// Serves another folder from now on.
    ///
    /// # Errors
    /// As [`Runner::new`].
    pub fn serve(&mut self, folder: PathBuf) -> Result<(), String> {
        self.site = Site::start(folder)?;
        Ok(())
    }

    /// Runs one test on one engine.
    ///
    /// # Errors
    /// What failed, and what the page looked like then.
    pub fn run(&mut self, engine: Engine, case: Case) -> Result<(), String> {
        self.change_browser(engine, case.variant)?;
        self.visit(engine, &case.title(), case.limit, |page| (case.run)(page))
    }

    /// Does something else with a page of the engine's usual browser, and gives what it came to.
    ///
    /// # Errors
    /// As [`Runner::run`].
    pub fn with_page<T>(
        &mut self,
        engine: Engine,
        name: &str,
        limit: Duration,
        work: impl FnOnce(&Page) -> T,
    ) -> Result<T, String> {
        self.change_browser(engine, Variant::Usual)?;
        self.visit(engine, name, limit, work)
    }

    fn visit<T>(
        &mut self,
        engine: Engine,
        name: &str,
        limit: Duration,
        work: impl FnOnce(&Page) -> T,
    ) -> Result<T, String> {
        // Always there: it has just been put there.
        let Some(browser) = &mut self.browser else {
            return Err("no browser".to_owned());
        };
        let session = self.runtime.block_on(browser.session())?;
        let begun = Instant::now();
        let mut page = Page::new(browser, session, &self.site, &self.runtime, limit);
        PANIC.take();
        let result = catch_unwind(AssertUnwindSafe(|| {
            page.prefer_scheme("");
            assert!(page.set_viewport(1280, 800), "the window can't be made 1280 × 800");
            work(&page)
        }));
        let violations = self.site.violations();
        let outcome = match result {
            // Reports of the page before may come late: then this test is not to blame, but the suite is right to fail.
            Ok(_) if !violations.is_empty() => {
                Err(format!("the page's Content-Security-Policy was violated: {violations:#?}"))
            }
            Ok(done) => Ok(done),
            Err(_) => Err(aftermath(&mut page, engine, name, PANIC.take())),
        };
        let stuck = page.is_stuck();
        self.times.push((begun.elapsed(), format!("{}::{name}", engine.name())));
        if stuck {
            browser.abandon();
        }
        outcome
    }

    /// Ends the browser in good order.
    pub fn close(&mut self) {
        if let Some(mut browser) = self.browser.take() {
            self.runtime.block_on(browser.close());
        }
    }

    /// Prints how long each test took, the longest first.
    pub fn print_times(&mut self) {
        self.times.sort();
        let sum: Duration = self.times.iter().map(|(time, _)| *time).sum();
        for (time, name) in self.times.iter().rev() {
            eprintln!("{:7.1} s  {name}", time.as_secs_f32());
        }
        eprintln!("{:7.1} s  in all", sum.as_secs_f32());
    }

    /// One browser at a time: the one there is goes where another one is needed.
    fn change_browser(&mut self, engine: Engine, variant: Variant) -> Result<(), String> {
        if self
            .browser
            .as_ref()
            .is_some_and(|browser| browser.engine == engine && browser.variant == variant)
        {
            return Ok(());
        }
        self.close();
        self.browser =
            Some(Browser::new(engine, variant, engine.locate(self.headed)?, self.headed));
        Ok(())
    }
}

/// What a failed page looks like, as far as it still answers.
fn aftermath(page: &mut Page, engine: Engine, name: &str, panic: Option<String>) -> String {
    let mut text = panic.unwrap_or_else(|| "the test panicked without a word".to_owned());
    let _ = write!(text, "\n  last asked of the driver: {}", page.doing());
    if page.is_stuck() {
        text += "\n  the browser answers no more; the next test gets a fresh one; the busiest threads of this second:\n";
        // Whether the browser waits for something or has no processor.
        let top = Command::new("top").args(["-H", "-b", "-d", "1", "-n", "2"]).output();
        let shown = top.map(|top| String::from_utf8_lossy(&top.stdout).into_owned());
        let shown = shown.unwrap_or_else(|error| format!("top: {error}"));
        let second = shown.rfind("\ntop -").unwrap_or_default();
        text.extend(shown[second..].lines().take(30).map(|line| format!("    {line}\n")));
        return text;
    }
    page.extend(AFTERMATH);
    let mut look = |what: &str, at: &dyn Fn(&Page) -> String| {
        let seen = catch_unwind(AssertUnwindSafe(|| at(page)));
        PANIC.take();
        let _ =
            write!(text, "\n  {what}: {}", seen.unwrap_or_else(|_| "could not be read".to_owned()));
    };
    look("address", &|page| page.address());
    look("figures", &|page| {
        page.js(
            "return [...document.querySelectorAll('lock-lab')].map((one) => `${JSON.stringify({ id: one.id, state: one.state, error: one.error, \
             config: one.config, outcome: one.report?.outcome })} reads: ${words(one).slice(0, 3000)}`)",
        )
        .as_array()
        .map(|figures| figures.iter().map(|figure| format!("\n    {}", figure.as_str().unwrap_or_default())).collect())
        .unwrap_or_default()
    });
    look("complaints", &|page| page.js("return window.complaints ?? null").to_string());
    look("console", &|page| {
        page.console().iter().map(|line| format!("\n    {}", line.text)).collect()
    });
    look("picture", &|page| {
        let path = target().join(format!(
            "browser-shots/{}-{}.png",
            engine.name(),
            name.replace("::", "-")
        ));
        let written = std::fs::create_dir_all(target().join("browser-shots"))
            .and_then(|()| std::fs::write(&path, page.picture()));
        written.map_or_else(|error| error.to_string(), |()| path.display().to_string())
    });
    text
}
