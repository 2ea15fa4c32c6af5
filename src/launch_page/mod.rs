//! What every page of a launch needs: its head, its facts in words, and how a refused change is answered.

pub mod difference;
pub mod head;
pub mod item_facts;
pub mod kinds;
pub mod log;
pub mod looking;
pub mod outcome;
pub mod texts;
pub mod unaltered;
pub mod way_in;
pub mod words;
pub mod words_of_events;
