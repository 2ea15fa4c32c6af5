//! What pages say: numbers, days and events as text, the head of a launch, the difference between two moments, the
//! rows and filters of a log, and the answer to a refused change.

pub mod difference;
pub mod event_descriptions;
pub mod event_kinds;
pub mod formatting;
pub mod head;
pub mod item_facts;
pub mod log;
pub mod log_filter;
pub mod refusal;
pub mod renewals;
