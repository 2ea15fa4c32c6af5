//! Table tests of the rules, a file a topic, on the small world of [`fixture`](crate::domain::launch::fixture).

mod agreement;
mod deciding;
mod evidence;
mod launching;
mod lifting;
mod marking;
mod order;
mod people;
mod rights;
mod signing;
mod stages;
mod stale;
mod twice;
mod undo;
mod waivers;
mod way_in;
