//! Every order in which the steps of a [`Machine`] can be taken: how many there are, what they end with, and
//! enough of them to try all that can happen. Orders that meet in the same state have the same rest.

use super::machine::{Machine, Thread};

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
        let mut graph = Graph { states: vec![start], next: Vec::new(), from: vec![None] };
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
                counts.by_final_value.push((machine.number(), 1));
            } else {
                counts.stuck = 1;
            }
        }
        known[state] = Some(counts.clone());
        counts
    }
}

impl Machine {
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
    use super::super::machine::Protection;
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
            let expected = Counts { by_final_value: ends.to_vec(), stuck: 0 };
            assert_eq!(counts, expected, "{protection:?} × {times}");
        }
    }

    #[test]
    fn the_listed_orders_are_as_many_as_counted_and_each_is_another() {
        for (protection, times) in
            [(Protection::Racy, 3), (Protection::Atomic, 3), (Protection::Futex, 1)]
        {
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
}

#[cfg(all(test, loom))]
mod loom_tests {
    use super::super::machine::Protection;
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
