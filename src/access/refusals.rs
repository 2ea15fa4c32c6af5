//! Records refusals that matter in the audit log: wrong passwords and codes, refused signatures, launches that a person
//! may not know of, and rejected requests. Ten per person and hour are recorded one by one, then a count each time it
//! has doubled, so that an attack is recorded and can't fill the log.

use std::net::IpAddr;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{Method, StatusCode};
use redis::Cmd;
use uuid::Uuid;

use super::store;
use crate::{
    ambient,
    domain::{
        ids::{LaunchId, RequestId, UserId},
        installation::{Credential, InstallationEvent, ProofPurpose, RejectionReason, SigningRefusalReason},
        launch::{
            event::{PersonRef, Seq},
            texts::{NewText, Salt, compute_commitment},
        },
        role::RoleSlug,
        time::Moment,
    },
    metrics::METRICS,
    record,
    state::AppState,
    web::{
        Error,
        request::{MatchedRoute, RequestNumber, ViewerSlot},
    },
};

/// How many refusals are recorded one by one, per hour.
const MAX_SINGLE_ENTRIES: i64 = 10;

/// Who was refused, and the context.
#[derive(Debug, Clone, Copy)]
pub struct RefusalContext<'a> {
    /// The account concerned, if it exists.
    pub user: Option<UserId>,
    /// Who made the request, if somebody was signed in.
    pub actor: Option<&'a PersonRef>,
    /// The launch, and the length of its history at that time.
    pub launch_position: Option<(LaunchId, Seq)>,
    pub request: RequestId,
    /// The client address, where it is recorded.
    pub client_ip: Option<IpAddr>,
    pub now: Moment,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalKind {
    /// A password, or a code of the second factor.
    Proof(ProofPurpose, Credential),
    /// A signature in a role, for a reason other than the proof.
    Signature(Option<RoleSlug>, SigningRefusalReason),
    /// A launch, or something of one, that does not exist or that the person may not know of: the id in the address.
    Launch(Uuid),
    /// A whole request, and its description.
    RejectedRequest(RejectionReason, String),
}

impl RefusalKind {
    /// Refusals with the same name are counted together.
    fn counter_key(&self) -> String {
        match self {
            Self::Proof(purpose, _) => format!("{purpose:?}"),
            Self::Signature(..) => "Signature".to_owned(),
            Self::Launch(_) => "Launch".to_owned(),
            Self::RejectedRequest(reason, _) => format!("Request:{reason:?}"),
        }
    }

    /// Counts it in the metrics.
    fn count(&self) {
        match self {
            Self::Proof(purpose, credential) => {
                METRICS.proof_failures.with_label_values(&[<&str>::from(purpose), <&str>::from(credential)]).inc();
            }
            Self::Signature(_, why) => METRICS.count_refusal(why.into()),
            Self::Launch(_) => METRICS.count_refusal("launch_not_visible"),
            Self::RejectedRequest(why, _) => METRICS.count_refusal(why.into()),
        }
    }
}

/// Records a refusal in the audit log: each of the first ten in an hour as an entry, then entries with their count.
pub async fn record_refusal(state: &AppState, context: RefusalContext<'_>, refusal: RefusalKind) -> Result<(), Error> {
    let RefusalContext { user, actor, launch_position, request, client_ip, now } = context;
    if let (RefusalKind::Proof(..), Some(client), true) = (&refusal, &client_ip, state.config.logs_refused_addresses) {
        // Every one, unlike the entries: fail2ban counts them. deploy/fail2ban/filter.d/signoff.conf has this line.
        tracing::warn!(target: record::security_log::TARGET, %client, "a sign-in was refused");
    }
    refusal.count();
    let count = count_refusals(state, user, &refusal, now).await?;
    let is_count_to_record = count % MAX_SINGLE_ENTRIES == 0 && (count / MAX_SINGLE_ENTRIES).count_ones() == 1;
    // Log entries are permanent, and an address may have to be deleted: the entry contains only a commitment to it.
    let address = client_ip.map(|ip| NewText { value: ip.to_string(), salt: Salt(ambient::random_bytes()) });
    let commitment = address.as_ref().map(|address| compute_commitment(&address.salt, &address.value));
    let event = match refusal {
        RefusalKind::Proof(purpose, credential) if count <= MAX_SINGLE_ENTRIES => {
            InstallationEvent::ProofRefused { user, purpose, credential, address: commitment }
        }
        RefusalKind::Proof(purpose, _) if is_count_to_record => {
            InstallationEvent::ProofsRefused { user, purpose, count }
        }
        RefusalKind::Signature(role, reason) if count <= MAX_SINGLE_ENTRIES => {
            InstallationEvent::SigningRefused { role, why: reason }
        }
        RefusalKind::Signature(..) if is_count_to_record => InstallationEvent::SigningsRefused { count },
        RefusalKind::Launch(requested_id) if count <= MAX_SINGLE_ENTRIES => {
            InstallationEvent::LaunchRefused { requested_id }
        }
        RefusalKind::Launch(_) if is_count_to_record => InstallationEvent::LaunchesRefused { count },
        RefusalKind::RejectedRequest(reason, description) if count <= MAX_SINGLE_ENTRIES => {
            InstallationEvent::RequestRefused { why: reason, what: description }
        }
        RefusalKind::RejectedRequest(reason, _) if is_count_to_record => {
            InstallationEvent::RequestsRefused { why: reason, count }
        }
        RefusalKind::Proof(..)
        | RefusalKind::Signature(..)
        | RefusalKind::Launch(_)
        | RefusalKind::RejectedRequest(..) => {
            return Ok(());
        }
    };
    let mut transaction = record::installation_log::AuditedTransaction::begin(&state.db).await?;
    if let (Some(commitment), Some(address), InstallationEvent::ProofRefused { .. }) = (commitment, &address, &event) {
        store::insert_refusal_address(&mut transaction, commitment, address, now).await?;
    }
    record::installation_log::append_event(&mut transaction, actor, &event, launch_position, request, now).await?;
    transaction.commit().await?;
    Ok(())
}

