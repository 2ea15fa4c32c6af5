//! What pages say: numbers, days and events as text, the head of a launch, the difference between two moments, and the
//! answer to a refused change.

pub mod difference;
pub mod event_descriptions;
pub mod formatting;
pub mod head;
pub mod item_facts;
pub mod notifications;
pub mod refusal;
pub mod renewals;
pub mod role_mark;
pub mod tags;
