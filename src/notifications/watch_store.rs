//! Queries of what a person watches, and of whom a text can name.

use sqlx::{PgExecutor, PgPool};

use crate::domain::{
    ids::{ItemId, LaunchId, UserId},
    launch::access::Actor,
    notification::WatchPlace,
    role::InstallationRoles,
};

/// Maximum number of people of whom it is asked whether they may see a launch.
const MAX_PEOPLE: i64 = 200;

/// What a person chose for a launch, a part or an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub(super) enum WatchChoice {
    /// No choice: as their part in the launch makes it.
    Usual,
    Watch,
    Mute,
}

impl WatchChoice {
    pub(super) fn name(self) -> &'static str {
        self.into()
    }
}

/// A place as the columns have it: the part, and the item.
fn to_columns(place: WatchPlace) -> (Option<i16>, Option<ItemId>) {
    match place {
        WatchPlace::Launch => (None, None),
        WatchPlace::Part(part) => (i16::try_from(part).ok(), None),
        WatchPlace::Item(item) => (None, Some(item)),
    }
}

/// What a person chose in a launch; never [`WatchChoice::Usual`].
pub(super) async fn load_choices(
    db: impl PgExecutor<'_>,
    user: UserId,
    launch: LaunchId,
) -> Result<Vec<(WatchPlace, WatchChoice)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT part, item_id AS "item: ItemId", muted FROM watches
           WHERE launch_id = $1 AND user_id = $2 ORDER BY part, item_id"#,
        launch as LaunchId,
        user as UserId,
    )
    .fetch_all(db)
    .await?;
    let choices = rows.into_iter().map(|row| {
        let place = match (row.part, row.item) {
            (_, Some(item)) => WatchPlace::Item(item),
            (Some(part), None) => WatchPlace::Part(usize::try_from(part).unwrap_or(0)),
            (None, None) => WatchPlace::Launch,
        };
        (place, if row.muted { WatchChoice::Mute } else { WatchChoice::Watch })
    });
    Ok(choices.collect())
}

pub(super) async fn set_choice(
    db: &PgPool,
    user: UserId,
    launch: LaunchId,
    place: WatchPlace,
    choice: WatchChoice,
) -> Result<(), sqlx::Error> {
    let (part, item) = to_columns(place);
    if choice == WatchChoice::Usual {
        sqlx::query!(
            "DELETE FROM watches WHERE launch_id = $1 AND user_id = $2
             AND part IS NOT DISTINCT FROM $3 AND item_id IS NOT DISTINCT FROM $4",
            launch as LaunchId,
            user as UserId,
            part,
            item as Option<ItemId>,
        )
        .execute(db)
        .await?;
    } else {
        sqlx::query!(
            "INSERT INTO watches (user_id, launch_id, part, item_id, muted) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT ON CONSTRAINT watches_key DO UPDATE SET muted = EXCLUDED.muted",
            user as UserId,
            launch as LaunchId,
            part,
            item as Option<ItemId>,
            choice == WatchChoice::Mute,
        )
        .execute(db)
        .await?;
    }
    Ok(())
}

/// The active people whose name, or a word of it, begins like this, in large or small letters; by name.
pub(super) async fn find_people_named(
    db: impl PgExecutor<'_>,
    beginning: &str,
) -> Result<Vec<(String, Actor)>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, roles FROM users
           WHERE active AND (starts_with(lower(name), lower($1)) OR position(' ' || lower($1) IN lower(name)) > 0)
           ORDER BY NOT starts_with(lower(name), lower($1)), name, id LIMIT $2"#,
        beginning.trim_start(),
        MAX_PEOPLE,
    )
    .fetch_all(db)
    .await?;
    let people = rows.into_iter().filter_map(|row| {
        let roles = InstallationRoles::from_slugs(&row.roles).ok()?;
        Some((row.name, Actor { id: row.id, roles, active: true }))
    });
    Ok(people.collect())
}
