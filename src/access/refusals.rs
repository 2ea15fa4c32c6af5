//! Refusals that matter, told in the installation's log: passwords, codes, what was not let be signed, launches that one may
//! not know of, and requests that were turned away. Ten per person and hour singly, then as a count each time it has doubled,
//! so that an attack is on record and can't fill the log.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode};
use redis::Cmd;
use tracing::Instrument as _;
use uuid::Uuid;

use super::store;
use crate::{
    ambient,
    domain::{
        ids::{LaunchId, RequestId, UserId},
        installation::{Credential, InstallationEvent, NotSigned, Purpose, TurnedAway},
        launch::{
            event::{PersonRef, Seq},
            texts::{NewText, Salt, commitment},
        },
        role::RoleSlug,
        time::Moment,
    },
    record,
    state::AppState,
    web::{
        Error,
        request::{Number, Route, ViewerSlot},
    },
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
    /// From which address, where that is recorded.
    pub address: Option<IpAddr>,
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
    /// A whole request, and what it asked for.
    Request(TurnedAway, String),
}

impl What {
    /// What is counted together.
    fn name(&self) -> String {
        match self {
            Self::Proof(purpose, _) => format!("{purpose:?}"),
            Self::Signature(..) => "Signature".to_owned(),
            Self::Launch(_) => "Launch".to_owned(),
            Self::Request(why, _) => format!("Request:{why:?}"),
        }
    }
}

/// Tells of a refusal.
///
/// # Errors
/// When a store fails.
pub async fn tell(state: &AppState, asked: Asked<'_>, what: What) -> Result<(), Error> {
    let Asked { user, actor, about, request, address, now } = asked;
    let count = count(state, user, &what, now).await?;
    let doubled = count % SINGLY == 0 && (count / SINGLY).count_ones() == 1;
    // Entries are for ever, and an address may have to be forgotten: the entry has a commitment to it.
    let address = address.map(|address| NewText { value: address.to_string(), salt: Salt(ambient::random()) });
    let committed = address.as_ref().map(|address| commitment(&address.salt, &address.value));
    let event = match what {
        What::Proof(purpose, credential) if count <= SINGLY => {
            InstallationEvent::ProofRefused { user, purpose, credential, address: committed }
        }
        What::Proof(purpose, _) if doubled => InstallationEvent::ProofsRefused { user, purpose, count },
        What::Signature(role, why) if count <= SINGLY => InstallationEvent::SigningRefused { role, why },
        What::Signature(..) if doubled => InstallationEvent::SigningsRefused { count },
        What::Launch(asked) if count <= SINGLY => InstallationEvent::LaunchRefused { asked },
        What::Launch(_) if doubled => InstallationEvent::LaunchesRefused { count },
        What::Request(why, what) if count <= SINGLY => InstallationEvent::RequestRefused { why, what },
        What::Request(why, _) if doubled => InstallationEvent::RequestsRefused { why, count },
        What::Proof(..) | What::Signature(..) | What::Launch(_) | What::Request(..) => return Ok(()),
    };
    let mut transaction = state.db.begin().await?;
    if let (Some(committed), Some(address), InstallationEvent::ProofRefused { .. }) = (committed, &address, &event) {
        store::insert_refusal_address(&mut transaction, committed, address, now).await?;
    }
    record::installation::append(&mut transaction, actor, &event, about, request, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// As [`tell`], in a task of its own, so that the answer does not wait for it.
pub fn record_after_answer(state: &AppState, asked: Asked<'_>, what: What) {
    let (state_of_task, actor) = (state.clone(), asked.actor.cloned());
    let Asked { user, about, request, address, now, .. } = asked;
    let recording = async move {
        let asked = Asked { user, actor: actor.as_ref(), about, request, address, now };
        if let Err(error) = tell(&state_of_task, asked, what).await {
            tracing::error!(?error, "a refusal could not be recorded");
        }
    };
    state.tasks.spawn(recording.in_current_span());
}

/// Tells that somebody asked for a launch, or a part of one, that is not there or not theirs to know of. It is told beside
/// the answer, which waits for none of it: neither what is told nor how long the answer takes says which it was.
pub fn tell_of_launch(state: &AppState, by: PersonRef, asked: Uuid, request: RequestId, now: Moment) {
    tell_beside(state, Some(by), What::Launch(asked), request, now);
}

/// Marks an answer whose refusal the log has been told of already, by what knows more of it than the request.
#[derive(Debug, Clone, Copy)]
struct Told;

/// The answer to what was refused, once [`tell`] has told of it.
#[must_use]
pub fn told(error: Error) -> Response {
    let mut response = error.into_response();
    response.extensions_mut().insert(Told);
    response
}

/// Tells of every request that is turned away by whoever guards it: because who asked may not, because a page of another
/// site sent it, because it was meant for another site, or because it came too often.
pub async fn tell_of_requests(
    State(state): State<AppState>,
    Number(number): Number,
    request: Request,
    next: Next,
) -> Response {
    let (method, route) = (request.method().clone(), request.extensions().get::<Route>().cloned().unwrap_or_default());
    let viewer = request.extensions().get::<ViewerSlot>().cloned().unwrap_or_default();
    let response = next.run(request).await;
    if response.extensions().get::<Told>().is_some() {
        return response;
    }
    let why = match response.status() {
        StatusCode::FORBIDDEN => *response.extensions().get().unwrap_or(&TurnedAway::NotAllowed),
        StatusCode::MISDIRECTED_REQUEST => TurnedAway::WrongHost,
        StatusCode::TOO_MANY_REQUESTS => TurnedAway::TooOften,
        _ => return response,
    };
    let by = viewer.get().map(|viewer| PersonRef { id: viewer.id, name: viewer.name.clone() });
    tell_beside(&state, by, What::Request(why, asked_for(&method, &route)), number, state.clock.now());
    response
}

/// The method and the route.
fn asked_for(method: &Method, route: &Route) -> String {
    // A method is a word of whoever sends it, as long as they like.
    let method: String = method.as_str().chars().take(10).collect();
    match route.known() {
        Some(route) => format!("{method} {route}"),
        None => method,
    }
}

fn tell_beside(state: &AppState, by: Option<PersonRef>, what: What, request: RequestId, now: Moment) {
    let (user, actor) = (by.as_ref().map(|by| by.id), by.as_ref());
    record_after_answer(state, Asked { user, actor, about: None, request, address: None, now }, what);
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
