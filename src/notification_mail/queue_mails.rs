//! Puts the mails that are due into the queue, a transaction for each person.

use std::{
    collections::{BTreeSet, HashMap},
    panic::AssertUnwindSafe,
    sync::Arc,
};

use futures_util::FutureExt as _;
use uuid::Uuid;

use super::{
    compose::{MailContext, compose},
    settings_address, store, unsubscribe,
};
use crate::{
    access::{account::Account, store::find_account},
    ambient,
    domain::{
        ids::{LaunchId, UserId},
        launch::{
            access::{Actor, may_view},
            state::LaunchState,
        },
        notification::{ReasonGroup, StoredNotification},
    },
    mail::{self, Mail},
    state::AppState,
};

/// How many people are looked up at once.
const PEOPLE_AT_ONCE: i64 = 200;

/// Maximum number of notifications in one mail. What is more is in the next.
const MAX_IN_MAIL: i64 = 500;

/// How long a mail waits that can't be composed.
const RETRY_SECONDS: i64 = 3_600;

/// Queues every mail that is due; returns how many.
///
/// # Errors
/// When the database fails. What fails for one person is logged, and tried again in an hour.
pub async fn queue_due_mails(state: &AppState) -> anyhow::Result<usize> {
    if state.config.mail.is_none() || state.config.secret_key.is_none() {
        return Ok(0);
    }
    let (now, mut after, mut queued) = (state.clock.now(), None, 0);
    loop {
        let people = store::find_people(&state.db, after, now, PEOPLE_AT_ONCE).await?;
        let Some(last) = people.last().copied() else { return Ok(queued) };
        after = Some(last);
        for person in people {
            // A panic ends the mail of one person, and not those of the others.
            let attempt = AssertUnwindSafe(queue_mail_of(state, person)).catch_unwind().await;
            match attempt.unwrap_or_else(|_| Err(anyhow::anyhow!("a fault of the program"))) {
                Ok(is_queued) => queued += usize::from(is_queued),
                Err(error) => {
                    tracing::error!(user = %person, error = format!("{error:#}"), "a mail could not be composed");
                    store::postpone(&state.db, person, now, now.plus_seconds(RETRY_SECONDS)).await?;
                }
            }
        }
    }
}

/// Queues the mail of one person, if there is something that they may still know.
async fn queue_mail_of(state: &AppState, person: UserId) -> anyhow::Result<bool> {
    let now = state.clock.now();
    let mut transaction = state.db.begin().await?;
    let (mut due, mut dropped) = store::lock_due(&mut transaction, person, now, MAX_IN_MAIL).await?;
    let ids: Vec<LaunchId> = due.iter().map(|due| due.launch).collect::<BTreeSet<_>>().into_iter().collect();
    let launches = state.record.load_each(&mut transaction, &ids).await?;
    let launches: HashMap<_, _> = launches.into_iter().map(|launch| (launch.id, launch)).collect();
    // What is about a launch that can't be loaded waits, and keeps nobody from mails about others.
    due.retain(|due| launches.contains_key(&due.launch));
    let account = find_account(&mut transaction, person).await?.filter(|account| account.active);
    let (known, unknown): (Vec<_>, Vec<_>) =
        due.into_iter().partition(|due| account.as_ref().is_some_and(|account| may_know(account, &launches, due)));
    dropped.extend(unknown.iter().map(|due| due.id));
    if !dropped.is_empty() {
        store::drop_due(&mut transaction, &dropped).await?;
    }
    let is_queued = match &account {
        Some(account) if !known.is_empty() => {
            let mail = compose_mail(state, account, &launches, &known)?;
            mail::enqueue_composed(&mut transaction, state, &mail, None).await?;
            store::set_mailed(&mut transaction, &known.iter().map(|due| due.id).collect::<Vec<_>>(), now).await?;
            true
        }
        _ => false,
    };
    transaction.commit().await?;
    Ok(is_queued)
}

fn may_know(account: &Account, launches: &HashMap<LaunchId, Arc<LaunchState>>, due: &StoredNotification) -> bool {
    let actor = Actor { id: account.id, roles: account.roles.clone(), active: account.active };
    launches.get(&due.launch).is_some_and(|launch| may_view(launch, &actor))
}

fn compose_mail(
    state: &AppState,
    account: &Account,
    launches: &HashMap<LaunchId, Arc<LaunchState>>,
    known: &[StoredNotification],
) -> anyhow::Result<Mail> {
    let groups: BTreeSet<ReasonGroup> = known.iter().map(|due| due.reason.group()).collect();
    let id: Uuid = ambient::new_id();
    let context = MailContext {
        id,
        site: &state.config.public_url,
        account,
        launches,
        settings: settings_address(state),
        unsubscribe: unsubscribe::unsubscribe_address(state, account.id, &groups)?,
    };
    let language = account.language.unwrap_or_default();
    language.sync_scope(|| compose(&context, known))
}
