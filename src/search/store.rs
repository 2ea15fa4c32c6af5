//! The one question of the slice.

use std::collections::BTreeMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::query::Asked;
use crate::{
    db::{containing, unless_too_long},
    domain::{
        ids::{ItemId, LaunchId, UserId},
        launch::state::StageName,
        time::Moment,
    },
};

/// How many of each kind are shown where all kinds are.
pub(super) const FEW: i64 = 5;

/// How many of one kind are shown on a page.
pub(super) const MANY: i64 = 25;

/// What can be found.
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
pub(super) enum Kind {
    /// By name or summary.
    Launches,
    /// By title or guidance.
    Items,
    /// By what they say.
    Comments,
    /// By a file's name, a link's address, a note's text.
    Evidence,
}

impl Kind {
    /// The name in addresses.
    pub(super) fn slug(self) -> &'static str {
        self.into()
    }
}

/// Which of what is found is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The first few of every kind.
    All,
    /// A page of one kind, from 1.
    Page(Kind, i64),
}

/// Something found.
#[derive(Debug)]
pub(super) struct Hit {
    pub kind: Kind,
    /// The launch that it is, or is in.
    pub launch: LaunchId,
    /// Its name; nothing when it was redacted.
    pub name: Option<String>,
    pub restricted: bool,
    pub stage: StageName,
    /// The item that it is, or is on.
    pub item: Option<ItemId>,
    pub title: Option<String>,
    /// What it is itself.
    pub thing: Uuid,
    /// The text that was found.
    pub text: String,
    /// Of evidence, what it is: `file`, `link` or `note`.
    pub form: Option<String>,
    /// Who wrote or attached it, and when.
    pub by: Option<String>,
    pub at: Option<Moment>,
    pub withdrawn: bool,
    /// Its number among its kind, from 1.
    number: i64,
    /// How many of its kind there are.
    total: i64,
    /// How well what is found best was found.
    best: i32,
}

/// What was found.
#[derive(Debug)]
pub(super) struct Found {
    pub hits: Vec<Hit>,
    /// How many there are of each kind that there is.
    pub totals: BTreeMap<Kind, i64>,
    /// Whether nothing has the words or parts of them, and this is only like them.
    pub only_like: bool,
}

/// How the question is asked. It gives up long before the person does; the plan is made for these very words, since how
/// common they are decides it; and a word is like another from here on (chosen by trying misspelt words).
const BEGIN: &str = "BEGIN READ ONLY; \
     SET LOCAL statement_timeout = '4s'; \
     SET LOCAL plan_cache_mode = force_custom_plan; \
     SET LOCAL pg_trgm.word_similarity_threshold = 0.4";

/// What of the texts that a person may see is looked for; nothing when finding it took too long.
///
/// Every hit passes through `visible` before it is counted, ranked or cut off.
///
/// # Errors
/// When the database fails.
pub(super) async fn find(
    db: &PgPool,
    user: UserId,
    reads_all: bool,
    asked: &Asked,
    wanted: Wanted,
) -> Result<Option<Found>, sqlx::Error> {
    let (kind, skipped) = match wanted {
        Wanted::All => (None, 0),
        Wanted::Page(kind, page) => (Some(kind), (page - 1) * MANY),
    };
    let most = if kind.is_none() { FEW } else { MANY };
    let longest = asked.longest();
    let mut transaction = db.begin_with(BEGIN).await?;
    let hits = sqlx::query_as!(
        Hit,
        r#"
        WITH visible AS NOT MATERIALIZED (
            SELECT l.*, l.stage IN ('closed', 'cancelled') AS over FROM visible_launches($1, $2) l
        ),
        -- How well: the words (1), parts of words (2), words that are like them (3).
        texts_found AS MATERIALIZED (
            SELECT t.commitment, t.launch_id, t.field, t.thing,
                   CASE WHEN to_tsvector('simple', t.value) @@ websearch_to_tsquery('simple', $3) THEN 1
                        WHEN t.value ILIKE ALL ($6) THEN 2 ELSE 3 END AS tier
            FROM texts t
            WHERE t.field IN ('name', 'summary', 'comment', 'file_name', 'link', 'evidence_note')
              AND (to_tsvector('simple', t.value) @@ websearch_to_tsquery('simple', $3)
                   OR ((t.value ILIKE $4 OR $5 <% t.value)
                       AND NOT EXISTS (SELECT FROM unnest($6::text[], $7::text[]) AS w (pattern, word)
                                       WHERE NOT (t.value ILIKE w.pattern OR w.word <% t.value))))
        ),
        items_found AS MATERIALIZED (
            SELECT i.version_id, i.key, i.said,
                   CASE WHEN to_tsvector('simple', i.said) @@ websearch_to_tsquery('simple', $3) THEN 1
                        WHEN i.said ILIKE ALL ($6) THEN 2 ELSE 3 END AS tier
            FROM checklist_items i
            WHERE to_tsvector('simple', i.said) @@ websearch_to_tsquery('simple', $3)
               OR ((i.said ILIKE $4 OR $5 <% i.said)
                   AND NOT EXISTS (SELECT FROM unnest($6::text[], $7::text[]) AS w (pattern, word)
                                   WHERE NOT (i.said ILIKE w.pattern OR w.word <% i.said)))
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
            WHERE f.field = 'comment'
            UNION ALL
            SELECT 'evidence', f.tier, e.withdrawn_at IS NOT NULL, e.attached_at, l.id, e.item_id, e.id, f.commitment, NULL
            FROM texts_found f
            JOIN evidence e ON e.text = f.commitment
            JOIN visible l ON l.id = e.launch_id
            WHERE f.field IN ('file_name', 'link', 'evidence_note')
        ),
        ranked AS (
            SELECT h.*, count(*) OVER (PARTITION BY kind) AS total,
                   row_number() OVER (PARTITION BY kind ORDER BY tier, over, at DESC, launch_id, thing) AS number
            FROM (SELECT h.*, min(tier) OVER () AS best FROM hits h) h
            WHERE best = 3 OR tier < 3
        )
        SELECT r.kind AS "kind!: Kind", r.launch_id AS "launch!: LaunchId", named.value AS "name?", l.restricted,
               l.stage AS "stage!: StageName", r.item_id AS "item?: ItemId", i.title AS "title?", r.thing AS "thing!",
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
        asked.text.as_str(),
        longest.map(containing),
        longest,
        &asked.patterns(),
        &asked.words,
        kind.map(Kind::slug),
        skipped,
        most,
    )
    .fetch_all(&mut *transaction)
    .await;
    transaction.rollback().await?;
    let Some(hits) = unless_too_long(hits)? else { return Ok(None) };
    let only_like = hits.first().is_some_and(|hit| hit.best == 3);
    let totals = hits.iter().map(|hit| (hit.kind, hit.total)).collect();
    let shown = |hit: &Hit| kind.is_none_or(|kind| hit.kind == kind) && hit.number > skipped;
    Ok(Some(Found { hits: hits.into_iter().filter(shown).collect(), totals, only_like }))
}
