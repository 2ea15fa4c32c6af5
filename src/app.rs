//! The application: every slice's routes, and the layers around them. The only file that knows every slice.

use std::{any::Any, time::Duration};

use anyhow::anyhow;
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _},
    },
    map_request_body::MapRequestBodyLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
    trace::TraceLayer,
};

use crate::{
    access::{
        current_user::identify_user,
        fresh_proof::require_fresh_proof,
        refusals,
        require::{limit_changes, limit_rate, require_right},
    },
    accounts, admin, ambient, audit, bundle, calendar_feed, checklists,
    domain::ids::RequestId,
    figures, help, history, items, launches, live, my_work, notification_mail, notifications, search, signoffs,
    state::{AppState, UnfinishedWork},
    texts::{self, Language},
    web::{
        Error, assets, doctor_probe, error_page, flash, form, guard, headers, health, measure,
        request::{self, RequestNumber},
        response,
        route::{FORM_BYTES, FormLimit, ProofRequirement, Right, Route, TransferLimit},
    },
    webhooks,
};

/// Time limit of an ordinary response.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

/// Time limit of a change, which goes on after its response. PostgreSQL ends each statement earlier, so only a change
/// whose connection was lost takes longer.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(90);

/// How long a client may pause while it sends a body.
const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The quality of compressing pages. On the page of a checklist with 209 items (350 kB), Brotli at 7 makes 32.0 kB in 5.4 ms
/// of processor time, at 5 32.7 kB in 4.0 ms, and at 9 31.9 kB in 25 ms.
const COMPRESSION_QUALITY: i32 = 7;

#[must_use]
pub fn routes() -> Vec<Route> {
    [
        health::routes(),
        assets::routes(),
        accounts::routes(),
        admin::routes(),
        my_work::routes(),
        notifications::routes(),
        figures::routes(),
        search::routes(),
        help::routes(),
        calendar_feed::routes(),
        notification_mail::routes(),
        webhooks::routes(),
        launches::routes(),
        items::routes(),
        signoffs::routes(),
        history::routes(),
        bundle::routes(),
        audit::routes(),
        live::routes(),
        checklists::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Fails if the public address has no origin, which its type excludes.
pub fn build_router(state: AppState) -> anyhow::Result<Router> {
    build_router_with(state, routes())
}

/// Builds the router from the given routes, so that tests can add routes that fail.
///
/// # Errors
/// Like [`build_router`].
pub fn build_router_with(state: AppState, routes: Vec<Route>) -> anyhow::Result<Router> {
    let same_origin = guard::same_origin_layer(&state.config.public_url)?;
    let router = routes
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, wrap_handler(&state, route)))
        .fallback(async || Error::NotFound);
    // From the outside in: the first layer sees the request first and the response last.
    let layers = ServiceBuilder::new()
        .layer(from_fn(request::number_request))
        .layer(from_fn(measure::measure_request))
        .layer(from_fn(measure::trace_request))
        .layer(from_fn(choose_language))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(request_span)
                // The line of a request is its answer's; a fault is logged where its cause is known.
                .on_request(())
                .on_response(())
                .on_failure(()),
        )
        .layer(from_fn(log_request))
        .layer(from_fn_with_state(state.clone(), headers::add_security_headers))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Precise(COMPRESSION_QUALITY))
                .compress_when(DefaultPredicate::new().and(is_compressible)),
        )
        .layer(from_fn_with_state(state.clone(), flash::carry_flash))
        .layer(from_fn_with_state(state.clone(), error_page::render_errors))
        .layer(from_fn_with_state(state.clone(), refusals::record_rejected_requests))
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(from_fn_with_state(state.clone(), guard::require_own_host))
        .layer(from_fn_with_state(state.clone(), guard::require_own_origin))
        .layer(same_origin)
        .layer(RequestBodyTimeoutLayer::new(BODY_IDLE_TIMEOUT))
        .layer(MapRequestBodyLayer::new(Body::new))
        .layer(from_fn_with_state(state.clone(), doctor_probe::answer_doctor))
        .layer(from_fn_with_state(state.clone(), identify_user));
    Ok(router.layer(layers).with_state(state))
}

/// Answers a request in the language that its browser prefers; [`identify_user`] changes it to the one that a person has
/// chosen.
async fn choose_language(request: Request, next: Next) -> Response {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::preferred(accepted.unwrap_or_default()).scope(next.run(request)).await
}

/// Writes an exported file in English: it is read by programs, and compared with others.
async fn write_in_english(request: Request, next: Next) -> Response {
    Language::English.scope(next.run(request)).await
}

