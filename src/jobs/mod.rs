//! What is done without anybody asking.

pub mod checkpoints;
pub mod sweep;
