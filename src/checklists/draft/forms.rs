//! The forms of a draft's pages, as they are sent.

use serde::Deserialize;

use super::DraftRoleChoices;
use crate::{
    domain::{
        checklist::{Importance, InvalidItemKey, ItemKey, Phase, Window},
        checklist_draft::{DraftItem, DraftItemFields, KeyFrom},
        role::RoleSlug,
        text::{Markdown, Title},
    },
    web::{
        Error,
        form::{FieldErrors, OptionalText, Toggle},
    },
};

/// The version of the draft that the form's page showed; -1, which is always stale, if it is unreadable.
pub(super) fn parse_seen_version(version: &str) -> i64 {
    version.parse().unwrap_or(-1)
}

/// A heading, or the title of a role.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftTitleForm {
    pub title: String,
    pub version: String,
    pub once: String,
}

/// A form without an introduction leaves it as it is; an empty one deletes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftDescriptionForm {
    pub name: String,
    pub introduction: OptionalText,
    pub version: String,
}

/// The roles that must sign.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftRoleForm {
    pub action: String,
    pub role: String,
    pub title: String,
    pub version: String,
}

/// The new place of a section or item.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftPlaceForm {
    pub to: String,
    pub nesting: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DraftItemForm {
    pub title: String,
    pub importance: String,
    pub phase: String,
    pub role: String,
    pub evidence: Toggle,
    pub guidance: String,
    pub key: String,
    pub version: String,
    pub once: String,
    /// `preview` shows the guidance and saves nothing.
    pub step: String,
    /// `next` continues with the next item.
    pub then: String,
}

const INVALID_CHOICE: &str = "Choose one of these.";

impl DraftItemForm {
    pub(super) fn empty() -> Self {
        let (importance, phase) = (Importance::Required.slug().to_owned(), phase_slug(Phase::Before).to_owned());
        Self { importance, phase, ..Self::default() }
    }

    /// The form filled with an existing item.
    pub(super) fn from_item(known: &DraftItem) -> Self {
        let item = &known.item;
        Self {
            title: item.title.to_string(),
            importance: item.importance.slug().to_owned(),
            phase: phase_slug(item.phase).to_owned(),
            role: item.role.as_ref().map_or_else(String::new, ToString::to_string),
            evidence: Toggle::new(item.evidence_required),
            guidance: item.guidance.as_ref().map_or_else(String::new, ToString::to_string),
            key: if known.key_from == KeyFrom::Choice { item.key.to_string() } else { String::new() },
            ..Self::default()
        }
    }

    pub(super) fn is_preview(&self) -> bool {
        self.step == "preview"
    }

    /// Rejects a form with the value of a button that no page has.
    pub(super) fn check_button_values(&self) -> Result<(), Error> {
        match (self.step.as_str(), self.then.as_str()) {
            ("" | "preview", "" | "next") => Ok(()),
            _ => {
                Err(Error::Unprocessable("An item is either previewed or saved, perhaps to go on to the next.".into()))
            }
        }
    }

    /// The form for an existing item: if it does not say whether evidence is required, that stays as it is.
    pub(super) fn with_evidence_default(self, known: &DraftItem) -> Self {
        match self.evidence.parse() {
            Ok(None) => Self { evidence: Toggle::new(known.item.evidence_required), ..self },
            Ok(Some(_)) | Err(_) => self,
        }
    }

    /// All its content in a fixed order. Forms with equal content count as the same form.
    pub(super) fn idempotency_content(&self) -> [&str; 8] {
        let evidence = if self.needs_evidence() { "evidence" } else { "" };
        let Self { title, importance, phase, role, guidance, key, .. } = self;
        ["item", title.trim(), importance, phase, role, evidence, guidance.trim(), key.trim()]
    }

    pub(super) fn needs_evidence(&self) -> bool {
        self.evidence.is_on()
    }

