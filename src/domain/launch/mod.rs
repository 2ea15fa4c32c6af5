//! A launch: one pure value, [`LaunchState`](state::LaunchState), and one pure pair of functions.
//!
//! [`decide`](decide::decide) says what a command makes of a state, or why not;
//! [`apply`](state::LaunchState::apply) says what an event makes of it. Pages, readiness, digests, the
//! as-it-stood pages and the bundle all read a `LaunchState`, and it has one origin: the events.

pub mod access;
pub mod apply;
pub mod command;
pub mod current;
pub mod decide;
pub mod event;
mod exact;
#[cfg(test)]
pub(crate) mod fixture;
pub mod last_changes;
#[cfg(test)]
mod model;
#[cfg(test)]
mod properties;
pub mod redaction;
pub mod replay;
pub mod state;
pub mod text_places;
pub mod texts;
pub mod turn;
pub mod way_in;
