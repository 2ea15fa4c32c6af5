//! The launches to which things belong, and the tags of those that a person may see.

use crate::domain::ids::{CommentId, EvidenceId, EvidenceRequestId, ItemId, LaunchId, SignatureId, UserId, WaiverId};

/// The tags of the launches that a person may see, each once, by name, as the first launch with it has it; at most
/// [`MAX_TAGS_OFFERED`]. Each tag is one step in the index to the next, so it does not matter how many launches have it.
pub async fn load_visible_tags(
    db: impl sqlx::PgExecutor<'_>,
    user: UserId,
    reads_all: bool,
) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE each AS (
               (SELECT folded FROM launch_tags ORDER BY folded LIMIT 1)
               UNION ALL
               SELECT (SELECT t.folded FROM launch_tags t WHERE t.folded > each.folded ORDER BY t.folded LIMIT 1)
               FROM each WHERE each.folded IS NOT NULL
           )
           SELECT shown.tag AS "tag!" FROM each CROSS JOIN LATERAL (
               SELECT t.tag FROM launch_tags t JOIN visible_launches($1, $2) l ON l.id = t.launch_id
               WHERE t.folded = each.folded ORDER BY t.launch_id LIMIT 1
           ) shown
           LIMIT $3"#,
        user as _,
        reads_all,
        MAX_TAGS_OFFERED,
    )
    .fetch_all(db)
    .await
}

/// How many tags can be chosen from in a filter; any other tag can be in its address.
const MAX_TAGS_OFFERED: i64 = 200;

macro_rules! launch_of {
    ($($(#[$doc:meta])* $name:ident($id:ty) = $query:literal;)+) => {$(
        $(#[$doc])*
        pub async fn $name(db: impl sqlx::PgExecutor<'_>, id: $id) -> Result<Option<LaunchId>, sqlx::Error> {
            sqlx::query_scalar!($query, id as _).fetch_optional(db).await
        }
    )+};
}

launch_of! {
    launch_of_item(ItemId) = r#"SELECT launch_id AS "id: LaunchId" FROM items WHERE id = $1"#;
    launch_of_evidence(EvidenceId) = r#"SELECT launch_id AS "id: LaunchId" FROM evidence WHERE id = $1"#;
    launch_of_evidence_request(EvidenceRequestId) =
        r#"SELECT launch_id AS "id: LaunchId" FROM evidence_requests WHERE id = $1"#;
    launch_of_comment(CommentId) = r#"SELECT launch_id AS "id: LaunchId" FROM comments WHERE id = $1"#;
    launch_of_waiver(WaiverId) = r#"SELECT launch_id AS "id: LaunchId" FROM waivers WHERE id = $1"#;
    launch_of_signature(SignatureId) = r#"SELECT launch_id AS "id: LaunchId" FROM signatures WHERE id = $1"#;
}
