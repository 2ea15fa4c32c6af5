//! The notice to a person whose sign-in was renewed by somebody else.

use super::time::exact;
use crate::{
    domain::{ids::RenewalId, launch::credential_renewal::RenewalKind, time::Zone},
    record::renewals::Renewal,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalNotice {
    pub id: RenewalId,
    /// Whether the sign-in has changed already: a link may not have been used yet.
    pub used: bool,
    /// What was done, by whom and when.
    pub sentence: String,
}

impl RenewalNotice {
    /// Times are shown in `zone`.
    #[must_use]
    pub fn new(renewal: &Renewal, zone: &Zone) -> Self {
        let by = renewal.made_by.as_ref().map_or("an operator of the server", |by| by.name.as_str());
        let made = exact(renewal.made_at, zone);
        let sentence = match (renewal.kind, renewal.renewed_at) {
            (RenewalKind::ResetLink, None) => {
                format!("On {made}, {by} made a link with which a new password can be chosen for your account.")
            }
            (RenewalKind::ResetLink, Some(at)) => format!(
                "On {}, a new password was chosen for your account, by a link that {by} had made on {made}.",
                exact(at, zone)
            ),
            (RenewalKind::SecondFactorRemoved, _) => format!("On {made}, {by} removed your second factor."),
        };
        let confirmed = renewal.confirmed_by.as_ref();
        let confirmed =
            confirmed.map_or_else(String::new, |by| format!(" {} confirmed that you had asked for it.", by.name));
        Self { id: renewal.id, used: renewal.renewed_at.is_some(), sentence: format!("{sentence}{confirmed}") }
    }
}
