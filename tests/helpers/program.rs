//! The real program as a process, with its own database and folders.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, SystemTime},
};

use signoff::{
    ambient::{self, Clock},
    key_file,
};

use super::{database::TestDatabase, redis_url};

/// The time limit for anything, after which a test fails.
const PATIENCE: Duration = Duration::from_secs(120);

/// A migrated database, a key and the folders of an installation. Each of them can be replaced.
pub(crate) struct Program {
    pub(crate) database: TestDatabase,
    pub(crate) folder: tempfile::TempDir,
    /// Settings by the names of their variables; the last of a name counts.
    pub(crate) set: Vec<(String, String)>,
}

impl Program {
    /// A new installation, on which nothing was started yet.
    pub(crate) async fn make() -> Self {
        Self::make_with(TestDatabase::make().await)
    }

    /// A new installation with this database.
    pub(crate) fn make_with(database: TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        key_file::create(&folder.path().join("signoff.key")).unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let set = [
            ("DATABASE_URL", database.app_url()),
            ("MIGRATION_DATABASE_URL", database.owner_url()),
            ("REDIS_URL", redis_url()),
            ("SIGNOFF_LISTEN", "127.0.0.1:0".to_owned()),
            ("SIGNOFF_EVIDENCE_DIR", path("evidence")),
            ("SIGNOFF_CHECKPOINT_DIR", path("checkpoints")),
            ("SIGNOFF_KEY_FILE", path("signoff.key")),
            ("SIGNOFF_SECRET_KEY", "5e".repeat(32)),
        ];
        let set = set.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { database, folder, set }
    }

    /// A place for another installation: a database without a table, and no key, evidence or checkpoint.
    pub(crate) async fn make_vacant() -> Self {
        let mut vacant = Self::make().await;
        std::fs::remove_file(vacant.folder.path().join("signoff.key")).unwrap();
        vacant.database = TestDatabase::make_empty().await;
        let (app, owner) = (vacant.database.app_url(), vacant.database.owner_url());
        vacant.set("DATABASE_URL", app);
        vacant.set("MIGRATION_DATABASE_URL", owner);
        vacant
    }

    /// One with the demo's people, launch and evidence files.
    pub(crate) async fn with_demo() -> Self {
        let program = Self::make().await;
        program.add_demo();
        program
    }

    /// Makes the demo's people, launch and evidence files.
    pub(crate) fn add_demo(&self) {
        let people = self.folder.path().join("people");
        let made = self.run(&["demo", "--people", people.to_str().unwrap()]);
        assert!(made.status.success(), "{}", output_text(&made));
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.set.push((name.to_owned(), value.into()));
    }

    /// The folder of evidence files.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.folder.path().join("evidence")
    }

    /// A command with these settings and no others.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_signoff"));
        command.args(arguments).env_clear().envs(self.set.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts the server and captures its log.
    pub(crate) fn serve(&self) -> Server {
        Self::serve_by(self.command(&["serve"]), Stdio::null())
    }

    /// Like [`Self::serve`], with this standard output.
    pub(crate) fn serve_with(&self, output: Stdio) -> Server {
        Self::serve_by(self.command(&["serve"]), output)
    }

    /// Starts the server by another command, such as a shell that sets limits first.
    pub(crate) fn serve_by(mut command: Command, output: Stdio) -> Server {
        let mut child = command.stdout(output).stderr(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let log = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in log.lines().map_while(Result::ok) {
                drop(send.send(line));
            }
        });
        Server { child, lines, log: String::new() }
    }
}

/// A database of Redis for programs that end everybody's sessions, which the others keep in another one.
pub(crate) fn separate_redis_url() -> String {
    let mut url = url::Url::parse(&redis_url()).unwrap();
    url.set_path("/15");
    url.to_string()
}

pub(crate) fn output_text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    lines: Receiver<String>,
    pub(crate) log: String,
}

impl Server {
    /// Reads the log up to a line that contains this.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, words: &str) -> String {
        self.wait_for_any(&[words])
    }

    /// Reads the log up to a line that contains one of these.
    #[track_caller]
    pub(crate) fn wait_for_any(&mut self, words: &[&str]) -> String {
        loop {
            let Ok(line) = self.lines.recv_timeout(PATIENCE) else { panic!("{words:?} never came:\n{}", self.log) };
            self.log += &line;
            self.log.push('\n');
            if words.iter().any(|words| line.contains(words)) {
                return line;
            }
        }
    }

    /// The address that it listens on.
    #[track_caller]
    pub(crate) fn address(&mut self) -> SocketAddr {
        let line = self.wait_for("listening");
        let address = line.split("address=").nth(1).unwrap().split_whitespace().next().unwrap();
        address.parse().unwrap()
    }

    /// The standard output, if it is a pipe.
    pub(crate) fn take_output(&mut self) -> ChildStdout {
        self.child.stdout.take().unwrap()
    }

    /// Ends it as a crash does: nothing is finished.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        send_signal("TERM", self.child.id());
    }

    #[track_caller]
    pub(crate) fn wait(&mut self) -> ExitStatus {
        wait(&mut self.child)
    }

    /// Sends SIGTERM, waits for the end and returns the log.
    #[track_caller]
    pub(crate) fn stop(mut self) -> String {
        self.terminate();
        let status = self.wait();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.log += &line;
            self.log.push('\n');
        }
        assert!(status.success(), "{status}:\n{}", self.log);
        std::mem::take(&mut self.log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sends a signal to a process that a test started.
pub(crate) fn send_signal(signal: &str, process: u32) {
    let sent = Command::new("kill").args([&format!("-{signal}"), &process.to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Waits until a process ends; fails when it does not end in time.
#[track_caller]
pub(crate) fn wait(child: &mut Child) -> ExitStatus {
    let begun = ambient::monotonic_now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("the process never ended");
}

/// Every file below a folder, by its path in it, in order.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    fn collect_files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { collect_files(&path, found) } else { found.push(path) }
        }
    }
    let mut found = Vec::new();
    collect_files(folder, &mut found);
    let mut names: Vec<String> =
        found.iter().map(|path| path.strip_prefix(folder).unwrap().display().to_string()).collect();
    names.sort();
    names
}

/// Makes every file below a folder this many days older.
pub(crate) fn make_files_older(folder: &Path, days: i64) {
    let then = Clock::default().now().plus_seconds(-days * 24 * 3_600).timestamp().as_microsecond();
    let then = SystemTime::UNIX_EPOCH + Duration::from_micros(then.unsigned_abs());
    for name in files(folder) {
        File::options().write(true).open(folder.join(name)).unwrap().set_modified(then).unwrap();
    }
}
