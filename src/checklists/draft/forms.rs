//! The forms of a draft's pages, as they arrive.

use serde::Deserialize;

use super::Roles;
use crate::{
    domain::{
        checklist::{BadKey, Importance, ItemKey, Phase, Window},
        checklist_draft::{DraftItem, ItemFields, KeyFrom},
        role::RoleSlug,
        text::{Markdown, Title},
    },
    web::{
        Error,
        form::{FieldErrors, Sometimes, Toggle},
    },
};

/// The version of the draft that a form's page showed. One that can't be read has seen nothing.
pub(super) fn seen(version: &str) -> i64 {
    version.parse().unwrap_or(-1)
}

/// A heading, or the name of a role.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct TitleForm {
    pub title: String,
    pub version: String,
    pub once: String,
}

/// Name and introduction. A form without an introduction leaves it as it is; an empty one takes it away.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct AboutForm {
    pub name: String,
    pub introduction: Sometimes,
    pub version: String,
}

/// Who must sign.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct RoleForm {
    pub action: String,
    pub role: String,
    pub title: String,
    pub version: String,
}

/// Where something goes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct PlaceForm {
    pub to: String,
    pub nesting: String,
}

/// An item.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ItemForm {
    pub title: String,
    pub importance: String,
    pub phase: String,
    pub role: String,
    pub evidence: Toggle,
    pub guidance: String,
    pub key: String,
    pub version: String,
    pub once: String,
    /// `preview` shows the guidance, and saves nothing.
    pub step: String,
    /// `next` goes on to the next item.
    pub then: String,
}

/// The sentence for a choice that is none of those offered.
const NO_CHOICE: &str = "Choose one of these.";

impl ItemForm {
    /// The form of a new item.
    pub(super) fn empty() -> Self {
        let (importance, phase) = (Importance::Required.slug().to_owned(), phase_slug(Phase::Before).to_owned());
        Self { importance, phase, ..Self::default() }
    }

    /// The form of an item as it is.
    pub(super) fn of(known: &DraftItem) -> Self {
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

    /// Refuses a form that names a button which none of the pages has.
    ///
    /// # Errors
    /// The answer to it.
    pub(super) fn check_buttons(&self) -> Result<(), Error> {
        match (self.step.as_str(), self.then.as_str()) {
            ("" | "preview", "" | "next") => Ok(()),
            _ => {
                Err(Error::Unprocessable("An item is either previewed or saved, perhaps to go on to the next.".into()))
            }
        }
    }

    /// The form about an item that is there: where it does not say whether evidence is needed, that stays as it is.
    pub(super) fn with_evidence_of(self, known: &DraftItem) -> Self {
        match self.evidence.read() {
            Ok(None) => Self { evidence: Toggle::new(known.item.evidence_required), ..self },
            Ok(Some(_)) | Err(_) => self,
        }
    }

    /// All that it says, in a fixed order: what makes the same form the same.
    pub(super) fn content(&self) -> [&str; 8] {
        let evidence = if self.needs_evidence() { "evidence" } else { "" };
        let Self { title, importance, phase, role, guidance, key, .. } = self;
        ["item", title.trim(), importance, phase, role, evidence, guidance.trim(), key.trim()]
    }

    pub(super) fn needs_evidence(&self) -> bool {
        self.evidence.is_on()
    }

    /// What the form says, or what is wrong at its fields.
    pub(super) fn parse(&self, roles: &Roles, errors: &mut FieldErrors) -> Option<ItemFields> {
        let title = errors.take("title", Title::new(&self.title));
        let importance = Importance::ALL.into_iter().find(|known| known.slug() == self.importance);
        let importance = errors.take("importance", importance.ok_or(NO_CHOICE));
        let phase = PHASES.into_iter().find(|known| phase_slug(*known) == self.phase);
        let phase = errors.take("phase", phase.ok_or(NO_CHOICE));
        let role = match self.role.as_str() {
            "" => Some(None),
            slug => {
                let known = slug.parse::<RoleSlug>().ok().filter(|slug| roles.iter().any(|(role, _)| role == slug));
                errors.take("role", known.map(Some).ok_or(NO_CHOICE))
            }
        };
        // A new item that says nothing of it needs none; the page of one that is there always says it.
        let evidence = errors.take("evidence", self.evidence.read()).map(|chosen| chosen.unwrap_or(false));
        let guidance = errors.take("guidance", Markdown::optionally_entered(&self.guidance));
        let key = match self.key.trim() {
            "" => Some(None),
            key => {
                let key = key.parse::<ItemKey>().map(Some);
                errors.take("key", key.map_err(|BadKey| "A key is made of a-z, 0-9 and hyphens, at most 100."))
            }
        };
        Some(ItemFields {
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

/// Every phase, the earliest first.
pub(super) const PHASES: [Phase; 4] =
    [Phase::Before, Phase::After(Window::Day), Phase::After(Window::Week), Phase::After(Window::Month)];

/// A phase's name in forms.
pub(super) const fn phase_slug(phase: Phase) -> &'static str {
    match phase {
        Phase::Before => "before",
        Phase::After(window) => window.slug(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ItemForm {
        ItemForm { title: "Backups are restored".to_owned(), role: "legal".to_owned(), ..ItemForm::empty() }
    }

    fn parsed(form: &ItemForm) -> Result<ItemFields, Vec<&'static str>> {
        let roles = vec![("legal".parse().unwrap(), "Legal".to_owned())];
        let mut errors = FieldErrors::new();
        let fields = form.parse(&roles, &mut errors);
        fields.ok_or_else(|| errors.iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn a_form_is_read_and_each_wrong_field_named() {
        let fields = parsed(&form()).unwrap();
        assert_eq!((fields.importance, fields.phase, fields.key), (Importance::Required, Phase::Before, None));
        let long = "x".repeat(Title::MAX + 1);
        let bad = ItemForm {
            title: long,
            importance: "vital".to_owned(),
            phase: "25h".to_owned(),
            role: "nobody".to_owned(),
            evidence: serde_json::from_str(r#"["perhaps"]"#).unwrap(),
            guidance: "x".repeat(Markdown::MAX + 1),
            key: "Not a key".to_owned(),
            ..form()
        };
        assert_eq!(parsed(&bad), Err(vec!["evidence", "guidance", "importance", "key", "phase", "role", "title"]));
        assert_eq!(parsed(&ItemForm { title: " ".to_owned(), ..form() }), Err(vec!["title"]));
        assert_eq!(parsed(&ItemForm::default()), Err(vec!["importance", "phase", "title"]));
    }

    #[test]
    fn every_phase_has_a_name_of_its_own() {
        for phase in PHASES {
            let form = ItemForm { phase: phase_slug(phase).to_owned(), ..form() };
            assert_eq!(parsed(&form).map(|fields| fields.phase), Ok(phase));
        }
    }

    #[test]
    fn what_saw_nothing_is_stale() {
        assert_eq!(["7", "", "x", "-9999999999999999999999"].map(seen), [7, -1, -1, -1]);
    }
}
