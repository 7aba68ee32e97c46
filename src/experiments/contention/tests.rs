//! What is measured of a point, and for how long.

use super::*;
use crate::counter::kind;
use crate::runtime::fake::{Fault, harness};

#[test]
fn how_long_a_hold_is_is_found_out_anew() {
    let harness = harness(Fault::None, "");
    let config = Config {
        threads: 1,
        counter: kind("spin").expect("a kind"),
        counters: Counters::One,
        hold_ns: 5000,
        pause_ns: 0,
        pattern: Pattern::Even,
        sample: Duration::from_millis(60),
    };
    let step = Duration::from_micros(1);
    let trial = config.trial(config.counter, 1, 1e6, step);
    let points =
        Points { harness: &harness, step, price_ns: Vec::new(), found: vec![Point::new(trial)] };
    let mut sweep = Sweep { points, live_rows: LiveRows::publish(&harness, 1), planned: 1 };
    sweep.calibrate();
    let found = sweep.points.found[0].trial.multiplication_ns;
    assert!(config.calculates() && found < 1e4, "{found} ns a multiplication");
}

#[test]
fn what_is_shorter_than_a_step_of_the_clock_is_left_out() {
    let counter = kind("spin").expect("a kind");
    let config = Config {
        threads: 2,
        counter,
        counters: Counters::One,
        hold_ns: 0,
        pause_ns: 0,
        pattern: Pattern::Even,
        sample: Duration::from_millis(60),
    };
    let stages = [(20, 20, true), (5000, 20, true), (16_700, 20, false), (100_000, 0, false)];
    for (step_us, waits_ms, ownership) in stages {
        let trial = config.trial(counter, 2, 1.0, Duration::from_micros(step_us));
        let found = (trial.waits, trial.ownership);
        assert_eq!(found, (Duration::from_millis(waits_ms), ownership), "{step_us} µs");
    }
}

#[test]
fn a_coarse_clock_has_fewer_and_longer_windows() {
    let ms = Duration::from_millis;
    for (step, long) in [(ms(0), ms(6)), (ms(1), ms(20)), (ms(100), ms(60))] {
        assert_eq!(window(ms(60), step), long, "{step:?}");
    }
}
