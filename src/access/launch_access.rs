//! Rights on a launch, as extractors: the launch that an address names, loaded, if the person may see it.
//!
//! What one may not know of answers exactly as what is not there. Whether the person may *do* what they ask is
//! asked with [`LaunchAccess::may`] before the form is read, and again by `decide` under the lock.

use std::{marker::PhantomData, str::FromStr, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize;
use uuid::Uuid;

use super::{CurrentUser, past::Past, refusals, store};
use crate::{
    domain::{
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId, WaiverId},
        launch::{
            access::{Act, Denied, may},
            command::Proof,
            state::{Item, LaunchState},
            way_in::WaitingPeriod,
        },
        time::Moment,
    },
    record::execute::Asker,
    state::AppState,
    web::{Error, form::Path, request::Number},
};

/// A launch that the person may see, as it stands now.
#[derive(Debug, Clone)]
pub struct LaunchAccess {
    /// Who asks.
    pub user: CurrentUser,
    /// The launch.
    pub launch: Arc<LaunchState>,
    /// The request's time.
    pub now: Moment,
    /// Whether `launch` is the launch as it once stood; then nothing is offered but to read.
    past: Option<Past>,
    request: Number,
}

impl LaunchAccess {
    /// Asks whether the person may do this, whatever the launch's stage.
    ///
    /// # Errors
    /// 404 for what is not there or theirs to know of, else 403 with what would entitle them.
    pub fn may(&self, act: &Act) -> Result<(), Error> {
        if self.past.is_some() && *act != Act::See {
            return Err(Error::Forbidden("What was is only read.".into()));
        }
        may(&self.launch, &self.user.actor(), act).map_err(|denied| match denied {
            Denied::NotFound => Error::NotFound,
            Denied::Forbidden(why) => Error::Forbidden(why.into()),
        })
    }

    /// Whether the person may do this, for pages that offer only what one may.
    #[must_use]
    pub fn can(&self, act: &Act) -> bool {
        self.past.is_none() && may(&self.launch, &self.user.actor(), act).is_ok()
    }

    /// Why the person can't do now what others rely on, where another renewed their way in.
    #[must_use]
    pub fn waiting(&self) -> Option<WaitingPeriod> {
        if self.past.is_some() { None } else { self.user.way_in().waiting(self.now, None) }
    }

    /// Whether this is the launch as it once stood, and after which event.
    #[must_use]
    pub const fn past(&self) -> Option<Past> {
        self.past
    }

    /// The same person at the launch as it stood, with the time of its newest event then as now.
    #[must_use]
    pub(super) fn back_to(self, then: Arc<LaunchState>) -> Self {
        let past = Past { launch: then.id, seq: then.seq, newest: self.launch.seq };
        Self { now: then.last_at, launch: then, past: Some(past), ..self }
    }

    /// The person as one who asks for a change, with the proof of who they are where it is wanted.
    #[must_use]
    pub fn asker(&self, proof: Option<Proof>) -> Asker {
        Asker { user: self.user.id, request: self.request.0, now: self.now, proof }
    }

    /// The same person at the launch as it is now, for telling what stands differently from what they acted on.
    ///
    /// # Errors
    /// Not found, when they may not see it any more, or a fault.
    pub async fn again(&self, state: &AppState) -> Result<Self, Error> {
        let launch = state.record.load(&state.db, self.launch.id).await?.ok_or(Error::NotFound)?;
        let access = Self { launch, now: state.clock.now(), ..self.clone() };
        access.may(&Act::See)?;
        Ok(access)
    }

