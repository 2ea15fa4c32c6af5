//! The application through its real router and socket, with actors as values, each test on a database of its own.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod accounts;
mod admin;
mod as_of;
mod audit;
mod bulk;
mod checklist_drafts;
mod checklists;
mod checkpoints;
mod completeness;
mod evidence;
mod exports;
mod faults;
mod helpers;
mod history;
mod items;
mod journeys;
mod keys;
mod launch_list;
mod live;
mod my_work;
mod pages;
mod races;
mod receipts;
mod record;
mod round_trips;
mod routes;
mod search;
mod security;
mod server;
mod signoffs;
mod statements;
mod sweep;
mod taking_away;
