//! Two threads that each add one to the same number, as a machine of shared accesses: which steps each
//! thread has, what a step does, and every order in which they can be taken. Its main type is
//! [`Machine`]; a step here is one access of the real code ([`super::gate`]), and the driver holds each
//! of them against what the threads did.

use serde::Serialize;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<u32>,
}

/// Orders, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many orders end with each value of the number, the smallest first.
    pub by_final_value: Vec<(i64, u64)>,
    /// How many orders end with a thread that can't go on.
    pub stuck: u64,
}

impl Counts {
    /// All orders.
    pub fn total(&self) -> u64 {
        self.by_final_value.iter().map(|(_, count)| count).sum::<u64>() + self.stuck
    }

    /// How many end with this value.
    pub fn of(&self, value: i64) -> u64 {
        let found = self.by_final_value.iter().find(|(known, _)| *known == value);
        found.map_or(0, |(_, count)| *count)
    }

    fn add(&mut self, other: &Counts) {
        for (value, count) in &other.by_final_value {
            match self.by_final_value.iter_mut().find(|(known, _)| known == value) {
                Some((_, sum)) => *sum += count,
                None => self.by_final_value.push((*value, *count)),
            }
        }
        self.by_final_value.sort_unstable();
        self.stuck += other.stuck;
    }
}

/// Every state that can be reached, the first one first, and where each step out of it leads. The states are
/// at most a thousand, so they are searched one by one.
struct Graph {
    states: Vec<Machine>,
    next: Vec<[Option<usize>; 2]>,
    /// The step by which each state was reached first.
    from: Vec<Option<(usize, Thread)>>,
}

impl Graph {
    fn new(start: Machine) -> Graph {
        let mut graph = Graph {
            states: vec![start],
            next: Vec::new(),
            from: vec![None],
        };
        while let Some(machine) = graph.states.get(graph.next.len()).copied() {
            let here = graph.next.len();
            let mut next = [None; 2];
            for thread in machine.enabled() {
                let after = machine.after(thread);
                let known = graph.states.iter().position(|state| *state == after);
                next[thread.index()] = Some(known.unwrap_or_else(|| {
                    graph.states.push(after);
                    graph.from.push(Some((here, thread)));
                    graph.states.len() - 1
                }));
            }
            graph.next.push(next);
        }
        graph
    }

    /// The shortest way from the start to a state.
    fn way(&self, mut state: usize) -> Vec<Thread> {
        let mut way = Vec::new();
        while let Some((before, thread)) = self.from[state] {
            way.push(thread);
            state = before;
        }
        way.reverse();
        way
    }

    /// Orders that meet in the same state have the same rest, which is counted once.
    fn count(&self, state: usize, known: &mut [Option<Counts>]) -> Counts {
        if let Some(counts) = &known[state] {
            return counts.clone();
        }
        let mut counts = Counts::default();
        for next in self.next[state].into_iter().flatten() {
            counts.add(&self.count(next, known));
        }
        if self.next[state] == [None; 2] {
            let machine = &self.states[state];
            if Thread::BOTH.iter().all(|thread| machine.is_done(*thread)) {
                counts.by_final_value.push((machine.number, 1));
            } else {
                counts.stuck = 1;
            }
        }
        known[state] = Some(counts.clone());
        counts
    }
}

