//! Changing: commands decided under the lock, their events appended and projected, in one transaction.

use std::{collections::BTreeMap, sync::Arc};

use sqlx::{PgConnection, PgPool};

use super::{Fault, NotDone, Record, Refusals, append, checkpoints, feed, project, renewals};
use crate::domain::{
    canonical::Sha256Hash,
    checkpoint::{Cause, LogId},
    ids::{LaunchId, RequestId, UserId},
    launch::{
        access::Actor,
        apply::Misfit,
        command::{Command, Context, Decided, NewLaunch, Person, Proof, Refusal},
        decide,
        event::Event,
        state::{LaunchState, Stage},
        texts::{Commitment, NewText, Salt},
    },
    role::InstallationRoles,
    text::{Email, PersonName},
    time::Moment,
};

/// Who asks, and in what circumstances.
#[derive(Debug, Clone)]
pub struct Asker {
    /// Who.
    pub user: UserId,
    /// In which request.
    pub request: RequestId,
    /// What the clock says.
    pub now: Moment,
    /// That they have just proved who they are, where it is asked for.
    pub proof: Option<Proof>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// The launch after it.
    pub state: Arc<LaunchState>,
    /// What happened; nothing, when everything was as asked already.
    pub events: Vec<Event>,
}

impl Record {
    /// Makes a launch.
    ///
    /// # Errors
    /// [`NotDone`] when it was refused or something failed; then nothing happened. The same id again by the same
    /// person is the same launch.
    pub async fn create(&self, db: &PgPool, asker: Asker, new: NewLaunch) -> Result<Done, NotDone> {
        if let Some(state) = self.load(db, new.id).await? {
            let own = state.owner == asker.user;
            return if own { Ok(Done { state, events: Vec::new() }) } else { Err(refused(0, Refusal::NotFound)) };
        }
        let mut tx = db.begin().await?;
        let version = Arc::clone(&new.version);
        let people = people(&mut tx, [asker.user], (asker.now, self.wait)).await?;
        let context = Context { now: asker.now, request: asker.request, actor: asker.user, people, proof: asker.proof };
        let id = new.id;
        let decided = decide::create(new, &context).map_err(|refusal| refused(0, refusal))?;
        let first = decided.events.first().ok_or(Fault::Misfit(id, Misfit::Dangling(1)))?;
        let mut state = LaunchState::create(first, version).map_err(|misfit| Fault::Misfit(id, misfit))?;
        learn(&mut state, &decided);
        // The row comes first: everything else refers to it.
        project::project(&mut tx, &decided.events, &state).await?;
        append::append(&mut tx, id, &decided.events, &decided.texts).await?;
        tx.commit().await?;
        let state = Arc::new(state);
        self.keep_after(&state, &decided.events);
        Ok(Done { state, events: decided.events })
    }

    /// Does commands on a launch, each decided on the state the last one left; one refusal refuses all.
    ///
    /// # Errors
    /// [`NotDone`] when any was refused (it says of each that was) or something failed; then nothing happened.
    pub async fn execute(
        &self,
        db: &PgPool,
        asker: Asker,
        launch: LaunchId,
        commands: Vec<Command>,
    ) -> Result<Done, NotDone> {
        let mut tx = db.begin().await?;
        // A launch that is gone is read all the same: it may be one that this server knows.
        lock(&mut tx, launch).await?;
        let before = self.load(&mut *tx, launch).await?.ok_or_else(|| refused(0, Refusal::NotFound))?;
        let named = commands.iter().filter_map(Command::people);
        let people = people(&mut tx, named.chain([asker.user]), (asker.now, self.wait)).await?;
        let context = Context {
            now: asker.now.max(before.last_at),
            request: asker.request,
            actor: asker.user,
            people,
            proof: asker.proof,
        };
        let mut state = (*before).clone();
        let (mut all, mut refusals) = (Decided::default(), Vec::new());
        for (at, command) in commands.into_iter().enumerate() {
            let command = self.with_the_past(&mut tx, &state, command).await?;
            let decided = match decide::decide(&state, command, &context) {
                Ok(decided) => decided,
                Err(refusal) => {
                    refusals.push((at, refusal));
                    continue;
                }
            };
            // With everything as asked already, what was typed is a text of no event.
            if decided.events.is_empty() {
                continue;
            }
            learn(&mut state, &decided);
            for event in &decided.events {
                state.apply(event).map_err(|misfit| Fault::Misfit(launch, misfit))?;
            }
            all.events.extend(decided.events);
            all.texts.extend(decided.texts);
        }
        if let Some(refusals) = Refusals::all(refusals) {
            return Err(NotDone::Refused(refusals));
        }
        if all.events.is_empty() {
            return Ok(Done { state: before, events: Vec::new() });
        }
        let edge = append::append(&mut tx, launch, &all.events, &all.texts).await?;
        project::project(&mut tx, &all.events, &state).await?;
        if let Some(cause) = all.events.iter().rev().find_map(|event| Cause::of(&event.change)) {
            let log = LogId::Launch(launch);
            checkpoints::make(&mut tx, self.key()?, log, &edge, cause, context.now).await?;
        }
        feed::tell(&mut tx, launch).await?;
        tx.commit().await?;
        let state = Arc::new(state);
        self.keep_after(&state, &all.events);
        Ok(Done { state, events: all.events })
    }

