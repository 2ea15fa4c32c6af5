//! The program that drives the browser: a child process that ends with the test, however the test ends.

use std::{
    env,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Starts the program, and kills it with every browser it has started once the other end of its standard input is
/// closed: when the test is done, has panicked, or was killed.
const WATCHED: &str = r#""$0" "$@" & read -r _; kill -KILL 0"#;

/// How to start a driver.
pub(super) struct DriverCommand {
    pub(super) program: String,
    pub(super) arguments: &'static [&'static str],
    /// The words after which it prints its port.
    pub(super) before_port: &'static str,
}

impl DriverCommand {
    pub(super) fn chromedriver() -> Self {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "/usr/bin/chromedriver".to_owned());
        Self { program, arguments: &["--port=0"], before_port: "started successfully on port " }
    }
}

/// A running driver, and with it every browser it has started.
pub(super) struct DriverProcess {
    child: Child,
    port: u16,
}

impl DriverProcess {
    /// Starts one on a free port; it and its browsers write their files into this folder.
    pub(super) fn start(command: &DriverCommand, folder: &Path) -> Self {
        let DriverCommand { program, arguments, before_port } = command;
        let mut child = Command::new("sh")
            .args(["-c", WATCHED, program])
            .args(*arguments)
            .env("TMPDIR", folder)
            .env("HOME", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A separate process group, which its browsers belong to.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once(*before_port)?.1.trim_end_matches('.').parse().ok());
        // Further output is read and dropped, so that it never blocks on a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let port =
            port.unwrap_or_else(|| panic!("{program} does not start; CHROMEDRIVER or GECKODRIVER may name another"));
        Self { child, port }
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
