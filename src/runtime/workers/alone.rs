//! Work on one thread, which is coordinator and worker in turns: a page that is not isolated lends its memory to no
//! second one.
//!
//! Nobody can write to that memory meanwhile. So the thread looks up now and then, between two slices of work, shows
//! what it has and learns whether it is to stop.

use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use web_time::Instant;

use super::{PhaseConfig, PhaseResult, WorkerContext};
use crate::counter::Kind;
use crate::runtime::{Harness, Runtime, lock};

/// How long the thread works at least before it looks up, …
const INTERVAL: Duration = Duration::from_millis(100);
/// … while it is timed, how many times as long as looking up took, so that it takes half a percent longer, …
const RARITY: u32 = 200;
/// … and how long at most: a stop must be seen.
const LONGEST: Duration = Duration::from_secs(2);

/// How a thread that is alone looks up.
pub(in crate::runtime) struct Alone {
    look: fn(),
    /// When it looked up last, and how long that took.
    last: Mutex<(Instant, Duration)>,
}

/// Whether a runtime's thread is alone.
pub(in crate::runtime) type MaybeAlone = OnceLock<Alone>;

impl Runtime {
    /// There will be no thread but the calling one, which is to look up by calling `look`: it shows what is on the
    /// board, and writes there whether to stop.
    pub fn set_alone(&self, look: fn()) {
        let last = Mutex::new((Instant::now(), Duration::ZERO));
        self.alone.get_or_init(|| Alone { look, last });
    }

    /// Looks up, if the thread is alone and it is time to, which comes seldom while it `is_timed`. Returns how long
    /// that took.
    pub(crate) fn look(&self, is_timed: bool) -> Duration {
        let Some(alone) = self.alone.get() else {
            return Duration::ZERO;
        };
        let begin = Instant::now();
        let mut last = lock(&alone.last);
        let (ended, took) = *last;
        let rest = if is_timed { (took * RARITY).clamp(INTERVAL, LONGEST) } else { INTERVAL };
        if begin < ended + rest {
            return Duration::ZERO;
        }
        (alone.look)();
        *last = (Instant::now(), begin.elapsed());
        last.1
    }
}

impl Harness {
    /// Whether there is but the calling thread.
    pub fn is_alone(&self) -> bool {
        self.runtime.alone.get().is_some()
    }

    /// Whether a counter of this kind can be made here and now, with the threads that there are.
    pub fn offers(&self, kind: &Kind) -> bool {
        kind.is_here() && !(self.is_alone() && kind.needs_server())
    }

    /// Runs a phase of one worker on the calling thread.
    pub fn run_alone<T>(
        &self,
        config: &PhaseConfig,
        body: impl FnOnce(&WorkerContext) -> T,
    ) -> PhaseResult<T> {
        let workers = self.prepare(config);
        for index in workers.all().skip(1) {
            workers.fail(index, "there is one thread only".to_owned());
        }
        workers.open(self.host(), config);
        let started = workers.started();
        let result = started.map(|origin| {
            let context = WorkerContext { index: 0, origin, workers: workers.clone() };
            body(&context)
        });
        let mut results: Vec<_> = result.map(Ok).into_iter().collect();
        results.extend(workers.all().skip(results.len()).map(|index| Err(workers.close(index))));
        PhaseResult { started, workers: results, lock_is_free: true, stuck: Vec::new() }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::counter::KINDS;
    use crate::runtime::fake::{Fault, harness};

    static LOOKS: AtomicU32 = AtomicU32::new(0);

    fn look() {
        LOOKS.fetch_add(1, Ordering::Relaxed);
    }

    #[test]
    fn one_thread_works_for_itself_looks_up_now_and_then_and_has_no_second_one() {
        // Every thread that is asked for would be refused.
        let harness = harness(Fault::Refused, "worker-0");
        harness.runtime.set_alone(look);
        let phase = |workers| PhaseConfig { number: Some(0), workers, ..PhaseConfig::default() };
        let mut poll = || Duration::MAX;
        let result = harness.run_workers(&phase(1), &mut poll, |context| {
            let begin = Instant::now();
            while begin.elapsed() < INTERVAL * 2 {
                assert!(!context.is_stopping(false));
            }
            context.index()
        });
        assert!(result.started.is_some() && result.workers == [Ok(0)]);
        let looks = LOOKS.load(Ordering::Relaxed);
        assert!((1..=3).contains(&looks), "{looks} looks in two intervals");
        let served = KINDS.iter().find(|kind| kind.needs_server()).expect("a served kind");
        assert!(!harness.offers(served));
        let result = harness.run_workers(&phase(2), &mut poll, WorkerContext::index);
        assert!(result.started.is_none() && result.workers.iter().all(Result::is_err));
        assert_eq!(harness.runtime.failures()[0].message, "there is one thread only");
    }
}
