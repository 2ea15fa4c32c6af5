//! What forms bring, on its way into a command: texts with their salts, ids told from the form, days.

use uuid::Uuid;

use crate::{
    ambient,
    domain::{
        ids::{ItemId, UserId},
        launch::texts::{NewText, Salt},
        time::Day,
    },
};

/// A text on its way in, with a fresh salt.
#[must_use]
pub fn new_text(value: impl Into<String>) -> NewText {
    NewText { value: value.into(), salt: Salt(ambient::random()) }
}

/// The id of a thing that a form makes on an item. A form that carries `once` (a UUID), sent twice, makes it once:
/// the id is told from its maker, the item, that number and what is in the form, so that another text under the
/// same number (sent from a page that the browser went back to) is another thing and is not lost.
#[must_use]
pub fn made_once<T: From<Uuid>>(maker: UserId, item: ItemId, once: &str, content: &[&[u8]]) -> T {
    told_once(maker, item.uuid(), once, content)
}

/// As [`made_once`], of a thing that is made on whatever has the id `of`.
#[must_use]
pub fn told_once<T: From<Uuid>>(maker: UserId, of: Uuid, once: &str, content: &[&[u8]]) -> T {
    let Ok(once) = once.parse::<Uuid>() else { return ambient::new_id() };
    let mut name = [*of.as_bytes(), *once.as_bytes()].concat();
    for part in content {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part);
    }
    Uuid::new_v5(&maker.uuid(), &name).into()
}

/// Reads the day of a date field; nothing when it is empty.
///
/// # Errors
/// The sentence at the field.
pub fn day(text: &str) -> Result<Option<Day>, &'static str> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day = text.parse::<Day>().map_err(|_| "This is not a day. Write it as 2026-11-23.")?;
    let in_range = (1900..=9999).contains(&day.0.year());
    in_range.then_some(Some(day)).ok_or("This is out of range: the year is between 1900 and 9999.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_form_makes_the_same_thing() {
        let (maker, item) = (ambient::new_id(), ambient::new_id());
        let once = ambient::opaque_id::<Uuid>().to_string();
        let id = |once: &str, content: &[&[u8]]| made_once::<Uuid>(maker, item, once, content);
        assert_eq!(id(&once, &[b"a", b"b"]), id(&once, &[b"a", b"b"]));
        assert_ne!(id(&once, &[b"a", b"b"]), id(&once, &[b"ab", b""]));
        assert_ne!(id(&once, &[b"a"]), made_once::<Uuid>(maker, ambient::new_id(), &once, &[b"a"]));
        assert_ne!(id("", &[b"a"]), id("", &[b"a"]));
    }

    #[test]
    fn days_are_read() {
        assert_eq!(day(" 2026-11-23 ").map(|day| day.map(|day| day.to_string())), Ok(Some("2026-11-23".to_owned())));
        assert_eq!(day(" "), Ok(None));
        for bad in ["23.11.2026", "2026-02-30", "-000001-01-01", "tomorrow", "1-1-1"] {
            assert!(day(bad).is_err(), "{bad}");
        }
        assert!(day("0001-01-01").is_err_and(|said| said.contains("between 1900 and 9999")));
    }
}
