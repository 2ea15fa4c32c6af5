//! Rights on a launch, as extractors: they load the launch that the address names, if the person may see it.
//!
//! A launch that the person may not know of and one that does not exist get the same answer. Whether the person may
//! *do* what they ask for is checked with [`LaunchAccess::check_permission`] before the form is read, and again by
//! `decide` under the lock.

use std::{marker::PhantomData, str::FromStr, sync::Arc};

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize;
use uuid::Uuid;

use super::{CurrentUser, refusals, store};
use crate::{
    domain::{
        ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId, WaiverId},
        launch::{
            access::{AccessRefusal, Act, check_access},
            command::Proof,
            credential_renewal::WaitingPeriod,
            event::Seq,
            state::{Item, LaunchState},
        },
        time::Moment,
    },
    record::execute::Requester,
    state::AppState,
    texts,
    web::{Error, form::Path, request::RequestNumber},
};

/// Marks a launch as a past state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastLaunch {
    pub launch: LaunchId,
    /// The last event that the past state includes.
    pub seq: Seq,
    /// The newest event of the launch now.
    pub newest_seq: Seq,
}

impl PastLaunch {
    /// The address of the checklist in this state, with which the addresses of its other pages begin.
    #[must_use]
    pub fn address(self) -> String {
        format!("/launches/{}/as-of/{}", self.launch, self.seq)
    }
}

/// A launch that the person may see, in its current state or in a past one.
#[derive(Debug, Clone)]
pub struct LaunchAccess {
    pub user: CurrentUser,
    pub launch: Arc<LaunchState>,
    /// The time of the request; for a past state, the time of its newest event.
    pub now: Moment,
    /// Set if `launch` is a past state, which is read-only.
    past: Option<PastLaunch>,
    request: RequestNumber,
}

impl LaunchAccess {
    /// Checks whether the person may do this, whatever the stage of the launch.
    ///
    /// # Errors
    /// 404 if the launch or item does not exist or the person may not know of it, else 403 with what would entitle
    /// them.
    pub fn check_permission(&self, act: &Act) -> Result<(), Error> {
        if self.past.is_some() && *act != Act::View {
            return Err(Error::Forbidden(texts::past_is_read_only()));
        }
        check_access(&self.launch, &self.user.actor(), act).map_err(|denied| match denied {
            AccessRefusal::NotFound => Error::NotFound,
            AccessRefusal::Forbidden(why) => Error::Forbidden(why),
        })
    }

    /// Whether the person may do this, for pages that offer only what is allowed.
    #[must_use]
    pub fn is_allowed(&self, act: &Act) -> bool {
        self.past.is_none() && check_access(&self.launch, &self.user.actor(), act).is_ok()
    }

    /// The waiting period during which the person can't do anything binding, if somebody else renewed their
    /// credentials.
    #[must_use]
    pub fn waiting_period(&self) -> Option<WaitingPeriod> {
        if self.past.is_some() { None } else { self.user.way_in().waiting_period(self.now, None) }
    }

    /// The past state that `launch` is, if it is one.
    #[must_use]
    pub const fn past(&self) -> Option<PastLaunch> {
        self.past
    }

    /// The same person with a past state of the launch. `now` becomes the time of that state's newest event.
    #[must_use]
    pub(super) fn at_past_state(self, then: Arc<LaunchState>) -> Self {
        let past = PastLaunch { launch: then.id, seq: then.seq, newest_seq: self.launch.seq };
        Self { now: then.last_at, launch: then, past: Some(past), ..self }
    }

    /// The person as the requester of a change, with a proof of identity if the change needs one.
    #[must_use]
    pub fn requester(&self, proof: Option<Proof>) -> Requester {
        Requester { user: self.user.id, request: self.request.0, now: self.now, proof }
    }

    /// Reloads the launch for the same person, to show what differs from the state on which they acted.
    ///
    /// # Errors
    /// Not found if the person may not see it any more, or a fault.
    pub async fn reload(&self, state: &AppState) -> Result<Self, Error> {
        let launch = state.record.load(&state.db, self.launch.id).await?.ok_or(Error::NotFound)?;
        let access = Self { launch, now: state.clock.now(), ..self.clone() };
        access.check_permission(&Act::View)?;
        Ok(access)
    }

