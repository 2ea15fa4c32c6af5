//! A launch as it stood after one of its events, for whoever may see it now.
//!
//! Pages of the past are the pages of the present, made from another state: they ask [`LaunchAccess`] what they may offer,
//! and of the past nothing is offered but to read. So no such page has a form that changes anything, whatever is added to
//! the page later.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize;

use super::launch_access::LaunchAccess;
use crate::{
    domain::{ids::LaunchId, launch::event::Seq},
    state::AppState,
    web::{Error, form::Path},
};

/// That a launch is looked at as it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// The launch.
    pub launch: LaunchId,
    /// The event after which it stood so.
    pub seq: Seq,
    /// Its newest event now.
    pub newest: Seq,
}

impl Past {
    /// The address of the checklist as it stood, with which those of the other pages begin.
    #[must_use]
    pub fn address(self) -> String {
        format!("/launches/{}/as-of/{}", self.launch, self.seq)
    }
}

/// The launch of an address as it stood after the event of this address, with the event's time as now.
///
/// Who may see it is asked of the launch as it stands *now*: who was taken off a restricted launch does not get back in by
/// its past, and who joined it late may read all of it.
#[derive(Debug, Clone)]
pub struct AsItStood(pub LaunchAccess);

/// The `{seq}` of a path.
#[derive(Deserialize)]
struct Numbered {
    seq: String,
}

impl FromRequestParts<AppState> for AsItStood {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let access = LaunchAccess::from_request_parts(parts, state).await?;
        let Path(Numbered { seq }) = Path::<Numbered>::from_request_parts(parts, state).await?;
        let now = &access.launch;
        let seq = seq.parse::<Seq>().ok().filter(|seq| (1..=now.seq).contains(seq)).ok_or(Error::NotFound)?;
        let then = match seq == now.seq {
            true => Arc::clone(now),
            false => state.record.as_of(&state.db, now.id, seq).await?.ok_or(Error::NotFound)?,
        };
        Ok(Self(access.back_to(then)))
    }
}