    /// Keeps a state that events led to which are committed.
    fn keep_after(&self, state: &Arc<LaunchState>, events: &[Event]) {
        if let Some(newest) = events.last() {
            self.keep(Arc::clone(state), Sha256Hash::of(&newest.bytes()));
        }
    }

    /// Gives a command that records a launch at an earlier moment the launch as it stood then.
    async fn with_the_past(
        &self,
        db: &mut PgConnection,
        state: &LaunchState,
        command: Command,
    ) -> Result<Command, Fault> {
        match (command, &state.stage) {
            (Command::Launch { at: Some(at), past: None }, Stage::Go(decision)) => {
                let past = self.as_at(db, state.id, at.meant(decision.at)).await?;
                Ok(Command::Launch { at: Some(at), past })
            }
            (Command::EditComment { comment, body }, _) => {
                let body = match state.comments.get(&comment) {
                    Some(known) => with_the_salt_of(db, state.id, known.body, body).await?,
                    None => body,
                };
                Ok(Command::EditComment { comment, body })
            }
            (command, _) => Ok(command),
        }
    }
}

/// The same body of a comment with the salt that it has, where it is what the comment says already: a state in memory has
/// no bodies to compare it with, but their commitments.
async fn with_the_salt_of(
    db: &mut PgConnection,
    launch: LaunchId,
    known: Commitment,
    body: NewText,
) -> Result<NewText, sqlx::Error> {
    let salt = sqlx::query_scalar!(
        "SELECT salt FROM texts WHERE launch_id = $1 AND field = 'comment' AND commitment = $2 AND value = $3",
        launch as LaunchId,
        known.0.bytes().as_slice(),
        body.value,
    )
    .fetch_optional(db)
    .await?;
    let salt = salt.and_then(|salt| salt.try_into().ok()).map(Salt);
    Ok(NewText { salt: salt.unwrap_or(body.salt), value: body.value })
}

fn refused(at: usize, refusal: Refusal) -> NotDone {
    NotDone::Refused(Refusals::one(at, refusal))
}

/// Adds the texts of a decision to a state. Bodies of comments are read where they are shown.
fn learn(state: &mut LaunchState, decided: &Decided) {
    use crate::domain::launch::texts::Field;
    for text in decided.texts.iter().filter(|text| text.place.field != Field::Comment) {
        state.texts.insert(text.clone());
    }
}

/// Locks a launch's row, before anything else is locked.
pub(super) async fn lock(db: &mut PgConnection, launch: LaunchId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("SELECT seq FROM launches WHERE id = $1 FOR UPDATE", launch as _).fetch_optional(db).await
}

/// The people concerned, as their rows say; nobody can change them before this transaction ends. `wait`: how long somebody
/// waits whose way in another renewed, in seconds.
async fn people(
    db: &mut PgConnection,
    ids: impl IntoIterator<Item = UserId>,
    (now, wait): (Moment, i64),
) -> Result<BTreeMap<UserId, Person>, sqlx::Error> {
    let ids: Vec<UserId> = ids.into_iter().collect();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: UserId", name, email, roles, active, credential_version, zone,
                  has_renewals(id) AS "renewed!"
           FROM users WHERE id = ANY($1) ORDER BY id FOR SHARE"#,
        &ids as _,
    )
    .fetch_all(&mut *db)
    .await?;
    let renewed: Vec<UserId> = rows.iter().filter(|row| row.renewed).map(|row| row.id).collect();
    let renewals = if renewed.is_empty() { Vec::new() } else { renewals::find(db, Some(&renewed), now).await? };
    rows.into_iter()
        .map(|row| {
            let unreadable = |what: &str| sqlx::Error::Protocol(format!("the {what} of user {} can't be read", row.id));
            let roles = InstallationRoles::from_slugs(&row.roles).map_err(|_| unreadable("roles"))?;
            let person = Person {
                name: PersonName::stored(&row.name).map_err(|_| unreadable("name"))?,
                email: Email::new(&row.email).map_err(|_| unreadable("address"))?,
                actor: Actor { id: row.id, roles, active: row.active },
                credential_version: row.credential_version,
                zone: row.zone.and_then(|zone| zone.parse().ok()),
                way_in: renewals::way_in(renewals.iter().filter(|renewal| renewal.user == row.id), wait),
            };
            Ok((row.id, person))
        })
        .collect()
}
