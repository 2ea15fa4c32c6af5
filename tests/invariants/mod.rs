//! Rules that hold for the whole program: routes, access, records, queries, sources and documents.

mod access;
mod by_design;
mod configuration_reference;
mod deployment;
mod documents;
mod event_columns;
mod every_change_is_recorded;
mod links;
mod list_plans;
mod own_checklist;
mod query_counts;
mod record;
mod routes;
mod schema;
mod sources;
mod unchanged;
