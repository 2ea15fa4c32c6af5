//! Extractors for the person who sends a request. The route's right was checked before, so they only read the result.

use std::{borrow::Cow, net::IpAddr, ops::Deref, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use http::request::Parts;

use super::{
    account::Account,
    session::{self, SessionKey},
    store,
    token::Token,
};
use crate::{
    domain::{
        ids::RequestId,
        installation::InstallationEvent,
        launch::{access::Actor, credential_renewal::CredentialRenewals, event::PersonRef},
        role::InstallationRole,
        time::{Moment, Zone},
    },
    record::{
        installation_log::{self, AuditedTransaction},
        renewals::{self, Renewal},
    },
    state::AppState,
    texts::{self, Reader},
    web::{Error, client_address::ClientAddress, cookie, request::ViewerSlot, viewer::Viewer},
};

/// The name of the session cookie, without its prefix.
pub(crate) const SESSION_COOKIE: &str = "signoff";

/// The signed-in person. Derefs to [`Account`].
#[derive(Debug, Clone)]
pub struct CurrentUser {
    account: Arc<Account>,
    session: SessionKey,
    proved_at: Option<Moment>,
    renewals: Arc<[Renewal]>,
    credential_renewals: Arc<CredentialRenewals>,
    /// Unread notifications, as far as they are counted.
    unread: i64,
}

impl CurrentUser {
    /// The person as an event names them.
    #[must_use]
    pub fn to_person_ref(&self) -> PersonRef {
        PersonRef { id: self.id, name: self.name.clone() }
    }

    /// Appends an event that is about no launch to the audit log, in the person's name.
    pub async fn append_event(
        &self,
        transaction: &mut AuditedTransaction,
        event: &InstallationEvent,
        request: RequestId,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        installation_log::append_event(transaction, Some(&self.to_person_ref()), event, None, request, at)
            .await
            .map(drop)
    }

    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { id: self.id, roles: self.roles.clone(), active: self.active }
    }

    /// The key of the session of this request.
    #[must_use]
    pub fn session(&self) -> SessionKey {
        self.session
    }

    /// When the person last proved their identity in this session; signing in counts.
    #[must_use]
    pub fn proved(&self) -> Option<Moment> {
        self.proved_at
    }

    /// The renewals of this person's credentials by others, oldest first: those not seen yet and those that are recent.
    #[must_use]
    pub fn renewals(&self) -> &[Renewal] {
        &self.renewals
    }

    /// The same renewals, in the form that the domain rules need.
    #[must_use]
    pub fn way_in(&self) -> &CredentialRenewals {
        &self.credential_renewals
    }

    /// The unread notifications at the time of the request, as far as they are counted.
    #[must_use]
    pub const fn unread(&self) -> i64 {
        self.unread
    }

    /// The zone in which the person reads times; UTC if none was chosen.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone.clone().unwrap_or(Zone::UTC)
    }

    #[must_use]
    pub fn has_role(&self, role: InstallationRole) -> bool {
        self.roles.contains(role)
    }

    /// Whether this person may read every launch, including restricted ones.
    #[must_use]
    pub fn reads_all(&self) -> bool {
        self.has_role(InstallationRole::Admin) || self.has_role(InstallationRole::Auditor)
    }
}

