//! Measures requests.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{Method, StatusCode};

use super::request::MatchedRoute;
use crate::{ambient, metrics::METRICS};

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
