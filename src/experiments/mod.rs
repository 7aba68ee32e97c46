//! The experiments, one folder each: its settings, its run, its part of the report.

pub mod master_exit;
pub mod master_worker;
pub mod masters;
