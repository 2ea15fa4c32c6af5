//! What signers declare: its versions, and the next one, looked at before it is published.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    access::Admin,
    domain::{
        installation::InstallationEvent,
        launch::event::{Meaning, Vote},
        statement::Wording,
        text::StatementText,
    },
    record::{
        self,
        statements::{self, Version},
    },
    state::AppState,
    web::{
        Error,
        form::{FieldErrors, Form},
        page::{self, Chrome, Nav, Page, SeeOther},
    },
};

const HERE: &str = "/admin/statements";

/// The next version, as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Next {
    go_approval: String,
    go_review: String,
    go_responsibility: String,
    no_go_approval: String,
    no_go_review: String,
    no_go_responsibility: String,
    /// The version that it was written from.
    base: String,
    /// `preview` or `publish`.
    step: String,
}

impl Next {
    fn from(version: &Version) -> Self {
        let text = |vote, meaning| version.wording.text(vote, meaning).to_string();
        Self {
            go_approval: text(Vote::Go, Meaning::Approval),
            go_review: text(Vote::Go, Meaning::Review),
            go_responsibility: text(Vote::Go, Meaning::Responsibility),
            no_go_approval: text(Vote::NoGo, Meaning::Approval),
            no_go_review: text(Vote::NoGo, Meaning::Review),
            no_go_responsibility: text(Vote::NoGo, Meaning::Responsibility),
            base: version.number.to_string(),
            step: String::new(),
        }
    }

    /// A text, with the name of its field.
    fn field(&self, vote: Vote, meaning: Meaning) -> (&'static str, &str) {
        match (vote, meaning) {
            (Vote::Go, Meaning::Approval) => ("go_approval", &self.go_approval),
            (Vote::Go, Meaning::Review) => ("go_review", &self.go_review),
            (Vote::Go, Meaning::Responsibility) => ("go_responsibility", &self.go_responsibility),
            (Vote::NoGo, Meaning::Approval) => ("no_go_approval", &self.no_go_approval),
            (Vote::NoGo, Meaning::Review) => ("no_go_review", &self.no_go_review),
            (Vote::NoGo, Meaning::Responsibility) => ("no_go_responsibility", &self.no_go_responsibility),
        }
    }

    /// The wording; nothing when a text is wrong, which `errors` tells of each that is.
    fn read(&self, errors: &mut FieldErrors) -> Option<Wording> {
        let mut all_right = true;
        for vote in [Vote::Go, Vote::NoGo] {
            for meaning in Meaning::ALL {
                let (name, text) = self.field(vote, meaning);
                all_right &= errors.take(name, StatementText::new(text)).is_some();
            }
        }
        let each = |vote, meaning| StatementText::new(self.field(vote, meaning).1);
        all_right.then(|| Wording::try_from_each(each).ok()).flatten()
    }
}

/// A text of the form.
struct Text {
    name: &'static str,
    label: String,
    value: String,
    error: Option<String>,
}

/// A text of a version, as signers read it.
struct Shown {
    label: String,
    text: String,
    /// What it says now, where that is different.
    now: Option<String>,
}

/// The page.
#[derive(Template)]
#[template(path = "admin/statements.html")]
struct Statements {
    chrome: Chrome,
    problem: Option<String>,
    /// The version that the next one is written from.
    base: String,
    texts: Vec<Text>,
    /// The next version as signers will read it, when it is looked at.
    preview: Vec<Shown>,
    versions: Vec<Version>,
}

impl Statements {
    /// The number that the next version will have.
    fn next(&self) -> u32 {
        self.versions.first().map_or(1, |version| version.number) + 1
    }

    fn shown(version: &Version) -> Vec<Shown> {
        shown(&version.wording, None)
    }
}

fn label(vote: Vote, meaning: Meaning) -> String {
    let vote = match vote {
        Vote::Go => "GO",
        Vote::NoGo => "NO-GO",
    };
    format!("{vote}, {}", meaning.slug())
}

fn shown(wording: &Wording, now: Option<&Wording>) -> Vec<Shown> {
    let mut all = Vec::new();
    for vote in [Vote::Go, Vote::NoGo] {
        for meaning in Meaning::ALL {
            let text = wording.text(vote, meaning);
            let now = now.map(|now| now.text(vote, meaning)).filter(|now| *now != text);
            all.push(Shown { label: label(vote, meaning), text: text.to_string(), now: now.map(ToString::to_string) });
        }
    }
    all
}

