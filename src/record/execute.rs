//! Changing launches: commands are decided under the lock, and their events appended and projected, in one transaction.

use std::{collections::BTreeMap, sync::Arc};

use sqlx::{PgConnection, PgPool};

use super::{
    CommandRefusals, ExecuteError, Record, RecordError, append, checkpoints, feed,
    notifications::{NewChange, write_notifications},
    project, renewals, webhook_outbox,
};
use crate::{
    domain::{
        canonical::Sha256Hash,
        checkpoint::{CheckpointCause, LogId},
        ids::{CommentId, LaunchId, RequestId, UserId},
        launch::{
            access::Actor,
            apply::ApplyError,
            command::{Command, CommandContext, DecidedChanges, NewLaunch, Person, Proof, Refusal},
            decide,
            event::Event,
            state::{LaunchState, Stage},
            texts::{NewText, Salt},
        },
        role::InstallationRoles,
        text::{Email, PersonName},
        time::Moment,
    },
    metrics::METRICS,
    traces::trace_work,
};

/// Who asks for a change, and the context.
#[derive(Debug, Clone)]
pub struct Requester {
    pub user: UserId,
    pub request: RequestId,
    pub now: Moment,
    /// A fresh proof of identity, if the command needs one.
    pub proof: Option<Proof>,
}

#[derive(Debug, Clone)]
pub struct CommandOutcome {
    /// The launch after the change.
    pub state: Arc<LaunchState>,
    /// Empty when everything was already as requested.
    pub events: Vec<Event>,
}

impl Record {
    /// Creates a launch. The same id sent again by the same person returns the same launch, while it is as it was made.
    ///
    /// # Errors
    /// [`ExecuteError`] when the command was refused or something failed; then nothing was changed.
    pub async fn create(&self, db: &PgPool, asker: Requester, new: NewLaunch) -> Result<CommandOutcome, ExecuteError> {
        self.create_with(db, asker, new, Vec::new()).await
    }

    /// Creates a launch and executes commands on it, in one transaction: one refusal refuses all. When the launch is
    /// there already, the commands are not executed again.
    ///
    /// # Errors
    /// Like [`Self::create`].
    pub async fn create_with(
        &self,
        db: &PgPool,
        asker: Requester,
        new: NewLaunch,
        commands: Vec<Command>,
    ) -> Result<CommandOutcome, ExecuteError> {
        let mut tx = db.begin().await?;
        lock_launch_id(&mut tx, new.id).await?;
        if let Some(state) = self.load(&mut *tx, new.id).await? {
            let created = self.load_as_of_each(&mut *tx, new.id, &[1]).await?.remove(&1);
            decide::decide_repeated_creation(created.as_deref().unwrap_or(&state), &state, asker.user)
                .map_err(|refusal| refusal_error(0, refusal))?;
            return Ok(CommandOutcome { state, events: Vec::new() });
        }
        let version = Arc::clone(&new.version);
        let named = commands.iter().filter_map(Command::named_person);
        let people = load_people(&mut tx, named.chain([asker.user]), (asker.now, self.waiting_period_seconds)).await?;
        let context =
            CommandContext { now: asker.now, request: asker.request, actor: asker.user, people, proof: asker.proof };
        let id = new.id;
        let decided = decide::decide_creation(new, &context).map_err(|refusal| refusal_error(0, refusal))?;
        let first = decided.events.first().ok_or(RecordError::Misfit(id, ApplyError::UnknownReference(1)))?;
        let mut state = LaunchState::create(first, version).map_err(|misfit| RecordError::Misfit(id, misfit))?;
        insert_texts(&mut state, &decided);
        let mut all = decided;
        self.decide_each(&mut tx, &mut state, &mut all, commands, &context).await?;
        // The launch's row comes first, since everything else refers to it.
        project::project_events(&mut tx, &all.events, &state).await?;
        append::append_events(&mut tx, id, &all.events, &all.texts).await?;
        let change = NewChange { before: None, events: &all.events, texts: &all.texts, after: &state };
        write_notifications(&mut tx, &change).await?;
        webhook_outbox::write_messages(&mut tx, &all.events, &state).await?;
        tx.commit().await?;
        let state = Arc::new(state);
        self.cache_state_after(&state, &all.events);
        Ok(CommandOutcome { state, events: all.events })
    }

