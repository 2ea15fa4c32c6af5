//! What the pages of help say.

use std::borrow::Cow;

use crate::texts;

/// A role, as help explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumIter, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub(super) enum HelpTopic {
    Member,
    Signer,
    Owner,
    Admin,
    Auditor,
}

impl HelpTopic {
    /// The last part of the page's address.
    pub(super) fn slug(self) -> &'static str {
        self.into()
    }

    pub(super) fn title(self) -> Cow<'static, str> {
        match self {
            Self::Member => texts::help_for_members(),
            Self::Signer => texts::help_for_signers(),
            Self::Owner => texts::help_for_owners(),
            Self::Admin => texts::help_for_admins(),
            Self::Auditor => texts::help_for_auditors(),
        }
    }

    /// What the role is for, in one sentence.
    pub(super) fn summary(self) -> Cow<'static, str> {
        match self {
            Self::Member => texts::what_members_do(),
            Self::Signer => texts::what_signers_do(),
            Self::Owner => texts::what_owners_do(),
            Self::Admin => texts::what_admins_do(),
            Self::Auditor => texts::what_auditors_do(),
        }
    }

    /// Questions and their answers.
    pub(super) fn answers(self) -> Vec<(Cow<'static, str>, Cow<'static, str>)> {
        match self {
            Self::Member => vec![
                (texts::where_is_my_work(), texts::answer_where_is_my_work()),
                (texts::how_am_i_notified(), texts::answer_how_am_i_notified()),
                (texts::how_to_mark_an_item(), texts::answer_how_to_mark_an_item()),
                (texts::how_to_attach_evidence(), texts::answer_how_to_attach_evidence()),
                (texts::what_if_an_item_does_not_apply(), texts::answer_what_if_an_item_does_not_apply()),
                (texts::how_to_ask_for_a_waiver(), texts::answer_how_to_ask_for_a_waiver()),
            ],
            Self::Signer => vec![
                (texts::what_do_i_sign(), texts::answer_what_do_i_sign()),
                (texts::how_to_sign(), texts::answer_how_to_sign()),
                (texts::what_if_something_changes(), texts::answer_what_if_something_changes()),
                (texts::how_to_object(), texts::answer_how_to_object()),
                (texts::who_approves_waivers(), texts::answer_who_approves_waivers()),
            ],
            Self::Owner => vec![
                (texts::how_to_make_a_launch(), texts::answer_how_to_make_a_launch()),
                (texts::who_may_sign(), texts::answer_who_may_sign()),
                (texts::how_to_decide(), texts::answer_how_to_decide()),
                (texts::what_after_go(), texts::answer_what_after_go()),
                (texts::who_sees_a_launch(), texts::answer_who_sees_a_launch()),
            ],
            Self::Admin => vec![
                (texts::how_to_invite(), texts::answer_how_to_invite()),
                (texts::what_may_each_role(), texts::answer_what_may_each_role()),
                (texts::what_if_a_password_is_lost(), texts::answer_what_if_a_password_is_lost()),
                (texts::what_if_somebody_leaves(), texts::answer_what_if_somebody_leaves()),
                (texts::who_needs_a_second_factor(), texts::answer_who_needs_a_second_factor()),
            ],
            Self::Auditor => vec![
                (texts::what_may_auditors_read(), texts::answer_what_may_auditors_read()),
                (texts::how_to_read_a_history(), texts::answer_how_to_read_a_history()),
                (texts::how_to_see_the_past(), texts::answer_how_to_see_the_past()),
                (texts::how_to_prove_a_history(), texts::answer_how_to_prove_a_history()),
                (texts::how_to_request_evidence(), texts::answer_how_to_request_evidence()),
            ],
        }
    }
}
