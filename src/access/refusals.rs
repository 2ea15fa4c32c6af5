//! Refusals that matter, told in the installation's log: passwords, codes, and what was not let be signed. Ten per person and
//! hour singly, then as a count each time it has doubled, so that an attack is on record and can't fill the log.

use redis::Cmd;
use tracing::Instrument as _;
use uuid::Uuid;

use crate::{
    domain::{
        ids::{LaunchId, RequestId, UserId},
        installation::{Credential, InstallationEvent, NotSigned, Purpose},
        launch::event::{PersonRef, Seq},
        role::RoleSlug,
        time::Moment,
    },
    record,
    state::AppState,
    web::Error,
};

/// How many are told singly.
const SINGLY: i64 = 10;

/// Who was refused, and in what circumstances.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Whose account was asked for, where there is such a one.
    pub user: Option<UserId>,
    /// Who asked, where somebody was signed in.
    pub actor: Option<&'a PersonRef>,
    /// The launch it is about, and how long its history was.
    pub about: Option<(LaunchId, Seq)>,
    /// In which request.
    pub request: RequestId,
    /// When.
    pub now: Moment,
}

/// What was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A password, or a code of the second factor.
    Proof(Purpose, Credential),
    /// A signature in a role, for another reason.
    Signature(Option<RoleSlug>, NotSigned),
    /// A launch, or a part of one, that is not there or not theirs to know of: the id in the address.
    Launch(Uuid),
}

impl What {
    /// What is counted together.
    fn name(&self) -> String {
        match self {
            Self::Proof(purpose, _) => format!("{purpose:?}"),
            Self::Signature(..) => "Signature".to_owned(),
            Self::Launch(_) => "Launch".to_owned(),
        }
    }
}

/// Tells of a refusal.
///
/// # Errors
/// When a store fails.
pub async fn tell(state: &AppState, asked: Asked<'_>, what: What) -> Result<(), Error> {
    let Asked { user, actor, about, request, now } = asked;
    let count = count(state, user, &what, now).await?;
    let doubled = count % SINGLY == 0 && (count / SINGLY).count_ones() == 1;
    let event = match what {
        What::Proof(purpose, credential) if count <= SINGLY => {
            InstallationEvent::ProofRefused { user, purpose, credential }
        }
        What::Proof(purpose, _) if doubled => InstallationEvent::ProofsRefused { user, purpose, count },
        What::Signature(role, why) if count <= SINGLY => InstallationEvent::SigningRefused { role, why },
        What::Signature(..) if doubled => InstallationEvent::SigningsRefused { count },
        What::Launch(asked) if count <= SINGLY => InstallationEvent::LaunchRefused { asked },
        What::Launch(_) if doubled => InstallationEvent::LaunchesRefused { count },
        What::Proof(..) | What::Signature(..) | What::Launch(_) => return Ok(()),
    };
    let mut transaction = state.db.begin().await?;
    record::installation::append(&mut transaction, actor, &event, about, request, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Tells that somebody asked for a launch, or a part of one, that is not there or not theirs to know of. It is told beside
/// the answer, which waits for none of it: neither what is told nor how long the answer takes says which it was.
pub fn tell_of_launch(state: &AppState, by: PersonRef, asked: Uuid, request: RequestId, now: Moment) {
    let telling = state.clone();
    let tell = async move {
        let by_whom = Asked { user: Some(by.id), actor: Some(&by), about: None, request, now };
        if let Err(error) = tell(&telling, by_whom, What::Launch(asked)).await {
            tracing::error!(?error, "a refusal could not be told");
        }
    };
    state.tasks.spawn(tell.in_current_span());
}

/// How many there have been in this hour, this one included.
async fn count(state: &AppState, user: Option<UserId>, what: &What, now: Moment) -> Result<i64, Error> {
    let hour = now.timestamp().as_second() / 3_600;
    let who = user.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
    let key = state.redis.key(format_args!("refusals:{who}:{}:{hour}", what.name()));
    let mut both = redis::pipe();
    both.atomic().add_command(Cmd::incr(&key, 1)).expire(&key, 3_600).ignore();
    let (count,): (i64,) = state.redis.run_all(&both).await?;
    Ok(count)
}