impl Machine {
    /// Both threads before their first step, with `times` increments each.
    pub fn new(protection: Protection, times: u32) -> Machine {
        let thread = Local {
            next: protection.first(),
            register: 0,
            left: times,
            asleep: false,
        };
        Machine {
            protection,
            threads: [thread; 2],
            number: 0,
            lock: 0,
        }
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
    fn after(mut self, thread: Thread) -> Machine {
        self.step(thread);
        self
    }

    /// Counts every order from here to the end.
    pub fn count(self) -> Counts {
        let graph = Graph::new(self);
        graph.count(0, &mut vec![None; graph.states.len()])
    }

    /// Every order from here to the end, A before B.
    pub fn schedules(self) -> Vec<Vec<Thread>> {
        let mut all = Vec::new();
        let mut open = vec![(self, Vec::new())];
        while let Some((machine, path)) = open.pop() {
            let before = open.len();
            for thread in Thread::BOTH.into_iter().rev() {
                if machine.next(thread).is_some() {
                    let mut longer = path.clone();
                    longer.push(thread);
                    open.push((machine.after(thread), longer));
                }
            }
            if open.len() == before {
                all.push(path);
            }
        }
        all
    }

    /// Orders that together take every step out of every state that can be reached: enough to try all
    /// that can happen where there are too many orders to run each.
    pub fn covering_schedules(self) -> Vec<Vec<Thread>> {
        let graph = Graph::new(self);
        let mut covered = vec![[false; 2]; graph.states.len()];
        let mut all = Vec::new();
        for first in 0..graph.states.len() {
            for thread in Thread::BOTH {
                if graph.next[first][thread.index()].is_none() || covered[first][thread.index()] {
                    continue;
                }
                let mut schedule = graph.way(first);
                let (mut state, mut step) = (first, Some(thread));
                // On from there to the end, by steps that nobody has taken yet where there are any.
                while let Some(thread) = step {
                    covered[state][thread.index()] = true;
                    schedule.push(thread);
                    state = graph.next[state][thread.index()].unwrap_or(state);
                    let enabled = graph.states[state].enabled();
                    step = enabled.min_by_key(|thread| covered[state][thread.index()]);
                }
                all.push(schedule);
            }
        }
        all
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn different<T: PartialEq>(all: Vec<T>) -> Vec<T> {
        let mut seen = Vec::new();
        for one in all {
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
        seen
    }

    /// The orders and their ends: 2n steps of one thread among 4n are (4n choose 2n) orders; the futex
    /// mutex's were counted by a program of its own in another language.
    #[test]
    fn every_order_is_counted_with_its_end() {
        type Row = (Protection, u32, &'static [(i64, u64)]);
        let rows: [Row; 9] = [
            (Protection::Racy, 1, &[(1, 4), (2, 2)]),
            (Protection::Racy, 2, &[(2, 32), (3, 32), (4, 6)]),
            (Protection::Racy, 3, &[(2, 8), (3, 300), (4, 416), (5, 180), (6, 20)]),
            (Protection::Atomic, 1, &[(2, 2)]),
            (Protection::Atomic, 2, &[(4, 6)]),
            (Protection::Atomic, 3, &[(6, 20)]),
            (Protection::Futex, 1, &[(2, 112)]),
            (Protection::Futex, 2, &[(4, 327_750)]),
            (Protection::Futex, 3, &[(6, 987_810_678)]),
        ];
        for (protection, times, ends) in rows {
            let counts = Machine::new(protection, times).count();
            let expected = Counts {
                by_final_value: ends.to_vec(),
                stuck: 0,
            };
            assert_eq!(counts, expected, "{protection:?} × {times}");
        }
    }

    #[test]
    fn the_listed_orders_are_as_many_as_counted_and_each_is_another() {
        for (protection, times) in [(Protection::Racy, 3), (Protection::Atomic, 3), (Protection::Futex, 1)] {
            let machine = Machine::new(protection, times);
            let all = machine.schedules();
            assert_eq!(all.len() as u64, machine.count().total(), "{protection:?}");
            let count = all.len();
            assert_eq!(different(all).len(), count, "{protection:?}");
        }
    }

    #[test]
    fn covering_orders_take_every_step_out_of_every_state() {
        let machine = Machine::new(Protection::Futex, 3);
        let mut taken = Vec::new();
        for schedule in machine.covering_schedules() {
            let mut now = machine;
            for thread in schedule {
                taken.push((now, thread));
                assert!(now.step(thread).is_some(), "each step can be taken");
            }
            assert_eq!(now.enabled().count(), 0, "each goes to the end");
        }
        let states = Graph::new(machine).states;
        let possible: usize = states.iter().map(|state| state.enabled().count()).sum();
        assert_eq!(different(taken).len(), possible);
    }

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

#[cfg(all(test, loom))]
mod loom_tests {
    use super::*;
    use crate::counter::Counter;
    use crate::counter::racy::Racy;
    use crate::sync::model::{explore, spawn};

    /// loom runs the counter's own code, in every order that can make a difference.
    #[test]
    fn loom_finds_the_final_values_that_the_machine_counts() {
        for times in [1, 2] {
            let counts = Machine::new(Protection::Racy, times).count();
            let ends = counts.by_final_value.into_iter().map(|(value, _)| value);
            explore(4, ends, move || {
                let counter = loom::sync::Arc::new(Racy::default());
                let add = move |counter: &Racy| {
                    for _ in 0..times {
                        counter.inc();
                    }
                };
                let other = spawn(&counter, add);
                add(&counter);
                other.join().unwrap();
                counter.value()
            });
        }
    }
}
