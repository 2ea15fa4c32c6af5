//! What somebody typed into one of the item page's forms, on its way back to them.

use crate::{
    domain::ids::{CommentId, EvidenceId, EvidenceRequestId, WaiverId},
    web::form::FieldErrors,
};

/// The forms of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    /// None: the page is as it is.
    Nowhere,
    /// The item's state.
    State,
    /// Agreement to "not applicable".
    Agreement,
    /// Who sees to it, by when.
    Assignment,
    /// Attaching evidence.
    Attach,
    /// Using evidence of the launch again.
    Again,
    /// Withdrawing evidence.
    Withdrawal(EvidenceId),
    /// Asking for more evidence.
    Request,
    /// Answering that.
    Answer(EvidenceRequestId),
    /// Asking for a waiver.
    AskWaiver,
    /// Approving or refusing one.
    Decision(WaiverId),
    /// Revoking one.
    Revocation(WaiverId),
    /// A new comment.
    Comment,
    /// A comment rewritten.
    Edit(CommentId),
}

/// What was typed, and what is wrong with it.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    /// In which form.
    at: At,
    /// What, by field.
    values: Vec<(&'static str, String)>,
    /// The sentences at the fields.
    pub(super) errors: FieldErrors,
    /// What is wrong with all of it.
    pub(super) problem: Option<String>,
}

impl Typed {
    /// Nothing.
    pub(super) fn nothing() -> Self {
        Self::at(At::Nowhere, [])
    }

    /// These values, in this form.
    pub(super) fn at<const N: usize>(at: At, values: [(&'static str, &str); N]) -> Self {
        let values = values.map(|(name, value)| (name, value.to_owned())).into();
        Self { at, values, errors: FieldErrors::new(), problem: None }
    }

    /// In which form.
    pub(super) const fn place(&self) -> At {
        self.at
    }

    /// Whether it was typed into this form.
    pub(super) fn is(&self, at: At) -> bool {
        self.at == at
    }

    /// What was typed into a field of a form; nothing, when it was another's.
    pub(super) fn value(&self, at: At, field: &str) -> &str {
        self.value_or(at, field, "")
    }

    /// The same, with what stands there when nothing was typed.
    pub(super) fn value_or<'a>(&'a self, at: At, field: &str, otherwise: &'a str) -> &'a str {
        let value = self.values.iter().find(|(name, _)| self.is(at) && *name == field);
        value.map_or(otherwise, |(_, value)| value)
    }

    /// The sentence at a field of a form.
    pub(super) fn error(&self, at: At, field: &str) -> Option<&str> {
        self.errors.get(field).filter(|_| self.is(at))
    }

    /// Everything that was typed, for a page that no longer has the form.
    pub(super) fn entered(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }
}
