//! `signoff serve`

use std::time::Duration;

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use super::open::{Store, open};
use crate::{
    access::second_factor,
    accounts, ambient, app, checklists,
    config::Config,
    jobs,
    server::{self, Limits},
};

/// How long changes under way may take to be finished, once nothing is served any more.
const FINISH: Duration = Duration::from_secs(10);

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
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
    let app = app::build(state.clone())?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    println!("signoff is at {}", state.config.public_url.origin());
    if let Some(address) = accounts::setup_address(&state).await? {
        println!("Nobody has an account yet. Make the first admin here, once: {address}");
    }

    let stop = state.stop.clone();
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = tokio::signal::ctrl_c() => {}
        }
        tracing::info!("stopping: finishing what is under way");
        stop.cancel();
    });
    tokio::spawn(jobs::sweep::run(state.clone()));
    tokio::spawn(jobs::checkpoints::run(state.clone()));
    tokio::spawn(jobs::letters::run(state.clone()));
    tokio::spawn(state.feed.clone().run(state.db.clone(), state.record.clone(), state.stop.clone()));
    let ceilings = state.config.ceilings;
    let limits = Limits {
        connections: ceilings.connections,
        connections_per_address: ceilings.connections_per_address,
        proxies: state.config.trusted_proxies.clone(),
        ..Limits::default()
    };
    server::serve(listener, app, state.stop.clone(), limits).await;
    state.tasks.close();
    if tokio::time::timeout(FINISH, state.tasks.wait()).await.is_err() {
        tracing::warn!("some changes did not end in time");
    }
    state.db.close().await;
    Ok(())
}
