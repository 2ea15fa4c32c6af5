//! The rows of what was published: the checklists with their versions, and the versions of the statements. As they are, and
//! as the audit log has them.

use std::collections::BTreeMap;

use futures_util::TryStreamExt as _;
use serde_json::json;
use sqlx::{PgPool, types::Json};

use super::row_difference::{JsonRow, json_rows, to_rows};
use crate::domain::{
    canonical, checklist::Checklist, ids::ChecklistVersionId, installation_replay::InstallationReplay,
    statement::StatementTexts, time::Moment,
};

pub(super) async fn load_checklists(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT id, archived_at IS NOT NULL AS archived FROM checklists c
         WHERE EXISTS (SELECT FROM checklist_versions v WHERE v.checklist_id = c.id)"
    )
}

pub(super) fn expected_checklists(replay: &InstallationReplay) -> Vec<JsonRow> {
    to_rows(replay.checklists.iter().map(|(id, archived)| json!({ "id": id, "archived": archived })))
}

pub(super) async fn load_versions(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    json_rows!(
        db,
        "SELECT id, checklist_id, number, name, items, encode(hash, 'hex') AS hash,
                encode(sha256(content), 'hex') AS \"SHA-256 of content\", published_by,
                to_char(published_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS published_at
         FROM checklist_versions"
    )
}

/// The row of each published version.
pub(super) fn expected_versions(
    replay: &InstallationReplay,
) -> impl Iterator<Item = (ChecklistVersionId, Vec<JsonRow>)> + '_ {
    replay.versions.iter().map(|(id, version)| {
        let hash = version.hash.to_string();
        let row = json!({
            "id": id, "checklist_id": version.checklist, "number": version.number, "name": version.name,
            "items": version.items, "hash": hash, "SHA-256 of content": hash,
            "published_by": version.published.0, "published_at": version.published.1,
        });
        (*id, to_rows([row]))
    })
}

/// Whether the searchable items differ from those of the checklist versions, whose content has been found unaltered.
pub(super) async fn items_differ(db: &PgPool) -> Result<bool, sqlx::Error> {
    let mut versions = sqlx::query!(
        r#"SELECT v.content, (SELECT coalesce(json_object_agg(i.key, i.said), '{}') FROM checklist_items i
                              WHERE i.version_id = v.id) AS "texts!: Json<BTreeMap<String, String>>"
           FROM checklist_versions v"#
    )
    .fetch(db);
    while let Some(version) = versions.try_next().await? {
        let checklist: Checklist =
            canonical::from_bytes(&version.content).map_err(|error| sqlx::Error::Decode(error.into()))?;
        let expected = checklist.items().map(|(_, _, item)| (item.key.to_string(), item.searchable_text()));
        if version.texts.0 != expected.collect() {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn load_statements(db: &PgPool) -> Result<Vec<JsonRow>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT version, go_approval, go_review, go_responsibility, no_go_approval, no_go_review, no_go_responsibility,
                  published_by, published_at AS "published_at: Moment"
           FROM statements"#
    );
    let rows = rows.fetch_all(db).await?;
    Ok(to_rows(rows.into_iter().map(|row| {
        let wording = StatementTexts::stored([
            &row.go_approval,
            &row.go_review,
            &row.go_responsibility,
            &row.no_go_approval,
            &row.no_go_review,
            &row.no_go_responsibility,
        ]);
        json!({
            "version": row.version, "hash of its texts": wording.ok().map(|wording| wording.hash()),
            "published_by": row.published_by, "published_at": row.published_at,
        })
    })))
}

pub(super) fn expected_statements(replay: &InstallationReplay) -> Vec<JsonRow> {
    to_rows(replay.statements.iter().map(|(version, (hash, (by, at)))| {
        json!({ "version": version, "hash of its texts": hash, "published_by": by, "published_at": at })
    }))
}