    /// Executes commands on a launch, each decided on the state that the previous one left; one refusal refuses all.
    ///
    /// # Errors
    /// [`ExecuteError`] when any command was refused (with each refusal) or something failed; then nothing was changed.
    pub async fn execute(
        &self,
        db: &PgPool,
        asker: Requester,
        launch: LaunchId,
        commands: Vec<Command>,
    ) -> Result<CommandOutcome, ExecuteError> {
        trace_work("change a launch", self.execute_in_transaction(db, asker, launch, commands)).await
    }

    async fn execute_in_transaction(
        &self,
        db: &PgPool,
        asker: Requester,
        launch: LaunchId,
        commands: Vec<Command>,
    ) -> Result<CommandOutcome, ExecuteError> {
        let mut tx = db.begin().await?;
        // A launch without a row is loaded all the same: this server may have it in memory, which is a contradiction.
        lock_launch(&mut tx, launch).await?;
        let before = self.load(&mut *tx, launch).await?.ok_or_else(|| refusal_error(0, Refusal::NotFound))?;
        let named = commands.iter().filter_map(Command::named_person);
        let people = load_people(&mut tx, named.chain([asker.user]), (asker.now, self.waiting_period_seconds)).await?;
        let context = CommandContext {
            now: asker.now.max(before.last_at),
            request: asker.request,
            actor: asker.user,
            people,
            proof: asker.proof,
        };
        let (mut state, mut all) = ((*before).clone(), DecidedChanges::default());
        self.decide_each(&mut tx, &mut state, &mut all, commands, &context).await?;
        if all.events.is_empty() {
            return Ok(CommandOutcome { state: before, events: Vec::new() });
        }
        let edge = append::append_events(&mut tx, launch, &all.events, &all.texts).await?;
        project::project_events(&mut tx, &all.events, &state).await?;
        if let Some(cause) = all.events.iter().rev().find_map(|event| CheckpointCause::from_change(&event.change)) {
            let log = LogId::Launch(launch);
            checkpoints::create_checkpoint(&mut tx, self.key()?, log, &edge, cause, context.now).await?;
        }
        let change = NewChange { before: Some(&before), events: &all.events, texts: &all.texts, after: &state };
        write_notifications(&mut tx, &change).await?;
        feed::notify_change(&mut tx, launch).await?;
        webhook_outbox::write_messages(&mut tx, &all.events, &state).await?;
        tx.commit().await?;
        let state = Arc::new(state);
        self.cache_state_after(&state, &all.events);
        Ok(CommandOutcome { state, events: all.events })
    }

    /// Decides commands, each on the state that the previous one left, and adds their events and texts to those decided
    /// so far. One refusal refuses all.
    async fn decide_each(
        &self,
        db: &mut PgConnection,
        state: &mut LaunchState,
        all: &mut DecidedChanges,
        commands: Vec<Command>,
        context: &CommandContext,
    ) -> Result<(), ExecuteError> {
        let mut refusals = Vec::new();
        for (at, command) in commands.into_iter().enumerate() {
            let command = self.attach_past_state(db, state, command).await?;
            let decided = match decide::decide(state, command, context) {
                Ok(decided) => decided,
                Err(refusal) => {
                    METRICS.count_refusal(refusal_reason(&refusal));
                    refusals.push((at, refusal));
                    continue;
                }
            };
            // When everything was already as requested, a text that was sent belongs to no event.
            if decided.events.is_empty() {
                continue;
            }
            insert_texts(state, &decided);
            for event in &decided.events {
                state.apply(event).map_err(|misfit| RecordError::Misfit(state.id, misfit))?;
            }
            all.events.extend(decided.events);
            all.texts.extend(decided.texts);
        }
        match CommandRefusals::from_list(refusals) {
            Some(refusals) => Err(ExecuteError::Refused(refusals)),
            None => Ok(()),
        }
    }

    /// Caches a state after its events were committed.
    fn cache_state_after(&self, state: &Arc<LaunchState>, events: &[Event]) {
        if let Some(newest) = events.last() {
            self.cache_state(Arc::clone(state), Sha256Hash::compute(&newest.to_bytes()));
        }
    }

