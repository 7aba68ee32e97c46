//! Two workers that take one step at a time, as a schedule says. The main type is [`Stepper`]; the coordinator
//! drives it, and holds every step against the [`Machine`].

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::gate::{Access, Gate, GatedLockWord, GatedNumber, set_gate};
use super::machine::{Machine, Op, Protection, Step, Thread};
use super::race::Race;
use super::subject::Subject;
use crate::lock::NoObserver;
use crate::runtime::workers::{PhaseConfig, WorkerContext, WorkerFn, Workers};
use crate::runtime::{Harness, lock};
use crate::sync::Ordering::{Acquire, Release};
use crate::sync::{AtomicBool, AtomicU32};

/// How long the coordinator sleeps at most before it looks whether a stop was asked for.
const PATIENCE: Duration = Duration::from_millis(100);

/// Why no more steps are taken.
#[derive(Debug, thiserror::Error)]
pub enum Interrupted {
    /// A stop was asked for, or a worker has failed.
    #[error("the run was stopped")]
    Stopped,
    /// A thread did something else than the machine.
    #[error(
        "thread {} made the access {:?} and saw {}, where {expected:?} was due",
        expected.thread.letter(),
        access.op,
        access.value
    )]
    Disagreement {
        /// What the machine says.
        expected: Step,
        /// What the thread did.
        access: Access,
    },
}

/// What the workers do next, both the same.
#[derive(Clone)]
enum Task {
    /// Add to this number so often, at the gates.
    Step(Arc<Subject<GatedNumber, GatedLockWord>>, u32),
    /// Run these races.
    Race(Arc<Race>),
}

/// What the coordinator and the workers share.
struct Shared {
    gates: [Arc<Gate>; 2],
    /// The present task and its number.
    task: Mutex<Option<(u32, Task)>>,
    /// Tasks that each worker is through with.
    finished: [AtomicU32; 2],
    is_over: AtomicBool,
}

/// Two workers at their gates.
pub struct Stepper<'a> {
    harness: &'a Harness,
    shared: Arc<Shared>,
    workers: Workers,
    /// Tasks given.
    tasks: u32,
    /// Steps that each thread has taken of the present one.
    taken: [u32; 2],
}

