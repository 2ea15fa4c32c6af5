//! Table tests of the rules, one file per topic, on the small world of [`fixture`](crate::domain::launch::fixture).

mod agreement;
mod credential_renewal;
mod evidence;
mod go_declaration;
mod launch_and_close;
mod marking;
mod objection_lifting;
mod refusal_order;
mod repeated_forms;
mod rights;
mod settings;
mod signing;
mod stages;
mod stale;
mod undo;
mod waivers;
