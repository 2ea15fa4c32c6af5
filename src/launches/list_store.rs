//! The queries of the list and the board, over all launches.
//!
//! A statement is put together from constant pieces, which `query!` can't: only the chosen filters are in it, and the
//! order as columns that an index has. So each list is an index scan in its order, for each stage from the page's first
//! launch on, and takes the same time however many launches there are. (The order by name sorts all that match: names are
//! in `texts` alone, since they may have to be forgotten.)

use sqlx::{PgExecutor, Postgres, QueryBuilder};

use super::listed_launch::ListedLaunch;
use crate::domain::{
    ids::{LaunchId, UserId},
    launch::state::StageName,
    readiness::Verdict,
    time::Moment,
};

/// The filter and the order of the list.
#[derive(Debug)]
pub(super) struct LaunchListCriteria<'a> {
    /// The reader, and whether they may read every launch.
    pub user: UserId,
    pub reads_all: bool,
    pub stages: &'a [&'a str],
    /// Only those that the reader owns.
    pub owned: bool,
    /// Only those that the reader owns, holds a role in, is a participant of or has an item of.
    pub mine: bool,
    /// Only those with this tag, in lower case.
    pub tag: Option<String>,
    pub verdict: Option<Verdict>,
    /// `ILIKE` pattern for the name.
    pub name: Option<String>,
    pub order: LaunchOrder,
    /// The last launch of the previous page.
    pub after: Option<LaunchId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LaunchOrder {
    /// By target, the earliest first.
    Earliest,
    /// By target, the latest first.
    Latest,
    Name,
    /// By the time of the last change, the newest first.
    Changed,
    /// The least ready first, then by target.
    Verdict,
    /// By the resolved share, then by target.
    Progress,
}

/// What a list is sorted by.
struct SortKey {
    /// The columns before the launch's id, each with the value that comes before all others.
    columns: &'static [(&'static str, &'static str)],
    /// The id, of the table that has the columns.
    id: &'static str,
    is_descending: bool,
}

impl SortKey {
    fn new(order: LaunchOrder, verdict: Option<Verdict>) -> Self {
        const EARLIEST: &str = "'-infinity'::timestamptz";
        const LATEST: &str = "'infinity'::timestamptz";
        let (columns, id): (&[_], _) = match (order, verdict) {
            (LaunchOrder::Earliest, None) => (&[("l.target_at", EARLIEST)], "l.id"),
            (LaunchOrder::Latest, None) => (&[("l.target_at", LATEST)], "l.id"),
            // An index of the summaries begins with stage and verdict.
            (LaunchOrder::Earliest, Some(_)) => (&[("s.target_at", EARLIEST)], "s.launch_id"),
            (LaunchOrder::Latest, Some(_)) => (&[("s.target_at", LATEST)], "s.launch_id"),
            (LaunchOrder::Changed, _) => (&[("l.changed_at", LATEST)], "l.id"),
            (LaunchOrder::Name, _) => (&[("lower(COALESCE(named.value, ''))", "''")], "l.id"),
            (LaunchOrder::Verdict, _) => {
                (&[("verdict_order(s.verdict)", "-1::smallint"), ("s.target_at", EARLIEST)], "s.launch_id")
            }
            (LaunchOrder::Progress, _) => {
                (&[("share_resolved(s.resolved, s.total)", "-1::bigint"), ("s.target_at", EARLIEST)], "s.launch_id")
            }
        };
        Self { columns, id, is_descending: matches!(order, LaunchOrder::Latest | LaunchOrder::Changed) }
    }

    fn is_of_summary(&self) -> bool {
        self.id == "s.launch_id"
    }

