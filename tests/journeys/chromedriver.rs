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
const WATCHED: &str = r#""$0" --port=0 & read -r _; kill -KILL 0"#;

/// A running chromedriver, and with it every browser it has started.
pub(super) struct Chromedriver {
    child: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts one on a free port; it and its browsers write their files into this folder.
    pub(super) fn start(folder: &Path) -> Self {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "/usr/bin/chromedriver".to_owned());
        let mut child = Command::new("sh")
            .args(["-c", WATCHED, &program])
            .env("TMPDIR", folder)
            .env("HOME", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A separate process group, which its browsers belong to.
            .process_group(0)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok());
        // Further output is read and dropped, so that it never blocks on a full pipe.
        std::thread::spawn(move || said.for_each(drop));
        let port = port.unwrap_or_else(|| panic!("{program} does not start; CHROMEDRIVER may name another"));
        Self { child, port }
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        drop(self.child.wait());
    }
}
