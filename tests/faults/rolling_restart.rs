//! Two servers behind HAProxy are restarted one after the other under load, and no request fails.

use std::{
    fs,
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use crate::helpers::{
    demo_server::{DemoServer, free_address, wait_for_changes},
    ledger::ChangeOutcome,
    private_stores::place_of,
    program::{Program, Server},
};

/// HAProxy in front of the servers, ended with this value.
struct Proxy {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Proxy {
    /// Asks /readyz four times a second, as docs/upgrading.md has it.
    fn before(servers: &[SocketAddr]) -> Self {
        let (folder, address) = (tempfile::tempdir().unwrap(), free_address());
        let lines: String = servers.iter().enumerate().map(|(n, at)| format!("    server s{n} {at} check\n")).collect();
        let configuration = format!(
            "defaults\n    mode http\n    timeout connect 5s\n    timeout client 60s\n    timeout server 60s\n    option redispatch\n    \
             retries 3\nfrontend site\n    bind {address}\n    default_backend signoff\nbackend signoff\n    option httpchk\n    \
             http-check send meth GET uri /readyz ver HTTP/1.1 hdr Host {address}\n    default-server inter 250ms fall 1 rise 1\n\
             {lines}"
        );
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, configuration).unwrap();
        let mut command = Command::new(place_of("HAPROXY"));
        command.arg("-db").arg("-f").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self { child: command.spawn().unwrap(), address, _folder: folder }
    }
}

fn start(program: &Program, listen: SocketAddr) -> Server {
    let mut command = program.command(&["serve"]);
    command.env("SIGNOFF_LISTEN", listen.to_string());
    let mut server = Program::serve_by(command, Stdio::null());
    server.wait_for("listening");
    server
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs HAProxy: make test-faults"]
async fn rolling_restart_behind_a_proxy_fails_no_request() {
    let mut server = DemoServer::make().await;
    let places = [free_address(), free_address()];
    let proxy = Proxy::before(&places);
    server.program.set("SIGNOFF_PUBLIC_URL", format!("http://{}", proxy.address));
    server.program.set("SIGNOFF_STOP_DELAY_SECONDS", "2");
    server.program.set("SIGNOFF_TRUSTED_PROXIES", "127.0.0.1/32");
    let mut running = places.map(|at| Some(start(&server.program, at)));
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(server.browser_at(proxy.address).await);
    }
    while clients[0].request(reqwest::Method::GET, "/readyz").send().await.unwrap().status() != 200 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (ledger, stop) = (server.ledger(), AtomicBool::new(false));
    let changes = futures_util::future::join_all(clients.iter().map(|client| ledger.change_until(client, &stop)));
    let mut pages = 0;
    let reading = async {
        while !stop.load(Ordering::SeqCst) {
            clients[0].get(&server.path("")).await.expect_status(200);
            pages += 1;
        }
    };
    let restarting = async {
        for _ in 0..3 {
            for (at, place) in running.iter_mut().zip(places) {
                wait_for_changes(&ledger, ledger.acknowledged() + 40).await;
                let old = at.take().unwrap();
                tokio::task::block_in_place(|| old.stop());
                *at = Some(start(&server.program, place));
                // As whoever restarts them does: the next one only when this one is ready.
                let direct = crate::helpers::client::Client::new(place);
                let ready =
                    || direct.request(reqwest::Method::GET, "/readyz").header("host", proxy.address.to_string());
                while ready().send().await.unwrap().status() != 200 {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
        stop.store(true, Ordering::SeqCst);
    };
    tokio::join!(changes, reading, restarting);
    assert_eq!(ledger.count(|outcome| outcome != ChangeOutcome::Acknowledged), 0, "no change failed");
    ledger.compare(&ledger.stored(&server.owner).await, "two servers restarted three times each behind HAProxy");
    println!("and {pages} pages were read");
    server.verify();
}
