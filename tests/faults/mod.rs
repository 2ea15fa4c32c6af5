//! What happens when something breaks or ends: stores, processes, connections, files, changes at the same time.

mod backup;
mod connections;
mod evidence_store;
mod evidence_sweep;
mod infrastructure_faults;
mod races;
mod shutdown;
