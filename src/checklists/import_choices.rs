//! What an importer chooses on the preview beside the text: who must sign, and the role, importance and evidence of all items
//! of a part. The choices are applied to what was read, so that the preview and the published version have them.

use std::collections::BTreeMap;

use crate::{
    domain::{
        checklist::{Checklist, ChecklistPart, Importance, RequiredRole},
        markdown_checklist::role_from_name,
        role::RoleSlug,
        text::Title,
    },
    texts,
    web::form::{FieldErrors, Toggle},
};

/// The most parts for which the form has fields: a form has a limited number of them.
const MAX_PARTS: usize = 50;

/// The fields as they were sent.
#[derive(Debug, Clone, Default)]
pub(super) struct SentImportChoices {
    /// The slugs of the roles that the form offered, separated by commas; `None` when it had no such fields, as the first
    /// one and a program's have none. A role that the text names and that was not offered stays.
    offered: Option<String>,
    /// The slugs of the roles that were chosen.
    signers: Vec<String>,
    /// Names of other roles, separated by commas or lines.
    pub own_signers: String,
    /// Whether a version that nobody must sign is meant.
    pub unsigned: Toggle,
    /// By the number of the part, from 1.
    parts: BTreeMap<usize, SentPartChoices>,
}

/// The fields of one part. Empty ones leave the items as they are.
#[derive(Debug, Clone, Default)]
struct SentPartChoices {
    /// The part's title on the page: when the text has changed, the choice may not be about this part any more.
    title: String,
    role: String,
    importance: String,
    evidence: String,
}

/// A role that may sign, and whether it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignerChoice {
    pub slug: String,
    pub title: String,
    pub is_chosen: bool,
}

/// The fields of a part, as the form shows them.
#[derive(Debug, Clone)]
pub(super) struct PartChoicesView {
    pub number: usize,
    pub title: String,
    pub items: usize,
    role: String,
    importance: String,
    evidence: String,
}

/// The choices as the form shows them, after what was read.
#[derive(Debug, Clone, Default)]
pub(super) struct ImportChoicesView {
    pub signers: Vec<SignerChoice>,
    pub offered: String,
    pub parts: Vec<PartChoicesView>,
    /// The number of parts without fields.
    pub more_parts: usize,
    /// Whether something is chosen for a part.
    pub has_part_choices: bool,
}

impl SentImportChoices {
    /// Takes a field of the form; others change nothing.
    pub(super) fn add_field(&mut self, name: &str, value: String) {
        match name {
            "offered" => self.offered = Some(value),
            "signer" => self.signers.push(value),
            "own_signers" => self.own_signers = value,
            "unsigned" => self.unsigned = Toggle::from_text(value),
            _ => {
                let Some((number, field)) = parse_part_field(name) else { return };
                let part = self.parts.entry(number).or_default();
                match field {
                    "title" => part.title = value,
                    "role" => part.role = value,
                    "importance" => part.importance = value,
                    "evidence" => part.evidence = value,
                    _ => {}
                }
            }
        }
    }

    /// Whether a field belongs to the choices.
    pub(super) fn has_field(name: &str) -> bool {
        matches!(name, "offered" | "signer" | "own_signers" | "unsigned") || parse_part_field(name).is_some()
    }

    /// Applies the choices to a checklist. `roles` are those of the installation; errors are added for values that no form
    /// has.
    pub(super) fn apply(&self, checklist: &mut Checklist, roles: &[RequiredRole], errors: &mut FieldErrors) {
        let offered = offered_roles(checklist, roles);
        if let Some(sent) = &self.offered {
            let was_offered = |role: &RequiredRole| sent.split(',').any(|slug| slug == role.role.as_str());
            let is_chosen = |role: &RequiredRole| self.signers.iter().any(|slug| slug == role.role.as_str());
            let named: Vec<RoleSlug> = checklist.required_roles.iter().map(|role| role.role.clone()).collect();
            checklist.required_roles = offered
                .iter()
                .filter(|role| is_chosen(role) || (named.contains(&role.role) && !was_offered(role)))
                .cloned()
                .collect();
            if self.signers.iter().any(|slug| !offered.iter().any(|role| role.role.as_str() == slug)) {
                errors.add("signer", texts::choose_one_of_these());
            }
        }
        for name in self.own_signers.split([',', '\n']).map(str::trim).filter(|name| !name.is_empty()) {
            let Some(title) = errors.check("own_signers", Title::new(name)) else { continue };
            match role_from_name(title.as_str()) {
                Some(role) if checklist.requires(&role) => {}
                Some(role) => checklist.required_roles.push(RequiredRole { role, title }),
                None => errors.add("own_signers", texts::role_has_no_name()),
            }
        }
        let offered = offered_roles(checklist, roles);
        for (number, chosen) in &self.parts {
            let part = number.checked_sub(1).and_then(|at| checklist.parts.get_mut(at));
            if let Some(part) = part.filter(|part| title_of(part) == chosen.title) {
                chosen.apply(part, &offered, errors);
            }
        }
    }

