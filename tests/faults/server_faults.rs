//! The server ends in the middle of its work, or has too little to work with.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use reqwest::multipart::{Form, Part};
use signoff::shared_check::FINDINGS_LIFETIME;

use crate::helpers::{
    client::Client,
    demo_server::{DemoServer, wait_for_changes},
    ledger::ChangeOutcome,
    program::{Program, Server, files},
};

/// Kills the server this many times under load, and compares what it had acknowledged.
async fn kill_under_load(times: usize) {
    let server = DemoServer::make().await;
    let (ledger, stop) = (server.ledger(), AtomicBool::new(false));
    let clients = [server.browser().await, server.browser().await, server.browser().await, server.browser().await];
    let load = futures_util::future::join_all(clients.iter().map(|client| ledger.change_until(client, &stop)));
    let killing = async {
        for _ in 0..times {
            let running = server.program.serve();
            wait_for_changes(&ledger, ledger.acknowledged() + 25).await;
            running.kill();
        }
        let running = server.program.serve();
        wait_for_changes(&ledger, ledger.acknowledged() + 4).await;
        stop.store(true, Ordering::SeqCst);
        running
    };
    let (_, _running) = tokio::join!(load, killing);
    ledger.compare(&ledger.stored(&server.owner).await, &format!("kill -9, {times} times"));
    ledger.repeat_rest(&clients[0]).await;
    ledger.compare(&ledger.stored(&server.owner).await, "the same, repeated");
    server.verify();
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_changes_survive_a_killed_server() {
    kill_under_load(2).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute: make test-faults"]
async fn acknowledged_changes_survive_a_server_killed_twenty_times() {
    kill_under_load(20).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn upload_cut_off_by_a_kill_leaves_nothing_and_can_be_repeated() {
    let server = DemoServer::make().await;
    let running = server.program.serve();
    let client = server.browser().await;
    wait_until_it_answers(&client).await;
    let before = files(&server.program.evidence());
    let mut upload = TcpStream::connect(server.address).unwrap();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 1000000\r\n\
         Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"files\"; \
         filename=\"half.txt\"\r\n\r\n",
        server.path("/evidence"),
        server.address,
        client.cookies()
    );
    upload.write_all(head.as_bytes()).unwrap();
    upload.write_all(&[b'x'; 500_000]).unwrap();
    // The store has begun the file.
    while files(&server.program.evidence()) == before {
        std::thread::sleep(Duration::from_millis(10));
    }
    running.kill();
    drop(upload.read_to_end(&mut Vec::new()));
    let _running = server.program.serve();
    wait_until_it_answers(&client).await;
    let page = client.get(&server.path("")).await.expect_status(200);
    assert!(!page.body.contains("half.txt"));
    let whole = || Form::new().part("files", Part::bytes(vec![b'x'; 1_000_000]).file_name("half.txt"));
    client.upload(&server.path("/evidence"), whole()).await.expect_status(303);
    assert!(client.get(&server.path("")).await.body.contains("half.txt"));
    server.verify();
}

async fn wait_until_it_answers(client: &Client) {
    while client.request(reqwest::Method::GET, "/healthz").send().await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Starts the server with a limit of the shell.
fn serve_limited(program: &Program, limit: &str) -> Server {
    let inner = program.command(&["serve"]);
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("trap '' XFSZ; ulimit {limit}; exec \"$0\" serve")).arg(inner.get_program());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Program::serve_by(command, Stdio::null())
}

/// A limit of the size of files is the full disk that needs no rights to make.
#[tokio::test(flavor = "multi_thread")]
async fn upload_to_a_full_disk_is_refused_with_a_sentence_and_leaves_nothing() {
    let server = DemoServer::make().await;
    let client = server.browser().await;
    let before = files(&server.program.evidence());
    let large = || Form::new().part("files", Part::bytes(vec![b'x'; 3_000_000]).file_name("large.txt"));
    {
        // In blocks of 512 bytes.
        let _running = serve_limited(&server.program, "-f 2000");
        wait_until_it_answers(&client).await;
        let answer = client.upload(&server.path("/evidence"), large()).await.expect_status(507);
        assert!(answer.body.contains("The disk of the evidence files is full"), "{}", answer.body);
        assert_eq!(files(&server.program.evidence()), before, "nothing is left of it");
        let small = Form::new().part("files", Part::bytes(b"small".to_vec()).file_name("small.txt"));
        client.upload(&server.path("/evidence"), small).await.expect_status(303);
    }
    let _running = server.program.serve();
    wait_until_it_answers(&client).await;
    client.upload(&server.path("/evidence"), large()).await.expect_status(303);
    server.verify();
}

#[tokio::test(flavor = "multi_thread")]
async fn server_with_few_file_handles_recovers_when_connections_close() {
    let server = DemoServer::make().await;
    let client = server.browser().await;
    let mut running = serve_limited(&server.program, "-n 64");
    wait_until_it_answers(&client).await;
    let ledger = server.ledger();
    assert_eq!(ledger.change(&client).await, ChangeOutcome::Acknowledged);
    let held: Vec<_> = (0..120).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    running.wait_for("a connection can't be accepted");
    drop(held);
    wait_for_changes_of(&ledger, &client, 5).await;
    ledger.compare(&ledger.stored(&server.owner).await, "few file handles");
}

async fn wait_for_changes_of(ledger: &crate::helpers::ledger::Ledger, client: &Client, count: usize) {
    let enough = ledger.acknowledged() + count;
    let stop = AtomicBool::new(false);
    let end = async {
        wait_for_changes(ledger, enough).await;
        stop.store(true, Ordering::SeqCst);
    };
    tokio::join!(ledger.change_until(client, &stop), end);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "mounts file systems, which only root may: make test-faults"]
async fn evidence_store_on_a_full_and_on_a_read_only_file_system_is_refused_and_recovers() {
    if !crate::helpers::private_stores::is_root() {
        println!("evidence on a full disk: not tried, since only root may mount");
        return;
    }
    let server = DemoServer::make().await;
    let store = server.program.evidence();
    let copy = server.program.folder.path().join("copy");
    let run =
        |words: &[&str]| assert!(Command::new(words[0]).args(&words[1..]).status().unwrap().success(), "{words:?}");
    let path = store.to_str().unwrap();
    run(&["cp", "-a", path, copy.to_str().unwrap()]);
    run(&["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", path]);
    run(&["cp", "-a", &format!("{}/.", copy.display()), path]);
    let client = server.browser().await;
    let running = server.program.serve();
    wait_until_it_answers(&client).await;
    let upload = |bytes: usize| Form::new().part("files", Part::bytes(vec![b'x'; bytes]).file_name("report.txt"));
    let full = client.upload(&server.path("/evidence"), upload(9_000_000)).await.expect_status(507);
    assert!(full.body.contains("is full"), "{}", full.body);
    client.upload(&server.path("/evidence"), upload(1_000_000)).await.expect_status(303);
    run(&["mount", "-o", "remount,ro", path]);
    client.upload(&server.path("/evidence"), upload(1_000)).await.expect_status(503);
    client.get("/readyz").await.expect_status(503);
    run(&["mount", "-o", "remount,rw", path]);
    client.upload(&server.path("/evidence"), upload(1_000)).await.expect_status(303);
    // Missing: an empty folder is in the place of the disk.
    run(&["umount", "-l", path]);
    fs::rename(&store, store.with_extension("disk")).unwrap();
    fs::create_dir(&store).unwrap();
    client.upload(&server.path("/evidence"), upload(1_000)).await.expect_status(503);
    // The result of the check above is older than it is shared.
    tokio::time::sleep(FINDINGS_LIFETIME).await;
    client.get("/readyz").await.expect_status(503);
    assert_eq!(files(&store), Vec::<String>::new());
    drop(running);
    println!("evidence store full (507), read-only (503), missing (503): refused, and used again without a restart");
}
