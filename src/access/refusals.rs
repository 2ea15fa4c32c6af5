//! Refused passwords, told in the installation's log: ten per person and hour singly, then as a count each time it
//! has doubled, so that an attack is on record and can't fill the log.

use redis::Cmd;

use crate::{
    domain::{
        ids::{RequestId, UserId},
        installation::{InstallationEvent, Purpose},
        launch::event::PersonRef,
        time::Moment,
    },
    record,
    state::AppState,
    web::Error,
};

/// How many are told singly.
const SINGLY: i64 = 10;

/// Tells of a refusal: who was asked, and who asked, when somebody was signed in.
///
/// # Errors
/// When a store fails.
pub async fn tell(
    state: &AppState,
    user: Option<UserId>,
    actor: Option<&PersonRef>,
    purpose: Purpose,
    request: RequestId,
    now: Moment,
) -> Result<(), Error> {
    let count = count(state, user, purpose, now).await?;
    let event = match count {
        ..=SINGLY => InstallationEvent::ProofRefused { user, purpose },
        _ if count % SINGLY == 0 && (count / SINGLY).count_ones() == 1 => {
            InstallationEvent::ProofsRefused { user, purpose, count }
        }
        _ => return Ok(()),
    };
    let mut transaction = state.db.begin().await?;
    record::installation::append(&mut transaction, actor, &event, None, request, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// How many there have been in this hour, this one included.
async fn count(state: &AppState, user: Option<UserId>, purpose: Purpose, now: Moment) -> Result<i64, Error> {
    let hour = now.timestamp().as_second() / 3_600;
    let who = user.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
    let key = state.redis.key(format_args!("refusals:{who}:{purpose:?}:{hour}"));
    let mut both = redis::pipe();
    both.atomic().add_command(Cmd::incr(&key, 1)).expire(&key, 3_600).ignore();
    let (count,): (i64,) = state.redis.run_all(&both).await?;
    Ok(count)
}
