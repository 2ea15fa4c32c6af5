//! `signoff serve`

use std::{io::Write as _, time::Duration};

use anyhow::Context as _;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{
    open_state::{EvidenceStoreUse, open_state},
    stop::stop_on_signal,
};
use crate::{
    access::second_factor,
    accounts, ambient, app, checklists,
    config::Config,
    jobs,
    server::{self, ServerLimits},
    state::AppState,
    telemetry,
    web::assets,
};

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    telemetry::install_panic_logger();
    let stop = CancellationToken::new();
    let phases = StopPhases::from_total(config.stop_time);
    stop_on_signal(stop.clone(), config.stop_time)?;
    tokio::select! {
        // A store that does not answer delays the start, but not the stop.
        () = stop.cancelled() => Ok(()),
        started = prepare(config) => {
            let (state, listener) = started?;
            serve(state, listener, stop.clone(), phases).await
        }
    }
}

/// Time limits of the phases of a stop. Together they take nine tenths of the whole time, since the process is killed
/// when that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StopPhases {
    /// How long running requests may take to end.
    drain: Duration,
    /// For running changes to finish, once nothing is served any more.
    finish: Duration,
    /// For closing the connections to PostgreSQL.
    close: Duration,
}

impl StopPhases {
    fn from_total(whole: Duration) -> Self {
        Self { drain: whole / 2, finish: whole * 3 / 10, close: whole / 10 }
    }
}

/// Checks everything that the server depends on, and listens.
async fn prepare(config: Config) -> anyhow::Result<(AppState, TcpListener)> {
    for setting in config.unencrypted_settings() {
        tracing::warn!(
            setting,
            "leads to another machine without TLS that checks whom it talks to (see docs/security.md)"
        );
    }
    let state = open_state(config, EvidenceStoreUse::Used).await?;
    second_factor::check_key(&state).await?;
    checklists::shipped::publish_if_no_checklist(&state.db, state.clock.now(), ambient::new_id()).await?;

    let listener = TcpListener::bind(state.config.listen)
        .await
        .with_context(|| format!("SIGNOFF_LISTEN: {} can't be listened on", state.config.listen))?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let mut message = format!("signoff is at {}\n", state.config.public_url.origin());
    if let Some(address) = accounts::setup_address(&state).await? {
        message += &format!("Nobody has an account yet. Make the first admin here, once: {address}\n");
    }
    // On a thread of its own, since the write blocks when nobody reads standard output.
    std::thread::spawn(move || std::io::stdout().write_all(message.as_bytes()));
    Ok((state, listener))
}

/// Serves until the process is asked to stop, and then finishes running requests and changes.
async fn serve(
    state: AppState,
    listener: TcpListener,
    stop: CancellationToken,
    phases: StopPhases,
) -> anyhow::Result<()> {
    let app = app::build_router(state.clone())?;
    let stopping = async {
        stop.cancelled().await;
        state.stop.cancel();
        tracing::info!("stopping: finishing what is under way");
    };
    std::thread::spawn(assets::compress_all);
    tokio::spawn(jobs::sweep::run(state.clone()));
    tokio::spawn(jobs::daily_checkpoint::run(state.clone()));
    tokio::spawn(jobs::outbox::run(state.clone()));
    tokio::spawn(state.feed.clone().run(state.db.clone(), state.record.clone(), state.stop.clone()));
    let ceilings = state.config.limits;
    let limits = ServerLimits {
        drain_timeout: phases.drain,
        connections: ceilings.connections,
        connections_per_address: ceilings.connections_per_address,
        proxies: state.config.trusted_proxies.clone(),
        ..ServerLimits::default()
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
    use crate::config::DEFAULT_STOP_SECONDS;

    fn default_stop_seconds() -> u64 {
        DEFAULT_STOP_SECONDS.parse().unwrap()
    }

    #[test]
    fn stop_phases_take_less_than_the_whole() {
        for seconds in [1, 3, default_stop_seconds(), 3_600] {
            let whole = Duration::from_secs(seconds);
            let StopPhases { drain, finish, close } = StopPhases::from_total(whole);
            assert!(drain + finish + close < whole, "{seconds}");
        }
    }

    /// The time that a stop takes, compared with how long systemd and Compose wait for it.
    #[test]
    fn stop_time_is_shorter_than_the_unit_and_compose_wait() {
        for (text, service, setting) in [
            (include_str!("../../deploy/signoff.service"), "[Service]", "TimeoutStopSec="),
            (include_str!("../../docker-compose.yml"), "\n  signoff:", "stop_grace_period: "),
        ] {
            let (_, after) = text.split_once(service).unwrap().1.split_once(setting).unwrap();
            let seconds: u64 = after.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
            assert!(seconds >= default_stop_seconds() + 10, "{setting}{seconds}");
        }
    }
}
