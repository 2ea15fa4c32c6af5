//! POST: attaching evidence. Several files, a link, a note and what another item has already, of one form, are attached
//! together, or none of them. A script that sends a file at a time asks for JSON and is told no more than that it is
//! done; what is wrong it reads, as everybody does, from the page that comes back.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode};

use super::{
    super::{
        submission::Submission,
        typed::{At, Typed},
    },
    store::{Exceeded, count_bytes, discount_bytes},
    upload::{File, Form, Kept, MOST_FILES, most_bytes},
};
use crate::{
    access::launch_access::ItemAccess,
    domain::{
        ids::EvidenceId,
        launch::{
            access::Act,
            command::{Command, NewEvidence},
            decide::WITHDRAWN_SINCE,
        },
        text::{Prose, WebLink},
        time::Day,
    },
    launch_page::{
        texts::{day, made_once, new_text},
        words,
    },
    record::NotDone,
    state::AppState,
    web::{
        Error,
        form::Sent,
        page::{Page, bytes},
        request::wants_json,
    },
};

const TOO_MANY_UPLOADS: Error =
    Error::TooManyOpen("You are sending too many files at once. Let some of them arrive first.");

impl Exceeded {
    fn sentence(self) -> String {
        match self {
            Self::Day(most) => format!(
                "One person can attach {} of evidence in a day (in UTC), and you have attached as much, or would with \
                 these files. Nothing was attached; try again tomorrow.",
                bytes(most)
            ),
            Self::InAll(most) => format!(
                "One person can attach {} of evidence in all, and you have attached as much, or would with these files. \
                 Nothing was attached. Whoever runs this server can raise that.",
                bytes(most)
            ),
        }
    }
}

/// How often, and how far apart, one looks whether the same form sent twice has been done the other time.
const LOOKS: u32 = 10;
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// What is said of files that were not attached.
const CHOOSE_AGAIN: &str = "Nothing was attached. Choose the files again: a page can't keep them.";

/// `POST /items/{id}/evidence`.
pub(super) async fn attach(
    State(state): State<AppState>,
    item: ItemAccess,
    page: Page,
    headers: HeaderMap,
    sent: Sent,
) -> Result<Response, Error> {
    item.access.may(&Act::Attach(item.id))?;
    let mut kept = Kept::new(&state.blobs);
    let most_open = state.config.ceilings.uploads;
    let _open = state.uploads.open(item.access.user.id, most_open).ok_or(TOO_MANY_UPLOADS)?;
    let most = state.config.evidence_max_bytes;
    let form = kept.take_in(sent.multipart(most_bytes(most)).await?, most).await?;
    let submission = Submission { state: state.clone(), access: item.access, page, item: item.id, typed: typed(&form) };
    let on = if wants_json(&headers) { On::Json } else { On::Page(form.next.clone()) };
    let done = Attaching { submission, kept: &mut kept, on }.run(form).await;
    if done.is_err() {
        kept.discard().await;
    }
    done
}

/// What was typed, without the files: no page can give those back. The page has two forms that come here.
fn typed(form: &Form) -> Typed {
    let existing = form.existing.as_deref().unwrap_or_default();
    let values = [
        ("url", &*form.url),
        ("note", &*form.note),
        ("existing", existing),
        ("observed_on", &*form.observed_on),
        ("valid_until", &*form.valid_until),
    ];
    let other = !form.files.is_empty() || form.too_large.is_some() || !form.url.is_empty() || !form.note.is_empty();
    Typed::at(if form.existing.is_some() && !other { At::Again } else { At::Attach }, values)
}

/// Where one goes on from here.
enum On {
    /// To a page; the item's, when it is empty.
    Page(String),
    /// Nowhere: a script asked.
    Json,
}

/// What a form comes to, once its fields are right.
struct Wanted {
    link: Option<WebLink>,
    note: Option<Prose>,
    existing: Option<EvidenceId>,
    observed_on: Option<Day>,
    valid_until: Option<Day>,
}

