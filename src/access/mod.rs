//! Who is asking: accounts, sessions, passwords, limits, and the rights that a route demands.

pub mod account;
pub mod auditing;
pub mod current_user;
pub mod enter;
pub mod half;
pub mod launch_access;
pub mod next;
pub mod password;
pub mod past;
pub mod proof;
pub mod proof_first;
pub mod rate_limit;
pub mod refusals;
pub mod require;
pub mod reset;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod store;
pub mod token;
pub mod visitor;

pub use current_user::{Admin, CurrentUser, MaybeUser};
