//! The rules of `jobs`, tried.
