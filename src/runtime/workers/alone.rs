//! Work on one thread, which is coordinator and worker in turns: a page that is not isolated has no second one.

use super::{PhaseConfig, PhaseResult, WorkerContext};
use crate::counter::Kind;
use crate::runtime::Harness;

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
        PhaseResult { started, workers: results, lock_is_free: true, has_stuck: false }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use web_time::Instant;

    use super::*;
    use crate::counter::KINDS;
    use crate::runtime::alone::INTERVAL;
    use crate::runtime::fake::{Fault, harness};

    static LOOKS: AtomicU32 = AtomicU32::new(0);

    fn look() {
        LOOKS.fetch_add(1, Ordering::Relaxed);
    }

    #[test]
    fn one_thread_works_for_itself_looks_up_now_and_then_and_has_no_second_one() {
        let begin = Instant::now();
        // Every thread that is asked for would be refused.
        let harness = harness(Fault::Refused, "worker-0");
        harness.runtime.set_alone(look);
        let phase = |workers| PhaseConfig { number: Some(0), workers, ..PhaseConfig::default() };
        let mut poll = || Duration::MAX;
        let result = harness.run_workers(&phase(1), &mut poll, |context| {
            let mut last = Instant::now();
            for looks in 0..2 {
                while LOOKS.load(Ordering::Relaxed) == looks {
                    let is_due = last.elapsed() >= INTERVAL;
                    assert!(!context.is_stopping(false));
                    assert!(!is_due || LOOKS.load(Ordering::Relaxed) > looks, "it is time to");
                }
                last = Instant::now();
            }
            context.index()
        });
        assert!(result.started.is_some() && result.workers == [Ok(0)]);
        assert!(begin.elapsed() >= INTERVAL * 2, "no more than once an interval");
        let served = KINDS.iter().find(|kind| kind.needs_server()).expect("a served kind");
        assert!(!harness.offers(served));
        let result = harness.run_workers(&phase(2), &mut poll, WorkerContext::index);
        assert!(result.started.is_none() && result.workers.iter().all(Result::is_err));
        assert_eq!(harness.runtime.failures()[0].message, "there is one thread only");
    }
}
