//! Traces: what a collector gets of requests, and that nobody waits for it.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, extract::State, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::Span,
};
use prost::Message as _;

use crate::helpers::{client::Client, demo_server::DemoServer, program::Program};

/// A collector, and the bodies that it received.
struct Collector {
    address: String,
    received: Arc<Mutex<Vec<Bytes>>>,
}

impl Collector {
    async fn start() -> Self {
        let received = Arc::<Mutex<Vec<Bytes>>>::default();
        let accept =
            async |State(received): State<Arc<Mutex<Vec<Bytes>>>>, body: Bytes| received.lock().unwrap().push(body);
        let router = Router::new().route("/v1/traces", post(accept)).with_state(Arc::clone(&received));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, received }
    }

    /// The spans that it received, and how the sender names itself.
    fn spans(&self) -> (Vec<Span>, BTreeMap<String, String>) {
        let (mut spans, mut resource) = (Vec::new(), BTreeMap::new());
        for body in self.received.lock().unwrap().iter() {
            for of_resource in ExportTraceServiceRequest::decode(body.clone()).unwrap().resource_spans {
                resource.extend(attributes(&of_resource.resource.unwrap().attributes));
                spans.extend(of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
            }
        }
        (spans, resource)
    }
}

fn attributes(pairs: &[KeyValue]) -> BTreeMap<String, String> {
    let text = |pair: &KeyValue| match pair.value.as_ref().unwrap().value.as_ref().unwrap() {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        other => panic!("{other:?}"),
    };
    pairs.iter().map(|pair| (pair.key.clone(), text(pair))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn trace_of_a_request_has_its_id_route_and_change_and_no_address() {
    let collector = Collector::start().await;
    let mut demo = DemoServer::make().await;
    demo.program.set("SIGNOFF_OTLP_ENDPOINT", collector.address.as_str());
    // What is traced does not depend on what is logged.
    demo.program.set("SIGNOFF_LOG", "info");
    let mut server = demo.program.serve();
    server.wait_for("listening");
    let browser = demo.browser().await;
    let secret = "hunter2-hunter2-hunter2";
    browser.get(&format!("/password-resets/{secret}?email=ada@example.org")).await;
    browser.get("/nowhere/ada@example.org").await.expect_status(404);
    browser.get("/readyz").await.expect_status(200);
    let commented = browser.post(&demo.path("/comments"), &[("body", "Confidential.")]).await.expect_status(303);
    server.stop();

    let (spans, resource) = collector.spans();
    assert_eq!(resource["service.name"], "signoff");
    assert_eq!(spans.len(), 4, "{spans:?}");
    let of_comment = spans.iter().find(|span| span.name == "POST /items/{id}/comments").unwrap();
    let expected = [
        ("http.request.method", "POST"),
        ("http.response.status_code", "303"),
        ("http.route", "/items/{id}/comments"),
        ("signoff.request_id", commented.header("x-request-id")),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(attributes(&of_comment.attributes), BTreeMap::from(expected));
    let change = spans.iter().find(|span| span.name == "change a launch").unwrap();
    assert_eq!((&change.trace_id, &change.parent_span_id), (&of_comment.trace_id, &of_comment.span_id));
    assert!(change.attributes.is_empty() && change.start_time_unix_nano >= of_comment.start_time_unix_nano);
    let unknown = spans.iter().find(|span| span.name == "GET").unwrap();
    assert_eq!(attributes(&unknown.attributes)["http.response.status_code"], "404");
    let all = format!("{spans:?}{resource:?}");
    for private in [secret, "ada@", "Confidential", "127.0.0.1", "localhost", &demo.item.to_string()] {
        assert!(!all.contains(private), "{private} in {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn collector_that_hangs_or_is_absent_delays_neither_requests_nor_the_stop() {
    // Connections to it are established by the kernel, and nothing answers.
    let hanging = TcpListener::bind("127.0.0.1:0").unwrap();
    let hanging = hanging.local_addr().unwrap();
    for (collector, is_absent) in [(format!("http://{hanging}"), false), ("http://127.0.0.1:1".to_owned(), true)] {
        let mut program = Program::make().await;
        program.set("SIGNOFF_OTLP_ENDPOINT", collector);
        program.set("SIGNOFF_STOP_SECONDS", "5");
        let mut server = program.serve();
        let client = Client::new(server.address());
        // More than the buffer of spans holds.
        for _ in 0..3_000 {
            client.get("/assets/nothing").await.expect_status(404);
        }
        if is_absent {
            server.wait_for("traces can't be sent to the collector");
        }
        // It would have status 1 if it were cut off.
        server.stop();
    }
}
