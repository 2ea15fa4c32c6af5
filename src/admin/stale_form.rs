//! Optimistic locking of admin forms: a form that replaces something carries the index of the entry of the audit log that
//! its page showed, and is refused when there is a newer one.

use std::borrow::Cow;

use http::StatusCode;
use sqlx::PgConnection;

use crate::{
    domain::{ids::UserId, installation::InstallationEventKind},
    record::installation_log::{self, InstallationEntry},
    texts,
    web::form_base::FormBase,
};

/// The index that a form carries while nobody has changed anything.
pub(super) const NO_ENTRY_YET: i64 = 0;

/// Why a form is refused.
pub(super) enum StaleForm {
    /// The index that the form was sent with is not a number.
    UnreadableIndex,
    /// What it replaces was changed by this entry since.
    ChangedBy(Box<InstallationEntry>),
}

impl StaleForm {
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::UnreadableIndex => StatusCode::UNPROCESSABLE_ENTITY,
            Self::ChangedBy(_) => StatusCode::CONFLICT,
        }
    }

    /// For the person who sent the form; `describe_change` makes a sentence with the name of who changed it.
    pub(super) fn message(&self, describe_change: impl Fn(&str) -> Cow<'static, str>) -> String {
        match self {
            Self::UnreadableIndex => texts::form_has_no_base(),
            Self::ChangedBy(entry) => match &entry.actor {
                Some(actor) => describe_change(actor.name.as_str()),
                None => describe_change(&texts::somebody()),
            },
        }
        .into_owned()
    }
}

/// Checks a form against the newest entry of a kind. A form without the field passes. The caller must
/// have locked what the form replaces. The base of a refused form is renewed, since the message says what was changed.
pub(super) async fn check_not_stale(
    conn: &mut PgConnection,
    base: &mut FormBase,
    kind: InstallationEventKind,
    subject: Option<UserId>,
) -> Result<Result<(), StaleForm>, sqlx::Error> {
    let Some(seen_index) = base.get() else { return Ok(Ok(())) };
    let Some(seen_index) = seen_index.parse::<i64>().ok().filter(|seen_index| *seen_index >= NO_ENTRY_YET) else {
        base.forget();
        return Ok(Err(StaleForm::UnreadableIndex));
    };
    let newest = installation_log::load_newest_entry(conn, kind, subject).await?;
    Ok(match newest.filter(|entry| entry.index > seen_index) {
        Some(entry) => {
            base.forget();
            Err(StaleForm::ChangedBy(Box::new(entry)))
        }
        None => Ok(()),
    })
}