/// `GET /admin/statements`.
pub(super) async fn show(State(state): State<AppState>, page: Page, _: Admin) -> Result<Response, Error> {
    let versions = statements::versions(&state.db).await?;
    let next = versions.first().map(Next::from).unwrap_or_default();
    statements_page(&state, &page, versions, &next, &FieldErrors::new(), StatusCode::OK, None)
}

/// `POST /admin/statements`: looks at the next version, or publishes it.
pub(super) async fn publish(
    State(state): State<AppState>,
    page: Page,
    Admin(by): Admin,
    Form(next): Form<Next>,
) -> Result<Response, Error> {
    let versions = statements::versions(&state.db).await?;
    let current = versions.first().ok_or_else(|| Error::fault("there is always a first version"))?.clone();
    let mut errors = FieldErrors::new();
    let base: Option<u32> = next.base.trim().parse().ok().filter(|base| (1..=current.number).contains(base));
    let wrong = |status, problem: &str, versions, errors: &FieldErrors| {
        statements_page(&state, &page, versions, &next, errors, status, Some(problem.to_owned()))
    };
    let Some(wording) = next.read(&mut errors) else {
        return statements_page(&state, &page, versions, &next, &errors, StatusCode::UNPROCESSABLE_ENTITY, None);
    };
    let Some(base) = base else {
        return wrong(
            StatusCode::UNPROCESSABLE_ENTITY,
            "This was written from no version that there is.",
            versions,
            &errors,
        );
    };
    // The same sent twice is published once.
    if wording == current.wording && base + 1 == current.number {
        return Ok(SeeOther::to(HERE).good(format!("Version {} is published.", current.number)).into_response());
    }
    if base != current.number {
        return wrong(StatusCode::CONFLICT, REWORDED, versions, &errors);
    }
    if wording == current.wording {
        let unchanged = "This is word for word what signers declare already.";
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, unchanged, versions, &errors);
    }
    match next.step.as_str() {
        "preview" => return statements_page(&state, &page, versions, &next, &errors, StatusCode::OK, None),
        "publish" => {}
        _ => return wrong(StatusCode::UNPROCESSABLE_ENTITY, "Preview it, or publish it.", versions, &errors),
    }
    let (number, at) = (current.number + 1, state.clock.now());
    let mut transaction = state.db.begin().await?;
    if !statements::publish(&mut transaction, number, &wording, by.id, at).await? {
        drop(transaction);
        return wrong(StatusCode::CONFLICT, REWORDED, statements::versions(&state.db).await?, &errors);
    }
    let event = InstallationEvent::StatementPublished { version: number, hash: wording.hash() };
    record::installation::append(&mut transaction, Some(&by.named()), &event, None, page.request_id, at).await?;
    transaction.commit().await?;
    let said = format!("Version {number} is published. Whoever signs from now on declares it.");
    Ok(SeeOther::to(HERE).good(said).into_response())
}

const REWORDED: &str = "Somebody has published another version meanwhile; it stands below. Yours is kept in the form: look \
                        at both, then publish.";

/// The page with a form: fresh, looked at, or with what is wrong with it. After a conflict it is written from the
/// version that there is now.
fn statements_page(
    state: &AppState,
    page: &Page,
    versions: Vec<Version>,
    next: &Next,
    errors: &FieldErrors,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, Error> {
    let mut texts = Vec::new();
    for vote in [Vote::Go, Vote::NoGo] {
        for meaning in Meaning::ALL {
            let (name, value) = next.field(vote, meaning);
            let error = errors.get(name).map(ToOwned::to_owned);
            texts.push(Text { name, label: label(vote, meaning), value: value.to_owned(), error });
        }
    }
    let looked_at = status == StatusCode::OK && next.step == "preview";
    let current = versions.first().map(|version| &version.wording);
    let preview = match next.read(&mut FieldErrors::new()) {
        Some(wording) if looked_at => shown(&wording, current),
        _ => Vec::new(),
    };
    let base = versions.first().map_or_else(String::new, |version| version.number.to_string());
    let chrome = page.chrome(state, "What signers declare", Nav::Admin);
    page::html_with(status, &Statements { chrome, problem, base, texts, preview, versions })
}
