//! Who must sign: lines, rows and headings under a heading that says sign-off, approval or signature.

use super::{
    attributes,
    definitions::LinkDefinitions,
    inline,
    keys::role_from_name,
    lines::SourceLine,
    table_columns,
    table_grid::{self, TableRows},
};
use crate::domain::{checklist::RequiredRole, role::RoleSlug, text::Title};

/// How sure it is that a line names a role when it looks like one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SignerLinePlace {
    /// A line of a list under a heading or label that says who signs and nothing else.
    List,
    /// Any other line there.
    Text,
    /// A line under a heading that says other things, too: only a blank to fill in makes it one.
    Uncertain,
}

/// Reads a line such as `**Technical Lead:** ______ Date: ____`, `- Product Owner: ____` or `**QA**: … {role=qa}`.
pub(super) fn read_role_line(line: &str, place: SignerLinePlace) -> Option<RequiredRole> {
    let (text, attributes) = match attributes::read_attributes(line) {
        Some((text, attributes)) => (text, Some(attributes)),
        None => (line, None),
    };
    let slug = attributes.as_ref().and_then(|attributes| attributes.role.clone());
    if attributes.is_some_and(|attributes| attributes.verbatim) {
        return to_required_role(Title::new(literal_name(text)?).ok()?, slug);
    }
    let (name, bold, rest) = before_colon(text)?;
    if is_name_of_role(name) && place != SignerLinePlace::Uncertain {
        return role_from_text(strip_marks(rest), slug).filter(|_| !is_unfilled(text));
    }
    let blank = ["___", "...", "…", "\\_\\_", "＿＿"].iter().any(|blank| rest.contains(blank));
    let empty = place == SignerLinePlace::List && strip_marks(rest).is_empty();
    let looks_like_one = blank || empty || slug.is_some() || (bold && place != SignerLinePlace::Uncertain);
    role_from_text(name, slug).filter(|_| looks_like_one)
}

/// A heading without the number of its section ("7.1 Technical Lead").
pub(super) fn without_number(title: &str) -> &str {
    let rest = title.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.').trim_start_matches(')');
    if rest.starts_with(' ') { rest.trim_start() } else { title }
}

/// Whether a field to fill in holds the role of whoever signs.
fn is_name_of_role(name: &str) -> bool {
    matches!(
        strip_marks(name).to_lowercase().as_str(),
        "role" | "title" | "job title" | "position" | "rolle" | "funktion"
    )
}

/// The role that this is the name of: a heading, a line in bold, a cell.
pub(super) fn role_from_text(name: &str, slug: Option<RoleSlug>) -> Option<RequiredRole> {
    let inline = inline::read_inline(strip_marks(&name.replace("**", "")), &LinkDefinitions::new());
    let title = Title::new(strip_marks(&inline.text)).ok()?;
    let names_role = title.as_str().chars().any(char::is_alphanumeric) || slug.is_some();
    to_required_role(title, slug).filter(|role| names_role && !is_field_name(role.title.as_str()))
}

fn to_required_role(title: Title, slug: Option<RoleSlug>) -> Option<RequiredRole> {
    let role = slug.or_else(|| role_from_name(title.as_str()))?;
    Some(RequiredRole { role, title })
}

/// Whether a line is one to fill in for whoever is named above it: `**Name:** ____`, `Date:`.
pub(super) fn is_field_line(line: &str) -> bool {
    before_colon(line).is_some_and(|(name, ..)| {
        let name = strip_marks(name).to_lowercase();
        is_field_name(&name) && !REMARK_NAMES.contains(&name.as_str())
    })
}

/// Whether such a line is still to be filled in, so that nothing is lost with it.
pub(super) fn is_unfilled(line: &str) -> bool {
    let rest = before_colon(line).map_or("", |(.., rest)| rest);
    // "Signed: ____ Date: ____" has a blank for each.
    let words = rest
        .split(|c: char| c.is_whitespace() || matches!(c, '_' | '＿'))
        .map(strip_marks)
        .filter(|word| !word.is_empty());
    words.filter(|word| word.chars().any(char::is_alphanumeric)).all(is_field_name)
}

/// Whether a line that names a role says more than the role: who signs, or when.
pub(super) fn has_signer_details(line: &str) -> bool {
    let text = attributes::read_attributes(line).map_or(line, |(text, _)| text);
    let names_role = before_colon(text).is_some_and(|(name, ..)| is_name_of_role(name));
    let has_more = ["](", "<!--"].iter().any(|mark| text.contains(mark));
    has_more || (!names_role && !is_unfilled(text))
}