    const fn direction(&self) -> &'static str {
        if self.is_descending { "DESC" } else { "ASC" }
    }

    /// `l.id, l.target_at AS k0`
    fn selected(&self) -> String {
        let columns = self.columns.iter().enumerate().map(|(at, (column, _))| format!("{column} AS k{at}"));
        join(std::iter::once("l.id".to_owned()).chain(columns))
    }

    /// `k0 DESC, page.id DESC`, with the id of a table.
    fn order_of_selected(&self, id: &str) -> String {
        let names = (0..self.columns.len()).map(|at| format!("k{at}")).chain([id.to_owned()]);
        join(names.map(|name| format!("{name} {}", self.direction())))
    }

    /// `l.target_at DESC, l.id DESC`
    fn order(&self) -> String {
        let columns = self.columns.iter().map(|(column, _)| *column).chain([self.id]);
        join(columns.map(|column| format!("{column} {}", self.direction())))
    }

    /// That a launch comes after that of the table `last`; true of all if that is empty.
    fn is_after_last(&self) -> String {
        let (compared, digit) = if self.is_descending { ("<", "f") } else { (">", "0") };
        let first_id = [8, 4, 4, 4, 12].map(|length| digit.repeat(length)).join("-");
        let columns = self.columns.iter().map(|(column, _)| (*column).to_owned()).chain([self.id.to_owned()]);
        let values = self.columns.iter().enumerate();
        let values = values.map(|(at, (_, first))| format!("COALESCE((SELECT k{at} FROM last), {first})"));
        let values = values.chain([format!("COALESCE((SELECT id FROM last), '{first_id}'::uuid)")]);
        format!("({}) {compared} ({})", join(columns), join(values))
    }
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// Adds the tables of the launches that the reader may see.
fn push_source(query: &mut QueryBuilder<Postgres>, listing: &LaunchListCriteria<'_>, key: &SortKey) {
    query.push(" FROM visible_launches(").push_bind(listing.user).push(", ").push_bind(listing.reads_all).push(") l");
    if key.is_of_summary() || listing.verdict.is_some() {
        query.push(" JOIN launch_summaries s ON s.launch_id = l.id AND s.stage = l.stage");
    }
    if listing.order == LaunchOrder::Name {
        query.push(" LEFT JOIN texts named ON named.commitment = l.name");
    }
}

/// Adds the conditions of the filters, except the stages, each with an `AND` before it.
fn push_filters(query: &mut QueryBuilder<Postgres>, listing: &LaunchListCriteria<'_>) {
    if let Some(verdict) = listing.verdict {
        query.push(" AND verdict_order(s.verdict) = verdict_order(").push_bind(verdict.slug()).push(")");
    }
    if listing.owned {
        query.push(" AND l.owner_id = ").push_bind(listing.user);
    }
    if listing.mine {
        query.push(" AND l.id IN (SELECT id FROM launches WHERE owner_id = ").push_bind(listing.user);
        query.push(" UNION ALL SELECT launch_id FROM launch_holders WHERE user_id = ").push_bind(listing.user);
        query.push(" UNION ALL SELECT launch_id FROM launch_participants WHERE user_id = ").push_bind(listing.user);
        query.push(" UNION ALL SELECT launch_id FROM items WHERE assignee_id = ").push_bind(listing.user).push(")");
    }
    if let Some(tag) = &listing.tag {
        query.push(" AND EXISTS (SELECT FROM launch_tags t WHERE t.launch_id = l.id AND t.folded = ");
        query.push_bind(tag.clone()).push(")");
    }
    if let Some(name) = &listing.name {
        // By the launch that has or had the name, which an index finds; then only by the name that it has.
        query.push(" AND l.id IN (SELECT t.launch_id FROM texts t WHERE is_searchable(t.field) AND t.field = 'name'");
        query.push(" AND normalize(t.value) ILIKE ").push_bind(name.clone()).push(")");
        query.push(" AND EXISTS (SELECT FROM texts t WHERE t.commitment = l.name AND normalize(t.value) ILIKE ");
        query.push_bind(name.clone()).push(")");
    }
}

/// Adds a query for `selected` of the first launches of each stage, after those of the table `last` if there is a cursor.
fn push_stages(
    query: &mut QueryBuilder<Postgres>,
    listing: &LaunchListCriteria<'_>,
    key: &SortKey,
    selected: &'static str,
    stages: &[&str],
    limit: i64,
) {
    let stages: Vec<String> = stages.iter().map(ToString::to_string).collect();
    query.push("SELECT ").push(selected).push(" FROM unnest(").push_bind(stages).push("::text[]) AS chosen (stage) ");
    query.push("CROSS JOIN LATERAL (SELECT ").push(key.selected());
    push_source(query, listing, key);
    query.push(if key.is_of_summary() { " WHERE s.stage = chosen.stage" } else { " WHERE l.stage = chosen.stage" });
    push_filters(query, listing);
    if listing.after.is_some() {
        query.push(" AND ").push(key.is_after_last());
    }
    query.push(" ORDER BY ").push(key.order()).push(" LIMIT ").push(limit).push(") found");
}

