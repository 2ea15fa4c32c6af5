//! For whom texts are made: the language, and the people who are marked because they left or have another
//! name now.
//!
//! A request carries its reader as a value of its task ([`Reader::scope`]), since texts are made in many places, down to
//! the refusals of the domain, none of which decides anything by it. What is not written for the reader of a page (exports,
//! logs, the command line, work in the background) is English and marks nobody.

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use super::{Language, ToMarkup, functions as texts};

tokio::task_local! {
    static CURRENT: RefCell<Reader>;
}

#[derive(Debug, Clone, Default)]
pub struct Reader {
    pub(super) language: Language,
    pub(super) former: Arc<FormerNames>,
}

/// The names of people who left or have another name now. A name stands for one account, also when its person has another
/// name now: a second person whose name looks like an existing or earlier one has their address in the name.
#[derive(Debug, Clone, Default)]
pub struct FormerNames {
    /// The names of deactivated accounts.
    pub deactivated: BTreeSet<String>,
    /// Of active accounts that do not have the role of a member: of people who can no longer sign or work on items.
    pub without_role: BTreeSet<String>,
    /// The present name for each earlier one.
    pub renamed: BTreeMap<String, String>,
}

impl Reader {
    /// The reader of the request that is being answered; outside of one, of English.
    #[must_use]
    pub fn current() -> Self {
        CURRENT.try_with(|current| current.borrow().clone()).unwrap_or_default()
    }

    /// Changes something about the reader for the rest of the request.
    pub(super) fn update(change: impl FnOnce(&mut Self)) {
        // Outside of a request there is nothing to change.
        let _: Result<(), _> = CURRENT.try_with(|current| change(&mut current.borrow_mut()));
    }

    /// Marks these people in the rest of the request.
    pub fn set_former_names(names: FormerNames) {
        Self::update(|reader| reader.former = Arc::new(names));
    }

    /// Marks nobody in the rest of the request, which shows a moment of the past.
    pub fn mark_nobody() {
        Self::set_former_names(FormerNames::default());
    }

    /// Does work for this reader.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        CURRENT.scope(RefCell::new(self), work).await
    }

    /// Does work for this reader, on the present thread.
    pub fn sync_scope<T>(self, work: impl FnOnce() -> T) -> T {
        CURRENT.sync_scope(RefCell::new(self), work)
    }
}

/// The name of a person as an argument of a text: it says if the person has another name now or a deactivated account.
///
/// A page that has room for a mark beside the name uses `Chrome::person` instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonLabel<'a> {
    name: &'a str,
    is_member: bool,
}

impl<'a> PersonLabel<'a> {
    #[must_use]
    pub const fn new(name: &'a str) -> Self {
        Self { name, is_member: false }
    }

    /// For somebody who is named as a member, such as a signer or an assignee: it also says if they no longer are one.
    #[must_use]
    pub const fn of_member(name: &'a str) -> Self {
        Self { name, is_member: true }
    }

    /// The name without its mark.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// The name that the person has now, if it is another.
    #[must_use]
    pub fn present_name(&self) -> Option<String> {
        let former = Reader::current().former;
        former.renamed.get(self.name).filter(|present| *present != self.name).cloned()
    }

    /// The name, with the one that the person has now beside it, if it is another.
    #[must_use]
    pub fn with_present_name(&self) -> Cow<'a, str> {
        match self.present_name() {
            Some(present) => texts::name_with_present_name(self.name, present),
            None => Cow::Borrowed(self.name),
        }
    }

    /// Why the person is marked; `None` if there is no reason.
    #[must_use]
    pub fn mark(&self) -> Option<PersonMark> {
        let former = Reader::current().former;
        if former.deactivated.contains(self.name) {
            return Some(PersonMark::Deactivated);
        }
        (self.is_member && former.without_role.contains(self.name)).then_some(PersonMark::WithoutRole)
    }
}

/// Why a person is marked as somebody who left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonMark {
    Deactivated,
    WithoutRole,
}

impl fmt::Display for PersonLabel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.with_present_name();
        match self.mark() {
            Some(PersonMark::Deactivated) => f.write_str(&texts::name_is_deactivated(name)),
            Some(PersonMark::WithoutRole) => f.write_str(&texts::name_is_no_longer_a_member(name)),
            None => f.write_str(&name),
        }
    }
}

impl ToMarkup for PersonLabel<'_> {
    fn push_markup(&self, text: &mut String) {
        self.to_string().push_markup(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn name_of_a_former_member_is_marked_in_texts_until_nobody_is() {
        let former = FormerNames {
            deactivated: BTreeSet::from(["Ana".to_owned()]),
            without_role: BTreeSet::from(["Ben".to_owned()]),
            renamed: [("Ana", "Ana Lima"), ("Dan", "Dan Ost"), ("Eve", "Eve")]
                .map(|(former, present)| (former.to_owned(), present.to_owned()))
                .into(),
        };
        let label = |name: &'static str| texts::signature_withdrawn(PersonLabel::of_member(name)).into_owned();
        let work = async {
            assert!(!label("Ana").contains("deactivated"));
            Reader::set_former_names(former);
            assert!(label("Ana").starts_with("Ana (now Ana Lima) (deactivated) "), "{}", label("Ana"));
            assert!(label("Ben").starts_with("Ben (no longer a member) "), "{}", label("Ben"));
            assert_eq!(PersonLabel::new("Ben").to_string(), "Ben");
            assert_eq!(PersonLabel::new("Dan").to_string(), "Dan (now Dan Ost)");
            assert_eq!(PersonLabel::new("Eve").to_string(), "Eve");
            assert_eq!(PersonLabel::of_member("Cleo").to_string(), "Cleo");
            // A task that finishes the request has the same reader.
            let marked = Reader::current().scope(async { PersonLabel::new("Ana").to_string() }).await;
            assert_eq!(marked, "Ana (now Ana Lima) (deactivated)");
            Reader::mark_nobody();
            assert_eq!(PersonLabel::new("Ana").to_string(), "Ana");
        };
        Reader::default().scope(work).await;
        assert_eq!(PersonLabel::new("Ana").to_string(), "Ana");
    }
}
