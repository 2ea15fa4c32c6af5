//! `GET /launches/{id}/mentions.json`: the people who can be named with an `@`, for a text that is being written.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

use super::watch_store::find_people_named;
use crate::{
    access::launch_access::LaunchAccess,
    domain::launch::access::may_view,
    state::AppState,
    web::{Error, form::Query},
};

/// Maximum number of names.
const MAX_NAMES: usize = 8;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct MentionQuery {
    /// What was typed after the `@`.
    q: String,
}

#[derive(Debug, Serialize)]
pub(super) struct MentionNames {
    names: Vec<String>,
}

/// Answers the names that begin like this, or a word of which does, of people who may see the launch.
pub(super) async fn list_names(
    State(state): State<AppState>,
    access: LaunchAccess,
    Query(query): Query<MentionQuery>,
) -> Result<Json<MentionNames>, Error> {
    let people = find_people_named(&state.db, &query.q).await?;
    let visible = people.into_iter().filter(|(_, actor)| may_view(&access.launch, actor));
    Ok(Json(MentionNames { names: visible.map(|(name, _)| name).take(MAX_NAMES).collect() }))
}