/// Adds what is shown of the launches of the table `page`, up to the order.
pub(super) fn push_shown(query: &mut QueryBuilder<Postgres>, now: Moment) {
    query.push(
        " SELECT l.id, named.value AS name, v.name AS checklist, v.number, u.name AS owner, l.restricted, l.stage,
            ARRAY(SELECT t.tag FROM launch_tags t WHERE t.launch_id = l.id ORDER BY t.position) AS tags,
            to_char(l.target_local, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS target_local, l.zone, l.changed_at,
            s.verdict, COALESCE(s.resolved, 0) AS resolved, COALESCE(s.total, 0) AS total,
            COALESCE(s.signatures, '[]') AS signatures,
            s.seq IS DISTINCT FROM l.seq OR COALESCE(s.holds_until <= ",
    );
    query.push_bind(now).push(
        ", false) AS is_outdated
         FROM page
         JOIN launches l ON l.id = page.id
         JOIN checklist_versions v ON v.id = l.version_id
         JOIN users u ON u.id = l.owner_id
         LEFT JOIN launch_summaries s ON s.launch_id = l.id
         LEFT JOIN texts named ON named.commitment = l.name",
    );
}

/// The statement of a page of the list.
fn build_list(listing: &LaunchListCriteria<'_>, now: Moment, limit: i64) -> QueryBuilder<Postgres> {
    let key = SortKey::new(listing.order, listing.verdict);
    let mut query = QueryBuilder::new("WITH ");
    if let Some(after) = listing.after {
        query.push("last AS MATERIALIZED (SELECT ").push(key.selected());
        push_source(&mut query, listing, &key);
        query.push(" WHERE l.id = ").push_bind(after).push("), ");
    }
    query.push("page AS (SELECT * FROM (");
    push_stages(&mut query, listing, &key, "found.*", listing.stages, limit);
    query.push(") listed ORDER BY ").push(key.order_of_selected("id")).push(" LIMIT ").push(limit).push(")");
    push_shown(&mut query, now);
    query.push(" ORDER BY ").push(key.order_of_selected("page.id"));
    query
}

/// Lists the launches that the reader may see, in order, after the cursor. A cursor that is at no launch that the reader
/// may see is ignored, so that the list begins at its start.
pub(super) async fn list_launches(
    db: impl PgExecutor<'_>,
    listing: &LaunchListCriteria<'_>,
    now: Moment,
    limit: i64,
) -> Result<Vec<ListedLaunch>, sqlx::Error> {
    build_list(listing, now, limit).build_query_as().fetch_all(db).await
}

const STAGES_AHEAD: &[&str] = &["preparing", "go", "held"];
const STAGES_BEHIND: &[&str] = &["launched", "closed", "cancelled"];

/// The launches that the reader may see and that match the filter, at most `limit` of each stage: the nearest targets of
/// those ahead, the latest of the others.
pub(super) async fn list_board(
    db: impl PgExecutor<'_>,
    listing: &LaunchListCriteria<'_>,
    now: Moment,
    limit: i64,
) -> Result<Vec<ListedLaunch>, sqlx::Error> {
    let listing = LaunchListCriteria { after: None, tag: listing.tag.clone(), name: listing.name.clone(), ..*listing };
    let mut query = QueryBuilder::new("WITH page AS (");
    let key = SortKey::new(LaunchOrder::Earliest, listing.verdict);
    push_stages(&mut query, &listing, &key, "found.*", STAGES_AHEAD, limit);
    query.push(" UNION ALL ");
    let key = SortKey::new(LaunchOrder::Latest, listing.verdict);
    push_stages(&mut query, &listing, &key, "found.*", STAGES_BEHIND, limit);
    query.push(")");
    push_shown(&mut query, now);
    query.push(
        " ORDER BY CASE WHEN l.stage IN ('preparing', 'go', 'held') THEN extract(epoch FROM l.target_at)
                        ELSE -extract(epoch FROM l.target_at) END, l.id",
    );
    query.build_query_as().fetch_all(db).await
}

/// How many launches of each stage the reader may see that match the filter; a stage with more than `limit` is counted
/// up to that.
pub(super) async fn count_by_stage(
    db: impl PgExecutor<'_>,
    listing: &LaunchListCriteria<'_>,
    limit: i64,
) -> Result<Vec<(StageName, i64)>, sqlx::Error> {
    let listing = LaunchListCriteria { after: None, tag: listing.tag.clone(), name: listing.name.clone(), ..*listing };
    let mut query = QueryBuilder::new("SELECT stage, count(*) FROM (");
    let stages = [STAGES_AHEAD, STAGES_BEHIND].concat();
    let key = SortKey::new(LaunchOrder::Earliest, listing.verdict);
    push_stages(&mut query, &listing, &key, "chosen.stage", &stages, limit);
    query.push(") counted GROUP BY stage");
    query.build_query_as().fetch_all(db).await
}

/// What is shown of these launches, the earliest target first.
pub(super) async fn load_listed(
    db: impl PgExecutor<'_>,
    ids: &[LaunchId],
    now: Moment,
) -> Result<Vec<ListedLaunch>, sqlx::Error> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut query = QueryBuilder::new("WITH page AS (SELECT unnest(");
    query.push_bind(ids).push("::uuid[]) AS id)");
    push_shown(&mut query, now);
    query.push(" ORDER BY l.target_at, l.id");
    query.build_query_as().fetch_all(db).await
}
