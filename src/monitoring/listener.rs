//! The listener that Prometheus reads from.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{StatusCode, header};
use tokio::net::TcpListener;

use super::collect::MetricCollector;
use crate::{
    metrics::METRICS,
    server::{self, ServerLimits},
    state::AppState,
};

/// Prometheus's text format, in the version that the encoder writes.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The most connections at a time: a monitoring system needs one.
const MAX_CONNECTIONS: usize = 20;

/// Serves `/metrics` until the process is asked to stop.
pub async fn serve(listener: TcpListener, state: AppState) {
    let stop = state.stop.clone();
    let limits = ServerLimits { connections: MAX_CONNECTIONS, ..ServerLimits::default() };
    server::serve(listener, build_router(state), stop, limits).await;
}

/// The one route of the listener.
pub fn build_router(state: AppState) -> Router {
    Router::new().route("/metrics", get(show_metrics)).with_state(MetricCollector::new(state))
}

async fn show_metrics(State(collector): State<MetricCollector>) -> Response {
    collector.collect().await;
    match METRICS.to_text() {
        Ok(text) => ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the metrics can't be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
