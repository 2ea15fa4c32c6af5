//! Background jobs.

pub mod daily_checkpoint;
pub mod outbox;
pub mod sweep;
