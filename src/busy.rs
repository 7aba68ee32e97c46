//! What a worker does between two increments: wait as for a disk, or calculate. Both can be cut short.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use web_time::Instant;

/// Multiplications between two calls of `go_on`: about 0.1 ms of optimised code, and well under 1 ms of a
/// browser's first, quick compilation.
const CHUNK: u64 = 1 << 16;

/// The longest sleep between two calls of `go_on`, so that a worker in a long wait still shows a heartbeat.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// One time of being busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// Waits this long, as for a disk or a network: the processor is free for others.
    Io(Duration),
    /// Multiplies this many times, each product needed for the next.
    Cpu(u64),
}

/// How being busy ended.
#[derive(Debug, Clone, Copy)]
pub struct BusyEnd {
    /// When it ended.
    pub ended: Instant,
    /// Whether it was cut short.
    pub cut: bool,
}

impl Busy {
    /// Is busy from `since` on, to the end or until `go_on` returns `false`.
    ///
    /// `go_on` is called at the start, after a wake-up that comes too early and at least every millisecond of a calculation;
    /// [`Thread::unpark`](std::thread::Thread::unpark) ends a wait's sleep for it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use locklab::busy::Busy;
    /// use web_time::Instant;
    ///
    /// let start = Instant::now();
    /// let end = Busy::Io(Duration::from_millis(5)).run(start, &mut || true);
    /// assert!(!end.cut && end.ended - start >= Duration::from_millis(5));
    /// ```
    pub fn run(self, since: Instant, go_on: &mut impl FnMut() -> bool) -> BusyEnd {
        match self {
            Busy::Io(wait) => io_wait(since + wait, go_on),
            Busy::Cpu(loops) => cpu_loop(loops, go_on),
        }
    }
}

fn io_wait(deadline: Instant, go_on: &mut impl FnMut() -> bool) -> BusyEnd {
    loop {
        let ended = Instant::now();
        let cut = ended < deadline && !go_on();
        if cut || ended >= deadline {
            return BusyEnd { ended, cut };
        }
        // What `go_on` took is part of the wait.
        let left = deadline.saturating_duration_since(Instant::now());
        thread::park_timeout(left.min(POLL_INTERVAL));
    }
}

fn cpu_loop(loops: u64, go_on: &mut impl FnMut() -> bool) -> BusyEnd {
    let (product, cut) = calculate(black_box(3), loops, go_on);
    black_box(product);
    BusyEnd { ended: Instant::now(), cut }
}

/// The product of `loops` multiplications, and whether they were cut short.
fn calculate(mut product: u64, loops: u64, go_on: &mut impl FnMut() -> bool) -> (u64, bool) {
    let mut left = loops;
    loop {
        if !go_on() {
            return (product, true);
        }
        let now = left.min(CHUNK);
        product = multiply(product, now);
        left -= now;
        if left == 0 {
            return (product, false);
        }
    }
}

/// The post's multiplications. Each takes the product before it twice, so that no compiler can do
/// two at once or fold a row of them into one; the counter keeps the chain from settling.
///
/// Never inlined: a browser swaps a function for its optimised version only from one call to the
/// next, so the long loop must be many calls.
#[inline(never)]
pub fn multiply(mut product: u64, times: u64) -> u64 {
    for round in 0..times {
        product = product.wrapping_mul(product).wrapping_add(round);
    }
    product
}

/// So many multiplications that no compiler leaves out.
#[inline]
pub fn compute(times: u64) {
    if times > 0 {
        black_box(multiply(black_box(3), times));
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// The post's loop by the book, a multiplication at a time.
    fn by_the_book(loops: u64) -> u64 {
        (0..loops).fold(3, |product, round| {
            let square = u128::from(product) * u128::from(product);
            let next = (square + u128::from(round % CHUNK)) % (1 << 64);
            u64::try_from(next).unwrap_or_default()
        })
    }

    // That the time grows with the number is for `cargo xtask bench calculations` to show.
    #[test]
    fn every_multiplication_is_made() {
        for loops in [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7] {
            let mut calls = 0;
            let made = calculate(3, loops, &mut || {
                calls += 1;
                true
            });
            assert_eq!(made, (by_the_book(loops), false), "{loops}");
            assert_eq!(calls, loops.div_ceil(CHUNK).max(1), "calls, of {loops}");
        }
    }

    #[test]
    fn a_wait_and_a_loop_can_be_cut_short() {
        for busy in [Busy::Io(Duration::from_secs(3600)), Busy::Cpu(u64::MAX)] {
            let mut calls = 0;
            let end = busy.run(Instant::now(), &mut || {
                calls += 1;
                calls < 3
            });
            assert!(end.cut);
            assert_eq!(calls, 3, "it goes on after it was stopped");
        }
    }
}
