//! What the page is held to, one file a theme. A test is a function whose name is the behaviour; it fails by panicking.

use std::time::Duration;

use crate::engine::{Engine, Variant};
use crate::page::Page;

mod accessible;
mod address;
mod attributes;
mod element;
mod faults;
mod harness;
mod keyboard;
mod life;
mod many;
mod master_exit;
mod master_worker;
mod panics;
mod responsive;
mod runs;
mod settings;
mod stop;
mod threads;
mod unsupported;

/// One test, and where it is run.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The behaviour, which is the function's name.
    pub name: &'static str,
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
            run,
            engines: &Engine::ALL,
            variant: Variant::Usual,
            limit: Duration::from_secs(60),
        }
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
        Case {
            limit: Duration::from_secs(seconds),
            ..self
        }
    }
}

/// Tests by their functions' names.
macro_rules! cases {
    ($($function:ident $(. $method:ident ($argument:expr))*),* $(,)?) => {
        &[$($crate::suite::Case::new(stringify!($function), $function)$(.$method($argument))*),*]
    };
}
use cases;

/// Every test. Those that need a browser of their own come last, so that it is changed once.
pub fn all_cases() -> impl Iterator<Item = Case> {
    let themes: [&[Case]; 18] = [
        harness::CASES,
        runs::CASES,
        settings::CASES,
        stop::CASES,
        threads::CASES,
        address::CASES,
        attributes::CASES,
        element::CASES,
        many::CASES,
        panics::CASES,
        faults::CASES,
        keyboard::CASES,
        accessible::CASES,
        life::CASES,
        responsive::CASES,
        unsupported::CASES,
        master_worker::CASES,
        master_exit::CASES,
    ];
    let all = move || themes.into_iter().flatten().copied();
    all()
        .filter(|case| case.variant == Variant::Usual)
        .chain(all().filter(|case| case.variant != Variant::Usual))
}
