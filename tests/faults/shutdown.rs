//! The end of the program: SIGTERM ends it within a configured time, whatever hangs.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    process::{Child, Stdio},
};

use crate::helpers::{
    network::Network,
    program::{Program, send_signal, wait},
};

/// The URL of a store, through a network that can break.
fn through(url: &str) -> (String, Network) {
    let network = Network::to(url);
    (network.url(url), network)
}

fn setting(program: &Program, name: &str) -> String {
    program.set.iter().rev().find(|(known, _)| known == name).unwrap().1.clone()
}

/// Sends the beginning of a request and leaves the connection open.
fn ask(address: SocketAddr, request: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.replace('\n', "\r\n").as_bytes()).unwrap();
    stream
}

/// An incomplete form.
const HANGING: &str = "POST /login HTTP/1.1\nHost: localhost\nSec-Fetch-Site: same-origin\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 1000\nExpect: 100-continue\n\n";

/// Begins to send a form, whose body the server is reading when this returns.
fn upload(address: SocketAddr) -> TcpStream {
    let mut stream = ask(address, HANGING);
    let mut answer = [0; 25];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"email=").unwrap();
    stream
}

/// It asks Redis for the limit of its rate, and then PostgreSQL for the account.
const SIGN_IN: &str = "POST /login HTTP/1.1\nHost: localhost\nSec-Fetch-Site: same-origin\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 28\n\nemail=a@b.example&password=x";

/// A request that makes the server query PostgreSQL and Redis, unless it has just done so.
const READY: &str = "GET /readyz HTTP/1.1\nHost: localhost\n\n";

async fn program() -> Program {
    let mut program = Program::make().await;
    program.set("SIGNOFF_STOP_SECONDS", "3");
    program
}

/// Starts the server with its log in a pipe; returns when it listens, with its address.
fn serve(program: &Program) -> (Child, BufReader<std::process::ChildStderr>, SocketAddr) {
    let mut child = program.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it ended");
    }
    let address = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    (child, log, address)
}

#[tokio::test]
async fn sigterm_ends_a_server_whose_log_has_no_reader() {
    let mut program = program().await;
    program.set("SIGNOFF_LOG", "trace");
    let (mut child, log, address) = serve(&program);
    drop(log);
    for _ in 0..3 {
        let mut answer = [0; 15];
        ask(address, READY).read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK", "it serves all the same");
    }
    send_signal("TERM", child.id());
    assert_eq!(wait(&mut child).code(), Some(0));
}

#[tokio::test]
async fn sigterm_ends_a_server_whose_log_pipe_is_full() {
    let mut program = program().await;
    program.set("SIGNOFF_LOG", "trace");
    let (mut child, log, address) = serve(&program);
    // A pipe holds 64 KiB. Each of these requests logs more than one of them.
    for _ in 0..300 {
        let mut answer = [0; 15];
        ask(address, READY).read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK", "it serves all the same");
    }
    send_signal("TERM", child.id());
    assert!(wait(&mut child).code().is_some());
    let mut rest = Vec::new();
    log.into_inner().read_to_end(&mut rest).unwrap();
    assert!(rest.len() >= 60_000, "the pipe was full: {}", rest.len());
}

#[tokio::test]
async fn server_with_closed_standard_output_serves_and_stops() {
    let program = program().await;
    let mut command = program.command(&["serve"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut log = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("listening") {
        line.clear();
        assert!(log.read_line(&mut line).unwrap() > 0, "it ended");
    }
    send_signal("TERM", child.id());
    assert_eq!(wait(&mut child).code(), Some(0));
}

#[tokio::test]
async fn sigterm_ends_a_server_with_an_upload_that_hangs() {
    let program = program().await;
    let (mut child, _log, address) = serve(&program);
    let mut upload = upload(address);
    send_signal("TERM", child.id());
    assert!(wait(&mut child).code().is_some());
    let mut rest = Vec::new();
    drop(upload.read_to_end(&mut rest));
}

#[tokio::test]
async fn sigterm_ends_a_server_whose_postgresql_hangs() {
    assert_sigterm_ends_a_server_whose_store_hangs("DATABASE_URL").await;
}

#[tokio::test]
async fn sigterm_ends_a_server_whose_redis_hangs() {
    assert_sigterm_ends_a_server_whose_store_hangs("REDIS_URL").await;
}

/// Freezes the store with this setting while a request waits for it.
async fn assert_sigterm_ends_a_server_whose_store_hangs(store: &str) {
    let mut program = program().await;
    let (url, proxy) = through(&setting(&program, store));
    program.set(store, url);
    let (mut child, _log, address) = serve(&program);
    // The server connects to Redis at the first request.
    let mut answer = [0; 15];
    ask(address, READY).read_exact(&mut answer).unwrap();
    assert!(proxy.ends() > 0, "it goes through the proxy");
    proxy.freeze();
    let _hanging = ask(address, SIGN_IN);
    proxy.wait_for_loss();
    send_signal("TERM", child.id());
    assert!(wait(&mut child).code().is_some());
}

#[tokio::test]
async fn sigterm_ends_a_server_still_waiting_for_postgresql() {
    let mut program = program().await;
    let (url, proxy) = through(&setting(&program, "DATABASE_URL"));
    proxy.freeze();
    program.set("DATABASE_URL", url);
    let mut child = program.command(&["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while proxy.ends() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    send_signal("TERM", child.id());
    assert_eq!(wait(&mut child).code(), Some(0), "it was asked to end, which is no fault");
}

#[tokio::test]
async fn second_sigterm_ends_the_server_at_once() {
    let mut program = program().await;
    // Longer than the test's time limit.
    program.set("SIGNOFF_STOP_SECONDS", "3600");
    let mut server = program.serve();
    let _upload = upload(server.address());
    server.terminate();
    server.wait_for("stopping");
    server.terminate();
    assert_eq!(server.wait().code(), Some(143));
}