/// Reads the fields; what is wrong is noted at them.
fn read(form: &Form, typed: &mut Typed) -> Option<Wanted> {
    let errors = &mut typed.errors;
    if form.too_many {
        errors.add("files", format_args!("These are too many at once: at most {MOST_FILES} files."));
    }
    if let Some(name) = form.empty.first() {
        errors.add("files", format_args!("“{}” is empty: a file of zero bytes shows nothing.", name.as_str()));
    }
    let link = match form.url.trim() {
        "" => Some(None),
        url => errors.take("url", WebLink::new(url)).map(Some),
    };
    let note = errors.take("note", Prose::optional(&form.note));
    let existing = match form.existing.as_deref().map(str::trim) {
        None | Some("") => Some(None),
        Some(id) => errors.take("existing", id.parse().map_err(|_| "Choose evidence of this launch.")).map(Some),
    };
    let observed_on = errors.take("observed_on", day(&form.observed_on));
    let valid_until = errors.take("valid_until", day(&form.valid_until));
    let nothing = form.files.is_empty() && matches!((&link, &note, existing), (Some(None), Some(None), Some(None)));
    match (errors.is_empty() && nothing, &form.existing) {
        (false, _) => {}
        (true, None) => errors.add("files", "Choose a file, or give a link or a note."),
        (true, Some(_)) => errors.add("existing", "Choose what to use again."),
    }
    if !errors.is_empty() {
        if !form.files.is_empty() {
            typed.problem = Some(CHOOSE_AGAIN.to_owned());
        }
        return None;
    }
    Some(Wanted { link: link?, note: note?, existing: existing?, observed_on: observed_on?, valid_until: valid_until? })
}

/// What became of evidence that the same form has attached before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attached {
    Standing,
    Withdrawn,
}

/// A form with files on its way into the launch.
struct Attaching<'a, 'b> {
    submission: Submission,
    kept: &'a mut Kept<'b>,
    on: On,
}

impl Attaching<'_, '_> {
    async fn run(mut self, mut form: Form) -> Result<Response, Error> {
        if let Some(name) = &form.too_large {
            let limit = bytes(self.submission.state.config.evidence_max_bytes);
            let sentence = format!("{} is larger than {limit}.", name.as_str());
            self.submission.typed.problem = Some(CHOOSE_AGAIN.to_owned());
            self.kept.discard().await;
            return self.submission.too_large("files", sentence).await;
        }
        let Some(wanted) = read(&form, &mut self.submission.typed) else {
            self.kept.discard().await;
            return self.submission.invalid().await;
        };
        let others = [wanted.link.is_some(), wanted.note.is_some(), wanted.existing.is_some()];
        let pieces = form.files.len() + others.into_iter().filter(|there| *there).count();
        let Wanted { observed_on, valid_until, .. } = wanted;
        let days = [observed_on, valid_until];
        let item = self.submission.item;
        let attach = |evidence, content| Command::Attach { item, evidence, content, observed_on, valid_until };
        let mut commands = Vec::with_capacity(pieces);
        for (at, mut file) in std::mem::take(&mut form.files).into_iter().enumerate() {
            let id = self.id(
                &form.once,
                &[b"file", &at.to_be_bytes(), &file.stored.sha256.0, file.name.as_str().as_bytes()],
                days,
            );
            if !self.kept.claim(&mut file, id).await? {
                let attached = self.was_attached(id).await?;
                if attached == Some(Attached::Withdrawn) {
                    self.kept.discard().await;
                    return self.submission.conflict(WITHDRAWN_SINCE.to_owned()).await;
                }
                if attached.is_none() {
                    self.kept.discard().await;
                    let told = "These files are being attached already by the same form, sent twice. Look at the \
                                list below, then choose again what is missing.";
                    return self.submission.conflict(told.to_owned()).await;
                }
                self.kept.forget(file.id).await;
                continue;
            }
            commands.push(attach(id, into_evidence(file)));
        }
        if let Some(link) = &wanted.link {
            let id = self.id(&form.once, &[b"link", link.as_str().as_bytes()], days);
            commands.push(attach(id, NewEvidence::Link(new_text(link.as_str()))));
        }
        if let Some(note) = wanted.note {
            let id = self.id(&form.once, &[b"note", note.as_str().as_bytes()], days);
            commands.push(attach(id, NewEvidence::Note(new_text(note))));
        }
        if let Some(source) = wanted.existing {
            let evidence = self.id(&form.once, &[b"again", source.uuid().as_bytes()], days);
            commands.push(Command::UseAgain { item, evidence, source, observed_on, valid_until });
        }
        let size = new_bytes(&commands);
        let (user, now) = (self.submission.access.user.id, self.submission.state.clock.now());
        let db = self.submission.state.db.clone();
        if size > 0
            && let Err(exceeded) = count_bytes(&db, user, size, self.submission.state.config.ceilings, now).await?
        {
            self.kept.discard().await;
            return self.submission.too_large("files", exceeded.sentence()).await;
        }
        match self.submission.execute(commands).await {
            Ok(_) => Ok(self.done(pieces)),
            Err(not_done) => {
                // What failed otherwise may have been attached, and stays counted.
                if size > 0 && matches!(not_done, NotDone::Refused(..)) {
                    discount_bytes(&db, user, size, now).await?;
                }
                self.not_done(not_done).await
            }
        }
    }