impl Deref for CurrentUser {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

/// Who sends a request, put into its extensions by [`identify_user`].
#[derive(Debug, Clone)]
pub(super) enum SignInStatus {
    SignedOut,
    SignedIn(CurrentUser),
    /// A store does not answer. The sentence is for the person.
    Unknown(Cow<'static, str>),
}

/// Identifies who sends a request: one Redis and one PostgreSQL query if the request has a session.
pub async fn identify_user(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let impersonal = path.starts_with("/assets/") || matches!(path, "/healthz" | "/readyz");
    let token = cookie::read(request.headers(), &cookie::prefixed_name(&state, SESSION_COOKIE)).and_then(Token::parse);
    let visit = match token {
        Some(token) if !impersonal => load_sign_in_status(&state, &token, address).await,
        _ => SignInStatus::SignedOut,
    };
    if let SignInStatus::SignedIn(user) = &visit
        && let Some(language) = user.language
    {
        language.set_current();
    }
    if let (SignInStatus::SignedIn(user), Some(slot)) = (&visit, request.extensions().get::<ViewerSlot>()) {
        slot.fill(Viewer {
            id: user.id,
            name: user.name.clone(),
            roles: user.roles.clone(),
            zone: user.zone(),
            renewals: user.renewals().iter().filter(|renewal| !renewal.seen).cloned().collect(),
            scheme: user.scheme,
            unread: user.unread,
        });
    }
    request.extensions_mut().insert(visit);
    next.run(request).await
}

async fn load_sign_in_status(state: &AppState, token: &Token, address: IpAddr) -> SignInStatus {
    match state.database_watch.while_answering(find_user(state, token, address)).await {
        Ok(Ok(Some(user))) => SignInStatus::SignedIn(user),
        Ok(Ok(None)) => SignInStatus::SignedOut,
        Err(_) => SignInStatus::Unknown(texts::database_does_not_answer()),
        Ok(Err(error)) => {
            tracing::error!(error = format!("{error:#}"), "who is asking is not known");
            SignInStatus::Unknown(texts::cannot_tell_who_you_are())
        }
    }
}

async fn find_user(state: &AppState, token: &Token, address: IpAddr) -> anyhow::Result<Option<CurrentUser>> {
    let stored = session::find_and_touch(&state.redis, token, &address.to_string(), state.clock.now()).await?;
    let Some((key, session)) = stored else { return Ok(None) };
    let mut conn = state.db.acquire().await?;
    let Some((account, former, unread)) = store::find_viewer(&mut conn, session.user).await? else { return Ok(None) };
    if !session.is_valid_for(&account) {
        return Ok(None);
    }
    let renewals = match account.has_renewals {
        true => renewals::find_renewals(&mut *conn, Some(&[account.id]), state.clock.now()).await?,
        false => Vec::new(),
    };
    Reader::set_former_names(former);
    Ok(Some(CurrentUser {
        account: Arc::new(account),
        session: key,
        proved_at: session.proved,
        credential_renewals: Arc::new(renewals::to_credential_renewals(&renewals, state.config.reset_hold_seconds)),
        renewals: renewals.into(),
        unread,
    }))
}

/// Whether the person's session is still valid, for connections that stay open for long. This does not count as use of
/// the session. While a store does not answer, the answer is no, since data that was sent can't be taken back.
pub async fn is_still_signed_in(state: &AppState, user: &CurrentUser) -> bool {
    let holds = async {
        let Some(session) = session::load(&state.redis, user.session, state.clock.now()).await? else {
            return Ok(false);
        };
        let account = store::find_account(&mut *state.db.acquire().await?, session.user).await?;
        Ok::<_, anyhow::Error>(account.is_some_and(|account| {
            session.is_valid_for(&account) && account.roles == user.roles && !account.owes_second_factor
        }))
    };
    holds.await.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "whether a session still holds is not known");
        false
    })
}

fn sign_in_status_of(parts: &Parts) -> SignInStatus {
    parts.extensions.get().cloned().unwrap_or(SignInStatus::SignedOut)
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match sign_in_status_of(parts) {
            SignInStatus::SignedIn(user) => Ok(user),
            SignInStatus::SignedOut => Err(Error::SignedOut),
            SignInStatus::Unknown(sentence) => Err(Error::Unavailable(sentence)),
        }
    }
}

/// The signed-in person, who is an admin.
#[derive(Debug, Clone)]
pub struct Admin(pub CurrentUser);

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        if user.has_role(InstallationRole::Admin) {
            Ok(Self(user))
        } else {
            Err(Error::Forbidden(texts::only_an_admin_may()))
        }
    }
}

/// The person who sends the request, if signed in.
#[derive(Debug, Clone)]
pub struct MaybeUser(pub Option<CurrentUser>);

impl<S: Sync> FromRequestParts<S> for MaybeUser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(match sign_in_status_of(parts) {
            SignInStatus::SignedIn(user) => Some(user),
            SignInStatus::SignedOut | SignInStatus::Unknown(_) => None,
        }))
    }
}
