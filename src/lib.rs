//! `signoff`: a self-hosted web application with which a team gets a launch ready and signs it off.
//!
//! The map of the house, from the inside out; nothing imports what stands below it in this list:
//!
//! - [`domain`]: values and rules, pure.
//! - [`record`]: the one door through which launches are read and changed.

pub mod domain;
pub mod record;
