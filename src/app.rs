//! The application: every slice's routes, and the layers around them. The only file that sees every slice.

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
use http::{Extensions, HeaderMap, StatusCode, Version};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _},
    },
    map_request_body::MapRequestBodyLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
    trace::TraceLayer,
};
use tracing::Instrument as _;

use crate::{
    access::{
        current_user::recognise,
        proof_first::ask_for_proof,
        refusals,
        require::{paced, require, seldom},
    },
    accounts, admin, audit, bundle, checklists,
    domain::ids::RequestId,
    history, items, launches, live, my_work, search, signoffs,
    state::AppState,
    web::{
        Error, assets, error, form, guard, headers, health, page,
        request::{self, Number},
        route::{FORM_BYTES, Pace, Proving, Right, Route},
    },
};

/// How long an ordinary answer may take.
const ANSWER: Duration = Duration::from_secs(30);

/// How long a client may be silent in the middle of sending.
const SILENCE: Duration = Duration::from_secs(30);

/// Every route there is.
#[must_use]
pub fn routes() -> Vec<Route> {
    [
        health::routes(),
        assets::routes(),
        accounts::routes(),
        admin::routes(),
        my_work::routes(),
        search::routes(),
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

/// The router over these routes.
///
/// # Errors
/// When the public address has no origin, which its type rules out.
pub fn build(state: AppState) -> anyhow::Result<Router> {
    build_with(state, routes())
}

/// The router over the routes handed in, so that tests can add some that fail in their own ways.
///
/// # Errors
/// As [`build`].
pub fn build_with(state: AppState, routes: Vec<Route>) -> anyhow::Result<Router> {
    let same_origin = guard::same_origin(&state.config.public_url)?;
    let router = routes
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, handler(&state, route)))
        .fallback(async || Error::NotFound);
    // From the outside in: what stands above sees the request earlier and the answer later.
    let layers = ServiceBuilder::new()
        .layer(from_fn(request::number))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                // A fault is logged where it is known, with its cause.
                .on_failure(()),
        )
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(not_verbatim)))
        .layer(from_fn_with_state(state.clone(), page::carry_flash))
        .layer(from_fn_with_state(state.clone(), error::render))
        .layer(from_fn_with_state(state.clone(), refusals::tell_of_requests))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), guard::right_host))
        .layer(from_fn_with_state(state.clone(), guard::says_where_from))
        .layer(same_origin)
        .layer(RequestBodyTimeoutLayer::new(SILENCE))
        .layer(MapRequestBodyLayer::new(Body::new))
        .layer(from_fn_with_state(state.clone(), recognise));
    Ok(router.layer(layers).with_state(state))
}

/// A route's handler behind its right, its limits and, when it changes something, the promise to be finished.
fn handler(state: &AppState, route: Route) -> MethodRouter<AppState> {
    let handler = match route.proof {
        Proving::Nobody => route.handler,
        asked @ (Proving::Admins | Proving::Everybody) => {
            route.handler.route_layer(from_fn_with_state((state.clone(), asked), ask_for_proof))
        }
    };
    let handler = if route.changes { handler.route_layer(from_fn_with_state(state.clone(), outlive)) } else { handler };
    let handler = match route.costly {
        Some(costly) => handler.route_layer(from_fn_with_state((state.clone(), costly), seldom)),
        None => handler,
    };
    let handler = if route.changes && route.right != Right::Public && route.costly.is_none() {
        handler.route_layer(from_fn_with_state(state.clone(), paced))
    } else {
        handler
    };
    let handler = match route.pace {
        Pace::Ordinary => handler
            .route_layer(from_fn(declared_short))
            .route_layer(DefaultBodyLimit::max(usize::try_from(FORM_BYTES).unwrap_or(usize::MAX)))
            .route_layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER)),
        Pace::Long => handler.route_layer(DefaultBodyLimit::disable()),
    };
    handler.route_layer(from_fn_with_state((state.clone(), route.right), require))
}

/// Refuses a form that says it is too large, before any of it is read.
async fn declared_short(request: Request, next: Next) -> Response {
    match form::declared_length(request.headers()) {
        Some(length) if length > FORM_BYTES => Error::TooLarge { most: FORM_BYTES }.into_response(),
        _ => next.run(request).await,
    }
}

/// Runs a change in a task of its own: axum drops a handler when its client leaves, and a change dropped half way
/// is neither made nor refused. The server waits for these tasks before it ends.
async fn outlive(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let task = state.tasks.spawn(next.run(request).in_current_span());
    match task.await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => panicked(panic),
            Err(_) => Error::fault("a change was cut off").into_response(),
        },
    }
}

/// The span of a request: which route, not which address, since addresses may hold secrets and name people.
fn span<B>(request: &http::Request<B>) -> tracing::Span {
    let id = request.extensions().get().map_or_else(String::new, |Number(RequestId(id))| id.to_string());
    let route = request.extensions().get::<request::Route>().map_or("-", request::Route::name);
    tracing::info_span!("request", %id, method = %request.method(), route)
}

fn not_verbatim(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<page::Verbatim>().is_none()
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    Error::Fault(anyhow!("a handler panicked: {}", said.unwrap_or("(without a word)"))).into_response()
}
