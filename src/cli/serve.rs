//! `signoff serve`

use std::{io::Write as _, net::SocketAddr, time::Duration};

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
    config::{Config, LogFormat},
    folder_check, jobs, monitoring,
    server::{self, ServerLimits},
    state::AppState,
    telemetry, traces,
    web::assets,
};

#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Serve a copy to look at, such as a restored backup: nothing is changed, signed, sent or swept, and every page says
    /// so
    #[arg(long)]
    drill: bool,
}

pub(super) async fn run(mut config: Config, args: &ServeArgs) -> anyhow::Result<()> {
    config.drill |= args.drill;
    telemetry::install_panic_logger();
    let stop = CancellationToken::new();
    let phases = StopPhases::new(config.stop_time, config.stop_delay);
    stop_on_signal(stop.clone(), config.stop_time)?;
    tokio::select! {
        // A store that does not answer delays the start, but not the stop.
        () = stop.cancelled() => Ok(()),
        started = prepare(config) => {
            let (state, listeners) = started?;
            serve(state, listeners, stop.clone(), phases).await
        }
    }
}

/// Time limits of the phases of a stop. Together they take nine tenths of the whole time, since the process is killed
/// when that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StopPhases {
    /// How long connections are still accepted, while the server says that it is not ready.
    delay: Duration,
    /// How long running requests may take to end.
    drain: Duration,
    /// For running changes to finish, once nothing is served any more.
    finish: Duration,
    /// For closing the connections to PostgreSQL.
    close: Duration,
}

impl StopPhases {
    fn new(whole: Duration, delay: Duration) -> Self {
        let rest = whole.saturating_sub(delay);
        Self { delay, drain: rest / 2, finish: rest * 3 / 10, close: rest / 10 }
    }
}

/// The sockets of the server.
struct Listeners {
    site: TcpListener,
    /// Where Prometheus reads the metrics, if they are served.
    metrics: Option<TcpListener>,
}

async fn listen(setting: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{setting}: {address} can't be listened on"))
}

/// Checks everything that the server depends on, and listens.
async fn prepare(config: Config) -> anyhow::Result<(AppState, Listeners)> {
    for setting in config.unencrypted_settings() {
        tracing::warn!(
            setting,
            "leads to another machine without TLS that checks whom it talks to (see docs/security.md)"
        );
    }
    let state = open_state(config, EvidenceStoreUse::Used).await?;
    if state.config.drill {
        tracing::warn!("this is a drill: nothing is changed, signed, sent or swept");
    }
    if let Some(collector) = &state.config.otlp_endpoint {
        traces::start(collector).context("SIGNOFF_OTLP_ENDPOINT: traces can't be sent")?;
    }
    second_factor::check_key(&state).await?;
    check_stores(&state).await?;
    checklists::shipped::publish_if_no_checklist(&state.db, state.clock.now(), ambient::new_id()).await?;

    let site = listen("SIGNOFF_LISTEN", state.config.listen).await?;
    let metrics = match state.config.metrics_listen {
        Some(address) => Some(listen("SIGNOFF_METRICS_LISTEN", address).await?),
        None => None,
    };
    if let Some(metrics) = &metrics {
        tracing::info!(address = %metrics.local_addr()?, "serving metrics");
    }
    tracing::info!(address = %site.local_addr()?, "listening");
    let message = start_message(&state.config, accounts::setup_address(&state).await?.as_deref());
    // On a thread of its own, since the write blocks when nobody reads standard output.
    std::thread::spawn(move || std::io::stdout().write_all(message.as_bytes()));
    Ok((state, Listeners { site, metrics }))
}

/// What the operator reads on standard output, which is not the log: it may have an address that lets its first reader in.
fn start_message(config: &Config, setup: Option<&str>) -> String {
    let place = if config.drill { "signoff is, as a drill, at" } else { "signoff is at" };
    let mut lines = vec![(place, config.public_url.origin())];
    lines.extend(
        setup.map(|address| ("Nobody has an account yet. Make the first admin here, once:", address.to_owned())),
    );
    let print = |(message, address): (&str, String)| match config.log_format {
        LogFormat::Pretty => format!("{message} {address}\n"),
        LogFormat::Json => {
            format!("{}\n", serde_json::json!({ "level": "INFO", "message": message, "address": address }))
        }
    };
    lines.into_iter().map(print).collect()
}

/// Reports what pages or the daily work will miss. Only a refused login stops the start: it is a wrong setting, while the
/// other faults may pass.
async fn check_stores(state: &AppState) -> anyhow::Result<()> {
    match state.redis.check_ready().await {
        Err(error) if error.is_refused_login() => return Err(error.into()),
        Err(error) => tracing::error!(%error, "nobody can sign in until Redis answers"),
        Ok(()) => {}
    }
    if let Err(error) = state.blobs.check_ready().await {
        tracing::error!(
            store = %state.config.evidence_location(), error = format!("{error:#}"),
            "the evidence store can't be written to: no evidence can be attached"
        );
    }
    // A drill stores none.
    let checkpoints = &state.config.checkpoint_dir;
    if !state.config.drill
        && let Err(error) = folder_check::check_writable(checkpoints.clone()).await
    {
        tracing::error!(
            folder = %checkpoints.display(), %error,
            "SIGNOFF_CHECKPOINT_DIR can't be written to: no daily checkpoint can be stored"
        );
    }
    Ok(())
}

/// Serves until the process is asked to stop, and then finishes running requests and changes.
async fn serve(
    state: AppState,
    listeners: Listeners,
    stop: CancellationToken,
    phases: StopPhases,
) -> anyhow::Result<()> {
    let app = app::build_router(state.clone())?;
    let stopping = async {
        stop.cancelled().await;
        state.leaving.cancel();
        tokio::time::sleep(phases.delay).await;
        state.stop.cancel();
        tracing::info!("stopping: finishing what is under way");
    };
    std::thread::spawn(assets::compress_all);
    jobs::start(&state).await?;
    tokio::spawn(state.database_watch.clone().run(state.db.clone(), state.stop.clone()));
    let (db, watch) = (state.db.clone(), state.database_watch.clone());
    tokio::spawn(state.feed.clone().run(db, watch, state.record.clone(), state.stop.clone()));
    let ceilings = state.config.limits;
    let limits = ServerLimits {
        drain_timeout: phases.drain,
        connections: ceilings.connections,
        connections_per_address: ceilings.connections_per_address,
        proxies: state.config.trusted_proxies.clone(),
        ..ServerLimits::default()
    };
    let metrics = async {
        if let Some(listener) = listeners.metrics {
            monitoring::serve(listener, state.clone()).await;
        }
    };
    tokio::join!(stopping, metrics, server::serve(listeners.site, app, state.stop.clone(), limits));
    state.tasks.close();
    if timeout(phases.finish, state.tasks.wait()).await.is_err() {
        tracing::warn!("some changes did not end in time");
    }
    let (closed, ()) = tokio::join!(timeout(phases.close, state.db.close()), traces::stop(phases.close));
    if closed.is_err() {
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
        for (seconds, delay) in [(1, 0), (3, 1), (default_stop_seconds(), 15), (3_600, 0)] {
            let whole = Duration::from_secs(seconds);
            let StopPhases { delay, drain, finish, close } = StopPhases::new(whole, Duration::from_secs(delay));
            assert!(delay + drain + finish + close < whole, "{seconds}");
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