impl<'a> Stepper<'a> {
    /// Starts the workers. Whether they could be, the first task will tell.
    pub fn start(harness: &'a Harness) -> Stepper<'a> {
        let gates = [0, 1].map(|worker| Gate::new(harness.runtime(), worker));
        let shared = Arc::new(Shared {
            gates,
            task: Mutex::default(),
            finished: Default::default(),
            is_over: AtomicBool::new(false),
        });
        let config = PhaseConfig { number: Some(0), workers: 2, ..PhaseConfig::default() };
        let body: WorkerFn = {
            let shared = Arc::clone(&shared);
            Arc::new(move |context| {
                work(context, &shared);
                Ok(())
            })
        };
        let workers = harness.start_workers(&config, &body);
        Stepper { harness, shared, workers, tasks: 0, taken: [0; 2] }
    }

    /// Makes both threads wait before their first step, with `times` additions each.
    ///
    /// # Errors
    /// [`Interrupted::Stopped`].
    pub fn begin(&mut self, protection: Protection, times: u32) -> Result<Machine, Interrupted> {
        for gate in &self.shared.gates {
            gate.reset();
        }
        self.taken = [0; 2];
        self.give(Task::Step(Arc::new(Subject::new(protection)), times));
        let machine = Machine::new(protection, times);
        self.settle(&machine)?;
        Ok(machine)
    }

    /// Takes one step of `thread`, which must be able to.
    ///
    /// # Errors
    /// [`Interrupted`].
    pub fn step(&mut self, machine: &mut Machine, thread: Thread) -> Result<Step, Interrupted> {
        self.shared.gates[thread.index()].permit();
        self.wait(|| self.has_stepped(thread))?;
        self.check(machine, thread)
    }

    /// Waits until somebody has permitted a step that `machine` allows, and that step is made.
    ///
    /// # Errors
    /// [`Interrupted`].
    pub fn observe(&mut self, machine: &mut Machine) -> Result<Step, Interrupted> {
        let stepped = || Thread::BOTH.into_iter().find(|thread| self.has_stepped(*thread));
        self.wait(|| stepped().is_some())?;
        // It was waited for.
        let thread = stepped().ok_or(Interrupted::Stopped)?;
        self.check(machine, thread)
    }

    /// Runs these races, and calls `poll` meanwhile.
    ///
    /// # Errors
    /// [`Interrupted::Stopped`].
    pub fn race(&mut self, race: &Arc<Race>, mut poll: impl FnMut()) -> Result<(), Interrupted> {
        self.give(Task::Race(Arc::clone(race)));
        let ended = self.wait(|| {
            poll();
            self.are_through()
        });
        poll();
        ended
    }

    /// Lets the workers go.
    pub fn finish(self) {
        self.shared.is_over.store(true, Release);
        for gate in &self.shared.gates {
            gate.open();
        }
        self.workers.stop(|_| false);
    }

    fn give(&mut self, task: Task) {
        self.tasks += 1;
        *lock(&self.shared.task) = Some((self.tasks, task));
        self.harness.runtime().wake();
    }

    fn are_through(&self) -> bool {
        let finished = &self.shared.finished;
        finished.iter().all(|finished| finished.load(Acquire) == self.tasks)
    }

    /// Whether `thread` has made an access that nobody has looked at yet.
    fn has_stepped(&self, thread: Thread) -> bool {
        let index = thread.index();
        self.shared.gates[index].made() > self.taken[index]
    }

    /// Holds a step that `thread` has made against the machine, and waits until all that can go on stand at
    /// their gates again.
    fn check(&mut self, machine: &mut Machine, thread: Thread) -> Result<Step, Interrupted> {
        self.taken[thread.index()] += 1;
        let access = self.shared.gates[thread.index()].last();
        let before = *machine;
        let expected = machine.step(thread).ok_or(Interrupted::Stopped)?;
        let seen = match expected.op {
            Op::Load | Op::Add => expected.register,
            Op::Store => expected.shared,
            Op::CompareExchange | Op::Swap | Op::Unlock => before.lock().into(),
            Op::Sleep | Op::Wake => 0,
        };
        if access.op != expected.op || access.value != seen {
            return Err(Interrupted::Disagreement { expected, access });
        }
        self.settle(machine)?;
        Ok(expected)
    }

    /// Waits until every thread stands where the machine says: before its next access, asleep, or through.
    fn settle(&self, machine: &Machine) -> Result<(), Interrupted> {
        self.wait(|| {
            Thread::BOTH.into_iter().all(|thread| {
                let index = thread.index();
                if machine.is_done(thread) {
                    self.shared.finished[index].load(Acquire) == self.tasks
                } else {
                    machine.is_asleep(thread)
                        || self.shared.gates[index].announced() > self.taken[index]
                }
            })
        })
    }

    fn wait(&self, mut is_so: impl FnMut() -> bool) -> Result<(), Interrupted> {
        let runtime = self.harness.runtime();
        while !is_so() {
            if self.workers.started().is_none() || runtime.is_aborting() {
                return Err(Interrupted::Stopped);
            }
            runtime.park(PATIENCE);
        }
        Ok(())
    }
}

/// A worker's whole work: one task after the other, until there are no more.
fn work(context: &WorkerContext, shared: &Shared) {
    let index = context.index();
    let thread = Thread::BOTH[index];
    let gate = &shared.gates[index];
    for number in 1.. {
        let task = loop {
            if shared.is_over.load(Acquire) {
                return;
            }
            let present = lock(&shared.task).clone();
            match present {
                Some((present, task)) if present == number => break task,
                _ => std::thread::park(),
            }
        };
        match task {
            Task::Step(subject, times) => {
                set_gate(Some(Arc::clone(gate)));
                for _ in 0..times {
                    subject.add_one(&mut NoObserver, || ());
                }
                set_gate(None);
            }
            Task::Race(race) => race.run(thread, || !context.board().is_stopping()),
        }
        shared.finished[index].store(number, Release);
        context.wake_coordinator();
    }
}