    fn done(&self, pieces: usize) -> Response {
        match &self.on {
            On::Json => (StatusCode::CREATED, Json(serde_json::json!({ "attached": pieces }))).into_response(),
            On::Page(next) => {
                let told = format!("{} of evidence attached.", words::count(pieces, "piece"));
                self.submission.on("#evidence", next, &told)
            }
        }
    }

    /// The id of a piece of evidence of this form: other days make it another piece, as other bytes do.
    fn id(&self, once: &str, content: &[&[u8]], days: [Option<Day>; 2]) -> EvidenceId {
        let days = days.map(|day| day.map_or_else(String::new, |day| day.to_string()));
        let content = [content, &[days[0].as_bytes(), days[1].as_bytes()]].concat();
        made_once(self.submission.access.user.id, self.submission.item, once, &content)
    }

    /// What became of this, if the same form, sent another time, has attached it: it is given a moment to.
    async fn was_attached(&mut self, id: EvidenceId) -> Result<Option<Attached>, Error> {
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(BETWEEN_LOOKS).await;
            }
            self.submission.bring_up_to_date().await?;
            if let Some(found) = self.submission.access.launch.evidence.get(&id) {
                let withdrawn = found.withdrawn.is_some();
                return Ok(Some(if withdrawn { Attached::Withdrawn } else { Attached::Standing }));
            }
        }
        Ok(None)
    }

    /// Takes the files away again, unless what failed was to learn that all went well.
    async fn not_done(self, not_done: NotDone) -> Result<Response, Error> {
        match &not_done {
            NotDone::Refused(..) => self.kept.discard().await,
            NotDone::Fault(_) => {
                // Doing nothing waits for the lock, and so until the change before is made or undone.
                match self.submission.execute(Vec::new()).await {
                    Ok(now) => self.kept.keep(|id| now.state.evidence.contains_key(&id)).await,
                    Err(_) => self.kept.keep_all(),
                }
            }
        }
        self.submission.not_done(not_done).await
    }
}

/// The bytes of the files that these commands attach.
fn new_bytes(commands: &[Command]) -> u64 {
    let size = |command: &Command| match command {
        Command::Attach { content: NewEvidence::File { size, .. }, .. } => *size,
        _ => 0,
    };
    commands.iter().map(size).sum()
}

fn into_evidence(file: File) -> NewEvidence {
    NewEvidence::File {
        name: new_text(file.name.as_str()),
        sha256: file.stored.sha256,
        size: file.stored.size,
        media_type: file.media_type.to_owned(),
    }
}