/// The name in a line that holds nothing but a name in bold ("**QA Lead**").
pub(super) fn bold_line_text(line: &str) -> Option<&str> {
    let inside = line.trim().trim_end_matches(':').strip_prefix("**")?.strip_suffix("**")?;
    (!inside.contains("**")).then_some(inside)
}

/// What is on the lines of a block to sign in besides the name of the role.
const FIELD_NAMES: &[&str] = &[
    "date",
    "signature",
    "signed",
    "signed by",
    "signed on",
    "name",
    "full name",
    "printed name",
    "print name",
    "approved by",
    "reviewed by",
    "prepared by",
    "approver",
    "approved",
    "datum",
    "unterschrift",
    "nom",
    "nombre",
    "fecha",
    "firma",
    "nome",
    "assinatura",
    "naam",
    "handtekening",
    "дата",
    "подпись",
    "имя",
    "фио",
    "日期",
    "签名",
    "姓名",
    "日付",
    "署名",
    "氏名",
    "날짜",
    "서명",
    "التاريخ",
    "תאריך",
];

/// What is there without saying that anybody signs.
const REMARK_NAMES: &[&str] = &[
    "comment",
    "comments",
    "decision",
    "status",
    "note",
    "notes",
    "remarks",
    "conditions",
    "time",
    "email",
    "e-mail",
    "version",
    "environment",
    "warning",
    "important",
    "tip",
    "reason",
    "title",
    "legend",
    "key",
    "example",
    "instructions",
    "deadline",
    "due",
    "due date",
    "process",
    "hint",
    "contact",
];

/// Whether a title is one of what is on a block to sign in, or of a remark ("Note").
pub(super) fn is_field(title: &str) -> bool {
    is_field_name(strip_marks(title))
}

fn is_field_name(name: &str) -> bool {
    let name = name.to_lowercase();
    FIELD_NAMES.contains(&name.as_str()) || REMARK_NAMES.contains(&name.as_str())
}

