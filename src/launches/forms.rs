//! The forms of a launch: a new one, its details, its policy, its tags, who may see it and who owns it.

use std::borrow::Cow;

use serde::Deserialize;

use super::date_question::DateQuestion;
use crate::{
    domain::{
        ids::{LaunchId, UserId},
        launch::{changed_thing::ChangedThing, event::Seq, state::LaunchState},
    },
    texts,
    web::{
        form::{OptionalText, Toggle},
        form_base::FormBase,
        idempotency::{IdempotencyKey, SentIdempotencyKey, idempotent_id},
    },
};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewLaunchForm {
    pub name: String,
    pub summary: String,
    pub checklist: String,
    pub target: String,
    pub zone: String,
    pub restricted: Toggle,
    /// Who signs, as `role.user`.
    pub holder: Vec<String>,
    /// The version whose roles the form shows.
    pub roles_of: String,
    /// Who else may see a restricted launch.
    pub participant: Vec<String>,
    /// `roles` shows the roles of the chosen checklist and makes nothing.
    pub step: String,
    pub asks_about_dates: String,
    pub date_is_meant: String,
    pub once: SentIdempotencyKey,
}

impl NewLaunchForm {
    /// Launch id, derived from the creator, the form's idempotency key and its content: the form sent twice creates one
    /// launch, and a form with other content creates another.
    pub(super) fn launch_id(&self, maker: UserId, key: IdempotencyKey, restricted: bool) -> LaunchId {
        let restricted = if restricted { "restricted" } else { "" };
        let fields = [&*self.name, &*self.summary, &*self.checklist, &*self.target, &*self.zone, restricted];
        let people = self.holder.iter().chain(&self.participant).map(String::as_str);
        let fields: Vec<_> = fields.into_iter().chain(people).map(|text| text.trim().as_bytes()).collect();
        idempotent_id(maker, maker.uuid(), key, &fields)
    }

    pub(super) fn date_question(&self) -> DateQuestion {
        DateQuestion::from_fields(&self.asks_about_dates, &self.date_is_meant)
    }
}

/// A form without a summary leaves the summary as it is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchDetailsForm {
    pub name: String,
    pub summary: OptionalText,
    pub target: String,
    pub zone: String,
    pub asks_about_dates: String,
    pub date_is_meant: String,
    pub seq: FormBase,
}

impl LaunchDetailsForm {
    pub(super) fn date_question(&self) -> DateQuestion {
        DateQuestion::from_fields(&self.asks_about_dates, &self.date_is_meant)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchPolicyForm {
    pub slip_days: String,
    pub separation_of_duties: Toggle,
    pub seq: FormBase,
}

impl LaunchPolicyForm {
    pub(super) fn separates_duties(&self) -> bool {
        self.separation_of_duties.is_on()
    }

    pub(super) fn separation_label(&self) -> Cow<'static, str> {
        if self.separates_duties() { texts::rule_is_on() } else { texts::rule_is_off() }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchTagsForm {
    /// Separated by commas; `None` if the form does not have the field.
    pub tags: Option<String>,
    pub seq: FormBase,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchRestrictionForm {
    pub restricted: Toggle,
    pub seq: FormBase,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OwnerTransferForm {
    pub owner: String,
    pub reason: String,
    pub seq: FormBase,
}

/// For each form, the newest event that changed what it replaces.
pub(super) struct ShownEvents {
    pub details: Seq,
    pub policy: Seq,
    pub tags: Seq,
    pub restriction: Seq,
    pub owner: Seq,
}

impl ShownEvents {
    pub(super) fn new(launch: &LaunchState) -> Self {
        use ChangedThing::{Name, Owner, Restriction, SeparationOfDuties, SlipDays, Summary, Tags, Target};
        Self {
            details: launch.newest_change(&[Name, Summary, Target]),
            policy: launch.newest_change(&[SlipDays, SeparationOfDuties]),
            tags: launch.newest_change(&[Tags]),
            restriction: launch.newest_change(&[Restriction]),
            owner: launch.newest_change(&[Owner]),
        }
    }
}
