//! Runs a test in every interleaving, by loom.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

/// Runs `run` in every interleaving with at most `preemptions` preemptions, and checks that its outcomes are
/// `expected`, each of them.
pub fn explore<T: Ord + Debug + Send + 'static>(
    preemptions: usize,
    expected: impl IntoIterator<Item = T>,
    run: impl Fn() -> T + Send + Sync + 'static,
) {
    let outcomes = Arc::new(Mutex::new(BTreeSet::new()));
    let seen = Arc::clone(&outcomes);
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(preemptions);
    // Each poll of a spinning thread is a branch.
    model.max_branches = 10_000;
    model.check(move || {
        let outcome = run();
        seen.lock().unwrap().insert(outcome);
    });
    assert_eq!(*outcomes.lock().unwrap(), expected.into_iter().collect());
}

/// Starts a loom thread that shares `shared`.
pub fn spawn<S: 'static, T: 'static>(
    shared: &loom::sync::Arc<S>,
    run: impl FnOnce(&S) -> T + 'static,
) -> loom::thread::JoinHandle<T> {
    let shared = loom::sync::Arc::clone(shared);
    loom::thread::spawn(move || run(&shared))
}
