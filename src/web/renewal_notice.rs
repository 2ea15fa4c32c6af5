//! The notice to a person whose sign-in was renewed by somebody else.

use super::time::exact;
use crate::{
    domain::{ids::RenewalId, launch::credential_renewal::RenewalKind, time::Zone},
    record::renewals::Renewal,
    texts,
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
        let by =
            renewal.made_by.as_ref().map_or_else(texts::an_operator_of_the_server, |by| by.name.to_string().into());
        let made = exact(renewal.made_at, zone);
        let used = renewal.renewed_at.map(|at| exact(at, zone));
        let confirmer = renewal.confirmed_by.as_ref().map(|by| by.name.as_str());
        let sentence = match (renewal.kind, used, confirmer) {
            (RenewalKind::ResetLink, None, None) => texts::reset_link_made_for_you(made, by),
            (RenewalKind::ResetLink, None, Some(confirmer)) => {
                texts::reset_link_made_for_you_and_confirmed(made, by, confirmer)
            }
            (RenewalKind::ResetLink, Some(used), None) => texts::reset_link_used_for_you(used, by, made),
            (RenewalKind::ResetLink, Some(used), Some(confirmer)) => {
                texts::reset_link_used_for_you_and_confirmed(used, by, made, confirmer)
            }
            (RenewalKind::SecondFactorRemoved, _, None) => texts::second_factor_removed_for_you(made, by),
            (RenewalKind::SecondFactorRemoved, _, Some(confirmer)) => {
                texts::second_factor_removed_for_you_and_confirmed(made, by, confirmer)
            }
        };
        Self { id: renewal.id, used: renewal.renewed_at.is_some(), sentence: sentence.into_owned() }
    }
}
