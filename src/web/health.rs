//! Whether the process lives, and whether it can do its work.

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

/// How long a store may take to answer. A pool that has no connection to give in that time counts as down: a peer
/// that died without a word can keep permits for ever (sqlx issue 4349).
const PATIENCE: Duration = Duration::from_secs(2);

/// The routes for monitors.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![Route::get("/healthz", Right::Public, alive), Route::get("/readyz", Right::Public, ready)]
}

async fn alive() -> &'static str {
    "ok"
}

async fn ready(State(state): State<AppState>) -> Response {
    let database = async { sqlx::Connection::ping(&mut *state.db.acquire().await?).await };
    let (database, redis, evidence) = tokio::join!(
        answers("PostgreSQL", database),
        answers("Redis", state.redis.ready()),
        answers("the evidence store", state.blobs.ready()),
    );
    let down: Vec<_> = [database, redis, evidence].into_iter().flatten().collect();
    if down.is_empty() {
        return "ok".into_response();
    }
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {}\n", down.join(", "))).into_response();
    response.extensions_mut().insert(KeepBody);
    response
}

/// The name of the store, when it does not answer.
async fn answers<E: std::fmt::Display>(
    name: &'static str,
    asked: impl Future<Output = Result<(), E>>,
) -> Option<&'static str> {
    match tokio::time::timeout(PATIENCE, asked).await {
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
