//! The kinds of events, in the groups by which the log pages filter.

use std::borrow::Cow;

use crate::{record::security_log, texts};

#[derive(Debug, Clone, Copy)]
pub struct KindGroup {
    pub slug: &'static str,
    pub word: fn() -> Cow<'static, str>,
    pub kinds: &'static [&'static str],
}

/// Several groups as one filter: the widest choices of a log.
#[derive(Debug, Clone, Copy)]
pub struct KindSet {
    /// Empty for what is shown without a filter.
    pub slug: &'static str,
    pub word: fn() -> Cow<'static, str>,
    /// `None` for every kind.
    pub groups: Option<&'static [&'static [KindGroup]]>,
}

impl KindSet {
    /// The kinds to filter by; `None` for all.
    #[must_use]
    pub fn kinds(&self) -> Option<Vec<String>> {
        let groups = self.groups?.iter().copied().flatten();
        Some(groups.flat_map(|group| group.kinds).map(ToString::to_string).collect())
    }
}

/// Groups of a launch's events, in the order in which pages show them. Every kind of event is in one of them.
pub const LAUNCH_KIND_GROUPS: [KindGroup; 8] = [
    KindGroup {
        slug: "items",
        word: texts::kinds_items,
        kinds: &["item_marked", "agreement_given", "agreement_refused", "item_assigned"],
    },
    KindGroup {
        slug: "evidence",
        word: texts::kinds_evidence,
        kinds: &["evidence_attached", "evidence_withdrawn", "evidence_requested", "evidence_request_answered"],
    },
    KindGroup {
        slug: "comments",
        word: texts::kinds_comments,
        kinds: &["comment_added", "comment_edited", "comment_deleted", "comment_hidden", "comment_shown"],
    },
    KindGroup {
        slug: "waivers",
        word: texts::kinds_waivers,
        kinds: &["waiver_asked", "waiver_approved", "waiver_refused", "waiver_revoked"],
    },
    KindGroup {
        slug: "signatures",
        word: texts::kinds_signatures,
        kinds: &["signed", "signature_withdrawn", "signatures_asked"],
    },
    KindGroup {
        slug: "decisions",
        word: texts::kinds_decisions,
        kinds: &["go_declared", "held", "resumed", "reopened", "launched", "closed", "cancelled"],
    },
    KindGroup {
        slug: "people",
        word: texts::kinds_people,
        kinds: &["owner_changed", "holder_added", "holder_removed", "participant_added", "participant_removed"],
    },
    KindGroup {
        slug: "settings",
        word: texts::kinds_settings,
        kinds: &[
            "launch_created",
            "details_changed",
            "policy_changed",
            "restriction_changed",
            "tags_changed",
            "notes_changed",
            "redacted",
        ],
    },
];

/// Groups of the audit log's events about a launch.
pub const LAUNCH_LOG_KIND_GROUPS: [KindGroup; 2] = [
    KindGroup { slug: "refusals", word: texts::kinds_refusals, kinds: security_log::REFUSAL_KINDS },
    KindGroup {
        slug: "exports",
        word: texts::kinds_exports,
        kinds: &["history_exported", "evidence_exported", "log_exported", "launch_checkpointed"],
    },
];

/// Groups of all other events of the audit log.
pub const INSTALLATION_KIND_GROUPS: [KindGroup; 5] = [
    KindGroup { slug: "sign_ins", word: texts::kinds_sign_ins, kinds: security_log::SIGN_IN_KINDS },
    KindGroup { slug: "accounts", word: texts::kinds_accounts, kinds: security_log::PEOPLE_KINDS },
    KindGroup { slug: "credentials", word: texts::kinds_credentials, kinds: security_log::CREDENTIAL_KINDS },
    KindGroup {
        slug: "checklists",
        word: texts::kinds_checklists,
        kinds: &["checklist_published", "checklist_archived", "checklist_restored"],
    },
    KindGroup {
        slug: "keys",
        word: texts::kinds_keys,
        kinds: &["key_registered", "key_rotated", "key_replaced", "statement_published"],
    },
];

/// The kinds of a group, or a single kind by its name; `None` if the name is neither.
pub fn find_kinds<'a>(groups: impl Iterator<Item = &'a KindGroup> + Clone, name: &str) -> Option<Vec<String>> {
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

    /// The fixtures have an event of every kind.
    #[test]
    fn launch_event_kinds_are_each_in_one_group() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/events");
        let names = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        let kinds: BTreeSet<String> = names.map(|name| name.split('.').next().unwrap().to_owned()).collect();
        let grouped: Vec<_> =
            LAUNCH_KIND_GROUPS.iter().flat_map(|group| group.kinds).map(ToString::to_string).collect();
        assert_eq!(grouped.len(), kinds.len(), "none is in two");
        assert_eq!(grouped.into_iter().collect::<BTreeSet<_>>(), kinds);
    }

    #[test]
    fn event_kinds_are_found_by_group_or_by_name() {
        let all = || LAUNCH_KIND_GROUPS.iter().chain(&LAUNCH_LOG_KIND_GROUPS);
        assert_eq!(find_kinds(all(), "comments").map(|kinds| kinds.len()), Some(5));
        assert_eq!(find_kinds(all(), "signed"), Some(vec!["signed".to_owned()]));
        assert_eq!(find_kinds(all(), "signing_refused"), Some(vec!["signing_refused".to_owned()]));
        assert_eq!(find_kinds(all(), "nonsense"), None);
    }

    #[test]
    fn installation_event_kinds_are_each_in_one_group() {
        let grouped: Vec<&str> = LAUNCH_LOG_KIND_GROUPS
            .iter()
            .chain(&INSTALLATION_KIND_GROUPS)
            .flat_map(|group| group.kinds)
            .copied()
            .collect();
        assert_eq!(grouped.len(), InstallationEvent::VARIANTS.len(), "none is in two");
        assert_eq!(
            grouped.into_iter().collect::<BTreeSet<_>>(),
            BTreeSet::from_iter(InstallationEvent::VARIANTS.to_vec())
        );
    }
}
