//! What is done without anybody asking.

pub mod sweep;
