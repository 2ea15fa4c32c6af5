//! Traces: a span of each request and of its change, sent to an OpenTelemetry collector over OTLP/HTTP, if one is set.
//!
//! A span has the method, the pattern of the route, the status and the request id, by which it is found in the log and in
//! the histories: nothing of a launch or a person, and no address. Spans are made here and not from those of the log, which
//! have more in them.
//!
//! No request waits for the collector. Ended spans wait in a buffer of limited size, and are lost when it is full; a thread
//! of the library takes them out and sends them.

use std::{
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::response::Response;
use bytes::Bytes;
use opentelemetry::{
    Context, KeyValue,
    trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _, TracerProvider as _},
};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{SdkTracer, SdkTracerProvider},
};
use tokio::runtime::Handle;
use url::Url;

use crate::domain::ids::RequestId;

/// How long the collector may take to accept a batch.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(5);

/// How much of the collector's answer is read: it says how many spans it rejected.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Set when traces are sent.
static TRACING: OnceLock<(SdkTracerProvider, SdkTracer)> = OnceLock::new();

/// From now on spans are sent to the collector at this address. It is called once, within the runtime that sends them.
///
/// # Errors
/// When the address or the HTTP client can't be used.
pub fn start(endpoint: &Url) -> anyhow::Result<()> {
    // Fails if it was chosen already, as it is for a bucket.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client =
        reqwest::Client::builder().timeout(EXPORT_TIMEOUT).redirect(reqwest::redirect::Policy::none()).build()?;
    let sender = SpanSender { client, runtime: Handle::current(), failing: Arc::default() };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(sender)
        .with_timeout(EXPORT_TIMEOUT)
        .with_endpoint(format!("{}/v1/traces", endpoint.as_str().trim_end_matches('/')))
        .build()?;
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder_empty().with_service_name("signoff").with_attribute(version).build();
    let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
    let tracer = provider.tracer("signoff");
    TRACING.get_or_init(|| (provider, tracer));
    Ok(())
}

/// Sends the spans that wait, for at most this long. Later ones are not made.
pub async fn stop(limit: Duration) {
    let Some((provider, _)) = TRACING.get() else { return };
    // It blocks its thread.
    let stopped = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(limit));
    if !matches!(tokio::time::timeout(limit, stopped).await, Ok(Ok(Ok(())))) {
        tracing::warn!("the last traces were not sent");
    }
}

/// What the span of a request says, besides its status.
pub struct RequestDescription {
    /// One of a few words.
    pub method: &'static str,
    /// The pattern of the route, if one matched.
    pub route: Option<String>,
    pub id: RequestId,
}

/// Answers a request in a span of its own, which ends with the head of the answer. It is described only if traces are sent.
pub async fn trace_request(
    describe: impl FnOnce() -> RequestDescription,
    answer: impl Future<Output = Response>,
) -> Response {
    let Some((_, tracer)) = TRACING.get() else { return answer.await };
    let RequestDescription { method, route, id: RequestId(id) } = describe();
    let name = route.as_ref().map_or_else(|| method.to_owned(), |route| format!("{method} {route}"));
    let route = route.map(|route| KeyValue::new("http.route", route));
    let known = [KeyValue::new("http.request.method", method), KeyValue::new("signoff.request_id", id.to_string())];
    let span = tracer.span_builder(name).with_kind(SpanKind::Server).with_attributes(known.into_iter().chain(route));
    let none = Context::new();
    let context = none.with_span(span.start_with_context(tracer, &none));
    let response = answer.with_context(context.clone()).await;
    let status = response.status();
    let span = context.span();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_status(Status::error(""));
    }
    span.end();
    response
}

/// Does work in a span below the current one. The name is of the code, and has nothing of what is worked on.
pub async fn trace_work<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    let current = Context::current();
    let context = match TRACING.get() {
        Some((_, tracer)) if current.has_active_span() => current.with_span(tracer.start_with_context(name, &current)),
        _ => current,
    };
    work.with_context(context).await
}

/// Lets work that goes on in a task of its own belong to the current span.
pub fn within_current_span<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    work.with_current_context()
}

/// Sends batches. The library calls it on its own thread, while the connections belong to the server's runtime.
#[derive(Debug)]
struct SpanSender {
    client: reqwest::Client,
    runtime: Handle,
    /// Whether the last batch could not be sent, so that only changes are logged.
    failing: Arc<AtomicBool>,
}

impl HttpClient for SpanSender {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: http::Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<http::Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let sending = self.runtime.spawn(send(self.client.clone(), request));
        Box::pin(async move {
            let answer = sending.await?;
            let problem = match &answer {
                Ok(answer) if answer.status().is_success() => None,
                Ok(answer) => Some(format!("it answers {}", answer.status())),
                Err(error) => Some(error.to_string()),
            };
            match (self.failing.swap(problem.is_some(), Ordering::Relaxed), problem) {
                (false, Some(problem)) => {
                    tracing::warn!(problem, "traces can't be sent to the collector; they are lost");
                }
                (true, None) => tracing::info!("traces are sent to the collector again"),
                (true, Some(_)) | (false, None) => {}
            }
            answer
        })
    }
}

async fn send(client: reqwest::Client, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, HttpError> {
    let mut answer = client.execute(request.try_into()?).await.map_err(reqwest::Error::without_url)?;
    let mut body = Vec::new();
    while let Some(part) = answer.chunk().await? {
        body.extend_from_slice(&part);
        if body.len() > MAX_ANSWER_BYTES {
            return Err("the collector's answer is too long".into());
        }
    }
    Ok(http::Response::builder().status(answer.status()).body(body.into())?)
}
