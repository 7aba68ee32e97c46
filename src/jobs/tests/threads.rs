//! The same rules under real threads: nobody takes turns here.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use crate::jobs::lease::{JobState, Offer};
use crate::jobs::table::JobTable;

const WORKERS: u8 = 4;
const JOBS: u32 = 2000;

#[test]
fn with_masters_coming_and_going_every_job_is_done_once() {
    let table = JobTable::new(1, JOBS);
    let accepted: Vec<AtomicU32> = (0..JOBS).map(|_| AtomicU32::new(0)).collect();
    let refused = AtomicU32::new(0);
    let lasts = AtomicU32::new(0);
    let work = |worker: u8| {
        while let Some(queued) = table.leases().find(|lease| lease.state.is_open()) {
            let epoch = table.leadership().epoch;
            let job = queued.job;
            let Ok(token) = table.take(Offer { job, epoch }, worker) else {
                thread::yield_now();
                continue;
            };
            if job.is_multiple_of(16) {
                // Slow enough to be taken for dead.
                thread::yield_now();
            }
            match table.finish(token) {
                Ok(is_last) => {
                    accepted[job as usize].fetch_add(1, Relaxed);
                    lasts.fetch_add(u32::from(is_last), Relaxed);
                }
                Err(_) => {
                    refused.fetch_add(1, Relaxed);
                }
            }
        }
    };
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            scope.spawn(move || work(worker));
        }
        let mut done = 0;
        while table.counts().open() > 0 {
            let epoch = table.adopt(table.leadership()).expect("there is one master at a time");
            for lease in table.leases().filter(|lease| lease.state == JobState::Leased) {
                // It suspects everybody it sees; a worker that has just finished is none the worse for it.
                let _ = table.revoke(lease, JobState::Queued, epoch);
            }
            let now = table.counts().done();
            assert!(now >= done, "the done count went from {done} to {now}");
            done = now;
            if epoch.is_multiple_of(3) {
                table.resign(epoch).expect("it is master");
                thread::yield_now();
            } else if epoch > 5000 {
                // Enough of that: now the work must come to its end.
                break;
            }
        }
    });
    assert!(accepted.iter().all(|count| count.load(Relaxed) == 1));
    assert_eq!((table.counts().done(), lasts.load(Relaxed)), (JOBS, 1));
    assert_eq!(table.stale(), refused.load(Relaxed));
}