    /// The launch with this id, which an address named by `asked`: by itself, or by a part of it. That it is not there, or
    /// not theirs to know of, is told in the installation's log.
    async fn load(parts: &mut Parts, state: &AppState, launch: Option<LaunchId>, asked: Uuid) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        let Ok(request) = Number::from_request_parts(parts, state).await;
        Self::load_for(user, request, state, launch, asked).await
    }

    /// The launch with this id, which is named elsewhere than in the path; as [`Self::load`].
    ///
    /// # Errors
    /// Not found, when it is not there or not theirs to know of, or a fault.
    pub async fn of(user: CurrentUser, request: Number, state: &AppState, launch: LaunchId) -> Result<Self, Error> {
        Self::load_for(user, request, state, Some(launch), launch.uuid()).await
    }

    async fn load_for(
        user: CurrentUser,
        request: Number,
        state: &AppState,
        launch: Option<LaunchId>,
        asked: Uuid,
    ) -> Result<Self, Error> {
        let (by, now) = (user.named(), state.clock.now());
        let found = Self::find(user, request, state, launch).await;
        if matches!(found, Err(Error::NotFound)) {
            refusals::tell_of_launch(state, by, asked, request.0, now);
        }
        found
    }

    async fn find(
        user: CurrentUser,
        request: Number,
        state: &AppState,
        launch: Option<LaunchId>,
    ) -> Result<Self, Error> {
        let launch = match launch {
            Some(id) => state.record.load(&state.db, id).await?,
            None => None,
        };
        let access = Self { user, launch: launch.ok_or(Error::NotFound)?, now: state.clock.now(), past: None, request };
        access.may(&Act::See)?;
        Ok(access)
    }
}

impl FromRequestParts<AppState> for LaunchAccess {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        // Signed out comes before not found: who is not signed in is told nothing about any address.
        CurrentUser::from_request_parts(parts, state).await?;
        let Path(Named { id }) = Path::<Named>::from_request_parts(parts, state).await?;
        let id: LaunchId = id.parse().map_err(|_| Error::NotFound)?;
        Self::load(parts, state, Some(id), id.uuid()).await
    }
}

/// The `{id}` of a path.
#[derive(Deserialize)]
struct Named {
    id: String,
}

/// Something of a launch that has an address of its own, and the launch it is of.
#[derive(Debug, Clone)]
pub struct PartAccess<Id> {
    /// The launch.
    pub access: LaunchAccess,
    /// The thing.
    pub id: Id,
    of: PhantomData<Id>,
}

/// An id whose launch can be looked up.
pub trait PartId: FromStr + Into<Uuid> + Copy + Send {
    /// The launch that it is of.
    fn launch(self, state: &AppState) -> impl Future<Output = Result<Option<LaunchId>, sqlx::Error>> + Send;
}

macro_rules! parts {
    ($($id:ident => $lookup:ident;)+) => {$(
        impl PartId for $id {
            async fn launch(self, state: &AppState) -> Result<Option<LaunchId>, sqlx::Error> {
                store::$lookup(&state.db, self).await
            }
        }
    )+};
}

parts! {
    ItemId => launch_of_item;
    EvidenceId => launch_of_evidence;
    WaiverId => launch_of_waiver;
    SignatureId => launch_of_signature;
    CommentId => launch_of_comment;
    EvidenceRequestId => launch_of_evidence_request;
}

impl<Id: PartId> FromRequestParts<AppState> for PartAccess<Id> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        CurrentUser::from_request_parts(parts, state).await?;
        let Path(Named { id }) = Path::<Named>::from_request_parts(parts, state).await?;
        let id: Id = id.parse().map_err(|_| Error::NotFound)?;
        let launch = id.launch(state).await?;
        Ok(Self { access: LaunchAccess::load(parts, state, launch, id.into()).await?, id, of: PhantomData })
    }
}

/// An item that the person may see.
pub type ItemAccess = PartAccess<ItemId>;

impl ItemAccess {
    /// The item.
    ///
    /// # Errors
    /// Not found, when the launch has no such item, which its row says it has.
    pub fn item(&self) -> Result<&Item, Error> {
        self.access.launch.item(self.id).ok_or(Error::NotFound)
    }
}
