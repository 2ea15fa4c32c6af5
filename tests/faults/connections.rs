//! The socket: slow clients, connection limits, and the end of the process.

use std::time::Duration;

use signoff::{
    server::ServerLimits,
    web::route::{Right, Route},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::helpers::{Setting, TestApp};

async fn start(routes: Vec<Route>) -> TestApp {
    let limits = ServerLimits {
        head_timeout: Duration::from_millis(300),
        drain_timeout: Duration::from_millis(1_500),
        ..ServerLimits::default()
    };
    TestApp::start_with(Setting { routes, limits, ..Setting::default() }).await
}

/// Reads until the server closes, which it must do soon.
async fn read_all(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let closed = timeout(Duration::from_secs(5), stream.read_to_end(&mut read)).await;
    // A reset is a close too.
    let _ = closed.expect("the server closes the connection");
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn connection_with_an_unfinished_request_head_is_closed() {
    let app = start(Vec::new()).await;
    for beginning in ["", "G", "PRI * HTTP/2.0\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let answer = read_all(&mut stream).await;
        assert!(!answer.contains("200 OK"), "{beginning}: {answer}");
    }
}

#[tokio::test]
async fn kept_alive_connection_is_reused_and_closed_when_idle() {
    let app = start(Vec::new()).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    for _ in 0..3 {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        sleep(Duration::from_millis(50)).await;
        let mut rest = vec![0; 4_096];
        let _ = stream.read(&mut rest).await.unwrap();
    }
    read_all(&mut stream).await;
}

#[tokio::test]
async fn request_under_way_at_shutdown_is_finished() {
    let slow = Route::get("/test/slow", Right::Public, async || {
        sleep(Duration::from_millis(400)).await;
        "done"
    });
    let app = start(vec![slow]).await;
    let client = app.client();
    let under_way = tokio::spawn(async move { client.get("/test/slow").await });
    sleep(Duration::from_millis(150)).await;
    app.state.stop.cancel();
    assert_eq!(under_way.await.unwrap().expect_status(200).body, "done");
    sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(app.address).await.is_err(), "nothing new is taken");
}

#[tokio::test]
async fn endless_request_does_not_delay_shutdown() {
    let never = Route::get("/test/never", Right::Public, async || {
        std::future::pending::<()>().await;
    });
    let app = start(vec![never]).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(b"GET /test/never HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    sleep(Duration::from_millis(100)).await;
    app.state.stop.cancel();
    timeout(Duration::from_secs(5), app.server).await.expect("the server ends within its limit").unwrap();
}

/// The beginning of every HTTP/2 connection, and an empty SETTINGS frame.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

#[tokio::test]
async fn connection_without_a_request_is_closed() {
    let limits = ServerLimits { idle_timeout: Duration::from_millis(300), ..ServerLimits::default() };
    let slow = Route::get("/test/slow", Right::Public, async || {
        sleep(Duration::from_millis(900)).await;
        "done"
    });
    let app = TestApp::start_with(Setting { limits, routes: vec![slow], ..Setting::default() }).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(HTTP2).await.unwrap();
    read_all(&mut stream).await;
    // An answer that takes longer than that is still sent.
    assert_eq!(app.client().get("/test/slow").await.expect_status(200).body, "done");
}

/// Whether the server keeps a connection open that has sent nothing yet.
async fn is_open(stream: &mut TcpStream) -> bool {
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut beginning = [0; 12];
    stream.write_all(request).await.is_ok()
        && timeout(Duration::from_secs(5), stream.read_exact(&mut beginning)).await.unwrap().is_ok()
}

#[tokio::test]
async fn connections_are_limited_per_address_and_in_total() {
    let behind_proxy = vec!["127.0.0.0/8".parse().unwrap()];
    for (limits, accepted) in [
        (ServerLimits { connections_per_address: 2, ..ServerLimits::default() }, 2),
        (ServerLimits { connections_per_address: 2, proxies: behind_proxy.clone(), ..ServerLimits::default() }, 5),
        (ServerLimits { connections: 3, proxies: behind_proxy, ..ServerLimits::default() }, 3),
    ] {
        let app = TestApp::start_with(Setting { limits, ..Setting::default() }).await;
        let mut open = Vec::new();
        for n in 0..5 {
            let mut stream = TcpStream::connect(app.address).await.unwrap();
            assert_eq!(is_open(&mut stream).await, n < accepted, "connection {n} of {accepted}");
            open.push(stream);
        }
        // Each closed connection makes room.
        open.clear();
        let room = timeout(Duration::from_secs(20), async {
            loop {
                let mut stream = TcpStream::connect(app.address).await.unwrap();
                if is_open(&mut stream).await {
                    return;
                }
            }
        });
        room.await.expect("there is room again");
    }
}
