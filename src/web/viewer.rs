//! The person who looks at a page.

use crate::{
    domain::{ids::UserId, role::InstallationRoles, text::PersonName, time::Zone},
    record::renewals::Renewal,
};

/// The viewer of a page, as far as the chrome needs to know.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub id: UserId,
    pub name: PersonName,
    pub roles: InstallationRoles,
    /// The zone in which they read times.
    pub zone: Zone,
    /// Renewals of their sign-in by others that they have not yet seen.
    pub renewals: Vec<Renewal>,
}
