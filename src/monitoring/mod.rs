//! Monitoring: reads what the stores know, and serves all of [`crate::metrics`] to Prometheus on a listener of its own.
//!
//! That listener has no sign-in, so it belongs on an address that only the monitoring reaches. A metric contains numbers and
//! names from the code, and nothing of any launch or person.

mod collect;
mod listener;

pub use self::listener::{build_router, serve};
