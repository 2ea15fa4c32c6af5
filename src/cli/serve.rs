//! `signoff serve`

use std::{io::Write as _, time::Duration};

use anyhow::Context as _;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{
    open::{Store, open},
    stop::end_on_signal,
};
use crate::{
    access::second_factor,
    accounts, ambient, app, checklists,
    config::Config,
    jobs,
    server::{self, Limits},
    state::AppState,
    telemetry,
};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    telemetry::log_panics();
    let stop = CancellationToken::new();
    let phases = Phases::of(config.stop_time);
    end_on_signal(stop.clone(), config.stop_time)?;
    tokio::select! {
        // A store that does not answer holds up the start, and not the end.
        () = stop.cancelled() => Ok(()),
        started = start(config) => {
            let (state, listener) = started?;
            serve(state, listener, stop.clone(), phases).await
        }
    }
}

/// How long each part of the end may take: together nine tenths of the whole, since the process is ended by force after
/// that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Phases {
    /// For requests under way.
    drain: Duration,
    /// For changes under way to be finished, once nothing is served any more.
    finish: Duration,
    /// For connections to PostgreSQL to be closed.
    close: Duration,
}

impl Phases {
    fn of(whole: Duration) -> Self {
        Self { drain: whole / 2, finish: whole * 3 / 10, close: whole / 10 }
    }
}

/// Looks whether everything is there that is served with, and listens.
async fn start(config: Config) -> anyhow::Result<(AppState, TcpListener)> {
    for setting in config.unprotected() {
        tracing::warn!(
            setting,
            "leads to another machine without TLS that checks whom it talks to (see docs/security.md)"
        );
    }
    let state = open(config, Store::Used).await?;
    second_factor::check_key(&state).await?;
    checklists::shipped::ensure(&state.db, state.clock.now(), ambient::new_id()).await?;

    let listener = TcpListener::bind(state.config.listen)
        .await
        .with_context(|| format!("SIGNOFF_LISTEN: {} can't be listened on", state.config.listen))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let mut told = format!("signoff is at {}\n", state.config.public_url.origin());
    if let Some(address) = accounts::setup_address(&state).await? {
        told += &format!("Nobody has an account yet. Make the first admin here, once: {address}\n");
    }
    // Apart, since nobody may be reading it.
    std::thread::spawn(move || std::io::stdout().write_all(told.as_bytes()));
    Ok((state, listener))
}

/// Serves until the process is asked to end, and then ends what is under way.
async fn serve(state: AppState, listener: TcpListener, stop: CancellationToken, phases: Phases) -> anyhow::Result<()> {
    let app = app::build(state.clone())?;
    let stopping = async {
        stop.cancelled().await;
        state.stop.cancel();
        tracing::info!("stopping: finishing what is under way");
    };
    tokio::spawn(jobs::sweep::run(state.clone()));
    tokio::spawn(jobs::checkpoints::run(state.clone()));
    tokio::spawn(jobs::letters::run(state.clone()));
    tokio::spawn(state.feed.clone().run(state.db.clone(), state.record.clone(), state.stop.clone()));
    let ceilings = state.config.ceilings;
    let limits = Limits {
        drain: phases.drain,
        connections: ceilings.connections,
        connections_per_address: ceilings.connections_per_address,
        proxies: state.config.trusted_proxies.clone(),
        ..Limits::default()
    };
    tokio::join!(stopping, server::serve(listener, app, state.stop.clone(), limits));
    state.tasks.close();
    if timeout(phases.finish, state.tasks.wait()).await.is_err() {
        tracing::warn!("some changes did not end in time");
    }
    if timeout(phases.close, state.db.close()).await.is_err() {
        tracing::warn!("PostgreSQL did not let go of its connections in time");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::STOP_SECONDS;

    #[test]
    fn the_parts_of_the_end_take_less_than_the_whole() {
        for seconds in [1, 3, STOP_SECONDS, 3_600] {
            let whole = Duration::from_secs(seconds);
            let Phases { drain, finish, close } = Phases::of(whole);
            assert!(drain + finish + close < whole, "{seconds}");
        }
    }

    /// What holds up the end of the process, and how long whoever started it waits for that.
    #[test]
    fn the_units_and_compose_wait_longer_than_the_end_takes() {
        for (text, service, setting) in [
            (include_str!("../../deploy/signoff.service"), "[Service]", "TimeoutStopSec="),
            (include_str!("../../docker-compose.yml"), "\n  signoff:", "stop_grace_period: "),
        ] {
            let (_, after) = text.split_once(service).unwrap().1.split_once(setting).unwrap();
            let seconds: u64 = after.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
            assert!(seconds >= STOP_SECONDS + 10, "{setting}{seconds}");
        }
    }
}
