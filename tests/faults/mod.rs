//! What happens when something breaks or ends: stores, processes, connections, files, changes at the same time.

mod backup;
mod client_faults;
mod connections;
mod drill;
mod evidence_copy;
mod evidence_disk;
mod evidence_store;
mod evidence_sweep;
mod infrastructure_faults;
mod migrations;
mod races;
mod restore;
mod rolling_restart;
mod server_faults;
mod shutdown;
mod store_faults;
mod vanished_peers;
