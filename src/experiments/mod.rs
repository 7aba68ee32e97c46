//! The experiments, one folder each: its settings, its run, its part of the report.

pub mod contention;
pub mod lock_cost;
pub mod master_exit;
pub mod master_worker;
pub mod masters;
pub mod price_list;
