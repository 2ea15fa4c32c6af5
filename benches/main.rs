//! `make bench`: the cost of working together on a launch, measured on the program as it is shipped.
//!
//! Times and sizes depend on the machine, so nothing here fails a build: each measurement is printed with one it can be
//! compared with (a tick alone and with a thousand pages open, a launch of 209 items and one of 2,000, a history of a
//! thousand events and one of a hundred thousand), and the ratio is what counts. The server is a separate process with
//! its own stores, which `scripts/bench.sh` starts and stops; all requests go over HTTP, as a browser's do.
#![expect(clippy::unwrap_used, reason = "a measurement that can't go on fails")]
#![expect(clippy::disallowed_methods, reason = "what is measured is time")]
#![expect(clippy::print_stdout, reason = "what is measured is printed")]

mod bulk;
#[path = "../tests/journeys/driver_process.rs"]
mod driver_process;
mod figures;
mod history;
mod in_browser;
mod open_pages;
mod pages;
mod scale;
mod server;

use server::Server;

#[tokio::main]
async fn main() {
    // `cargo bench` passes its arguments on and adds only `--bench`.
    let names: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let wants = |name: &str| names.is_empty() || names.iter().any(|given| given == name);
    let server = Server::start().await;
    if wants("pages") {
        pages::measure(&server).await;
    }
    if wants("bulk") {
        bulk::measure(&server).await;
    }
    if wants("history") {
        history::measure(&server).await;
    }
    if wants("browser") {
        in_browser::measure(&server).await;
    }
    // Only when it is asked for: it fills the database.
    if names.iter().any(|name| name == "scale") {
        scale::measure(&server).await;
    }
    if wants("open_pages") {
        open_pages::measure(&server).await;
    }
}
