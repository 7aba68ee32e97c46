//! interleaving's part of the report: one order step by step, all orders counted, and the races.

use serde::Serialize;
use serde_with::skip_serializing_none;

use super::machine::Step;
use super::orders::Counts;
use super::race::Tally;

/// What the two threads did.
#[skip_serializing_none]
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Body {
    /// interleaving: the chosen order, a letter a step. Absent if none was chosen.
    pub schedule: Option<String>,
    /// interleaving: its steps, as the threads took them.
    pub steps: Option<Vec<Step>>,
    /// interleaving: the number at the order's end. Absent if the order stops before.
    pub final_value: Option<i64>,
    /// interleaving: what it should be.
    pub expected_value: Option<i64>,
    /// interleaving: additions that are gone at the order's end.
    pub lost: Option<i64>,
    /// interleaving: every order that there is.
    pub schedules: Option<Schedules>,
    /// interleaving: the same threads without gates.
    pub race: Option<Races>,
}

/// Every order, by what it ends with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Schedules {
    /// How many there are.
    pub count: u64,
    /// How many lose an addition.
    pub losing: u64,
    /// How many end with each value, the smallest first.
    pub by_final_value: Vec<End>,
    /// How many were run on the threads: all, or if these are too many as many as take every step out of every
    /// state that can be reached.
    pub ran: u64,
}

/// What orders end with.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct End {
    /// The number.
    pub value: i64,
    /// How many orders end with it.
    pub count: u64,
}

/// Races of two threads that each add one.
#[skip_serializing_none]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Races {
    /// How many were run.
    pub rounds: u32,
    /// How many lost an addition.
    pub losing: u32,
    /// The 95 % interval of that number (Wilson, *JASA* 22, 1927), from.
    pub low_losing: u32,
    /// To.
    pub high_losing: u32,
    /// How many A won: it had added before B read.
    pub first_a: u32,
    /// How many B won.
    pub first_b: u32,
    /// How often a thread found the lock taken. Absent without a lock.
    pub met: Option<u32>,
    /// Calls to the system to sleep. Absent without a lock.
    pub slept: Option<u32>,
    /// Calls to the system to wake. Absent without a lock.
    pub woken: Option<u32>,
}

impl Schedules {
    /// All orders, of which `ran` were run; without loss they end with `expected`.
    pub(super) fn new(counts: &Counts, expected: i64, ran: u64) -> Schedules {
        let ends = counts.by_final_value.iter();
        Schedules {
            count: counts.total(),
            losing: counts.total() - counts.of(expected),
            by_final_value: ends
                .map(|(value, count)| End { value: *value, count: *count })
                .collect(),
            ran,
        }
    }
}

impl Races {
    /// From their tally; `None` if none was run.
    pub(super) fn new(tally: Tally, has_lock: bool) -> Option<Races> {
        let (low, high) = wilson_95(tally.losing, tally.rounds)?;
        let races = |share: f64| (share * f64::from(tally.rounds)).round() as u32;
        Some(Races {
            rounds: tally.rounds,
            losing: tally.losing,
            low_losing: races(low),
            high_losing: races(high),
            first_a: tally.first_a,
            first_b: tally.first_b,
            met: has_lock.then_some(tally.met),
            slept: has_lock.then_some(tally.slept),
            woken: has_lock.then_some(tally.woken),
        })
    }
}

/// The 95 % interval of a share of which `found` of `of` were seen; `None` of none. Wilson, "Probable
/// Inference, the Law of Succession, and Statistical Inference", *JASA* 22 (1927).
fn wilson_95(found: u32, of: u32) -> Option<(f64, f64)> {
    const Z: f64 = 1.96;
    let (found, of) = (f64::from(found), f64::from(of));
    let share = found / of;
    let scale = 1.0 + Z * Z / of;
    let middle = (share + Z * Z / (2.0 * of)) / scale;
    let half = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt() / scale;
    (of > 0.0).then_some(((middle - half).max(0.0), (middle + half).min(1.0)))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Newcombe, *Statistics in Medicine* 17 (1998), table I, method 3: 81 of 263, 15 of 148, 0 of 20.
    #[test]
    fn a_shares_interval_is_as_published() {
        for (found, of, low, high) in
            [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)]
        {
            let (from, to) = wilson_95(found, of).expect("some were seen");
            assert!((from - low).abs() < 1e-4 && (to - high).abs() < 1e-4, "{from} {to}");
        }
        assert_eq!(wilson_95(0, 0), None);
    }
}
