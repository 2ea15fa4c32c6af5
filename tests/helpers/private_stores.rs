//! A PostgreSQL and a Redis of one test, which it may stop, hang and fill. On loopback, and ended with the test.

use std::{
    fs,
    net::SocketAddr,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use sqlx::{Connection as _, PgConnection};

use super::{demo_server::free_address, program::send_signal};

/// A process that is ended with this value.
pub(crate) struct StoreProcess(Child);

impl Drop for StoreProcess {
    fn drop(&mut self) {
        for process in self.with_children() {
            // One of them may have ended by now.
            drop(Command::new("kill").args(["-KILL", &process.to_string()]).stderr(Stdio::null()).status());
        }
        drop(self.0.wait());
    }
}

impl StoreProcess {
    fn with_children(&self) -> Vec<u32> {
        let parent = self.0.id();
        let children = fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        std::iter::once(parent).chain(children.split_whitespace().map(|child| child.parse().unwrap())).collect()
    }

    /// Stops every process of the store, which keeps its connections open and does nothing.
    pub(crate) fn suspend(&self) {
        self.with_children().into_iter().for_each(|process| send_signal("STOP", process));
    }

    pub(crate) fn resume(&self) {
        self.with_children().into_iter().for_each(|process| send_signal("CONT", process));
    }

    /// Sends a signal to the first process, and waits until it has ended.
    fn end(mut self, signal: &str) {
        send_signal(signal, self.0.id());
        self.0.wait().unwrap();
    }
}

/// Whether this process may mount file systems, and has to run PostgreSQL as somebody else.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// A program, or the folder of programs, which `make test-faults` names in the environment.
pub(crate) fn place_of(variable: &str) -> PathBuf {
    std::env::var_os(variable).unwrap_or_else(|| panic!("{variable}: run this test with `make test-faults`")).into()
}

fn run(command: &mut Command) {
    let done = command.stdin(Stdio::null()).output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A cluster with few connections, whose data is on a small file system of its own if the test runs as root.
pub(crate) struct PrivatePostgres {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<StoreProcess>,
}

impl PrivatePostgres {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("signoff-postgres-").tempdir().unwrap();
        let port = free_address().port();
        let new = Self { folder, port, process: None };
        fs::create_dir(new.data()).unwrap();
        if is_root() {
            run(Command::new("mount").args(["-t", "tmpfs", "-o", "size=120m", "tmpfs"]).arg(new.data()));
            run(Command::new("chown").arg("postgres:").arg(new.folder.path()).arg(new.data()));
        }
        let mut initdb = as_server(&place_of("POSTGRES_BIN").join("initdb"));
        initdb.arg("-D").arg(new.data()).arg("-X").arg(new.folder.path().join("wal"));
        run(initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]));
        let mut new = new;
        new.start_again().await;
        new
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", self.port)
    }

    pub(crate) fn process(&self) -> &StoreProcess {
        self.process.as_ref().unwrap()
    }

    /// Starts it, and waits until it answers.
    pub(crate) async fn start_again(&mut self) {
        let mut server = as_server(&place_of("POSTGRES_BIN").join("postgres"));
        server.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=30",
            "fsync=off",
            "full_page_writes=off",
        ] {
            server.args(["-c", setting]);
        }
        self.process = Some(StoreProcess(server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()));
        while PgConnection::connect(&self.url()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Ends it by a signal: INT ends it in order, QUIT at once, as a crash does.
    pub(crate) fn end(&mut self, signal: &str) {
        self.process.take().unwrap().end(signal);
    }

    /// Fills the file system of the data. Only as root.
    pub(crate) fn fill_disk(&self) {
        let full = fs::write(self.data().join("filler"), vec![0; 200_000_000]);
        assert!(full.is_err(), "the file system is small");
    }

    pub(crate) fn clear_disk(&self) {
        fs::remove_file(self.data().join("filler")).unwrap();
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        drop(self.process.take());
        if is_root() {
            drop(Command::new("umount").arg("-l").arg(self.data()).status());
        }
    }
}

/// A command as the user who may run PostgreSQL, which refuses root.
fn as_server(program: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").process_group(0).stdin(Stdio::null());
    command
}

pub(crate) struct PrivateRedis {
    folder: tempfile::TempDir,
    address: SocketAddr,
    process: Option<StoreProcess>,
}

impl PrivateRedis {
    pub(crate) fn start() -> Self {
        let mut new = Self { folder: tempfile::tempdir().unwrap(), address: free_address(), process: None };
        new.start_again();
        new
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}/", self.address)
    }

    pub(crate) fn process(&self) -> &StoreProcess {
        self.process.as_ref().unwrap()
    }

    /// Starts it, and waits until it accepts connections.
    pub(crate) fn start_again(&mut self) {
        let mut server = Command::new(place_of("REDIS_SERVER"));
        server.args(["--bind", "127.0.0.1", "--port", &self.address.port().to_string(), "--save", ""]);
        server.args(["--appendonly", "yes", "--dir"]).arg(self.folder.path());
        server.stdin(Stdio::null()).stdout(Stdio::null()).process_group(0);
        self.process = Some(StoreProcess(server.spawn().unwrap()));
        while std::net::TcpStream::connect(self.address).is_err() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn end(&mut self) {
        self.process.take().unwrap().end("TERM");
    }

    /// Runs a command of Redis.
    pub(crate) async fn command(&self, words: &[&str]) {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut command = redis::cmd(words[0]);
        command.arg(&words[1..]);
        command.query_async::<redis::Value>(&mut connection).await.unwrap();
    }
}
