//! Extractors for who is asking. The route has already demanded it, so that they only hand it over.

use std::{net::IpAddr, ops::Deref, sync::Arc};

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
        launch::{access::Actor, event::PersonRef, way_in::WayIn},
        role::InstallationRole,
        time::{Moment, Zone},
    },
    record::renewals::{self, Renewal},
    state::AppState,
    web::{Error, address::ClientAddress, cookie, page::Viewer, request::ViewerSlot},
};

/// The name of the session's cookie, before its prefix.
pub(crate) const COOKIE: &str = "signoff";

/// The person who is signed in. Derefs to their [`Account`].
#[derive(Debug, Clone)]
pub struct CurrentUser {
    account: Arc<Account>,
    session: SessionKey,
    proved: Option<Moment>,
    renewals: Arc<[Renewal]>,
    way_in: Arc<WayIn>,
}

impl CurrentUser {
    /// How an event names them.
    #[must_use]
    pub fn named(&self) -> PersonRef {
        PersonRef { id: self.id, name: self.name.clone() }
    }

    /// What rights they ask with.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { id: self.id, roles: self.roles.clone(), active: self.active }
    }

    /// Names the session they came with.
    #[must_use]
    pub fn session(&self) -> SessionKey {
        self.session
    }

    /// When they last proved who they are in this session, signing in included.
    #[must_use]
    pub fn proved(&self) -> Option<Moment> {
        self.proved
    }

    /// What others renewed of their way in, the oldest first: what they have not seen, and what is a short while ago.
    #[must_use]
    pub fn renewals(&self) -> &[Renewal] {
        &self.renewals
    }

    /// The same, as the rules ask for it.
    #[must_use]
    pub fn way_in(&self) -> &WayIn {
        &self.way_in
    }

    /// The zone they read times in.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone.clone().unwrap_or(Zone::UTC)
    }

    /// Whether they have this installation role.
    #[must_use]
    pub fn is(&self, role: InstallationRole) -> bool {
        self.roles.has(role)
    }
}

impl Deref for CurrentUser {
    type Target = Account;

    fn deref(&self) -> &Account {
        &self.account
    }
}

/// What is known of who asks, put into the request by [`recognise`].
#[derive(Debug, Clone)]
pub(super) enum Visit {
    /// Nobody is signed in.
    Nobody,
    /// They are.
    SignedIn(CurrentUser),
    /// It can't be told: a store does not answer.
    Unknown(&'static str),
}

/// Finds out who is asking: one question to Redis and one to PostgreSQL, for who brings a session.
pub async fn recognise(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let impersonal = path.starts_with("/assets/") || matches!(path, "/healthz" | "/readyz");
    let token = cookie::read(request.headers(), &cookie::name(&state, COOKIE)).and_then(Token::read);
    let visit = match token {
        Some(token) if !impersonal => visit(&state, &token, address).await,
        _ => Visit::Nobody,
    };
    if let (Visit::SignedIn(user), Some(slot)) = (&visit, request.extensions().get::<ViewerSlot>()) {
        slot.fill(Viewer {
            id: user.id,
            name: user.name.clone(),
            roles: user.roles.clone(),
            zone: user.zone(),
            renewals: user.renewals().iter().filter(|renewal| !renewal.seen).cloned().collect(),
        });
    }
    request.extensions_mut().insert(visit);
    next.run(request).await
}

async fn visit(state: &AppState, token: &Token, address: IpAddr) -> Visit {
    match find(state, token, address).await {
        Ok(Some(user)) => Visit::SignedIn(user),
        Ok(None) => Visit::Nobody,
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "who is asking can't be told");
            Visit::Unknown("Who you are can't be told just now, since a part of the server does not answer.")
        }
    }
}

async fn find(state: &AppState, token: &Token, address: IpAddr) -> anyhow::Result<Option<CurrentUser>> {
    let found = session::find(&state.redis, token, &address.to_string(), state.clock.now()).await?;
    let Some((key, session)) = found else { return Ok(None) };
    let mut conn = state.db.acquire().await?;
    let account = store::account(&mut conn, session.user).await?;
    let Some(account) = account.filter(|account| session.opens(account)) else { return Ok(None) };
    let renewals = match account.renewed {
        true => renewals::find(&mut *conn, Some(&[account.id]), state.clock.now()).await?,
        false => Vec::new(),
    };
    Ok(Some(CurrentUser {
        account: Arc::new(account),
        session: key,
        proved: session.proved,
        way_in: Arc::new(renewals::way_in(&renewals, state.config.reset_hold_seconds)),
        renewals: renewals.into(),
    }))
}

/// Whether somebody's session still holds, asked by what stays open for long. It is not counted as use of the session;
/// while a store does not answer it is taken not to hold, since what is told cannot be taken back.
pub async fn still_signed_in(state: &AppState, user: &CurrentUser) -> bool {
    let holds = async {
        let Some(session) = session::look_up(&state.redis, user.session, state.clock.now()).await? else {
            return Ok(false);
        };
        let account = store::account(&mut *state.db.acquire().await?, session.user).await?;
        Ok::<_, anyhow::Error>(account.is_some_and(|account| {
            session.opens(&account) && account.roles == user.roles && !account.owes_second_factor
        }))
    };
    holds.await.unwrap_or_else(|error| {
        tracing::warn!(error = format!("{error:#}"), "whether a session still holds can't be told");
        false
    })
}

fn visit_of(parts: &Parts) -> Visit {
    parts.extensions.get().cloned().unwrap_or(Visit::Nobody)
}

impl<S: Sync> FromRequestParts<S> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        match visit_of(parts) {
            Visit::SignedIn(user) => Ok(user),
            Visit::Nobody => Err(Error::SignedOut),
            Visit::Unknown(sentence) => Err(Error::Unavailable(sentence)),
        }
    }
}

/// The person who is signed in, an admin.
#[derive(Debug, Clone)]
pub struct Admin(pub CurrentUser);

impl<S: Sync> FromRequestParts<S> for Admin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        if user.is(InstallationRole::Admin) {
            Ok(Self(user))
        } else {
            Err(Error::Forbidden("Only an admin may do this. Ask one of yours.".into()))
        }
    }
}

/// Whoever is asking, signed in or not.
#[derive(Debug, Clone)]
pub struct MaybeUser(pub Option<CurrentUser>);

impl<S: Sync> FromRequestParts<S> for MaybeUser {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(match visit_of(parts) {
            Visit::SignedIn(user) => Some(user),
            Visit::Nobody | Visit::Unknown(_) => None,
        }))
    }
}