    /// Loads the launch with this id. `asked` is the id in the address: of the launch itself or of something that
    /// belongs to it. If it does not exist or the person may not know of it, this is recorded in the audit log.
    async fn load(
        parts: &mut Parts,
        state: &AppState,
        launch: Option<LaunchId>,
        requested_id: Uuid,
    ) -> Result<Self, Error> {
        let user = CurrentUser::from_request_parts(parts, state).await?;
        let Ok(request) = RequestNumber::from_request_parts(parts, state).await;
        Self::load_for(user, request, state, launch, requested_id).await
    }

    /// Like [`Self::load`], for a launch that is named elsewhere than in the path.
    ///
    /// # Errors
    /// Not found if the launch does not exist or the person may not know of it, or a fault.
    pub async fn for_launch(
        user: CurrentUser,
        request: RequestNumber,
        state: &AppState,
        launch: LaunchId,
    ) -> Result<Self, Error> {
        Self::load_for(user, request, state, Some(launch), launch.uuid()).await
    }

    async fn load_for(
        user: CurrentUser,
        request: RequestNumber,
        state: &AppState,
        launch: Option<LaunchId>,
        requested_id: Uuid,
    ) -> Result<Self, Error> {
        let (by, now) = (user.to_person_ref(), state.clock.now());
        let result = Self::find(user, request, state, launch).await;
        if matches!(result, Err(Error::NotFound)) {
            refusals::record_refused_launch_access(state, by, requested_id, request.0, now);
        }
        result
    }

    async fn find(
        user: CurrentUser,
        request: RequestNumber,
        state: &AppState,
        launch: Option<LaunchId>,
    ) -> Result<Self, Error> {
        let launch = match launch {
            Some(id) => state.record.load(&state.db, id).await?,
            None => None,
        };
        let access = Self { user, launch: launch.ok_or(Error::NotFound)?, now: state.clock.now(), past: None, request };
        access.check_permission(&Act::View)?;
        Ok(access)
    }
}

impl FromRequestParts<AppState> for LaunchAccess {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        // Signed out is checked before not found: somebody who is not signed in must learn nothing about any address.
        CurrentUser::from_request_parts(parts, state).await?;
        let Path(AccessIdPath { id }) = Path::<AccessIdPath>::from_request_parts(parts, state).await?;
        let id: LaunchId = id.parse().map_err(|_| Error::NotFound)?;
        Self::load(parts, state, Some(id), id.uuid()).await
    }
}

#[derive(Deserialize)]
struct AccessIdPath {
    id: String,
}

/// Something that belongs to a launch and has an address of its own, with access to that launch.
#[derive(Debug, Clone)]
pub struct LaunchChildAccess<Id> {
    pub access: LaunchAccess,
    pub id: Id,
    marker: PhantomData<Id>,
}

/// An id from which the launch can be looked up.
pub trait LaunchChildId: FromStr + Into<Uuid> + Copy + Send {
    fn launch(self, state: &AppState) -> impl Future<Output = Result<Option<LaunchId>, sqlx::Error>> + Send;
}

macro_rules! launch_child_ids {
    ($($id:ident => $lookup:ident;)+) => {$(
        impl LaunchChildId for $id {
            async fn launch(self, state: &AppState) -> Result<Option<LaunchId>, sqlx::Error> {
                store::$lookup(&state.db, self).await
            }
        }
    )+};
}

launch_child_ids! {
    ItemId => launch_of_item;
    EvidenceId => launch_of_evidence;
    WaiverId => launch_of_waiver;
    SignatureId => launch_of_signature;
    CommentId => launch_of_comment;
    EvidenceRequestId => launch_of_evidence_request;
}

impl<Id: LaunchChildId> FromRequestParts<AppState> for LaunchChildAccess<Id> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        CurrentUser::from_request_parts(parts, state).await?;
        let Path(AccessIdPath { id }) = Path::<AccessIdPath>::from_request_parts(parts, state).await?;
        let id: Id = id.parse().map_err(|_| Error::NotFound)?;
        let launch = id.launch(state).await?;
        Ok(Self { access: LaunchAccess::load(parts, state, launch, id.into()).await?, id, marker: PhantomData })
    }
}

pub type ItemAccess = LaunchChildAccess<ItemId>;

impl ItemAccess {
    /// # Errors
    /// Not found if the launch has no such item, although the item's row says so.
    pub fn item(&self) -> Result<&Item, Error> {
        self.access.launch.item(self.id).ok_or(Error::NotFound)
    }
}
