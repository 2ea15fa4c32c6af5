//! The number of an event.

/// The number of an event in its launch's history, from 1.
pub type Seq = i64;
