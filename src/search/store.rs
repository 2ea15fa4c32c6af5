//! The database query of the slice.

use std::collections::BTreeMap;

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::query::SearchTerms;
use crate::{
    db::{contains_pattern, run_search},
    domain::{
        ids::{ItemId, LaunchId, UserId},
        launch::state::StageName,
        text::to_nfc,
        time::Moment,
    },
};

/// Hits of each kind when all kinds are shown.
pub(super) const PREVIEW_SIZE: i64 = 5;

/// Hits on a page of one kind.
pub(super) const PAGE_SIZE: i64 = 25;

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    sqlx::Type,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(super) enum SearchKind {
    /// By name or summary.
    Launches,
    /// By title or guidance.
    Items,
    /// By the current words of their text.
    Comments,
    /// By a file's name, a link's address or a note's text.
    Evidence,
}

impl SearchKind {
    /// The name in addresses.
    pub(super) fn slug(self) -> &'static str {
        self.into()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SearchSelection {
    /// The first few of every kind.
    All,
    /// A page of one kind, from 1.
    Page(SearchKind, i64),
}

#[derive(Debug)]
pub(super) struct SearchHit {
    pub kind: SearchKind,
    /// The launch that was found, or that contains the hit.
    pub launch: LaunchId,
    /// The launch's name; `None` if it was redacted.
    pub name: Option<String>,
    pub restricted: bool,
    pub stage: StageName,
    /// The item that was found, or that the hit belongs to.
    pub item: Option<ItemId>,
    pub title: Option<String>,
    /// The id of the hit itself.
    pub hit_id: Uuid,
    /// The text that matched.
    pub text: String,
    /// For evidence: `file`, `link` or `note`.
    pub form: Option<String>,
    /// Who wrote or attached it, and when.
    pub by: Option<String>,
    pub at: Option<Moment>,
    pub withdrawn: bool,
    /// Position among the hits of its kind, from 1.
    number: i64,
    /// Number of hits of its kind.
    total: i64,
    /// The best tier of all hits: 1 if the words were found, 2 for parts of words, 3 for similar words.
    best: i32,
}

#[derive(Debug)]
pub(super) struct SearchHits {
    pub hits: Vec<SearchHit>,
    /// Number of hits of each kind that has any.
    pub totals: BTreeMap<SearchKind, i64>,
    /// Whether no text has the words or parts of them, so that the hits are only similar.
    pub only_similar: bool,
}

/// Begins the search. It times out long before a person would give up. The plan is made for the actual words, since how
/// common they are decides it. The similarity threshold was chosen by trying misspelt words.
const BEGIN_WITH_LIMITS: &str = "BEGIN READ ONLY; \
     SET LOCAL statement_timeout = '4s'; \
     SET LOCAL plan_cache_mode = force_custom_plan; \
     SET LOCAL pg_trgm.word_similarity_threshold = 0.4";

/// Searches the texts that a person may see; `None` when the search took too long.
///
/// Every hit passes through `visible` before it is counted, ranked or cut off.
pub(super) async fn find_hits(
    db: &PgPool,
    user: UserId,
    reads_all: bool,
    terms: &SearchTerms,
    selection: SearchSelection,
) -> Result<Option<SearchHits>, sqlx::Error> {
    let (kind, skipped) = match selection {
        SearchSelection::All => (None, 0),
        SearchSelection::Page(kind, page) => (Some(kind), (page - 1) * PAGE_SIZE),
    };
    let limit = if kind.is_none() { PREVIEW_SIZE } else { PAGE_SIZE };
    let longest = terms.longest_word();
    let search = async |connection: &mut PgConnection| {
        sqlx::query_as!(
        SearchHit,
        r#"
        WITH visible AS NOT MATERIALIZED (
            SELECT l.*, l.stage IN ('closed', 'cancelled') AS over FROM visible_launches($1, $2) l
        ),
        -- How well: the words (1), parts of words (2), words that are like them (3).
        texts_found AS MATERIALIZED (
            SELECT t.commitment, t.launch_id, t.field, t.thing,
                   CASE WHEN to_tsvector('simple', normalize(t.value)) @@ websearch_to_tsquery('simple', $3) THEN 1
                        WHEN normalize(t.value) ILIKE ALL ($6) THEN 2 ELSE 3 END AS tier
            FROM texts t
            WHERE is_searchable(t.field)
              AND (to_tsvector('simple', normalize(t.value)) @@ websearch_to_tsquery('simple', $3)
                   OR ((normalize(t.value) ILIKE $4 OR $5 <% normalize(t.value))
                       AND NOT EXISTS (SELECT FROM unnest($6::text[], $7::text[]) AS w (pattern, word)
                                       WHERE NOT (normalize(t.value) ILIKE w.pattern OR w.word <% normalize(t.value)))))
        ),
        items_found AS MATERIALIZED (
            SELECT i.version_id, i.key, i.said,
                   CASE WHEN to_tsvector('simple', normalize(i.said)) @@ websearch_to_tsquery('simple', $3) THEN 1
                        WHEN normalize(i.said) ILIKE ALL ($6) THEN 2 ELSE 3 END AS tier
            FROM checklist_items i
            WHERE to_tsvector('simple', normalize(i.said)) @@ websearch_to_tsquery('simple', $3)
               OR ((normalize(i.said) ILIKE $4 OR $5 <% normalize(i.said))
                   AND NOT EXISTS (SELECT FROM unnest($6::text[], $7::text[]) AS w (pattern, word)
                                   WHERE NOT (normalize(i.said) ILIKE w.pattern OR w.word <% normalize(i.said))))
        ),
        hits AS (
            (SELECT DISTINCT ON (l.id) 'launches' AS kind, f.tier, l.over, l.changed_at AS at, l.id AS launch_id,
                    NULL::uuid AS item_id, l.id AS thing, f.commitment, NULL::text AS said
             FROM texts_found f JOIN visible l ON l.id = f.launch_id AND f.commitment IN (l.name, l.summary)
             ORDER BY l.id, f.tier, f.field)
            UNION ALL
            SELECT 'items', f.tier, l.over, l.changed_at, l.id, i.id, i.id, NULL, f.said
            FROM items_found f
            JOIN visible l ON l.version_id = f.version_id
            JOIN items i ON i.launch_id = l.id AND i.key = f.key
            UNION ALL
            SELECT 'comments', f.tier, false, c.written_at, l.id, c.item_id, c.id, f.commitment, NULL
            FROM texts_found f
            JOIN comments c ON c.id = f.thing AND c.body = f.commitment AND c.deleted_at IS NULL AND c.hidden_at IS NULL
            JOIN visible l ON l.id = c.launch_id
            UNION ALL
            SELECT 'evidence', f.tier, e.withdrawn_at IS NOT NULL, e.attached_at, l.id, e.item_id, e.id, f.commitment, NULL
            FROM texts_found f
            JOIN evidence e ON e.text = f.commitment
            JOIN visible l ON l.id = e.launch_id
        ),
        ranked AS (
            SELECT h.*, count(*) OVER (PARTITION BY kind) AS total,
                   row_number() OVER (PARTITION BY kind ORDER BY tier, over, at DESC, launch_id, thing) AS number
            FROM (SELECT h.*, min(tier) OVER () AS best FROM hits h) h
            WHERE best = 3 OR tier < 3
        )
        SELECT r.kind AS "kind!: SearchKind", r.launch_id AS "launch!: LaunchId", named.value AS "name?", l.restricted,
               l.stage AS "stage!: StageName", r.item_id AS "item?: ItemId", i.title AS "title?", r.thing AS "hit_id!",
               COALESCE(found.value, r.said) AS "text!", e.kind AS "form?",
               u.name AS "by?", COALESCE(c.written_at, e.attached_at) AS "at: Moment",
               COALESCE(e.withdrawn_at IS NOT NULL, false) AS "withdrawn!",
               r.number AS "number!", r.total AS "total!", r.best AS "best!"
        FROM ranked r
        JOIN launches l ON l.id = r.launch_id
        LEFT JOIN texts named ON named.commitment = l.name
        LEFT JOIN texts found ON found.commitment = r.commitment
        LEFT JOIN items i ON i.id = r.item_id
        LEFT JOIN comments c ON r.kind = 'comments' AND c.id = r.thing
        LEFT JOIN evidence e ON r.kind = 'evidence' AND e.id = r.thing
        LEFT JOIN users u ON u.id = COALESCE(c.author_id, e.attached_by)
        -- The first of each kind tells how many there are.
        WHERE r.number = 1 OR ($8::text IS NULL OR r.kind = $8) AND r.number > $9 AND r.number <= $9 + $10
        ORDER BY r.kind, r.number
        "#,
        user as _,
        reads_all,
        terms.text.as_str(),
        longest.map(contains_pattern),
        longest,
        &terms.to_patterns(),
        &terms.words,
        kind.map(SearchKind::slug),
        skipped,
        limit,
    )
    .fetch_all(connection)
    .await
    };
    let Some(hits) = run_search(db, BEGIN_WITH_LIMITS, search).await? else { return Ok(None) };
    let only_like = hits.first().is_some_and(|hit| hit.best == 3);
    let totals = hits.iter().map(|hit| (hit.kind, hit.total)).collect();
    let compose = |hit: SearchHit| SearchHit {
        text: to_nfc(&hit.text).into_owned(),
        name: hit.name.as_deref().map(|name| to_nfc(name).into_owned()),
        title: hit.title.as_deref().map(|title| to_nfc(title).into_owned()),
        ..hit
    };
    let is_shown = |hit: &SearchHit| kind.is_none_or(|kind| hit.kind == kind) && hit.number > skipped;
    Ok(Some(SearchHits {
        hits: hits.into_iter().filter(is_shown).map(compose).collect(),
        totals,
        only_similar: only_like,
    }))
}

/// The launches ahead that a person may see and that changed last, at most [`PREVIEW_SIZE`], with their names.
pub(super) async fn find_recent_launches(
    db: &PgPool,
    user: UserId,
    reads_all: bool,
) -> Result<Vec<(LaunchId, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT l.id AS "id!: LaunchId", named.value AS "name!"
           FROM visible_launches($1, $2) l JOIN texts named ON named.commitment = l.name
           WHERE l.stage NOT IN ('closed', 'cancelled') ORDER BY l.changed_at DESC, l.id LIMIT $3"#,
        user as _,
        reads_all,
        PREVIEW_SIZE,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.id, to_nfc(&row.name).into_owned())).collect())
}

/// The people whose name or address contains this, or whose name is like it: their names and addresses, at most
/// [`PREVIEW_SIZE`]. Only for people who may read everything.
pub(super) async fn find_people(db: &PgPool, query: &str) -> Result<Vec<(UserId, String, String)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, email FROM users
           WHERE name ILIKE $1 OR email ILIKE $1 OR word_similarity($2, name) >= 0.5
           ORDER BY (name ILIKE $1 OR email ILIKE $1) DESC, word_similarity($2, name) DESC, lower(name), id LIMIT $3"#,
        contains_pattern(query),
        query,
        PREVIEW_SIZE,
    );
    Ok(rows.fetch_all(db).await?.into_iter().map(|row| (row.id, row.name, row.email)).collect())
}