/// Wraps a route's handler in its right, its limits and, if it changes something, a task that is always finished.
fn wrap_handler(state: &AppState, route: Route) -> MethodRouter<AppState> {
    let handler = match route.proof {
        ProofRequirement::Nobody => route.handler,
        requirement @ (ProofRequirement::Admins | ProofRequirement::Everybody) => {
            route.handler.route_layer(from_fn_with_state((state.clone(), requirement), require_fresh_proof))
        }
    };
    let is_export = route.path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let handler = if is_export { handler.route_layer(from_fn(write_in_english)) } else { handler };
    let handler = match route.transfer_limit {
        _ if !route.changes && is_independent(route.path) => handler,
        _ if !route.changes => handler.route_layer(from_fn_with_state(state.clone(), give_up_without_database)),
        TransferLimit::Long => handler.route_layer(from_fn_with_state(state.clone(), finish_after_disconnect)),
        TransferLimit::Ordinary => handler
            .route_layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, CHANGE_TIMEOUT))
            .route_layer(from_fn_with_state(state.clone(), finish_after_disconnect)),
    };
    let handler = match route.rate_class {
        Some(class) => handler.route_layer(from_fn_with_state((state.clone(), class), limit_rate)),
        None => handler,
    };
    let handler = if route.changes && route.right != Right::Public && route.rate_class.is_none() {
        handler.route_layer(from_fn_with_state(state.clone(), limit_changes))
    } else {
        handler
    };
    let handler = if state.config.drill && route.changes && !is_sign_in(route.path) {
        handler.route_layer(from_fn(refuse_in_drill))
    } else {
        handler
    };
    let handler = match route.transfer_limit {
        TransferLimit::Ordinary => handler
            .route_layer(from_fn_with_state(FormLimit(route.right.form_bytes()), limit_declared_length))
            .route_layer(DefaultBodyLimit::max(usize::try_from(route.right.form_bytes()).unwrap_or(usize::MAX)))
            .route_layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER_TIMEOUT)),
        TransferLimit::Long => handler.route_layer(DefaultBodyLimit::disable()),
    };
    handler.route_layer(from_fn_with_state((state.clone(), route.right), require_right))
}

/// What somebody has to be able to do to look at a copy.
fn is_sign_in(path: &str) -> bool {
    matches!(path, "/login" | "/login/code" | "/logout")
}

async fn refuse_in_drill(_: Request, _: Next) -> Error {
    Error::Forbidden(texts::drill_changes_nothing())
}

/// Whether a page needs no store, or says itself which one does not answer.
fn is_independent(path: &str) -> bool {
    path.starts_with("/assets/") || matches!(path, "/healthz" | "/readyz")
}

/// Rejects a form that declares a length above the limit, before any of it is used.
async fn limit_declared_length(State(limit): State<FormLimit>, mut request: Request, next: Next) -> Response {
    let FormLimit(limit) = limit;
    if let Some(length) = form::declared_length(request.headers()).filter(|length| *length > limit) {
        // A browser shows the answer only once it has sent its form; what nobody types is refused at once.
        if limit > FORM_BYTES && length <= 8 * limit {
            form::drain(request.into_body()).await;
        }
        return Error::FormTooLarge { limit }.into_response();
    }
    request.extensions_mut().insert(limit);
    next.run(request).await
}

/// Finishes a change although its client has left: a change that is dropped halfway is neither made nor refused.
async fn finish_after_disconnect(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match state.finish(next.run(request)).await {
        Ok(response) => response,
        Err(UnfinishedWork::DatabaseSilent(silent)) => Error::from(silent).into_response(),
        Err(UnfinishedWork::Panicked(error)) => match error.try_into_panic() {
            Ok(panic) => answer_panic(panic),
            Err(_) => Error::fault("a change was cut off").into_response(),
        },
    }
}

/// Gives a page up when the database stops answering.
async fn give_up_without_database(State(state): State<AppState>, request: Request, next: Next) -> Response {
    match state.database_watch.while_answering(next.run(request)).await {
        Ok(response) => response,
        Err(silent) => Error::from(silent).into_response(),
    }
}

/// The tracing span of a request. It has the route instead of the address, since addresses may contain secrets and
/// names.
fn request_span<B>(request: &http::Request<B>) -> tracing::Span {
    let id = request.extensions().get().map_or_else(String::new, |RequestNumber(RequestId(id))| id.to_string());
    let route = request.extensions().get::<request::MatchedRoute>().map_or("-", request::MatchedRoute::name);
    tracing::info_span!("request", %id, method = %request.method(), route)
}

/// Writes the line of a request when its answer begins: with the span's id, method and route, its status and the time
/// that it took. Those of monitors, which ask all the time, are at level debug.
async fn log_request(request: Request, next: Next) -> Response {
    let is_monitor = matches!(request.uri().path(), "/healthz" | "/readyz");
    let begun = ambient::monotonic_now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if is_monitor {
        tracing::debug!(status, milliseconds, "answered");
    } else {
        tracing::info!(status, milliseconds, "answered");
    }
    response
}

fn is_compressible(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<response::Uncompressed>().is_none()
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn answer_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let message = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Fault(anyhow!("a handler panicked: {}", message.unwrap_or("(without a word)"))).into_response()
}
