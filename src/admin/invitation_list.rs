//! Reads a list of people to invite: one a line, or separated by commas or semicolons, as mail programs and
//! spreadsheets write them.

use std::borrow::Cow;

use crate::{
    domain::text::{Email, PersonName},
    texts,
};

/// The most people who are invited at once.
pub(super) const MOST_PEOPLE: usize = 50;

/// One entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListedPerson {
    /// The number of its line, from 1.
    pub(super) line: usize,
    /// The entry as it was typed.
    pub(super) typed: String,
    /// The name and address, or a sentence that says what is wrong with the entry.
    pub(super) person: Result<(PersonName, Email), Cow<'static, str>>,
}

/// Reads the list in its order. The second entry with the same address is an error.
pub(super) fn parse_list(text: &str) -> Vec<ListedPerson> {
    let mut people: Vec<ListedPerson> = Vec::new();
    for (line, typed) in text.lines().zip(1..).flat_map(|(text, line)| split_line(text).map(move |entry| (line, entry)))
    {
        let mut person = parse_entry(&typed);
        if let Ok((_, email)) = &person
            && let Some(first) =
                people.iter().find(|other| other.person.as_ref().is_ok_and(|(_, listed)| listed == email))
        {
            person = Err(texts::address_is_listed_before(first.line));
        }
        people.push(ListedPerson { line, typed, person });
    }
    people
}

/// The entries of a line. A comma also stands within a name (`Reyes, Jonas <j@example.org>`), so what has no address
/// belongs to the entry that follows.
fn split_line(line: &str) -> impl Iterator<Item = String> + use<> {
    let words: Vec<&str> = line.split([',', ';', ' ', '\t']).filter(|word| !word.is_empty()).collect();
    let only_addresses = words.len() > 1 && words.iter().all(|word| word.contains('@'));
    let mut entries: Vec<String> = Vec::new();
    let mut before = String::new();
    let pieces: Vec<&str> = if only_addresses { words } else { line.split([',', ';']).collect() };
    for piece in pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()) {
        if !before.is_empty() {
            before.push_str(", ");
        }
        before.push_str(piece);
        if piece.contains('@') {
            entries.push(std::mem::take(&mut before));
        }
    }
    entries.extend(Some(before).filter(|rest| !rest.is_empty()));
    entries.into_iter()
}

fn parse_entry(entry: &str) -> Result<(PersonName, Email), Cow<'static, str>> {
    let (name, address) = match entry.split_once('<') {
        Some((name, rest)) => (name.to_owned(), rest.split('>').next().unwrap_or_default().to_owned()),
        None => {
            let (addresses, words): (Vec<&str>, Vec<&str>) = entry.split_whitespace().partition(|w| w.contains('@'));
            (words.join(" "), addresses.join(" "))
        }
    };
    if !address.contains('@') {
        return Err(texts::entry_has_no_address());
    }
    let address = address.trim().trim_start_matches("mailto:");
    let email = Email::new_for_account(address).map_err(|error| error.to_string())?;
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | ',' | '\''));
    let name = if name.is_empty() {
        PersonName::new(&guess_name(email.as_str())).map_err(|_| texts::write_name_before_address())?
    } else {
        PersonName::new(name).map_err(|error| error.to_string())?
    };
    Ok((name, email))
}

/// A name made from an address (`tessa.brandt+work@example.org` is Tessa Brandt), which the person corrects when they
/// accept the invitation.
fn guess_name(email: &str) -> String {
    let local = email.split(['@', '+']).next().unwrap_or_default();
    let words = local.split(['.', '_', '-']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(usize, Option<(String, String)>)> {
        let people = parse_list(text).into_iter();
        people.map(|it| (it.line, it.person.ok().map(|(name, email)| (name.to_string(), email.to_string())))).collect()
    }

    #[test]
    fn invitation_list_is_read_in_every_usual_form() {
        for (text, expected) in [
            ("Tessa Brandt <tessa@example.org>", &[("Tessa Brandt", "tessa@example.org")][..]),
            ("Tessa Brandt, tessa@example.org", &[("Tessa Brandt", "tessa@example.org")]),
            ("Tessa Brandt\ttessa@example.org", &[("Tessa Brandt", "tessa@example.org")]),
            ("tessa@example.org\tTessa Brandt", &[("Tessa Brandt", "tessa@example.org")]),
            ("\"Reyes, Jonas\" <JONAS@example.org>", &[("Reyes, Jonas", "jonas@example.org")]),
            ("tessa.brandt+work@example.org", &[("Tessa Brandt", "tessa.brandt+work@example.org")]),
            ("<mailto:ömer_o@example.org>", &[("Ömer O", "ömer_o@example.org")]),
            ("a@x.org, b@x.org; c@x.org", &[("A", "a@x.org"), ("B", "b@x.org"), ("C", "c@x.org")]),
            ("a@x.org b@x.org", &[("A", "a@x.org"), ("B", "b@x.org")]),
            ("A B <a@x.org>, C D <c@x.org>,", &[("A B", "a@x.org"), ("C D", "c@x.org")]),
        ] {
            let expected: Vec<_> =
                expected.iter().map(|(name, email)| (1, Some(((*name).to_owned(), (*email).to_owned())))).collect();
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!(read(" \n,;\n"), []);
    }

    #[test]
    fn invitation_list_names_the_line_of_each_wrong_entry() {
        let text = "Tessa <tessa@example.org>\n\nNobody\nx <@>\nTessa Again <TESSA@example.org>\n42.@example.org\nJo\u{430}n j@x.org";
        let wrong: Vec<usize> = parse_list(text).iter().filter(|it| it.person.is_err()).map(|it| it.line).collect();
        assert_eq!(wrong, [3, 4, 5, 7]);
        let entry = |text: &str| parse_list(text).remove(0).person.unwrap_err().into_owned();
        assert_eq!(entry("Nobody"), texts::entry_has_no_address());
        assert_eq!(entry("-@example.org"), texts::write_name_before_address());
    }
}
