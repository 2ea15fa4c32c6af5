//! Reads the texts that events commit to.

use std::collections::HashMap;

use sqlx::PgExecutor;

use crate::domain::launch::texts::Commitment;

/// Texts by their commitments. Redacted ones are missing.
pub type LoadedTexts = HashMap<Commitment, String>;

/// Loads the texts with these commitments. One statement, or none for no commitments.
///
/// # Errors
/// When the database fails.
pub async fn load_texts(
    db: impl PgExecutor<'_>,
    commitments: impl IntoIterator<Item = Commitment>,
) -> Result<LoadedTexts, sqlx::Error> {
    let commitments: Vec<Vec<u8>> =
        commitments.into_iter().map(|commitment| commitment.0.to_bytes().to_vec()).collect();
    if commitments.is_empty() {
        return Ok(LoadedTexts::new());
    }
    let rows = sqlx::query!("SELECT commitment, value FROM texts WHERE commitment = ANY($1)", &commitments);
    let rows = rows.fetch_all(db).await?.into_iter();
    Ok(rows.filter_map(|row| Some((Commitment(row.commitment.try_into().ok()?), row.value))).collect())
}
