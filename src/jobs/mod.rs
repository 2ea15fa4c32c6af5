//! What is done without anybody asking.

pub mod checkpoints;
pub mod letters;
pub mod sweep;
