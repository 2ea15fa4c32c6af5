//! The form that attaches evidence: its fields, validated, and the commands that they lead to.

use super::{
    super::form_input::{ItemPageForm, ItemPageInput},
    upload::{AttachForm, MAX_FILES},
};
use crate::{
    domain::{
        ids::{EvidenceId, ItemId, UserId},
        launch::command::{Command, NewEvidence},
        text::{Prose, WebLink},
        time::Day,
    },
    texts,
    web::{
        idempotency::{IdempotencyKey, idempotent_id_on_item, new_text},
        time::parse_day,
    },
};

/// Input without the files, which no page can give back. Two forms of the page are sent here.
pub(super) fn to_form_input(form: &AttachForm) -> ItemPageInput {
    let existing = form.existing.as_deref().unwrap_or_default();
    let values = [
        ("url", &*form.url),
        ("note", &*form.note),
        ("existing", existing),
        ("observed_on", &*form.observed_on),
        ("valid_until", &*form.valid_until),
    ];
    let other = !form.files.is_empty() || form.too_large.is_some() || !form.url.is_empty() || !form.note.is_empty();
    ItemPageInput::at(
        if form.existing.is_some() && !other { ItemPageForm::ReuseEvidence } else { ItemPageForm::AttachEvidence },
        values,
    )
}

/// A validated form, without its files.
pub(super) struct AttachRequest {
    link: Option<WebLink>,
    note: Option<Prose>,
    existing: Option<EvidenceId>,
    pub(super) key: IdempotencyKey,
    pub(super) observed_on: Option<Day>,
    pub(super) valid_until: Option<Day>,
}

impl AttachRequest {
    /// The number of pieces.
    pub(super) fn count(&self) -> usize {
        [self.link.is_some(), self.note.is_some(), self.existing.is_some()]
            .into_iter()
            .filter(|is_present| *is_present)
            .count()
    }

    pub(super) const fn attach(&self, item: ItemId, evidence: EvidenceId, content: NewEvidence) -> Command {
        let Self { observed_on, valid_until, .. } = *self;
        Command::AttachEvidence { item, evidence, content, observed_on, valid_until }
    }

    pub(super) fn into_commands(self, ids: &EvidenceIds) -> Vec<Command> {
        let item = ids.item;
        let mut commands = Vec::new();
        if let Some(link) = &self.link {
            let id = ids.derive(&[b"link", link.as_str().as_bytes()]);
            commands.push(self.attach(item, id, NewEvidence::Link(new_text(link.as_str()))));
        }
        if let Some(note) = &self.note {
            let id = ids.derive(&[b"note", note.as_str().as_bytes()]);
            commands.push(self.attach(item, id, NewEvidence::Note(new_text(note.as_str()))));
        }
        if let Some(source) = self.existing {
            let evidence = ids.derive(&[b"again", source.uuid().as_bytes()]);
            let Self { observed_on, valid_until, .. } = self;
            commands.push(Command::ReuseEvidence { item, evidence, source, observed_on, valid_until });
        }
        commands
    }
}

/// Validates the fields; errors are added to `input`.
pub(super) fn validate_form(form: &AttachForm, input: &mut ItemPageInput) -> Option<AttachRequest> {
    let errors = &mut input.errors;
    if form.too_many {
        errors.add("files", texts::too_many_files_at_once(MAX_FILES));
    }
    if let Some(name) = form.empty.first() {
        errors.add("files", texts::file_is_empty(name.as_str()));
    }
    let link = match form.url.trim() {
        "" => Some(None),
        url => errors.check("url", WebLink::new(url)).map(Some),
    };
    let note = errors.check("note", Prose::optional(&form.note));
    let existing = match form.existing.as_deref().map(str::trim) {
        None | Some("") => Some(None),
        Some(id) => errors.check("existing", id.parse().map_err(|_| texts::choose_evidence_of_this_launch())).map(Some),
    };
    let observed_on = errors.check("observed_on", parse_day(&form.observed_on));
    let valid_until = errors.check("valid_until", parse_day(&form.valid_until));
    let key = errors.check("once", form.once.parse());
    let nothing = form.files.is_empty() && matches!((&link, &note, existing), (Some(None), Some(None), Some(None)));
    match (errors.is_empty() && nothing, &form.existing) {
        (false, _) => {}
        (true, None) => errors.add("files", texts::choose_file_link_or_note()),
        (true, Some(_)) => errors.add("existing", texts::choose_what_to_reuse()),
    }
    if !errors.is_empty() {
        if !form.files.is_empty() {
            input.problem = Some(texts::nothing_attached_choose_files_again().into_owned());
        }
        return None;
    }
    Some(AttachRequest {
        link: link?,
        note: note?,
        existing: existing?,
        key: key?,
        observed_on: observed_on?,
        valid_until: valid_until?,
    })
}

/// What the ids of the evidence of one form are derived from.
pub(super) struct EvidenceIds {
    pub(super) by: UserId,
    pub(super) item: ItemId,
    pub(super) key: IdempotencyKey,
    /// Other days lead to another id, as other content does.
    pub(super) days: [String; 2],
}

impl EvidenceIds {
    pub(super) fn derive(&self, content: &[&[u8]]) -> EvidenceId {
        let content = [content, &self.days.each_ref().map(String::as_bytes)].concat();
        idempotent_id_on_item(self.by, self.item, self.key, &content)
    }
}
