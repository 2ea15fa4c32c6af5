//! The socket: clients that dawdle, and the end of the process.

use std::time::Duration;

use signoff::{
    server::Limits,
    web::route::{Right, Route},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::helpers::{Setting, TestApp};

async fn start(routes: Vec<Route>) -> TestApp {
    let limits = Limits { head: Duration::from_millis(300), drain: Duration::from_millis(1_500), ..Limits::default() };
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
async fn a_client_that_never_ends_its_head_is_cut_off() {
    let app = start(Vec::new()).await;
    for beginning in ["", "G", "PRI * HTTP/2.0\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let answer = read_all(&mut stream).await;
        assert!(!answer.contains("200 OK"), "{beginning}: {answer}");
    }
}

#[tokio::test]
async fn a_kept_connection_serves_again_and_is_closed_when_unused() {
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
async fn what_is_under_way_is_finished_when_the_process_is_asked_to_end() {
    let slow = Route::get("/test/slow", Right::Public, async || {
        sleep(Duration::from_millis(400)).await;
        "done"
    });
    let app = start(vec![slow]).await;
    let client = app.client();
    let under_way = tokio::spawn(async move { client.get("/test/slow").await });
    sleep(Duration::from_millis(150)).await;
    app.state.stop.cancel();
    assert_eq!(under_way.await.unwrap().is(200).body, "done");
    sleep(Duration::from_millis(50)).await;
    assert!(TcpStream::connect(app.address).await.is_err(), "nothing new is taken");
}

#[tokio::test]
async fn what_never_ends_does_not_hold_up_the_end() {
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

/// The beginning of every HTTP/2 connection, and a frame of settings that sets none.
const HTTP2: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

#[tokio::test]
async fn a_connection_over_which_nothing_is_asked_is_closed() {
    let limits = Limits { idle: Duration::from_millis(300), ..Limits::default() };
    let slow = Route::get("/test/slow", Right::Public, async || {
        sleep(Duration::from_millis(900)).await;
        "done"
    });
    let app = TestApp::start_with(Setting { limits, routes: vec![slow], ..Setting::default() }).await;
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(HTTP2).await.unwrap();
    read_all(&mut stream).await;
    // What takes longer than that to be answered is answered.
    assert_eq!(app.client().get("/test/slow").await.is(200).body, "done");
}

/// Whether the server keeps a connection that has sent nothing yet.
async fn is_kept(stream: &mut TcpStream) -> bool {
    let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let mut beginning = [0; 12];
    stream.write_all(request).await.is_ok()
        && timeout(Duration::from_secs(5), stream.read_exact(&mut beginning)).await.unwrap().is_ok()
}

#[tokio::test]
async fn connections_have_a_number_from_one_address_and_in_all() {
    let behind_proxy = vec!["127.0.0.0/8".parse().unwrap()];
    for (limits, kept) in [
        (Limits { connections_per_address: 2, ..Limits::default() }, 2),
        (Limits { connections_per_address: 2, proxies: behind_proxy.clone(), ..Limits::default() }, 5),
        (Limits { connections: 3, proxies: behind_proxy, ..Limits::default() }, 3),
    ] {
        let app = TestApp::start_with(Setting { limits, ..Setting::default() }).await;
        let mut open = Vec::new();
        for n in 0..5 {
            let mut stream = TcpStream::connect(app.address).await.unwrap();
            assert_eq!(is_kept(&mut stream).await, n < kept, "connection {n} of {kept}");
            open.push(stream);
        }
        // Each that is closed makes room.
        open.clear();
        let room = timeout(Duration::from_secs(20), async {
            loop {
                let mut stream = TcpStream::connect(app.address).await.unwrap();
                if is_kept(&mut stream).await {
                    return;
                }
            }
        });
        room.await.expect("there is room again");
    }
}
