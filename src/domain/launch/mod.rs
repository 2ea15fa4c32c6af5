//! A launch: one value, [`LaunchState`](state::LaunchState), and two pure functions.
//!
//! [`decide`](decide::decide) turns a command into events, or refuses it; [`apply`](state::LaunchState::apply) applies
//! an event to the state. Pages, readiness, digests, pages of the past and the bundle all read a `LaunchState`, and
//! only events make one.

pub mod access;
pub mod another;
pub mod apply;
pub mod calendar_dates;
pub mod changed_thing;
mod checklist_version;
pub mod command;
mod create;
pub mod credential_renewal;
pub mod current;
mod current_queries;
pub mod decide;
pub mod decision_name;
pub mod event;
pub mod event_texts;
mod event_values;
mod exact_event;
#[cfg(test)]
pub(crate) mod fixture;
pub mod item_state;
pub mod last_changes;
pub mod person_ref;
#[cfg(test)]
mod properties;
pub mod records;
pub mod redaction;
#[cfg(test)]
mod reference_model;
pub mod refusal;
pub mod replay;
pub mod resolution_change;
mod seq;
mod signature_record;
mod stage;
pub mod state;
pub mod stored_readiness;
pub mod texts;
