//! Measures and traces requests.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{Method, StatusCode};

use super::request::{MatchedRoute, RequestNumber};
use crate::{
    ambient,
    metrics::METRICS,
    traces::{self, RequestDescription},
};

/// The label of requests that no route matches: addresses are chosen by clients, so they are no labels.
const NO_ROUTE: &str = "none";

/// Counts a request and measures the time until the head of its answer.
pub async fn measure_request(request: Request, next: Next) -> Response {
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedRoute>().cloned().unwrap_or_default();
    let begun = ambient::monotonic_now();
    let response = next.run(request).await;
    let route = route.pattern().unwrap_or(NO_ROUTE);
    METRICS.http_requests.with_label_values(&[method, route, status_class(response.status())]).inc();
    METRICS.http_request_duration.with_label_values(&[method, route]).observe(begun.elapsed().as_secs_f64());
    response
}

/// Makes the trace of a request, if traces are sent; none of monitors, which ask all the time.
pub async fn trace_request(request: Request, next: Next) -> Response {
    let number = request.extensions().get::<RequestNumber>().copied();
    let Some(RequestNumber(id)) = number.filter(|_| !matches!(request.uri().path(), "/healthz" | "/readyz")) else {
        return next.run(request).await;
    };
    let method = method_label(request.method());
    let route = request.extensions().get::<MatchedRoute>().cloned().unwrap_or_default();
    let describe = move || RequestDescription { method, route: route.pattern().map(str::to_owned), id };
    traces::trace_request(describe, next.run(request)).await
}

/// A client may send any word as the method.
const fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

fn status_class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