/// Like [`record_refusal`], in a task of its own, so that the response does not wait for it.
pub fn record_refusal_in_background(state: &AppState, context: RefusalContext<'_>, kind: RefusalKind) {
    let (task_state, actor) = (state.clone(), context.actor.cloned());
    let RefusalContext { user, launch_position, request, client_ip, now, .. } = context;
    let recording = async move {
        let context = RefusalContext { user, actor: actor.as_ref(), launch_position, request, client_ip, now };
        if let Err(error) = record_refusal(&task_state, context, kind).await {
            tracing::error!(?error, "a refusal could not be recorded");
        }
    };
    state.finish_later(recording);
}

/// Records that somebody asked for a launch, or something of one, that does not exist or that they may not know of. It
/// is recorded asynchronously: neither the response nor its duration reveals which of the two it was.
pub fn record_refused_launch_access(
    state: &AppState,
    by: PersonRef,
    requested_id: Uuid,
    request: RequestId,
    now: Moment,
) {
    record_for_person(state, Some(by), RefusalKind::Launch(requested_id), request, now);
}

/// Response extension: this refusal was already recorded by a handler that knew the details.
#[derive(Debug, Clone, Copy)]
struct RefusalRecordedMark;

/// The response to an error that [`record_refusal`] has already recorded.
#[must_use]
pub fn mark_refusal_recorded(error: Error) -> Response {
    let mut response = error.into_response();
    response.extensions_mut().insert(RefusalRecordedMark);
    response
}

/// Records every request that a guard rejects: the person is not allowed, a page of another site sent it, it was meant
/// for another host, or there were too many.
pub async fn record_rejected_requests(
    State(state): State<AppState>,
    RequestNumber(request_id): RequestNumber,
    request: Request,
    next: Next,
) -> Response {
    let (method, route) =
        (request.method().clone(), request.extensions().get::<MatchedRoute>().cloned().unwrap_or_default());
    let viewer = request.extensions().get::<ViewerSlot>().cloned().unwrap_or_default();
    let response = next.run(request).await;
    if response.extensions().get::<RefusalRecordedMark>().is_some() {
        return response;
    }
    let reason = match response.status() {
        StatusCode::FORBIDDEN => *response.extensions().get().unwrap_or(&RejectionReason::NotAllowed),
        StatusCode::MISDIRECTED_REQUEST => RejectionReason::WrongHost,
        StatusCode::TOO_MANY_REQUESTS => RejectionReason::TooOften,
        _ => return response,
    };
    let by = viewer.get().map(|viewer| PersonRef { id: viewer.id, name: viewer.name.clone() });
    record_for_person(
        &state,
        by,
        RefusalKind::RejectedRequest(reason, describe_request(&method, &route)),
        request_id,
        state.clock.now(),
    );
    response
}

/// The request as the log states it: the pattern of the route, never the address, which may contain a token.
fn describe_request(method: &Method, route: &MatchedRoute) -> String {
    // The client chooses the method freely, at any length.
    let method: String = method.as_str().chars().take(10).collect();
    match route.pattern() {
        Some(route) => format!("{method} {route}"),
        None => method,
    }
}

fn record_for_person(state: &AppState, by: Option<PersonRef>, kind: RefusalKind, request: RequestId, now: Moment) {
    let (user, actor) = (by.as_ref().map(|by| by.id), by.as_ref());
    record_refusal_in_background(
        state,
        RefusalContext { user, actor, launch_position: None, request, client_ip: None, now },
        kind,
    );
}

/// Counts this refusal and returns the number of this user's refusals of this kind in the current hour.
async fn count_refusals(state: &AppState, user: Option<UserId>, kind: &RefusalKind, now: Moment) -> Result<i64, Error> {
    let hour = now.timestamp().as_second() / 3_600;
    let user_key = user.map_or_else(|| "nobody".to_owned(), |user| user.to_string());
    let key = state.redis.key(format_args!("refusals:{user_key}:{}:{hour}", kind.counter_key()));
    let mut pipeline = redis::pipe();
    pipeline.atomic().add_command(Cmd::incr(&key, 1)).expire(&key, 3_600).ignore();
    let (count,): (i64,) = state.redis.run_pipeline(&pipeline).await?;
    Ok(count)
}
