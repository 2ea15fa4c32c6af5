//! The rules of `signoff` as pure code.
//!
//! Nothing in this module is asynchronous, uses SQL or HTTP, reads the clock or draws random numbers: callers pass in
//! the time, new identifiers and salts. All decisions of the product are made here.

pub mod bundle;
pub mod burn_up;
pub mod canonical;
pub mod checklist;
pub mod checklist_difference;
pub mod checklist_draft;
pub mod checkpoint;
pub mod digest;
pub mod exact_json;
pub mod ids;
pub mod installation;
pub mod installation_entry;
pub mod installation_replay;
mod installation_values;
pub mod job_rules;
pub mod key;
pub mod key_chain;
pub mod launch;
pub mod launch_summary;
pub mod markdown_checklist;
pub mod markdown_limits;
pub mod merkle;
pub mod notification;
pub mod plural;
pub mod readiness;
pub mod receipt;
pub mod role;
pub mod second_factor;
pub mod signature_reminders;
mod signed_note;
pub mod statement;
pub mod sweep_rules;
pub mod text;
pub mod time;
pub mod totp;
pub mod verification_share;
pub mod webhook_rules;
