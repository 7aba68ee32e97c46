//! What a worker does between two increments: wait as for a disk, or calculate. Both can be cut
//! short. Not here: what is recorded of it, and who asks for the cut.

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use web_time::Instant;

/// Multiplications between two looks at the caller's `go_on`: about 0.1 ms of optimised code, and
/// well under 1 ms of a browser's first, quick compilation.
const CHUNK: u64 = 1 << 16;

/// The longest sleep without a look at the caller's `go_on`, so that a worker in a long wait can
/// still be told from a dead one.
const NAP: Duration = Duration::from_millis(250);

/// One turn of being busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Busy {
    /// Waits this long, as for a disk or a network: the processor is free for others.
    Io(Duration),
    /// Multiplies this many times, each product needed for the next.
    Cpu(u64),
}

/// How a turn of being busy ended.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// When it ended.
    pub ended: Instant,
    /// Whether it was cut short.
    pub cut: bool,
}

impl Busy {
    /// Is busy from `since` on, until through or until `go_on` returns `false`.
    ///
    /// `go_on` is asked at the start, after each wake-up and at least every millisecond of a
    /// calculation; a wait is woken by [`Thread::unpark`](std::thread::Thread::unpark) for it.
    ///
    /// ```
    /// use std::time::Duration;
    /// use locklab::busy::Busy;
    /// use web_time::Instant;
    ///
    /// let start = Instant::now();
    /// let turn = Busy::Io(Duration::from_millis(5)).run(start, &mut || true);
    /// assert!(!turn.cut && turn.ended - start >= Duration::from_millis(5));
    /// ```
    pub fn run(self, since: Instant, go_on: &mut impl FnMut() -> bool) -> Turn {
        match self {
            Busy::Io(wait) => io_wait(since + wait, go_on),
            Busy::Cpu(loops) => cpu_loop(loops, go_on),
        }
    }
}

fn io_wait(deadline: Instant, go_on: &mut impl FnMut() -> bool) -> Turn {
    loop {
        let cut = !go_on();
        let ended = Instant::now();
        if cut || ended >= deadline {
            return Turn { ended, cut };
        }
        thread::park_timeout((deadline - ended).min(NAP));
    }
}

fn cpu_loop(loops: u64, go_on: &mut impl FnMut() -> bool) -> Turn {
    let (product, cut) = calculate(black_box(3), loops, go_on);
    black_box(product);
    Turn {
        ended: Instant::now(),
        cut,
    }
}

/// The last product of so many multiplications, and whether they were cut short.
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
    for turn in 0..times {
        product = product.wrapping_mul(product).wrapping_add(turn);
    }
    product
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// The post's loop as one would write it down, a multiplication at a time.
    fn written_down(loops: u64) -> u64 {
        (0..loops).fold(3, |product, turn| {
            let square = u128::from(product) * u128::from(product);
            let next = (square + u128::from(turn % CHUNK)) % (1 << 64);
            u64::try_from(next).unwrap_or_default()
        })
    }

    // That the time grows with the number is for `cargo xtask bench calculations` to show.
    #[test]
    fn every_multiplication_that_is_asked_for_is_made() {
        for loops in [0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7] {
            let mut asked = 0;
            let made = calculate(3, loops, &mut || {
                asked += 1;
                true
            });
            assert_eq!(made, (written_down(loops), false), "{loops}");
            assert_eq!(asked, loops.div_ceil(CHUNK).max(1), "looks, of {loops}");
        }
    }

    #[test]
    fn a_wait_and_a_loop_are_cut_short_where_they_may_not_go_on() {
        for busy in [Busy::Io(Duration::from_secs(3600)), Busy::Cpu(u64::MAX)] {
            let mut asked = 0;
            let turn = busy.run(Instant::now(), &mut || {
                asked += 1;
                asked < 3
            });
            assert!(turn.cut);
            assert_eq!(asked, 3, "it goes no further than it is told");
        }
    }

    #[test]
    fn a_product_hangs_on_every_turn_before_it() {
        assert_ne!(multiply(3, 1000), multiply(3, 1001));
        assert_eq!(multiply(multiply(3, 1), 0), multiply(3, 1));
    }
}
