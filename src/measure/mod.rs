//! How sure we are: the clock's step, prices from batches, intervals, and what a difference is
//! worth. Not here: what is measured (`experiment`).

pub mod batch;
pub mod bootstrap;
pub mod clock;
pub mod compare;
