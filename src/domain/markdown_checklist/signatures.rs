//! The closing heading "Sign-off": the lines under it name the roles that must sign.

use super::{attributes, keys::role_of, lines::Line};
use crate::domain::{checklist::RequiredRole, role::RoleSlug, text::Title};

/// What a heading means, besides being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// Its lines name who signs.
    SignOff,
    /// What is noted there belongs to a launch, not to its checklist.
    Notes,
}

impl Closing {
    /// What a heading with this title means: its letters decide, whatever number, hyphen or colon is with them.
    pub(super) fn of(title: &str) -> Option<Self> {
        let letters: String = title.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        match letters.as_str() {
            "signoff" | "signoffs" | "approval" | "approvals" | "signatures" => Some(Self::SignOff),
            "notes" | "note" | "additionalnotes" => Some(Self::Notes),
            _ => None,
        }
    }
}

/// Reads a line such as `**Technical Lead:** ______ Date: ____`, `- Product Owner: ____` or `**QA**: … {role=qa}`.
pub(super) fn role(line: &str) -> Option<RequiredRole> {
    let (text, said) = match attributes::read(line) {
        Some((text, said)) => (text, Some(said)),
        None => (line, None),
    };
    let slug = said.as_ref().and_then(|said| said.role.clone());
    let verbatim = said.is_some_and(|said| said.verbatim);
    let name = if verbatim { literal_name(text)? } else { name(text, slug.is_some())? };
    required(name, slug)
}

/// Reads the roles of a table with a column for them: the first, unless another says that it is the one.
/// Each with its line, counted from the table's first.
pub(super) fn roles(lines: &[Line<'_>]) -> Vec<(usize, RequiredRole)> {
    let cells = |line: &Line<'_>| -> Vec<String> {
        line.body().trim_matches('|').split('|').map(|cell| plain(cell).to_owned()).collect()
    };
    let header = lines.first().map(cells).unwrap_or_default();
    let column = header.iter().position(|cell| cell.eq_ignore_ascii_case("role")).unwrap_or(0);
    let rows = lines.iter().enumerate().skip(2);
    rows.filter_map(|(at, line)| Some((at, required(cells(line).get(column)?, None)?))).collect()
}

fn required(name: &str, slug: Option<RoleSlug>) -> Option<RequiredRole> {
    let title = Title::new(name).ok()?;
    let role = slug.or_else(|| role_of(title.as_str()))?;
    Some(RequiredRole { role, title })
}

/// The name on a line that is to be taken to the letter: all up to its last `:**`.
fn literal_name(text: &str) -> Option<&str> {
    text.strip_prefix("**")?.rsplit_once(":**").map(|(name, _)| name)
}

/// The name before the colon, when the line is one to sign on: the name in bold, or a blank to fill in behind it.
fn name(text: &str, told: bool) -> Option<&str> {
    /// What stands on the other lines of a block to sign in.
    const NOT_ROLES: [&str; 8] = ["date", "signature", "signed", "name", "comment", "comments", "decision", "status"];

    let (bold, rest) = match text.strip_prefix("**").or_else(|| text.strip_prefix("__")) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let colon = rest.find([':', '：'])?;
    let blank = ["___", "...", "…", "\\_\\_"].iter().any(|blank| rest[colon..].contains(blank));
    let name = plain(&rest[..colon]);
    let other = NOT_ROLES.iter().any(|word| name.eq_ignore_ascii_case(word));
    ((bold || blank || told) && !other && !name.is_empty()).then_some(name)
}

fn plain(text: &str) -> &str {
    text.trim().trim_matches(['*', '_', '`', ':', '：']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_sign_on_name_roles() {
        for (line, slug, title) in [
            ("**Technical Lead:** _______ Date: ____", "tech_lead", "Technical Lead"),
            ("**Operations Lead**: _______", "operations", "Operations Lead"),
            ("Product Owner: ______", "product", "Product Owner"),
            ("**Legal:** … {role=counsel}", "counsel", "Legal"),
            ("Data protection {role=dpo}: x", "", ""),
            ("**a:** b:** … {role=c; verbatim}", "c", "a:** b"),
        ] {
            let read = role(line).map(|role| (role.role.to_string(), role.title.to_string()));
            let expected = (!slug.is_empty()).then(|| (slug.to_owned(), title.to_owned()));
            assert_eq!(read, expected, "{line}");
        }
        for line in ["**Date:** ____", "Everyone signs here.", "Note: none", "", "**:** __"] {
            assert_eq!(role(line), None, "{line}");
        }
    }

    #[test]
    fn a_table_names_roles_too() {
        let lines: Vec<Line<'_>> =
            "| Name | Role | Date |\n|---|---|---|\n| | Tech Lead | |\n| | **QA** | |".lines().map(Line::new).collect();
        let slugs: Vec<String> = roles(&lines).into_iter().map(|(_, role)| role.role.to_string()).collect();
        assert_eq!(slugs, ["tech_lead", "qa"]);
    }

    #[test]
    fn headings_that_close() {
        for title in ["Sign-off", "SIGN OFF", "Signoff", "12. Sign-off:", "Approvals"] {
            assert_eq!(Closing::of(title), Some(Closing::SignOff), "{title}");
        }
        assert_eq!(Closing::of("Notes"), Some(Closing::Notes));
        assert_eq!(Closing::of("Release notes"), None);
    }
}
