//! Health checks: whether the process lives, and whether it can do its work.

use std::time::Duration;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use tokio::task::JoinError;

use super::{
    error::KeepBody,
    route::{Right, Route},
};
use crate::{folder_check, shared_check::StoreFindings, state::AppState};

/// Time limit for a store to answer. A pool that has no connection to give in that time counts as down: a peer that
/// died without closing its connection can hold permits for ever (sqlx issue 4349).
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/healthz", Right::Public, show_alive), Route::get("/readyz", Right::Public, show_ready)]
}

async fn show_alive(State(state): State<AppState>) -> &'static str {
    name_ok(&state)
}

/// The answer of a server that is well.
fn name_ok(state: &AppState) -> &'static str {
    if state.config.drill { "ok (a drill)" } else { "ok" }
}

/// Says which store is down, and what does not work although every page does.
async fn show_ready(State(state): State<AppState>) -> Response {
    if state.leaving.is_cancelled() {
        return not_ready("this server stops");
    }
    let Ok(StoreFindings { down, missing }) = share_findings(&state).await else {
        return not_ready("the check of the stores failed");
    };
    if !down.is_empty() {
        return not_ready(&down.join(", "));
    }
    // Nobody is sent to another server for what is missing, and whoever watches reads it.
    let ok = name_ok(&state);
    missing.map_or_else(|| ok.into_response(), |name| format!("{ok}, without {name}\n").into_response())
}

/// The findings, shared by all who ask within some seconds: everybody may ask, and a check writes to a bucket, which
/// costs money.
async fn share_findings(state: &AppState) -> Result<StoreFindings, JoinError> {
    let checked = state.clone();
    // In a task of its own: otherwise whoever leaves stops the check, and the next one begins another.
    let sharing = async move { checked.store_check.share(check_stores(&checked)).await };
    state.finish_without_database(sharing).await
}

async fn check_stores(state: &AppState) -> StoreFindings {
    let database = async { sqlx::Connection::ping(&mut *state.db.acquire().await?).await };
    // A drill stores no checkpoint, and makes no folder for them.
    let checkpoints = async {
        if state.config.drill {
            return Ok(());
        }
        folder_check::check_writable(state.config.checkpoint_dir.clone()).await
    };
    let (database, redis, evidence, missing) = tokio::join!(
        name_if_down("PostgreSQL", database),
        name_if_down("Redis", state.redis.check_ready()),
        name_if_down("the evidence store", state.blobs.check_ready()),
        name_if_down("the checkpoint folder", checkpoints),
    );
    StoreFindings { down: [database, redis, evidence].into_iter().flatten().collect(), missing }
}

fn not_ready(why: &str) -> Response {
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {why}\n")).into_response();
    response.extensions_mut().insert(KeepBody);
    response
}

/// Returns the name of the store when it does not answer.
async fn name_if_down<E: std::fmt::Display>(
    name: &'static str,
    check: impl Future<Output = Result<(), E>>,
) -> Option<&'static str> {
    match tokio::time::timeout(STORE_TIMEOUT, check).await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => {
            tracing::warn!(%error, "{name} is not ready");
            Some(name)
        }
        Err(_) => {
            tracing::warn!("{name} is not ready: no answer in time");
            Some(name)
        }
    }
}