    /// The parsed fields; errors are added to `errors`.
    pub(super) fn parse(&self, roles: &DraftRoleChoices, errors: &mut FieldErrors) -> Option<DraftItemFields> {
        let title = errors.check("title", Title::new(&self.title));
        let importance = Importance::ALL.into_iter().find(|known| known.slug() == self.importance);
        let importance = errors.check("importance", importance.ok_or(INVALID_CHOICE));
        let phase = ALL_PHASES.into_iter().find(|known| phase_slug(*known) == self.phase);
        let phase = errors.check("phase", phase.ok_or(INVALID_CHOICE));
        let role = match self.role.as_str() {
            "" => Some(None),
            slug => {
                let known = slug.parse::<RoleSlug>().ok().filter(|slug| roles.iter().any(|(role, _)| role == slug));
                errors.check("role", known.map(Some).ok_or(INVALID_CHOICE))
            }
        };
        // A new item requires no evidence unless the form says so; the page of an existing item always sends the field.
        let evidence = errors.check("evidence", self.evidence.parse()).map(|chosen| chosen.unwrap_or(false));
        let guidance = errors.check("guidance", Markdown::optional_from_input(&self.guidance));
        let key = match self.key.trim() {
            "" => Some(None),
            key => {
                let key = key.parse::<ItemKey>().map(Some);
                errors.check("key", key.map_err(|InvalidItemKey| "A key is made of a-z, 0-9 and hyphens, at most 100."))
            }
        };
        Some(DraftItemFields {
            title: title?,
            importance: importance?,
            phase: phase?,
            role: role?,
            evidence_required: evidence?,
            guidance: guidance?,
            key: key?,
        })
    }
}

/// All phases, the earliest first.
pub(super) const ALL_PHASES: [Phase; 4] =
    [Phase::Before, Phase::After(Window::Day), Phase::After(Window::Week), Phase::After(Window::Month)];

pub(super) const fn phase_slug(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "before",
        Phase::After(window) => window.slug(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> DraftItemForm {
        DraftItemForm { title: "Backups are restored".to_owned(), role: "legal".to_owned(), ..DraftItemForm::empty() }
    }

    fn parse_form(form: &DraftItemForm) -> Result<DraftItemFields, Vec<&'static str>> {
        let roles = vec![("legal".parse().unwrap(), "Legal".to_owned())];
        let mut errors = FieldErrors::new();
        let fields = form.parse(&roles, &mut errors);
        fields.ok_or_else(|| errors.iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn item_form_with_wrong_fields_names_each_field() {
        let fields = parse_form(&form()).unwrap();
        assert_eq!((fields.importance, fields.phase, fields.key), (Importance::Required, Phase::Before, None));
        let long = "x".repeat(Title::MAX + 1);
        let bad = DraftItemForm {
            title: long,
            importance: "vital".to_owned(),
            phase: "25h".to_owned(),
            role: "nobody".to_owned(),
            evidence: serde_json::from_str(r#"["perhaps"]"#).unwrap(),
            guidance: "x".repeat(Markdown::MAX + 1),
            key: "Not a key".to_owned(),
            ..form()
        };
        assert_eq!(parse_form(&bad), Err(vec!["evidence", "guidance", "importance", "key", "phase", "role", "title"]));
        assert_eq!(parse_form(&DraftItemForm { title: " ".to_owned(), ..form() }), Err(vec!["title"]));
        assert_eq!(parse_form(&DraftItemForm::default()), Err(vec!["importance", "phase", "title"]));
    }

    #[test]
    fn phase_slug_is_unique_for_every_phase() {
        for phase in ALL_PHASES {
            let form = DraftItemForm { phase: phase_slug(phase).to_owned(), ..form() };
            assert_eq!(parse_form(&form).map(|fields| fields.phase), Ok(phase));
        }
    }

    #[test]
    fn seen_version_that_is_unreadable_is_stale() {
        assert_eq!(["7", "", "x", "-9999999999999999999999"].map(parse_seen_version), [7, -1, -1, -1]);
    }
}
