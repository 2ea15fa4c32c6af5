//! What a form that replaces something names as its base: the version, the event or the digest that its page showed.

use std::str::FromStr;

use serde::Deserialize;

/// The hidden field in which a form says what its page showed of what the form replaces.
///
/// A form that comes back keeps the base with which it was sent. With a newer one, the next attempt would claim that the
/// person has seen what others changed meanwhile, and would replace it. Only a page that says what was changed renews
/// the base ([`Self::forget`]).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct FormBase(Vec<String>);

impl FormBase {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(vec![text])
    }

    /// The submitted text; `None` when the field is missing, and empty when it was sent more than once.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => None,
            [one] => Some(one),
            _ => Some(""),
        }
    }

    /// The number from 1 that was sent: `Some(None)` when the field is missing, `None` when it holds anything else.
    #[must_use]
    pub fn number(&self) -> Option<Option<i64>> {
        match self.get() {
            None => Some(None),
            Some(text) => text.parse().ok().filter(|number| *number >= 1).map(Some),
        }
    }

    /// What was sent, if it can be read.
    #[must_use]
    pub fn read<T: FromStr>(&self) -> Option<T> {
        self.get()?.parse().ok()
    }

    /// The base that the form has on a page: the one with which it was sent, or else `current`.
    #[must_use]
    pub fn or<T: FromStr>(&self, current: T) -> T {
        self.read().unwrap_or(current)
    }

    /// Renews the base, because the page says what was changed since, or that the form named nothing readable.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str) -> FormBase {
        FormBase::new(text.to_owned())
    }

    #[test]
    fn form_that_comes_back_keeps_its_base_until_that_is_forgotten() {
        let mut sent = base("7");
        assert_eq!(sent.or(9_i64), 7);
        sent.forget();
        assert_eq!((sent.or(9_i64), sent.number()), (9, Some(None)));
        for unreadable in ["", "x", "7.5", "99999999999999999999"] {
            assert_eq!((base(unreadable).or(9_i64), base(unreadable).number()), (9, None), "{unreadable}");
        }
        for below in ["0", "-1"] {
            assert_eq!(base(below).number(), None, "{below}");
        }
        assert_eq!(base("7").number(), Some(Some(7)));
        let twice = FormBase(vec!["7".to_owned(), "9".to_owned()]);
        assert_eq!((twice.or(9_i64), twice.number()), (9, None), "a base is sent once");
    }
}
