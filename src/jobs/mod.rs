//! Background jobs: the worker that takes them from the [`crate::queue`], and what each kind does.

pub mod daily_checkpoint;
mod notification_mails;
mod notifications;
mod send_mail;
mod store;
mod summaries;
pub mod sweep;
mod verification;
mod webhook_messages;
mod worker;

pub use worker::{run_due, send_due_mails, start};
