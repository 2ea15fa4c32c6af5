//! The choice of people in a form: who signs for each role, and who else takes part.
//!
//! A signer is sent as `role.user`. People who are offered by name are boxes to tick, and all members are in a list.

use std::collections::BTreeSet;

use crate::domain::{
    ids::UserId,
    launch::state::{ChecklistVersion, LaunchState},
    role::RoleSlug,
};

/// The choice of the signers of a role.
pub(super) struct HolderChoice {
    pub slug: String,
    pub title: String,
    /// Whether the checklist requires a signature in the role.
    pub required: bool,
    /// People to tick by name.
    pub offered: Vec<OfferedPerson>,
    /// The other members, in a list to choose from.
    pub others: Vec<OfferedPerson>,
}

pub(super) struct OfferedPerson {
    /// What the form sends.
    pub value: String,
    pub name: String,
    pub chosen: bool,
}

/// A signer as the form sends it.
pub(super) fn format_signer(role: &RoleSlug, user: UserId) -> String {
    format!("{role}.{user}")
}

/// Reads what [`format_signer`] wrote.
pub(super) fn parse_signer(sent: &str) -> Option<(RoleSlug, UserId)> {
    let (role, user) = sent.split_once('.')?;
    Some((role.parse().ok()?, user.parse().ok()?))
}

/// For each role of a checklist, the members who held it last time, ticked, and the other members. `sent` is the choice
/// of a form that comes back.
pub(super) fn build_signer_choices(
    version: &ChecklistVersion,
    last: Option<&LaunchState>,
    members: &[(UserId, String)],
    sent: Option<&[String]>,
) -> Vec<HolderChoice> {
    let build = |(role, title): (RoleSlug, _)| {
        let held: BTreeSet<UserId> = last.map(|last| last.holders_of(&role).collect()).unwrap_or_default();
        let (mut offered, mut others) = (Vec::new(), Vec::new());
        for (id, name) in members {
            let value = format_signer(&role, *id);
            let was_sent = sent.is_some_and(|sent| sent.contains(&value));
            let option = OfferedPerson { name: name.clone(), chosen: was_sent, value };
            if held.contains(id) || was_sent {
                offered.push(OfferedPerson { chosen: was_sent || sent.is_none(), ..option });
            } else {
                others.push(option);
            }
        }
        let required = version.checklist.requires(&role);
        HolderChoice { slug: role.to_string(), title: format!("{title}"), required, offered, others }
    };
    version.assignable_roles().into_iter().map(build).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::launch::fixture::{ANA, BEN, SEC, SECURITY, TECH, TECH_LEAD, World, checklist, role};

    #[test]
    fn signer_is_read_as_it_was_written() {
        let written = format_signer(&role(SECURITY), ANA);
        assert_eq!(parse_signer(&written), Some((role(SECURITY), ANA)));
        for wrong in ["", "security", "security.", ".x", &format!("Security.{ANA}"), &format!("security-{ANA}")] {
            assert_eq!(parse_signer(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn who_held_a_role_last_time_is_ticked_until_the_form_says_otherwise() {
        let (world, version) = (World::new(), checklist::every_kind_of_item());
        // Of the two who held `tech_lead`, one is no longer a member.
        let members =
            [(ANA, "Ana".to_owned()), (BEN, "Ben".to_owned()), (SEC, "Sara".to_owned()), (TECH, "Tess".to_owned())];
        let ticked = |last: Option<&LaunchState>, sent: Option<&[String]>| {
            let choices = build_signer_choices(&version, last, &members, sent);
            let lead = choices.into_iter().find(|choice| choice.slug == TECH_LEAD).unwrap();
            assert_eq!(lead.offered.len() + lead.others.len(), members.len());
            let offered = lead.offered.into_iter().map(|person| (person.name, person.chosen));
            offered.collect::<Vec<_>>()
        };
        assert_eq!(ticked(Some(&world.state), None), [("Tess".to_owned(), true)]);
        assert_eq!(ticked(Some(&world.state), Some(&[])), [("Tess".to_owned(), false)]);
        assert_eq!(ticked(None, None), []);
        let ben = [format_signer(&role(TECH_LEAD), BEN)];
        assert_eq!(ticked(Some(&world.state), Some(&ben)), [("Ben".to_owned(), true), ("Tess".to_owned(), false)]);
    }
}
