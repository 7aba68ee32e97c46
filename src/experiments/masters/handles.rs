//! The [`Handles`] that a master has of the jobs it started, strong or, as in the post, weak.

use std::sync::{Arc, Weak};

use crate::jobs::lease::Lease;

/// A job as an object of its own, which is what the post's weak references referred to: it lives as long as
/// something holds it.
#[derive(Debug)]
pub(super) struct JobObject;

#[derive(Debug)]
enum Handle {
    Strong(#[allow(dead_code, reason = "held so that it lives")] Arc<JobObject>),
    Weak(Weak<JobObject>),
}

/// The handles of one round's jobs, each at its job's place.
#[derive(Debug, Default)]
pub(super) struct Handles {
    handles: Vec<Option<Handle>>,
    weak: bool,
    gone: usize,
}

impl Handles {
    /// None yet, of `jobs` jobs.
    pub fn new(jobs: usize, weak: bool) -> Handles {
        Handles { handles: (0..jobs).map(|_| None).collect(), weak, gone: 0 }
    }

    /// Makes a job's object, for the worker, and keeps a handle of it.
    pub fn make(&mut self, place: u32) -> Arc<JobObject> {
        let object = Arc::new(JobObject);
        self.handles[place as usize] = Some(if self.weak {
            Handle::Weak(Arc::downgrade(&object))
        } else {
            Handle::Strong(Arc::clone(&object))
        });
        object
    }

    /// How many weak handles lead nowhere, if those have become more since the last time.
    pub fn newly_gone(&mut self) -> Option<u32> {
        let gone = self.weak().filter(|(_, job)| job.strong_count() == 0);
        let gone = gone.count();
        let more = gone > self.gone;
        self.gone = self.gone.max(gone);
        // At most 128 jobs.
        more.then_some(gone as u32)
    }

    /// How many weak handles of finished jobs lead nowhere, and how many do not.
    pub fn of_finished(&self, leases: impl Iterator<Item = Lease>) -> (u64, u64) {
        let leases: Vec<Lease> = leases.collect();
        let of_finished = self.weak().filter(|(place, _)| leases[*place].state.is_done());
        let (gone, upgraded): (Vec<_>, Vec<_>) =
            of_finished.partition(|(_, job)| job.upgrade().is_none());
        (gone.len() as u64, upgraded.len() as u64)
    }

    fn weak(&self) -> impl Iterator<Item = (usize, &Weak<JobObject>)> {
        let handles = self.handles.iter().enumerate();
        handles.filter_map(|(place, handle)| match handle {
            Some(Handle::Weak(job)) => Some((place, job)),
            _ => None,
        })
    }
}
