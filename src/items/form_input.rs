//! Input of one of the item page's forms, for the page that shows it again.

use crate::{
    domain::ids::{CommentId, EvidenceId, EvidenceRequestId, WaiverId},
    web::{form::FieldErrors, form_base::FormBase},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemPageForm {
    /// The page has no input.
    None,
    State,
    Agreement,
    Assignment,
    AttachEvidence,
    ReuseEvidence,
    WithdrawEvidence(EvidenceId),
    RequestEvidence,
    AnswerRequest(EvidenceRequestId),
    AskWaiver,
    DecideWaiver(WaiverId),
    RevokeWaiver(WaiverId),
    Comment,
    EditComment(CommentId),
}

/// Input of one form, with its errors.
#[derive(Debug, Clone)]
pub(super) struct ItemPageInput {
    new: ItemPageForm,
    values: Vec<(&'static str, String)>,
    pub(super) errors: FieldErrors,
    pub(super) base: FormBase,
    /// Message about the form as a whole.
    pub(super) problem: Option<String>,
}

impl ItemPageInput {
    pub(super) fn empty() -> Self {
        Self::at(ItemPageForm::None, [])
    }

    pub(super) fn at<const N: usize>(at: ItemPageForm, values: [(&'static str, &str); N]) -> Self {
        let values = values.map(|(name, value)| (name, value.to_owned())).into();
        Self { new: at, values, errors: FieldErrors::new(), base: FormBase::default(), problem: None }
    }

    pub(super) const fn current_form(&self) -> ItemPageForm {
        self.new
    }

    pub(super) fn is_for(&self, at: ItemPageForm) -> bool {
        self.new == at
    }

    /// Value of a field; empty if the input is for another form.
    pub(super) fn value(&self, at: ItemPageForm, field: &str) -> &str {
        self.value_or(at, field, "")
    }

    /// Value of a field; `otherwise` if there is none or the input is for another form.
    pub(super) fn value_or<'a>(&'a self, at: ItemPageForm, field: &str, otherwise: &'a str) -> &'a str {
        let value = self.values.iter().find(|(name, _)| self.is_for(at) && *name == field);
        value.map_or(otherwise, |(_, value)| value)
    }

    /// The base that a form has on the page; `current` if the input is for another form.
    pub(super) fn base_or(&self, at: ItemPageForm, current: &i64) -> i64 {
        if self.is_for(at) { self.base.or(*current) } else { *current }
    }

    pub(super) fn error(&self, at: ItemPageForm, field: &str) -> Option<&str> {
        self.errors.get(field).filter(|_| self.is_for(at))
    }

    /// All values that were typed and are not empty, for a page that no longer has the form.
    pub(super) fn entered(&self) -> impl Iterator<Item = &str> {
        self.values
            .iter()
            .filter(|(name, _)| *name != "state")
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }
}
