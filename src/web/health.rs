//! Health checks: whether the process lives, and whether it can do its work.

use std::time::Duration;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;

use super::{
    error::KeepBody,
    route::{Right, Route},
};
use crate::state::AppState;

/// Time limit for a store to answer. A pool that has no connection to give in that time counts as down: a peer that
/// died without closing its connection can hold permits for ever (sqlx issue 4349).
const STORE_TIMEOUT: Duration = Duration::from_secs(2);

#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/healthz", Right::Public, show_alive), Route::get("/readyz", Right::Public, show_ready)]
}

async fn show_alive() -> &'static str {
    "ok"
}

async fn show_ready(State(state): State<AppState>) -> Response {
    let database = async { sqlx::Connection::ping(&mut *state.db.acquire().await?).await };
    let (database, redis, evidence) = tokio::join!(
        name_if_down("PostgreSQL", database),
        name_if_down("Redis", state.redis.check_ready()),
        name_if_down("the evidence store", state.blobs.check_ready()),
    );
    let down: Vec<_> = [database, redis, evidence].into_iter().flatten().collect();
    if down.is_empty() {
        return "ok".into_response();
    }
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", down.join(", "))).into_response();
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
