//! The statements that signers sign: their versions, and the next version with its preview before it is published.

use std::borrow::Cow;

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
        launch::event::{SignatureMeaning, Vote},
        statement::StatementTexts,
        text::StatementText,
    },
    record::{
        installation_log::AuditedTransaction,
        statements::{self, StatementVersion},
    },
    state::AppState,
    texts,
    web::{
        Error,
        chrome::{Chrome, Nav, PageContext},
        form::{FieldErrors, Form},
        form_base::FormBase,
        response::{self, SeeOther},
    },
};

const PAGE_PATH: &str = "/admin/statements";

/// The next version, as it was sent.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct StatementForm {
    go_approval: String,
    go_review: String,
    go_responsibility: String,
    no_go_approval: String,
    no_go_review: String,
    no_go_responsibility: String,
    /// The number of the version on which it is based.
    base: FormBase,
    /// The button that was pressed: `preview` or `publish`.
    step: String,
}

impl StatementForm {
    fn from_version(version: &StatementVersion) -> Self {
        let text = |vote, meaning| version.wording.text(vote, meaning).to_string();
        Self {
            go_approval: text(Vote::Go, SignatureMeaning::Approval),
            go_review: text(Vote::Go, SignatureMeaning::Review),
            go_responsibility: text(Vote::Go, SignatureMeaning::Responsibility),
            no_go_approval: text(Vote::NoGo, SignatureMeaning::Approval),
            no_go_review: text(Vote::NoGo, SignatureMeaning::Review),
            no_go_responsibility: text(Vote::NoGo, SignatureMeaning::Responsibility),
            base: FormBase::default(),
            step: String::new(),
        }
    }

    /// The version on which it is based; `None` if there is no such version.
    fn read_base(&self, newest: u32) -> Option<u32> {
        self.base.get()?.trim().parse().ok().filter(|base| (1..=newest).contains(base))
    }

    /// The name of a text's field, and the text.
    fn field(&self, vote: Vote, meaning: SignatureMeaning) -> (&'static str, &str) {
        match (vote, meaning) {
            (Vote::Go, SignatureMeaning::Approval) => ("go_approval", &self.go_approval),
            (Vote::Go, SignatureMeaning::Review) => ("go_review", &self.go_review),
            (Vote::Go, SignatureMeaning::Responsibility) => ("go_responsibility", &self.go_responsibility),
            (Vote::NoGo, SignatureMeaning::Approval) => ("no_go_approval", &self.no_go_approval),
            (Vote::NoGo, SignatureMeaning::Review) => ("no_go_review", &self.no_go_review),
            (Vote::NoGo, SignatureMeaning::Responsibility) => ("no_go_responsibility", &self.no_go_responsibility),
        }
    }

    /// The parsed texts; `None` when some are invalid, with a message for each in `errors`.
    fn parse(&self, errors: &mut FieldErrors) -> Option<StatementTexts> {
        let mut all_right = true;
        for vote in [Vote::Go, Vote::NoGo] {
            for meaning in SignatureMeaning::ALL {
                let (name, text) = self.field(vote, meaning);
                all_right &= errors.check(name, StatementText::new(text)).is_some();
            }
        }
        let each = |vote, meaning| StatementText::new(self.field(vote, meaning).1);
        all_right.then(|| StatementTexts::try_from_fn(each).ok()).flatten()
    }
}

/// A text in the form.
struct StatementField {
    name: &'static str,
    label: String,
    value: String,
    error: Option<String>,
}

/// A text as signers read it.
struct StatementPreview {
    label: String,
    text: String,
    /// The current text, if it is different.
    now: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/statements.html")]
struct StatementsPage {
    chrome: Chrome,
    problem: Option<Cow<'static, str>>,
    /// The version on which the next one is based.
    base: u32,
    fields: Vec<StatementField>,
    /// The next version as signers will read it; empty unless a preview was asked for.
    preview: Vec<StatementPreview>,
    versions: Vec<StatementVersion>,
}

impl StatementsPage {
    /// The number of the next version.
    fn next(&self) -> u32 {
        self.versions.first().map_or(1, |version| version.number) + 1
    }

