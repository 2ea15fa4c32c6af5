//! `signoff doctor` through proxies that are set up wrongly.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::doctor::{Diagnosis, examine};
use crate::helpers::program::Program;

/// What a proxy does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProxyFault {
    OtherHost,
    HeaderRemoved,
    AnswersCollected,
    NoServer,
}

/// Starts a proxy of one connection at a time each, in front of a server.
async fn start_proxy(server: SocketAddr, fault: ProxyFault) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            // A connection that breaks is the other side's.
            tokio::spawn(async move { drop(pass_on(client, server, fault).await) });
        }
    });
    address
}

async fn pass_on(mut client: TcpStream, server: SocketAddr, fault: ProxyFault) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        request.push(client.read_u8().await?);
    }
    if fault == ProxyFault::NoServer {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n").await;
    }
    let text = String::from_utf8_lossy(&request).replace("\r\n\r\n", "\r\nconnection: close\r\n\r\n");
    let host = if fault == ProxyFault::OtherHost { "evil.example" } else { "localhost" };
    let lines = text
        .split("\r\n")
        .map(|line| if line.to_lowercase().starts_with("host:") { format!("host: {host}") } else { line.to_owned() });
    let mut upstream = TcpStream::connect(server).await?;
    upstream.write_all(lines.collect::<Vec<_>>().join("\r\n").as_bytes()).await?;
    match fault {
        ProxyFault::HeaderRemoved if text.starts_with("GET /login") => {
            let mut answer = Vec::new();
            upstream.read_to_end(&mut answer).await?;
            let answer = String::from_utf8_lossy(&answer).replace("x-frame-options", "x-nothing-at-all");
            client.write_all(answer.as_bytes()).await
        }
        ProxyFault::AnswersCollected => {
            let mut answer = Vec::new();
            while !answer.ends_with(b"\r\n\r\n") {
                answer.push(upstream.read_u8().await?);
            }
            client.write_all(&answer).await?;
            answer.clear();
            upstream.read_to_end(&mut answer).await?;
            client.write_all(&answer).await
        }
        ProxyFault::OtherHost | ProxyFault::NoServer | ProxyFault::HeaderRemoved => {
            tokio::io::copy_bidirectional(&mut client, &mut upstream).await.map(drop)
        }
    }
}

/// Runs the doctor, in a thread of its own since the proxy runs in this one.
async fn examine_through(program: &Program, public_url: String, proxies: &str) -> Diagnosis {
    let set = [("SIGNOFF_PUBLIC_URL", public_url.as_str()), ("SIGNOFF_TRUSTED_PROXIES", proxies)];
    std::thread::scope(|scope| {
        let running = scope.spawn(|| examine(program, &set, &[]));
        tokio::task::block_in_place(|| running.join().unwrap())
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doctor_names_each_fault_of_the_proxy() {
    let mut program = Program::make().await;
    program.set("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1");
    let mut server = program.serve();
    let address = server.address();
    for (fault, check, status, message) in [
        (ProxyFault::OtherHost, "public address", "failure", "421"),
        (ProxyFault::NoServer, "public address", "failure", "502"),
        (ProxyFault::HeaderRemoved, "security headers", "failure", "x-frame-options"),
        (ProxyFault::AnswersCollected, "live pages", "warning", "collects answers"),
    ] {
        let proxy = start_proxy(address, fault).await;
        let diagnosis = examine_through(&program, format!("http://{proxy}"), "127.0.0.1").await;
        diagnosis.expect(check, status, message);
    }
    // The server trusts this machine, and the doctor's settings name no trusted proxy: the claim must not be believed.
    let diagnosis = examine_through(&program, format!("http://{address}"), "").await;
    diagnosis.expect("client address", "failure", "believes an address");
    let set = [("SIGNOFF_PUBLIC_URL", "http://127.0.0.1:1"), ("SIGNOFF_LISTEN", &address.to_string())];
    examine(&program, &set, &[]).expect("public address", "failure", "The server listens on");
}
