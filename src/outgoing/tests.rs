//! Attacks on the client: names, forms of addresses and answers that lead inside or take too much.

use std::{
    net::Ipv4Addr,
    sync::atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

/// A client to which every name is at these addresses, one after the other; returns also the number of its lookups.
fn client(allowed: &[&str], answers: &'static [&'static str]) -> (OutgoingClient, Arc<AtomicUsize>) {
    let allowed: Vec<_> = allowed
        .iter()
        .map(|text| {
            text.parse::<ipnet::IpNet>()
                .map_or_else(|_| AllowedInside::Host((*text).to_owned()), AllowedInside::Network)
        })
        .collect();
    let lookups = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&lookups);
    let resolver: Resolver = Arc::new(move |_, port| {
        let answer = answers[counter.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1)];
        let found: Vec<_> = answer.split(' ').map(|ip| SocketAddr::new(ip.parse().unwrap(), port)).collect();
        Box::pin(async move { io::Result::Ok(found) })
    });
    (OutgoingClient::with_resolver(&allowed, resolver), lookups)
}

async fn post(client: &OutgoingClient, address: &str) -> Result<Vec<u8>, OutgoingError> {
    client.post(&Url::parse(address).unwrap(), HeaderMap::new(), b"{}".to_vec()).await
}

/// A server that answers each connection with these bytes; returns its port, and how many connections it had.
async fn serve(answer: Vec<u8>) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connections = Arc::<AtomicUsize>::default();
    let counter = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counter.fetch_add(1, Ordering::Relaxed);
            let answer = answer.clone();
            tokio::spawn(async move {
                let mut request = [0; 4_096];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(&answer).await;
                // Silence, until the client leaves.
                while stream.read(&mut request).await.is_ok_and(|bytes| bytes > 0) {}
            });
        }
    });
    (port, connections)
}

#[tokio::test]
async fn address_that_leads_inside_is_refused_in_every_form() {
    let (outside, _) = client(&[], &["127.0.0.1"]);
    for address in [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://localhost/",
        "https://hooks.example.org/",
        "https://１２７.０.０.１/",
    ] {
        assert_eq!(post(&outside, address).await, Err(OutgoingError::Inside), "{address}");
    }
    // One of several addresses is enough.
    let (mixed, _) = client(&[], &["9.9.9.9 10.0.0.1"]);
    assert_eq!(post(&mixed, "https://hooks.example.org/").await, Err(OutgoingError::Inside));
    for (address, wrong) in [
        ("http://9.9.9.9/", OutgoingError::Scheme),
        ("ftp://9.9.9.9/", OutgoingError::Scheme),
        ("https://name@hooks.example.org/", OutgoingError::Form),
        ("https://:secret@hooks.example.org/", OutgoingError::Form),
        ("mailto:someone@example.org", OutgoingError::Form),
    ] {
        assert_eq!(post(&outside, address).await, Err(wrong), "{address}");
    }
}

#[tokio::test]
async fn name_is_resolved_once_and_its_later_addresses_do_not_count() {
    let (port, connections) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".to_vec()).await;
    // The second answer of the name's server would lead elsewhere.
    let (rebound, lookups) = client(&["127.0.0.1/32"], &["127.0.0.1", "127.0.0.2"]);
    assert_eq!(post(&rebound, &format!("http://hooks.example.org:{port}/")).await, Ok(b"ok".to_vec()));
    assert_eq!((lookups.load(Ordering::Relaxed), connections.load(Ordering::Relaxed)), (1, 1));
    assert_eq!(post(&rebound, &format!("http://hooks.example.org:{port}/")).await, Err(OutgoingError::Inside));
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    // A host that is allowed by its name, wherever it is.
    let (named, _) = client(&["hooks.example.org"], &["127.0.0.1"]);
    assert_eq!(post(&named, &format!("http://hooks.example.org:{port}/")).await, Ok(b"ok".to_vec()));
    assert_eq!(post(&named, &format!("https://other.example.org:{port}/")).await, Err(OutgoingError::Inside));
}

#[tokio::test]
async fn redirect_is_not_followed_and_its_status_is_the_error() {
    let (inside, connections) = serve(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let redirect = format!("HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{inside}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _) = serve(redirect.into_bytes()).await;
    let (client, _) = client(&["127.0.0.0/8"], &["127.0.0.1"]);
    assert_eq!(post(&client, &format!("http://127.0.0.1:{port}/")).await, Err(OutgoingError::Status(307)));
    assert_eq!(connections.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn answer_that_is_huge_or_never_ends_takes_neither_memory_nor_time() {
    // It promises a gigabyte; of what it sends, a kilobyte is read.
    let mut huge = b"HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n".to_vec();
    huge.resize(100_000, b'x');
    let (port, _) = serve(huge).await;
    let (mut client, _) = client(&["127.0.0.0/8"], &["127.0.0.1"]);
    let beginning = post(&client, &format!("http://127.0.0.1:{port}/")).await.unwrap();
    assert_eq!(beginning.len(), MAX_ANSWER_BYTES);
    // Nothing after the connection, or after half a head.
    client.timeout = Duration::from_millis(200);
    for silence in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-le"] {
        let (port, _) = serve(silence.to_vec()).await;
        assert_eq!(post(&client, &format!("http://127.0.0.1:{port}/")).await, Err(OutgoingError::Timeout));
    }
}
