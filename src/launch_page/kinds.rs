//! The kinds of events, in the groups in which one looks for them.

use crate::record::security;

/// A group of kinds that is looked for together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its word.
    pub word: &'static str,
    /// The kinds.
    pub kinds: &'static [&'static str],
}

/// The groups, in the order pages show them. Every kind of event is in one of them.
pub const GROUPS: [Group; 8] = [
    Group {
        slug: "items",
        word: "Items",
        kinds: &["item_marked", "agreement_given", "agreement_refused", "item_assigned"],
    },
    Group {
        slug: "evidence",
        word: "Evidence",
        kinds: &["evidence_attached", "evidence_withdrawn", "evidence_requested", "evidence_request_answered"],
    },
    Group {
        slug: "comments",
        word: "Comments",
        kinds: &["comment_added", "comment_edited", "comment_deleted", "comment_hidden", "comment_shown"],
    },
    Group {
        slug: "waivers",
        word: "Waivers",
        kinds: &["waiver_asked", "waiver_approved", "waiver_refused", "waiver_revoked"],
    },
    Group { slug: "signatures", word: "Signatures", kinds: &["signed", "signature_withdrawn", "signatures_asked"] },
    Group {
        slug: "decisions",
        word: "Decisions",
        kinds: &["go_declared", "held", "resumed", "reopened", "launched", "closed", "cancelled"],
    },
    Group {
        slug: "people",
        word: "People",
        kinds: &["owner_changed", "holder_added", "holder_removed", "participant_added", "participant_removed"],
    },
    Group {
        slug: "settings",
        word: "Settings",
        kinds: &[
            "launch_created",
            "details_changed",
            "policy_changed",
            "restriction_changed",
            "notes_changed",
            "redacted",
        ],
    },
];

/// What the installation's log tells of a launch.
pub const BESIDE: [Group; 2] = [
    Group { slug: "refusals", word: "Refusals", kinds: security::REFUSALS },
    Group {
        slug: "exports",
        word: "Exports",
        kinds: &["history_exported", "evidence_exported", "log_exported", "launch_checkpointed"],
    },
];

/// What else the installation's log tells.
pub const OF_INSTALLATION: [Group; 5] = [
    Group { slug: "sign_ins", word: "Sign-ins", kinds: security::SIGN_INS },
    Group { slug: "accounts", word: "Accounts", kinds: security::PEOPLE },
    Group { slug: "credentials", word: "Passwords and second factors", kinds: security::CREDENTIALS },
    Group {
        slug: "checklists",
        word: "Checklists",
        kinds: &["checklist_published", "checklist_archived", "checklist_restored"],
    },
    Group { slug: "keys", word: "Keys and statements", kinds: &["key_registered", "statement_published"] },
];

/// The kinds of a group, or a single kind by its name; nothing for what is neither.
pub fn kinds<'a>(groups: impl Iterator<Item = &'a Group> + Clone, name: &str) -> Option<Vec<String>> {
    let group = groups.clone().find(|group| group.slug == name).map(|group| group.kinds);
    let kind = || groups.flat_map(|group| group.kinds).find(|kind| **kind == name).map(std::slice::from_ref);
    Some(group.or_else(kind)?.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::VariantNames as _;

    use super::*;
    use crate::domain::installation::InstallationEvent;

    /// The fixtures hold an event of every kind.
    #[test]
    fn every_kind_is_in_one_group() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
        let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let known: BTreeSet<String> = names.map(|name| name.split('.').next().unwrap().to_owned()).collect();
        let grouped: Vec<_> = GROUPS.iter().flat_map(|group| group.kinds).map(ToString::to_string).collect();
        assert_eq!(grouped.len(), known.len(), "none is in two");
        assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), known);
    }

    #[test]
    fn kinds_go_by_group_or_by_name() {
        let all = || GROUPS.iter().chain(&BESIDE);
        assert_eq!(kinds(all(), "comments").map(|kinds| kinds.len()), Some(5));
        assert_eq!(kinds(all(), "signed"), Some(vec!["signed".to_owned()]));
        assert_eq!(kinds(all(), "signing_refused"), Some(vec!["signing_refused".to_owned()]));
        assert_eq!(kinds(all(), "nonsense"), None);
    }

    #[test]
    fn every_kind_of_the_installations_log_is_in_one_group() {
        let grouped: Vec<&str> = BESIDE.iter().chain(&OF_INSTALLATION).flat_map(|group| group.kinds).copied().collect();
        assert_eq!(grouped.len(), InstallationEvent::VARIANTS.len(), "none is in two");
        assert_eq!(
            grouped.into_iter().collect::<BTreeSet<_>>(),
            BTreeSet::from_iter(InstallationEvent::VARIANTS.to_vec())
        );
    }
}
