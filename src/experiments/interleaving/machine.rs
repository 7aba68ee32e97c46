//! Two threads that each add one to the same number, as a machine of shared accesses: which steps each
//! thread has, and what a step does. Its main type is [`Machine`]; a step here is one access of the real
//! code ([`super::gate`]), and the driver holds each of them against what the threads did.

use serde::Serialize;
use serde_with::skip_serializing_none;

/// One of the two threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Thread {
    /// The first.
    A,
    /// The second.
    B,
}

impl Thread {
    /// Both, in their order.
    pub const BOTH: [Thread; 2] = [Thread::A, Thread::B];

    /// Its worker's index.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The thread of this letter.
    pub fn from_letter(letter: char) -> Option<Thread> {
        match letter {
            'A' => Some(Thread::A),
            'B' => Some(Thread::B),
            _ => None,
        }
    }

    /// Its letter in a schedule.
    pub fn letter(self) -> char {
        match self {
            Thread::A => 'A',
            Thread::B => 'B',
        }
    }
}

/// One shared access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Op {
    /// Reads the number into the register.
    Load,
    /// Writes the register plus one to the number.
    Store,
    /// Adds one to the number in one instruction.
    Add,
    /// Takes the lock's word from 0 to 1, if it is 0.
    CompareExchange,
    /// Sets the lock's word to 2 and takes the lock, if the word was 0.
    Swap,
    /// Sleeps, if the lock's word still is 2.
    Sleep,
    /// Sets the lock's word to 0: a swap too, and called one.
    #[serde(rename = "swap")]
    #[cfg_attr(feature = "schema", schemars(skip))]
    Unlock,
    /// Wakes a sleeper, if there is one.
    Wake,
}

/// What protects the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// Nothing: load, then store.
    Racy,
    /// One instruction.
    Atomic,
    /// A three-state futex mutex around load and store.
    Futex,
}

impl Protection {
    /// The first access of an increment.
    fn first(self) -> Op {
        match self {
            Protection::Racy => Op::Load,
            Protection::Atomic => Op::Add,
            Protection::Futex => Op::CompareExchange,
        }
    }
}

/// A thread's own part of the state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Local {
    /// Its next access.
    next: Op,
    /// What it read last.
    register: i64,
    /// Increments to do, the present one included.
    left: u32,
    asleep: bool,
}

/// The state of both threads, the number and the lock between two steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    protection: Protection,
    threads: [Local; 2],
    number: i64,
    lock: u32,
}

/// What a step did. `register`, `shared` and `lock` are as they are after it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Step {
    /// Who took it.
    pub thread: Thread,
    /// Which access it was.
    pub op: Op,
    /// What the thread has read last; 0 before it has read anything.
    pub register: i64,
    /// The number.
    pub shared: i64,
    /// The lock's word: 0 free, 1 taken, 2 taken and waited for. Absent without a lock.
    pub lock: Option<u32>,
}

impl Machine {
    /// Both threads before their first step, with `times` increments each.
    pub fn new(protection: Protection, times: u32) -> Machine {
        let thread = Local { next: protection.first(), register: 0, left: times, asleep: false };
        Machine { protection, threads: [thread; 2], number: 0, lock: 0 }
    }

    /// The number.
    pub fn number(&self) -> i64 {
        self.number
    }

    /// The lock's word.
    pub fn lock(&self) -> u32 {
        self.lock
    }

    /// What `thread` will do next; `None` where it is done or asleep.
    pub fn next(&self, thread: Thread) -> Option<Op> {
        let local = &self.threads[thread.index()];
        (local.left > 0 && !local.asleep).then_some(local.next)
    }

    /// Whether `thread` has done all its increments.
    pub fn is_done(&self, thread: Thread) -> bool {
        self.threads[thread.index()].left == 0
    }

    /// Whether `thread` sleeps at the lock's word.
    pub fn is_asleep(&self, thread: Thread) -> bool {
        self.threads[thread.index()].asleep
    }

    /// The threads that can step.
    pub fn enabled(self) -> impl Iterator<Item = Thread> {
        Thread::BOTH.into_iter().filter(move |thread| self.next(*thread).is_some())
    }

    /// Takes one step of `thread`; `None` where it can't step.
    pub fn step(&mut self, thread: Thread) -> Option<Step> {
        let op = self.next(thread)?;
        let local = &mut self.threads[thread.index()];
        let mut finished = false;
        match op {
            Op::Load => {
                local.register = self.number;
                local.next = Op::Store;
            }
            Op::Store => {
                self.number = local.register + 1;
                local.next = Op::Unlock;
                finished = self.protection == Protection::Racy;
            }
            Op::Add => {
                local.register = self.number;
                self.number += 1;
                finished = true;
            }
            Op::CompareExchange if self.lock == 0 => {
                self.lock = 1;
                local.next = Op::Load;
            }
            Op::CompareExchange => local.next = Op::Swap,
            Op::Swap => {
                local.next = if self.lock == 0 { Op::Load } else { Op::Sleep };
                self.lock = 2;
            }
            Op::Sleep => {
                local.asleep = self.lock == 2;
                local.next = Op::Swap;
            }
            Op::Unlock => {
                local.next = Op::Wake;
                finished = self.lock != 2;
                self.lock = 0;
            }
            Op::Wake => finished = true,
        }
        if finished {
            local.left -= 1;
            local.next = self.protection.first();
        }
        let register = local.register;
        if op == Op::Wake {
            // Two threads: whoever sleeps is the other one.
            self.threads[1 - thread.index()].asleep = false;
        }
        Some(Step {
            thread,
            op,
            register,
            shared: self.number,
            lock: (self.protection == Protection::Futex).then_some(self.lock),
        })
    }

    /// The machine after a step of `thread`, which must be able to take it.
    pub fn after(mut self, thread: Thread) -> Machine {
        self.step(thread);
        self
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_asleep_can_not_step_until_the_other_wakes_it() {
        let mut machine = Machine::new(Protection::Futex, 1);
        let steps: Vec<Op> = "ABBBAAA"
            .chars()
            .filter_map(Thread::from_letter)
            .filter_map(|thread| machine.step(thread))
            .map(|step| step.op)
            .collect();
        use Op::{CompareExchange, Load, Sleep, Store, Swap, Unlock};
        assert_eq!(steps, [CompareExchange, CompareExchange, Swap, Sleep, Load, Store, Unlock]);
        assert!(machine.is_asleep(Thread::B));
        assert_eq!(machine.next(Thread::B), None);
        assert_eq!(machine.step(Thread::A).map(|step| step.op), Some(Op::Wake));
        assert_eq!(machine.next(Thread::B), Some(Op::Swap));
    }
}
