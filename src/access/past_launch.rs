//! A launch as it was after one of its events, for people who may see it now.
//!
//! Pages of the past are the pages of the present with another state. They ask [`LaunchAccess`] what to offer, and for
//! a past state it allows only reading. So no such page has a form that changes anything, whatever is added to the page
//! later.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde::Deserialize;

use super::launch_access::LaunchAccess;
use crate::{
    domain::launch::event::Seq,
    state::AppState,
    texts::Reader,
    web::{Error, form::Path},
};

/// The launch as it was after the event in the address, with the time of that event as `now`.
///
/// Whether the person may see it is checked against the *current* launch: somebody who was removed from a restricted
/// launch does not regain access through its past, and somebody who joined late may read all of it.
#[derive(Debug, Clone)]
pub struct PastLaunchAccess(pub LaunchAccess);

#[derive(Deserialize)]
struct PastSeqPath {
    seq: String,
}

impl FromRequestParts<AppState> for PastLaunchAccess {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Error> {
        let access = LaunchAccess::from_request_parts(parts, state).await?;
        let Path(PastSeqPath { seq }) = Path::<PastSeqPath>::from_request_parts(parts, state).await?;
        let now = &access.launch;
        let seq = seq.parse::<Seq>().ok().filter(|seq| (1..=now.seq).contains(seq)).ok_or(Error::NotFound)?;
        let then = match seq == now.seq {
            true => Arc::clone(now),
            false => state.record.load_as_of(&state.db, now.id, seq).await?.ok_or(Error::NotFound)?,
        };
        Reader::mark_nobody();
        Ok(Self(access.at_past_state(then)))
    }
}
