//! The [`Handles`] that a master has of the jobs it started, strong or, as in the post, weak.

use std::sync::{Arc, Weak};

use crate::jobs::lease::Lease;

/// A job as an object of its own, which is what the post's weak references referred to: it lives as long as
/// something holds it.
#[derive(Debug)]
pub(super) struct JobObject;

/// The handles of one round's jobs, each at its job's place: strong ones keep the object alive, weak ones tell
/// whether it is.
#[derive(Debug, Default)]
pub(super) struct Handles {
    strong: Vec<Option<Arc<JobObject>>>,
    /// None of them, where the handles are strong.
    weak: Vec<Option<Weak<JobObject>>>,
    gone: usize,
}

impl Handles {
    /// None yet, of `jobs` jobs.
    pub fn new(jobs: usize, weak: bool) -> Handles {
        let (strong, weak) = if weak { (0, jobs) } else { (jobs, 0) };
        Handles { strong: vec![None; strong], weak: vec![None; weak], gone: 0 }
    }

    /// Makes a job's object, for the worker, and keeps a handle of it.
    pub fn make(&mut self, place: u32) -> Arc<JobObject> {
        let object = Arc::new(JobObject);
        if let Some(handle) = self.weak.get_mut(place as usize) {
            *handle = Some(Arc::downgrade(&object));
        } else {
            self.strong[place as usize] = Some(Arc::clone(&object));
        }
        object
    }

    /// How many weak handles lead nowhere, if those have become more since the last time.
    pub fn newly_gone(&mut self) -> Option<u32> {
        let handles = self.weak.iter().flatten();
        let gone = handles.filter(|job| job.strong_count() == 0).count();
        let more = gone > self.gone;
        self.gone = self.gone.max(gone);
        // At most 128 jobs.
        more.then_some(gone as u32)
    }

    /// How many weak handles of finished jobs lead nowhere, and how many do not.
    pub fn of_finished(&self, leases: impl Iterator<Item = Lease>) -> (u64, u64) {
        let handles = self.weak.iter().zip(leases).filter(|(_, lease)| lease.state.is_done());
        let handles = handles.filter_map(|(handle, _)| handle.as_ref());
        let (gone, upgraded): (Vec<_>, Vec<_>) = handles.partition(|job| job.upgrade().is_none());
        (gone.len() as u64, upgraded.len() as u64)
    }
}
