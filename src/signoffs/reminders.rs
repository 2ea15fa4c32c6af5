//! The owner reminds those whose signatures were asked for and are missing.

use axum::extract::State;

use super::pages;
use crate::{
    access::launch_access::LaunchAccess,
    domain::{launch::access::Act, readiness::compute_readiness, signature_reminders::signature_reminders},
    record::notifications::insert_notifications,
    state::AppState,
    texts,
    web::{Error, response::SeeOther},
};

/// `POST /launches/{id}/reminders`: each person once a day for a role, however often it is sent.
pub(super) async fn remind_signers(State(state): State<AppState>, access: LaunchAccess) -> Result<SeeOther, Error> {
    access.check_permission(&Act::AskSignatures)?;
    let launch = &access.launch;
    let readiness = compute_readiness(launch, access.now);
    let reminders = signature_reminders(launch, &readiness, Some(access.user.id), access.now);
    let mut transaction = state.db.begin().await?;
    let before = super::store::count_reminders(&mut *transaction, launch.id).await?;
    insert_notifications(&mut transaction, launch, reminders).await?;
    let reminded = super::store::count_reminders(&mut *transaction, launch.id).await? - before;
    transaction.commit().await?;
    let to = SeeOther::to(pages::page_href(&access));
    Ok(match reminded {
        0 => to.with_success(texts::nobody_was_left_to_remind()),
        people => to.with_success(texts::signers_are_reminded(people)),
    })
}
