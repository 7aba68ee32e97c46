//! Thousands of random schedules of starting, finishing, being slow, dying, taking over and coming too
//! late, each held against a plain bookkeeping of what must have happened.

mod world;

use proptest::collection::vec;
use proptest::prelude::*;

use crate::jobs::LeaseError;
use crate::jobs::counts::{Fate, JobCounts};
use crate::jobs::failure_detector::{DeathCause, Evidence};
use crate::jobs::lease::{Lease, LeaseToken, Offer};
use crate::jobs::master::{Change, Master, Rules};
use crate::jobs::table::JobTable;

use world::World;

const TIMEOUT_MS: f64 = 100.0;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The master offers a worker a job.
    Offer(u8),
    /// A worker takes what it was offered, whenever that was.
    Take(u8),
    /// A worker is done with its job.
    Finish(u8),
    /// A worker stops beating, or begins again.
    Slow(u8),
    Recover(u8),
    /// A worker dies; that it did is known only later.
    Kill(u8),
    KillAll,
    Reveal(u8),
    /// Time passes; those who can, beat.
    Pass(u8),
    Look,
    NextRound,
    GiveUp,
    /// The master dies by itself; or is thought dead but lives on; or is replaced alive.
    Exit,
    Declare,
    Adopt,
    /// A former master that lives on tries to command.
    Zombie(u8, u8),
    /// A worker shows a token that was used or taken away.
    Replay(u8),
}

/// One number says which step, so that a schedule of hundreds is quickly made and shortened; what is
/// rare in a run is rare here.
fn step() -> impl Strategy<Value = Step> {
    (0..640, any::<u8>(), any::<u8>()).prop_map(|(kind, who, what)| match kind {
        0..100 => Step::Offer(who),
        100..200 => Step::Take(who),
        200..280 => Step::Finish(who),
        280..300 => Step::Slow(who),
        300..320 => Step::Recover(who),
        320..330 => Step::Kill(who),
        330..331 => Step::KillAll,
        331..350 => Step::Reveal(who),
        350..410 => Step::Pass(who),
        410..480 => Step::Look,
        480..510 => Step::NextRound,
        510..520 => Step::GiveUp,
        520..530 => Step::Exit,
        530..540 => Step::Declare,
        540..570 => Step::Adopt,
        570..605 => Step::Zombie(who, what),
        _ => Step::Replay(who),
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_schedule_does_a_job_twice_or_loses_one_whose_worker_lives(
        rounds in 1_u32..4, jobs in 1_u32..7, workers in 1_u8..6, retry: bool,
        steps in vec(step(), 0..160),
    ) {
        let table = JobTable::new(rounds, jobs);
        let mut world = World::new(&table, workers, retry);
        world.step(Step::Adopt);
        for step in steps {
            world.step(step);
        }
        world.settle();
    }
}