/// Reads the roles of a table with a column for them: the first, unless another says that it is the one.
/// Each with its line, counted from the table's first.
pub(super) fn read_role_table(lines: &[SourceLine<'_>]) -> Vec<(usize, RequiredRole)> {
    let Some(table) = TableRows::split(lines) else { return Vec::new() };
    let is_row = is_header_role(&table);
    let TableRows { header, mut rows, .. } = table;
    if is_row {
        rows.insert(0, header.clone());
    }
    let header = header.1;
    // Beside a column for roles, one for approvers holds people.
    let find = |known| header.iter().position(|cell| has_word(cell, known));
    let column = find(ROLE_WORDS).or_else(|| find(TEAM_WORDS)).unwrap_or(0);
    rows.into_iter().filter_map(|(at, cells)| Some((at, role_from_text(cells.get(column)?, None)?))).collect()
}

/// What the header of a column says that holds roles and nothing else.
const ROLE_WORDS: &[&str] = &[
    "role",
    "roles",
    "rolle",
    "funktion",
    "rôle",
    "fonction",
    "rol",
    "ruolo",
    "papel",
    "função",
    "роль",
    "должность",
    "角色",
    "役割",
    "역할",
];

/// Words in the header of a column of teams or people; each of these is a role.
const TEAM_WORDS: &[&str] = &["team", "function", "department", "position", "stakeholder", "approver", "signatory"];

/// Whether the header of a column says that it holds roles, or teams or people in their place.
fn names_roles(header: &str) -> bool {
    has_word(header, ROLE_WORDS) || has_word(header, TEAM_WORDS)
}

/// Whether the first row of a table of roles may be one itself: it is not drawn as a header.
pub(super) fn is_header_role(table: &TableRows) -> bool {
    !table.is_header_drawn && !names_columns(table)
}

/// Whether the header of a table of roles says what its columns hold.
pub(super) fn names_columns(table: &TableRows) -> bool {
    table.header.1.iter().any(|cell| names_roles(cell) || is_field(cell))
}

/// Whether a table under a heading that says who signs is one of those who do, and not one of checks.
pub(super) fn is_role_table(lines: &[SourceLine<'_>], exact: bool) -> bool {
    const SIGNING: &[&str] =
        &["signature", "signed", "approved", "approval", "signoff", "unterschrift", "firma", "подпись", "署名"];
    let header = TableRows::split(lines).map(|table| table.header.1).unwrap_or_default();
    let has_role_column = header.iter().any(|cell| names_roles(cell) || has_word(cell, SIGNING));
    let names_checks = header.iter().any(|cell| table_columns::may_name_checks(cell));
    // Without a header, the first row may be one to tick.
    let begins_with_row = header.iter().any(|cell| table_grid::is_box(cell));
    (has_role_column || (exact && !begins_with_row)) && !names_checks
}

fn has_word(cell: &str, known: &[&str]) -> bool {
    // "Sign-off" is one word.
    let cell = cell.to_lowercase().replace("sign-off", "signoff").replace("sign off", "signoff");
    table_columns::header_words(&cell).iter().any(|word| known.contains(&word.as_str()))
}

/// The name on a line that is literal: all up to its last `:**`.
fn literal_name(text: &str) -> Option<&str> {
    text.strip_prefix("**")?.rsplit_once(":**").map(|(name, _)| name)
}

/// What is before the colon of a line, whether it is in bold, and the rest.
fn before_colon(text: &str) -> Option<(&str, bool, &str)> {
    let (bold, rest) = match text.strip_prefix("**").or_else(|| text.strip_prefix("__")) {
        Some(rest) if !rest.starts_with('_') => (true, rest),
        _ => (false, text),
    };
    let colon = rest.match_indices([':', '：']).find(|(at, _)| !rest[*at..].starts_with("://"))?.0;
    Some((&rest[..colon], bold, rest[colon..].trim_start_matches([':', '：'])))
}

fn strip_marks(text: &str) -> &str {
    text.trim().trim_matches(['*', '_', '＿', '`', ':', '：']).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn role_line_names_role() {
        for (line, slug, title) in [
            ("**Technical Lead:** _______ Date: ____", "tech_lead", "Technical Lead"),
            ("**Operations Lead**: _______", "operations", "Operations Lead"),
            ("Product Owner: ______", "product", "Product Owner"),
            ("**Legal:** … {role=counsel}", "counsel", "Legal"),
            ("Data protection {role=dpo}: x", "", ""),
            ("**a:** b:** … {role=c; verbatim}", "c", "a:** b"),
            ("**CISO** [policy](https://x.example): ____", "ciso_policy", "CISO policy"),
        ] {
            let read =
                read_role_line(line, SignerLinePlace::Text).map(|role| (role.role.to_string(), role.title.to_string()));
            let expected = (!slug.is_empty()).then(|| (slug.to_owned(), title.to_owned()));
            assert_eq!(read, expected, "{line}");
        }
        for line in ["**Date:** ____", "Everyone signs here.", "Note: none", "", "**:** __"] {
            assert_eq!(read_role_line(line, SignerLinePlace::Text), None, "{line}");
        }
    }

    #[test]
    fn role_table_names_roles() {
        let lines: Vec<SourceLine<'_>> = "| Name | Role | Date |\n|---|---|---|\n| | Tech Lead | |\n| | **QA** | |"
            .lines()
            .map(SourceLine::new)
            .collect();
        let slugs: Vec<String> = read_role_table(&lines).into_iter().map(|(_, role)| role.role.to_string()).collect();
        assert_eq!(slugs, ["tech_lead", "qa"]);
    }

    #[test]
    fn role_line_requirements_depend_on_place() {
        for (line, list, text, loose) in [
            ("SRE Lead:", true, false, false),
            ("**SRE Lead:** Ana", true, true, false),
            ("SRE Lead: ____", true, true, true),
            ("SRE Lead: Ana", false, false, false),
            ("Name:", false, false, false),
        ] {
            let found = [SignerLinePlace::List, SignerLinePlace::Text, SignerLinePlace::Uncertain]
                .map(|place| read_role_line(line, place).is_some());
            assert_eq!(found, [list, text, loose], "{line}");
        }
    }

    #[test]
    fn role_line_with_field_name_is_no_role() {
        for line in ["**Name:** ______", "Date:", "**Signature**: ____", "Unterschrift: ___", "日期：____"] {
            assert!(is_field_line(line), "{line}");
        }
        for line in ["QA: ____", "Comments: ____", "no colon"] {
            assert!(!is_field_line(line), "{line}");
        }
    }
}
