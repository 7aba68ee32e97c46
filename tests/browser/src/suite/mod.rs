//! What the page is held to, one file a theme. A test is a function whose name is the behaviour; it fails by panicking.

use std::time::Duration;

use crate::engine::{Engine, Variant};
use crate::page::Page;

mod accessible;
mod address;
mod alone;
mod around;
mod article;
mod attributes;
mod costs;
mod deploys;
mod dirty;
mod element;
mod faults;
mod guest;
mod harness;
mod hosts;
mod interleaving;
mod keyboard;
mod languages;
mod life;
mod looks;
mod many;
mod master_exit;
mod master_kills;
mod master_worker;
mod mishaps;
mod packages;
mod panics;
mod recordings;
mod responsive;
mod room;
mod runs;
mod safety;
mod settings;
mod stop;
pub mod take_home;
mod threads;
mod thrift;
mod unscripted;
mod unsupported;

/// For what Rust or the page alone decides, or only tools of Chromium can bring about: one engine is enough.
pub const ONE: &[Engine] = &[Engine::Chromium];

/// One test, and where it is run.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The behaviour, which is the function's name.
    pub name: &'static str,
    /// Where it stands: a path of modules that ends with its theme's.
    pub place: &'static str,
    /// What it does.
    pub run: fn(&Page),
    /// On which engines.
    pub engines: &'static [Engine],
    /// How its browser is started.
    pub variant: Variant,
    /// After what time it has failed, whatever it does.
    pub limit: Duration,
}

impl Case {
    /// A test for all engines.
    pub const fn new(name: &'static str, run: fn(&Page)) -> Case {
        Case {
            name,
            place: "",
            run,
            engines: &Engine::ALL,
            variant: Variant::Usual,
            limit: Duration::from_secs(60),
        }
    }

    /// Where it stands.
    pub const fn at(self, place: &'static str) -> Case {
        Case { place, ..self }
    }

    /// Its theme and the behaviour, by which it can be asked for; and the fonts, where it is tried with several sets.
    pub fn title(&self) -> String {
        let theme = self.place.rsplit("::").next().unwrap_or_default();
        let fonts = match self.variant {
            Variant::WideFonts => "_in_wide_letters",
            Variant::NarrowFonts => "_in_narrow_letters",
            _ => "",
        };
        format!("{theme}::{}{fonts}", self.name)
    }

    /// Only where a driver can do what the test needs.
    pub const fn only(self, engines: &'static [Engine]) -> Case {
        Case { engines, ..self }
    }

    /// In a browser that is started in another way.
    pub const fn with(self, variant: Variant) -> Case {
        Case { variant, ..self }
    }

    /// Another time limit.
    pub const fn within(self, seconds: u64) -> Case {
        Case { limit: Duration::from_secs(seconds), ..self }
    }
}

/// Tests by their functions' names.
macro_rules! cases {
    ($($function:ident $(. $method:ident ($argument:expr))*),* $(,)?) => {
        &[$($crate::suite::Case::new(stringify!($function), $function).at(module_path!())$(.$method($argument))*),*]
    };
}
use cases;

/// Every test. Those that need a browser of their own come last, so that it is changed once.
pub fn all_cases() -> impl Iterator<Item = Case> {
    let themes: &[&[Case]] = &[
        harness::CASES,
        runs::CASES,
        settings::CASES,
        stop::CASES,
        threads::CASES,
        thrift::CASES,
        address::CASES,
        article::CASES,
        around::CASES,
        attributes::CASES,
        element::CASES,
        many::CASES,
        packages::CASES,
        panics::CASES,
        faults::CASES,
        interleaving::CASES,
        keyboard::CASES,
        accessible::CASES,
        languages::CASES,
        looks::CASES,
        life::CASES,
        deploys::CASES,
        dirty::CASES,
        mishaps::CASES,
        responsive::CASES,
        unscripted::CASES,
        room::CASES,
        guest::CASES,
        unsupported::CASES,
        alone::CASES,
        safety::CASES,
        recordings::CASES,
        costs::CASES,
        take_home::CASES,
        hosts::CASES,
        master_worker::CASES,
        master_kills::CASES,
        master_exit::CASES,
    ];
    let mut all: Vec<Case> = themes.iter().copied().flatten().copied().collect();
    all.sort_by_key(|case| case.variant);
    all.into_iter()
}
