//! Who sends a request: accounts, sessions, passwords, rate limits, and the rights that routes require.

pub mod account;
pub mod address_change;
pub mod audit_reader;
pub mod current_user;
pub mod fresh_proof;
pub mod launch_access;
pub mod password;
pub mod past_launch;
pub mod pending_sign_in;
pub mod proof;
pub mod rate_limit;
pub mod refusals;
pub mod require;
pub mod reset_link;
pub mod return_path;
pub mod second_factor;
pub mod session;
pub mod session_cookies;
pub mod sign_in;
pub mod store;
pub mod token;
pub mod visitor;

pub use current_user::{Admin, CurrentUser, MaybeUser};