    /// The choices as the form shows them again; `checklist` has them applied.
    pub(super) fn view(&self, checklist: &Checklist, roles: &[RequiredRole]) -> ImportChoicesView {
        let offered = offered_roles(checklist, roles);
        let part = |(at, part): (usize, &ChecklistPart)| {
            let title = title_of(part);
            let chosen = self.parts.get(&(at + 1)).filter(|chosen| chosen.title == title).cloned().unwrap_or_default();
            PartChoicesView {
                number: at + 1,
                items: part.sections.iter().map(|section| section.items.len()).sum(),
                role: chosen.role,
                importance: chosen.importance,
                evidence: chosen.evidence,
                title,
            }
        };
        let parts: Vec<PartChoicesView> = checklist.parts.iter().enumerate().take(MAX_PARTS).map(part).collect();
        ImportChoicesView {
            offered: offered.iter().map(|role| role.role.as_str()).collect::<Vec<_>>().join(","),
            has_part_choices: parts.iter().any(PartChoicesView::has_choice),
            more_parts: checklist.parts.len().saturating_sub(MAX_PARTS),
            signers: offered
                .iter()
                .map(|role| SignerChoice {
                    slug: role.role.to_string(),
                    title: role.title.to_string(),
                    is_chosen: checklist.requires(&role.role),
                })
                .collect(),
            parts,
        }
    }
}

impl SentPartChoices {
    fn apply(&self, part: &mut ChecklistPart, offered: &[RequiredRole], errors: &mut FieldErrors) {
        let role = offered.iter().find(|role| role.role.as_str() == self.role).map(|role| role.role.clone());
        let importance = Importance::ALL.into_iter().find(|importance| importance.slug() == self.importance);
        let evidence = match self.evidence.as_str() {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        };
        let is_unknown = (role.is_none() && !self.role.is_empty())
            || (importance.is_none() && !self.importance.is_empty())
            || (evidence.is_none() && !self.evidence.is_empty());
        if is_unknown {
            errors.add("parts", texts::choose_one_of_these());
        }
        for item in part.sections.iter_mut().flat_map(|section| &mut section.items) {
            item.role = role.clone().or(item.role.take());
            item.importance = importance.unwrap_or(item.importance);
            item.evidence_required = evidence.unwrap_or(item.evidence_required);
        }
    }
}

impl PartChoicesView {
    fn has_choice(&self) -> bool {
        !(self.role.is_empty() && self.importance.is_empty() && self.evidence.is_empty())
    }

    /// The name of one of its fields.
    pub(super) fn field(&self, field: &str) -> String {
        format!("part-{}-{field}", self.number)
    }

    pub(super) fn has_role(&self, slug: &str) -> bool {
        self.role == slug
    }

    pub(super) fn has_importance(&self, slug: &str) -> bool {
        self.importance == slug
    }

    pub(super) fn has_evidence(&self, value: &str) -> bool {
        self.evidence == value
    }
}

fn title_of(part: &ChecklistPart) -> String {
    part.title.as_ref().map_or_else(String::new, ToString::to_string)
}

fn parse_part_field(name: &str) -> Option<(usize, &str)> {
    let (number, field) = name.strip_prefix("part-")?.split_once('-')?;
    let number = number.parse().ok().filter(|number| (1..=MAX_PARTS).contains(number))?;
    matches!(field, "title" | "role" | "importance" | "evidence").then_some((number, field))
}