    /// Adds to a command that records a launch at an earlier time the state of the launch at that time.
    async fn attach_past_state(
        &self,
        db: &mut PgConnection,
        state: &LaunchState,
        command: Command,
    ) -> Result<Command, RecordError> {
        match (command, &state.stage) {
            (Command::Launch { at: Some(at), past: None }, Stage::Go(decision)) => {
                let past = self.load_as_at(db, state.id, at.resolve(decision.at)).await?;
                Ok(Command::Launch { at: Some(at), past })
            }
            (Command::AddComment { item, comment, body }, _) => {
                Ok(Command::AddComment { item, comment, body: with_salt_of_comment(db, state, comment, body).await? })
            }
            (Command::EditComment { comment, body }, _) => {
                Ok(Command::EditComment { comment, body: with_salt_of_comment(db, state, comment, body).await? })
            }
            (command, _) => Ok(command),
        }
    }
}

/// The same body of a comment with the salt that it has, where it is what the comment says already: a state in memory has
/// no bodies to compare it with, but their commitments.
async fn with_salt_of_comment(
    db: &mut PgConnection,
    state: &LaunchState,
    comment: CommentId,
    body: NewText,
) -> Result<NewText, sqlx::Error> {
    let Some(stored) = state.comments.get(&comment).map(|comment| comment.body) else { return Ok(body) };
    let salt = sqlx::query_scalar!(
        "SELECT salt FROM texts WHERE launch_id = $1 AND field = 'comment' AND commitment = $2 AND value = $3",
        state.id as LaunchId,
        stored.0.to_bytes().as_slice(),
        body.value,
    )
    .fetch_optional(db)
    .await?;
    let salt = salt.and_then(|salt| salt.try_into().ok()).map(Salt);
    Ok(NewText { salt: salt.unwrap_or(body.salt), value: body.value })
}

fn refusal_error(at: usize, refusal: Refusal) -> ExecuteError {
    ExecuteError::Refused(CommandRefusals::single(at, refusal))
}

/// The label of a refused command in the metrics.
const fn refusal_reason(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotFound => "change_of_nothing",
        Refusal::Forbidden(_) => "change_forbidden",
        Refusal::Invalid(..) => "change_invalid",
        Refusal::Unproven => "change_unproven",
        Refusal::Conflict(_) => "change_in_conflict",
    }
}

/// Adds the texts of a decision to a state, except the bodies of comments, which are read where they are shown.
fn insert_texts(state: &mut LaunchState, decided: &DecidedChanges) {
    use crate::domain::launch::texts::TextField;
    for text in decided.texts.iter().filter(|text| text.location.field != TextField::Comment) {
        state.texts.insert(text.clone());
    }
}

/// Locks a launch's row, before anything else is locked. Returns the number of its newest event.
pub(super) async fn lock_launch(db: &mut PgConnection, launch: LaunchId) -> Result<Option<i64>, sqlx::Error> {
    sqlx::query_scalar!("SELECT seq FROM launches WHERE id = $1 FOR UPDATE", launch as _).fetch_optional(db).await
}

/// Locks the id of a launch that is being created and so has no row yet: of two requests that create it, the second waits,
/// and then finds it.
async fn lock_launch_id(db: &mut PgConnection, launch: LaunchId) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", format!("launch {launch}"))
        .fetch_one(db)
        .await?;
    Ok(())
}

/// The people concerned, from their rows, which are locked for share so that nobody can change them before this
/// transaction ends. `wait` is the waiting period in seconds after a renewal of credentials by somebody else.
async fn load_people(
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
    let renewals =
        if renewed.is_empty() { Vec::new() } else { renewals::find_renewals(db, Some(&renewed), now).await? };
    rows.into_iter()
        .map(|row| {
            let unreadable =
                |column: &str| sqlx::Error::Protocol(format!("the {column} of user {} can't be read", row.id));
            let roles = InstallationRoles::from_slugs(&row.roles).map_err(|_| unreadable("roles"))?;
            let person = Person {
                name: PersonName::stored(&row.name).map_err(|_| unreadable("name"))?,
                email: Email::new(&row.email).map_err(|_| unreadable("address"))?,
                actor: Actor { id: row.id, roles, active: row.active },
                credential_version: row.credential_version,
                zone: row.zone.and_then(|zone| zone.parse().ok()),
                credential_renewals: renewals::to_credential_renewals(
                    renewals.iter().filter(|renewal| renewal.user == row.id),
                    wait,
                ),
            };
            Ok((row.id, person))
        })
        .collect()
}