    fn to_previews(version: &StatementVersion) -> Vec<StatementPreview> {
        preview_texts(&version.wording, None)
    }
}

fn describe_text(vote: Vote, meaning: SignatureMeaning) -> String {
    let vote = match vote {
        Vote::Go => texts::vote_go(),
        Vote::NoGo => texts::vote_no_go(),
    };
    let meaning = match meaning {
        SignatureMeaning::Approval => texts::meaning_approval(),
        SignatureMeaning::Review => texts::meaning_review(),
        SignatureMeaning::Responsibility => texts::meaning_responsibility(),
    };
    texts::vote_with_meaning(vote, meaning).into_owned()
}

fn preview_texts(wording: &StatementTexts, now: Option<&StatementTexts>) -> Vec<StatementPreview> {
    let mut all = Vec::new();
    for vote in [Vote::Go, Vote::NoGo] {
        for meaning in SignatureMeaning::ALL {
            let text = wording.text(vote, meaning);
            let now = now.map(|now| now.text(vote, meaning)).filter(|now| *now != text);
            all.push(StatementPreview {
                label: describe_text(vote, meaning),
                text: text.to_string(),
                now: now.map(ToString::to_string),
            });
        }
    }
    all
}

/// `GET /admin/statements`: the versions, and the form for the next one.
pub(super) async fn show(State(state): State<AppState>, page: PageContext, _: Admin) -> Result<Response, Error> {
    let versions = statements::load_versions(&state.db).await?;
    let next = versions.first().map(StatementForm::from_version).unwrap_or_default();
    render_page(&state, &page, versions, &next, &FieldErrors::new(), StatusCode::OK, None)
}

/// `POST /admin/statements`: previews the next version, or publishes it.
pub(super) async fn publish(
    State(state): State<AppState>,
    page: PageContext,
    Admin(by): Admin,
    Form(next): Form<StatementForm>,
) -> Result<Response, Error> {
    let versions = statements::load_versions(&state.db).await?;
    let current = versions.first().ok_or_else(|| Error::fault("there is always a first version"))?.clone();
    let mut errors = FieldErrors::new();
    let base = next.read_base(current.number);
    let wrong = |status, problem: Cow<'static, str>, versions, errors: &FieldErrors| {
        render_page(&state, &page, versions, &next, errors, status, Some(problem))
    };
    let Some(wording) = next.parse(&mut errors) else {
        return render_page(&state, &page, versions, &next, &errors, StatusCode::UNPROCESSABLE_ENTITY, None);
    };
    let Some(base) = base else {
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, texts::based_on_no_version(), versions, &errors);
    };
    // A form that is sent twice is published once.
    if wording == current.wording && base + 1 == current.number {
        return Ok(SeeOther::to(PAGE_PATH).with_success(texts::version_is_published(current.number)).into_response());
    }
    if base != current.number {
        return wrong(StatusCode::CONFLICT, texts::other_version_published_meanwhile(), versions, &errors);
    }
    if wording == current.wording {
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, texts::statement_unchanged(), versions, &errors);
    }
    match next.step.as_str() {
        "preview" => return render_page(&state, &page, versions, &next, &errors, StatusCode::OK, None),
        "publish" => {}
        _ => return wrong(StatusCode::UNPROCESSABLE_ENTITY, texts::preview_or_publish(), versions, &errors),
    }
    let (number, at) = (current.number + 1, state.clock.now());
    let mut transaction = AuditedTransaction::begin(&state.db).await?;
    if !statements::publish_version(&mut transaction, number, &wording, by.id, at).await? {
        drop(transaction);
        return wrong(
            StatusCode::CONFLICT,
            texts::other_version_published_meanwhile(),
            statements::load_versions(&state.db).await?,
            &errors,
        );
    }
    let event = InstallationEvent::StatementPublished { version: number, hash: wording.hash() };
    by.append_event(&mut transaction, &event, page.request_id, at).await?;
    transaction.commit().await?;
    let message = texts::version_published_for_future(number);
    Ok(SeeOther::to(PAGE_PATH).with_success(message).into_response())
}

/// Renders the page with a new form, a preview, or errors. After a conflict, which says so, the form is based on the
/// current version; with an invalid field, on the version on which it was based.
fn render_page(
    state: &AppState,
    page: &PageContext,
    versions: Vec<StatementVersion>,
    next: &StatementForm,
    errors: &FieldErrors,
    status: StatusCode,
    problem: Option<Cow<'static, str>>,
) -> Result<Response, Error> {
    let mut fields = Vec::new();
    for vote in [Vote::Go, Vote::NoGo] {
        for meaning in SignatureMeaning::ALL {
            let (name, value) = next.field(vote, meaning);
            let error = errors.get(name).map(ToOwned::to_owned);
            fields.push(StatementField { name, label: describe_text(vote, meaning), value: value.to_owned(), error });
        }
    }
    let looked_at = status == StatusCode::OK && next.step == "preview";
    let current = versions.first().map(|version| &version.wording);
    let preview = match next.parse(&mut FieldErrors::new()) {
        Some(wording) if looked_at => preview_texts(&wording, current),
        _ => Vec::new(),
    };
    let newest = versions.first().map_or(1, |version| version.number);
    let base = match status {
        StatusCode::UNPROCESSABLE_ENTITY => next.read_base(newest).unwrap_or(newest),
        _ => newest,
    };
    let chrome = page.chrome(state, texts::what_signers_declare(), Nav::Admin);
    response::render_with_status(status, &StatementsPage { chrome, problem, base, fields, preview, versions })
}
