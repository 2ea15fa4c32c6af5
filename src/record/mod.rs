//! The record: the one door through which history is written.

pub mod installation;
