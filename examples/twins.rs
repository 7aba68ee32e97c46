//! Our own locks beside the crates that people use for the same, by one thread and by two:
//! `cargo run --release --example twins`.
//!
//! Prints nanoseconds an increment (medians of many short batches, or of trials of two threads) and the ratio of
//! ours to the crate's: below 1 ours is faster. On a busy machine the second is worth little.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use locklab::counter::{self, Counter};
use locklab::measure::bootstrap::median;
use locklab::measure::rounds::Rounds;

/// A loop of this many increments.
type Loop<'a> = Box<dyn Fn(u64) + Send + Sync + 'a>;

fn ours(counter: &dyn Counter) -> Loop<'_> {
    Box::new(|times| {
        counter.inc_many(times);
    })
}

/// The same loop as [`Counter::inc_many`], around a crate's lock.
macro_rules! theirs {
    ($add:expr) => {
        Box::new(|times| {
            for _ in 0..times {
                black_box($add);
            }
        })
    };
}

fn add(value: &mut i64) -> i64 {
    *value += 1;
    *value
}

/// Median nanoseconds an increment of each, one thread alone.
fn alone(pair: [&Loop<'_>; 2]) -> [f64; 2] {
    let timed = |run: &Loop<'_>, times| {
        let start = Instant::now();
        run(times);
        Some(start.elapsed())
    };
    let benchmarks = pair.map(|run| {
        Box::new(move |times| timed(run, times)) as Box<dyn FnMut(u64) -> Option<Duration>>
    });
    let mut rounds = Rounds::new(benchmarks.into(), Duration::from_micros(4), 1);
    rounds.warm_up(Duration::from_millis(300), &|| true);
    while rounds.len() < 1000 {
        rounds.round(&|| true);
    }
    [0, 1].map(|one| median_of(rounds.samples(one).to_vec()))
}

/// The same by two threads at once, in alternating trials.
fn together(pair: [&Loop<'_>; 2]) -> [f64; 2] {
    // Long enough that both are at it at the same time.
    const EACH: u64 = 1_000_000;
    let trial = |run: &Loop<'_>| {
        let start = Barrier::new(2);
        let work = || {
            start.wait();
            let start = Instant::now();
            run(EACH);
            start.elapsed()
        };
        let took = thread::scope(|scope| {
            let other = scope.spawn(work);
            let mine = work();
            other.join().map_or(mine, |other| mine.max(other))
        });
        took.as_secs_f64() * 1e9 / (2 * EACH) as f64
    };
    let mut samples = [Vec::new(), Vec::new()];
    for _ in 0..20 {
        for (run, samples) in pair.iter().zip(&mut samples) {
            samples.push(trial(run));
        }
    }
    samples.map(median_of)
}

fn median_of(mut samples: Vec<f64>) -> f64 {
    median(&mut samples).expect("samples")
}

fn main() {
    let made = ["spin", "ticket", "mcs", "futex"]
        .map(|name| (name, counter::kind(name).expect("a kind of counter").make().0));
    let spin = spin::mutex::SpinMutex::<i64>::new(0);
    let ticket = spin::mutex::TicketMutex::<i64>::new(0);
    let mcs = mcslock::raw::spins::Mutex::new(0_i64);
    let futex = std::sync::Mutex::new(0_i64);
    let twins: [(&str, Loop<'_>); 4] = [
        ("spin::SpinMutex", theirs!(add(&mut spin.lock()))),
        ("spin::TicketMutex", theirs!(add(&mut ticket.lock()))),
        ("mcslock::raw", theirs!(mcs.lock_then(add))),
        ("std::sync::Mutex", theirs!(add(&mut futex.lock().expect("nobody panics")))),
    ];
    println!(
        "                             alone: ours  theirs  ratio   by two: ours  theirs  ratio"
    );
    for ((name, counter), (twin, theirs)) in made.iter().zip(&twins) {
        let ours = ours(&**counter);
        let pair = [&ours, theirs];
        let ([one, other], [one2, other2]) = (alone(pair), together(pair));
        println!(
            "{name:>8} / {twin:<18} {one:10.2} {other:7.2} {:6.2} {one2:14.1} {other2:7.1} {:6.2}",
            one / other,
            one2 / other2
        );
    }
}
