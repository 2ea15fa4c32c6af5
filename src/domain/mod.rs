//! What `signoff` knows of launches: values and rules, pure.
//!
//! Nothing in here is asynchronous, knows SQL or HTTP, reads the clock or draws random numbers: the time, new
//! identifiers and salts are handed in. What is decided in the product is decided here.

pub mod bundle;
pub mod burn_up;
pub mod canonical;
pub mod checklist;
pub mod checklist_difference;
pub mod checklist_draft;
pub mod checkpoint;
pub mod digest;
pub mod evidence_store;
pub mod exact;
pub mod ids;
pub mod installation;
pub mod installation_replay;
pub mod key;
pub mod launch;
pub mod markdown_checklist;
pub mod markdown_limits;
pub mod merkle;
pub mod readiness;
pub mod receipt;
pub mod role;
pub mod statement;
pub mod text;
pub mod time;
pub mod totp;
