//! Tests of the application through its real router and socket, each with its own database.
#![expect(clippy::unwrap_used, reason = "a test that can't go on fails")]

mod adversaries;
mod faults;
mod helpers;
mod invariants;
mod journeys;
mod operations;
mod slices;
mod verification;