/// The roles that must sign, and the installation's others.
fn offered_roles(checklist: &Checklist, roles: &[RequiredRole]) -> Vec<RequiredRole> {
    let others = roles.iter().filter(|role| !checklist.requires(&role.role));
    checklist.required_roles.iter().chain(others).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::markdown_checklist::parse_markdown;

    const TEXT: &str = "## Data\n- [ ] Back up {#a; role=security}\n- [ ] Keep\n\n## Web\n- [ ] Serve\n";

    fn checklist(text: &str) -> Checklist {
        parse_markdown(text, &Title::new("n").unwrap()).checklist
    }

    fn role(slug: &str, title: &str) -> RequiredRole {
        RequiredRole { role: slug.parse().unwrap(), title: Title::new(title).unwrap() }
    }

    fn choices(fields: &[(&str, &str)]) -> SentImportChoices {
        let mut choices = SentImportChoices::default();
        for (name, value) in fields {
            assert!(SentImportChoices::has_field(name), "{name}");
            choices.add_field(name, (*value).to_owned());
        }
        choices
    }

    /// The slugs of who must sign, and the names of the fields that are wrong.
    fn signers(text: &str, fields: &[(&str, &str)]) -> (Vec<String>, Vec<&'static str>) {
        let (mut checklist, mut errors) = (checklist(text), FieldErrors::new());
        let roles = [role("tech_lead", "Tech lead"), role("operations", "Operations")];
        choices(fields).apply(&mut checklist, &roles, &mut errors);
        let slugs = checklist.required_roles.iter().map(|role| role.role.to_string()).collect();
        (slugs, errors.iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn import_choices_set_signers() {
        let signed = "- [ ] A\n\n## Sign-off\n**Legal:** ____\n";
        for (text, fields, expected, wrong) in [
            (signed, vec![], vec!["legal"], vec![]),
            (TEXT, vec![("offered", "tech_lead,operations"), ("signer", "operations")], vec!["operations"], vec![]),
            (signed, vec![("offered", "legal,tech_lead"), ("signer", "tech_lead")], vec!["tech_lead"], vec![]),
            (signed, vec![("offered", "tech_lead"), ("signer", "tech_lead")], vec!["legal", "tech_lead"], vec![]),
            (TEXT, vec![("own_signers", "Legal, Data protection\nLegal")], vec!["legal", "data_protection"], vec![]),
            (TEXT, vec![("offered", ""), ("signer", "nobody")], vec![], vec!["signer"]),
        ] {
            let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
            assert_eq!(signers(text, &fields), (expected, wrong), "{fields:?}");
        }
    }

    #[test]
    fn import_choices_set_items_of_a_part() {
        let apply = |fields: &[(&str, &str)]| {
            let (mut checklist, mut errors) = (checklist(TEXT), FieldErrors::new());
            choices(fields).apply(&mut checklist, &[role("operations", "Operations")], &mut errors);
            let items = checklist.items().map(|(_, _, item)| {
                let role = item.role.as_ref().map_or_else(String::new, ToString::to_string);
                format!("{role} {} {}", item.importance.slug(), item.evidence_required)
            });
            (items.collect::<Vec<_>>(), errors.has("parts"))
        };
        let as_read = ["security required false", " required false", " required false"].map(str::to_owned).to_vec();
        assert_eq!(apply(&[("part-1-title", "Data")]), (as_read.clone(), false));
        let all = [("part-1-title", "Data"), ("part-1-role", "operations"), ("part-1-importance", "critical")];
        let set =
            ["operations critical true", "operations critical true", " required false"].map(str::to_owned).to_vec();
        assert_eq!(apply(&[&all[..], &[("part-1-evidence", "on")]].concat()), (set, false));
        let renamed = [("part-1-title", "Other"), ("part-1-importance", "critical")];
        assert_eq!(apply(&renamed), (as_read.clone(), false), "of another part");
        assert_eq!(apply(&[("part-2-title", "Web"), ("part-2-role", "nobody")]), (as_read, true));
    }
}
