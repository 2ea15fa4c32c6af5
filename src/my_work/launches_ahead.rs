//! The launches ahead, as cards beside the work.

use super::store;
use crate::{
    access::CurrentUser,
    domain::{ids::LaunchId, launch::decision_name::DecisionName, readiness::Verdict, time::Moment},
    presentation::formatting,
    state::AppState,
    web::Error,
};

/// Maximum number of cards; the statement loads one more.
const MAX_CARDS: usize = 12;

pub(super) struct LaunchesAhead {
    /// The launch with the nearest target comes first.
    pub cards: Vec<LaunchCard>,
    /// Whether there are more.
    pub has_more: bool,
}

pub(super) struct LaunchCard {
    pub id: LaunchId,
    pub name: String,
    pub left: String,
    pub verdict: &'static str,
    pub decision: DecisionName,
    pub resolved: usize,
    pub total: usize,
}

/// One database query; another if summaries are out of date.
pub(super) async fn load_launches_ahead(
    state: &AppState,
    user: &CurrentUser,
    now: Moment,
) -> Result<LaunchesAhead, Error> {
    let mut launches = store::load_launches_ahead(&state.db, user.id, user.reads_all(), now).await?;
    let has_more = launches.len() > MAX_CARDS;
    launches.truncate(MAX_CARDS);
    let outdated: Vec<LaunchId> = launches.iter().filter(|launch| launch.is_outdated).map(|launch| launch.id).collect();
    let computed = state.record.compute_summaries(&state.db, &outdated, now).await?;
    let cards = launches.into_iter().map(|launch| {
        let stored = (launch.verdict, to_count(launch.resolved), to_count(launch.total));
        let (verdict, resolved, total) =
            computed.get(&launch.id).map_or(stored, |summary| (summary.verdict, summary.resolved, summary.total));
        LaunchCard {
            id: launch.id,
            name: launch.name.unwrap_or_else(|| "[redacted]".to_owned()),
            left: formatting::format_countdown(launch.target, now),
            verdict: verdict.map_or("", Verdict::slug),
            decision: launch.stage.into(),
            resolved,
            total,
        }
    });
    Ok(LaunchesAhead { cards: cards.collect(), has_more })
}

fn to_count(stored: i32) -> usize {
    usize::try_from(stored).unwrap_or_default()
}
