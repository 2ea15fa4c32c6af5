//! What every page of a launch needs: its head, descriptions of its facts, and the answer to a refused change.

pub mod difference;
pub mod event_descriptions;
pub mod event_kinds;
pub mod form_values;
pub mod formatting;
pub mod head;
pub mod integrity;
pub mod item_facts;
pub mod log;
pub mod log_filter;
pub mod refusal;
pub mod renewals;
