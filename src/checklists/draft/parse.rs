//! Parses a form of the editor into a command on the draft. This is the one place that knows what each form means.

use super::{
    current::{CurrentDraft, DraftRoleChoices},
    form::{ALL_PHASES, DraftForm, DraftInput, phase_slug},
    refusal::DraftRefusal,
    store::StepDirection,
};
use crate::{
    domain::{
        checklist::{Importance, InvalidItemKey, ItemKey, RequiredRole},
        checklist_draft::{
            ChecklistDraft, DraftEdit, DraftEditError, DraftItemFields, ItemChanges, ItemPlace, MoveDirection,
            NestDirection,
        },
        ids::{NodeId, UserId},
        markdown_checklist::role_from_name,
        role::RoleSlug,
        text::{Markdown, Title},
    },
    texts,
    web::{
        Error,
        form::{FieldErrors, Toggle},
        idempotency::{IdempotencyKey, idempotent_id},
    },
};

/// The command of a form of the editor.
#[derive(Debug)]
pub(super) enum DraftCommand {
    Edit(DraftEdit),
    TakeStep(StepDirection),
    Publish(IdempotencyKey),
    Discard,
}

/// A submitted form with its errors: the page shows it again as it was typed.
#[derive(Debug, Clone)]
pub(super) struct SentDraftForm {
    pub form: DraftForm,
    /// The part, section or item that it changes; [`WHOLE_DRAFT`](super::form::WHOLE_DRAFT) if it changes none.
    pub node: NodeId,
    pub input: DraftInput,
    pub errors: FieldErrors,
    pub problem: Option<String>,
    /// Whether somebody else has changed the same meanwhile.
    pub is_stale: bool,
    /// The id of the part, section or item that it adds.
    pub added: Option<NodeId>,
    /// The version of the removal that it undoes.
    pub removal: i64,
}

impl SentDraftForm {
    pub(super) fn new(form: DraftForm, node: NodeId, input: DraftInput) -> Self {
        Self { form, node, input, errors: FieldErrors::new(), problem: None, is_stale: false, added: None, removal: 0 }
    }

    pub(super) fn has_error(&self) -> bool {
        !self.errors.is_empty() || self.problem.is_some()
    }

    /// Adds why the form was refused: at its field, or else at the top of the page.
    pub(super) fn refuse(&mut self, refusal: &DraftRefusal) {
        self.is_stale = matches!(refusal, DraftRefusal::Edit(DraftEditError::Stale));
        if refusal.says_what_changed() {
            self.input.version.forget();
        }
        match refusal {
            DraftRefusal::Edit(error) if let Some(field) = error.field().filter(|_| !self.form.is_button()) => {
                self.errors.add(field, error);
            }
            _ => self.problem = Some(refusal.to_string()),
        }
    }

    /// The command of the form; `None` if a field is wrong, or if only a preview was asked for. What `author` adds with
    /// a form that is sent twice has the same id both times.
    ///
    /// # Errors
    /// When the form has a value of a button that no page has.
    pub(super) fn parse(
        &mut self,
        current: &CurrentDraft,
        roles: &DraftRoleChoices,
        author: UserId,
    ) -> Result<Option<DraftCommand>, Error> {
        let (form, node) = (self.form, self.node);
        let key = match self.input.once.parse() {
            Ok(key) => key,
            Err(invalid) => {
                self.problem = Some(invalid.to_string());
                return Ok(None);
            }
        };
        let edit = match form {
            DraftForm::Publish => return Ok(Some(DraftCommand::Publish(key))),
            DraftForm::Discard => return Ok(Some(DraftCommand::Discard)),
            DraftForm::TakeStep => {
                let direction = match self.input.action.as_str() {
                    "undo" => StepDirection::Undo,
                    "redo" => StepDirection::Redo,
                    _ => return Err(Error::Unprocessable(texts::choose_undo_or_redo())),
                };
                return Ok(Some(DraftCommand::TakeStep(direction)));
            }
            DraftForm::SetDescription => self.parse_description(current),
            DraftForm::EditRoles => self.parse_role_edit(current, roles)?,
            DraftForm::AddPart => self.parse_title().map(|title| {
                let content = [b"part", title.as_str().as_bytes()];
                let id = idempotent_id(author, current.checklist.uuid(), key, &content);
                DraftEdit::AddPart { id, title }
            }),
            DraftForm::AddSection => self.parse_title().map(|title| {
                let content = [b"section", title.as_str().as_bytes()];
                let id = idempotent_id(author, node.uuid(), key, &content);
                DraftEdit::AddSection { id, part: node, title }
            }),
            DraftForm::RenamePart | DraftForm::RenameSection => {
                self.parse_title().map(|title| DraftEdit::Rename { node, title })
            }
            DraftForm::MoveSection => {
                let to = self.input.to.parse().map_err(|_| Error::NotFound)?;
                Some(DraftEdit::MoveSection { section: node, part: to })
            }
            DraftForm::AddItem => self.parse_item(roles)?.map(|fields| {
                let id = idempotent_id(author, node.uuid(), key, &self.input.idempotency_content());
                DraftEdit::AddItem { id, place: self.parse_place_of_new_item(current), fields }
            }),
            DraftForm::ChangeItem => {
                // A form that does not say whether evidence is required leaves that as it is.
                if let (Ok(None), Some((_, _, existing))) = (self.input.evidence.parse(), current.draft.item(node)) {
                    self.input.evidence = Toggle::new(existing.item.evidence_required);
                }
                self.parse_item(roles)?.map(|fields| DraftEdit::EditItem { item: node, fields })
            }
            DraftForm::PlaceItem => {
                let edit = parse_place(&self.input, &current.draft, node);
                if edit.is_none() {
                    self.problem = Some(texts::choose_one_of_these().into_owned());
                }
                edit
            }
            DraftForm::EditItems => self.parse_items_edit(roles)?,
            DraftForm::MoveOneStep => {
                let direction = if self.input.up.is_empty() { MoveDirection::Down } else { MoveDirection::Up };
                Some(DraftEdit::MoveOneStep(node, direction))
            }
            DraftForm::Remove => Some(DraftEdit::Remove(vec![node])),
            DraftForm::Restore => Some(DraftEdit::Restore(node)),
            DraftForm::UndoRemoval => Some(DraftEdit::UndoRemoval(self.removal)),
        };
        if let Some(DraftEdit::AddPart { id, .. } | DraftEdit::AddSection { id, .. } | DraftEdit::AddItem { id, .. }) =
            &edit
        {
            self.added = Some(*id);
        }
        Ok(edit.filter(|_| !(form.is_item_form() && self.input.is_preview())).map(DraftCommand::Edit))
    }

    fn parse_title(&mut self) -> Option<Title> {
        self.errors.check("title", Title::new(&self.input.title))
    }

    fn parse_description(&mut self, current: &CurrentDraft) -> Option<DraftEdit> {
        let name = self.errors.check("name", Title::new(&self.input.name));
        let introduction = match self.input.introduction.get() {
            Some(text) => self.errors.check("introduction", Markdown::optional_from_input(text)),
            None => Some(current.draft.introduction.clone()),
        };
        Some(DraftEdit::SetDescription { name: name?, introduction: introduction? })
    }

    fn parse_role_edit(
        &mut self,
        current: &CurrentDraft,
        choices: &DraftRoleChoices,
    ) -> Result<Option<DraftEdit>, Error> {
        let edit = match self.input.action.as_str() {
            "add" => return Ok(self.parse_new_role(choices).map(DraftEdit::RequireRole)),
            "remove" => DraftEdit::RemoveRole,
            "up" => |role| DraftEdit::MoveRole(role, MoveDirection::Up),
            "down" => |role| DraftEdit::MoveRole(role, MoveDirection::Down),
            _ => return Err(Error::Unprocessable(texts::choose_what_to_do_with_role())),
        };
        let role = current.draft.required_roles.iter().find(|required| required.role.as_str() == self.input.role);
        if role.is_none() {
            self.problem = Some(texts::role_does_not_have_to_sign().into_owned());
        }
        Ok(role.map(|required| edit(required.role.clone())))
    }

    /// The role that a form adds: an existing one by its slug, or a new one by its title.
    fn parse_new_role(&mut self, choices: &DraftRoleChoices) -> Option<RequiredRole> {
        if self.input.role.is_empty() {
            let title = self.parse_title()?;
            let role = role_from_name(title.as_str()).ok_or_else(texts::no_role_has_such_a_name);
            return Some(RequiredRole { role: self.errors.check("title", role)?, title });
        }
        let choice = choices.iter().find(|(role, _)| role.as_str() == self.input.role);
        let (role, title) = self.errors.check("role", choice.ok_or_else(texts::choose_one_of_these))?;
        // A role that only an item names has no title yet.
        let title = if self.input.title.trim().is_empty() { title } else { &self.input.title };
        Some(RequiredRole { role: role.clone(), title: self.errors.check("title", Title::new(title))? })
    }

    /// Where the form of a new item adds it: at the end of its section, if the item that it names was removed.
    fn parse_place_of_new_item(&self, current: &CurrentDraft) -> ItemPlace {
        let after = self.input.after.parse().ok().filter(|after| current.draft.item(*after).is_some());
        match after {
            Some(after) if self.input.nested.is_on() => ItemPlace::Inside(after),
            Some(after) => ItemPlace::After(after),
            None => ItemPlace::EndOf(self.node),
        }
    }

    /// The edit of the form for several items.
    fn parse_items_edit(&mut self, choices: &DraftRoleChoices) -> Result<Option<DraftEdit>, Error> {
        let items = self.input.item.iter().map(|item| item.parse()).collect::<Result<Vec<NodeId>, _>>();
        let items = items.map_err(|_| Error::NotFound)?;
        let edit = match self.input.action.as_str() {
            "change" => {
                let changes = parse_item_changes(&self.input, choices);
                if changes == Some(ItemChanges::default()) {
                    self.problem = Some(texts::choose_what_to_change().into_owned());
                }
                changes.map(|changes| DraftEdit::ChangeItems { items: items.clone(), changes })
            }
            "move" => self
                .input
                .to
                .parse()
                .ok()
                .map(|to| DraftEdit::MoveItems { items: items.clone(), place: ItemPlace::EndOf(to) }),
            "remove" => Some(DraftEdit::Remove(items.clone())),
            _ => return Err(Error::Unprocessable(texts::choose_what_to_change())),
        };
        if items.is_empty() {
            self.problem = Some(texts::choose_items_first().into_owned());
        } else if edit.is_none() {
            self.problem = Some(texts::choose_one_of_these().into_owned());
        }
        Ok(edit.filter(|_| self.problem.is_none()))
    }

    fn parse_item(&mut self, choices: &DraftRoleChoices) -> Result<Option<DraftItemFields>, Error> {
        let Self { input, errors, .. } = self;
        let ("" | "preview", "" | "next" | "below") = (input.step.as_str(), input.then.as_str()) else {
            return Err(Error::Unprocessable(texts::choose_preview_or_save()));
        };
        Ok(parse_item_fields(input, choices, errors))
    }
}

/// The parsed fields; errors are added to `errors`.
fn parse_item_fields(
    input: &DraftInput,
    choices: &DraftRoleChoices,
    errors: &mut FieldErrors,
) -> Option<DraftItemFields> {
    let title = errors.check("title", Title::new(&input.title));
    let importance = Importance::ALL.into_iter().find(|importance| importance.slug() == input.importance);
    let importance = errors.check("importance", importance.ok_or_else(texts::choose_one_of_these));
    let phase = ALL_PHASES.into_iter().find(|phase| phase_slug(*phase) == input.phase);
    let phase = errors.check("phase", phase.ok_or_else(texts::choose_one_of_these));
    let role = match input.role.as_str() {
        "" => Some(None),
        slug => {
            let role = slug.parse::<RoleSlug>().ok().filter(|slug| choices.iter().any(|(role, _)| role == slug));
            errors.check("role", role.map(Some).ok_or_else(texts::choose_one_of_these))
        }
    };
    // A new item requires no evidence unless the form says so; the page of an existing item always sends the field.
    let evidence = errors.check("evidence", input.evidence.parse()).map(|choice| choice.unwrap_or(false));
    let guidance = errors.check("guidance", Markdown::optional_from_input(&input.guidance));
    let key = match input.key.trim() {
        "" => Some(None),
        key => {
            let key = key.parse::<ItemKey>().map(Some);
            errors.check("key", key.map_err(|InvalidItemKey| texts::what_a_key_is_made_of()))
        }
    };
    Some(DraftItemFields {
        title: title?,
        importance: importance?,
        phase: phase?,
        role: role?,
        evidence_required: evidence?,
        guidance: guidance?,
        key: key?,
    })
}

/// The values that a form gives to many items: an empty field changes nothing, and `-` stands for no role. `None` if a
/// field has anything else.
fn parse_item_changes(input: &DraftInput, choices: &DraftRoleChoices) -> Option<ItemChanges> {
    let importance = match input.importance.as_str() {
        "" => None,
        slug => Some(Importance::ALL.into_iter().find(|importance| importance.slug() == slug)?),
    };
    let phase = match input.phase.as_str() {
        "" => None,
        slug => Some(ALL_PHASES.into_iter().find(|phase| phase_slug(*phase) == slug)?),
    };
    let role = match input.role.as_str() {
        "" => None,
        "-" => Some(None),
        slug => Some(Some(choices.iter().find(|(role, _)| role.as_str() == slug)?.0.clone())),
    };
    Some(ItemChanges { importance, phase, role, evidence_required: input.evidence.parse().ok()? })
}

/// The move that a form asks for: to the end of a section, after an item or to the beginning of a section, or into or out
/// of an item.
fn parse_place(input: &DraftInput, draft: &ChecklistDraft, item: NodeId) -> Option<DraftEdit> {
    let move_to = |place| Some(DraftEdit::MoveItems { items: vec![item], place });
    match (input.to.as_str(), input.after.as_str(), input.nest.as_str()) {
        (to, "", "") => move_to(ItemPlace::EndOf(to.parse().ok()?)),
        ("", after, "") => {
            let after = after.parse().ok()?;
            let is_section = draft.section(after).is_some();
            move_to(if is_section { ItemPlace::StartOf(after) } else { ItemPlace::After(after) })
        }
        ("", "", "deeper") => Some(DraftEdit::Nest(item, NestDirection::Deeper)),
        ("", "", "outward") => Some(DraftEdit::Nest(item, NestDirection::Outward)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::form::WHOLE_DRAFT, *};
    use crate::{
        domain::{
            checklist::{Phase, Window},
            ids::ChecklistId,
            markdown_checklist::parse_markdown,
        },
        web::form_base::FormBase,
    };

    fn input() -> DraftInput {
        DraftInput { title: "Backups are restored".to_owned(), role: "legal".to_owned(), ..DraftInput::for_new_item() }
    }

    fn parse_fields(input: &DraftInput) -> Result<DraftItemFields, Vec<&'static str>> {
        let roles = vec![("legal".parse().unwrap(), "Legal".to_owned())];
        let mut errors = FieldErrors::new();
        let fields = parse_item_fields(input, &roles, &mut errors);
        fields.ok_or_else(|| errors.iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn item_form_with_wrong_fields_names_each_field() {
        let fields = parse_fields(&input()).unwrap();
        assert_eq!((fields.importance, fields.phase, fields.key), (Importance::Required, Phase::Before, None));
        let long = "x".repeat(Title::MAX + 1);
        let bad = DraftInput {
            title: long,
            importance: "vital".to_owned(),
            phase: "25h".to_owned(),
            role: "nobody".to_owned(),
            evidence: serde_json::from_str(r#"["perhaps"]"#).unwrap(),
            guidance: "x".repeat(Markdown::MAX + 1),
            key: "Not a key".to_owned(),
            ..input()
        };
        assert_eq!(
            parse_fields(&bad),
            Err(vec!["evidence", "guidance", "importance", "key", "phase", "role", "title"])
        );
        assert_eq!(parse_fields(&DraftInput { title: " ".to_owned(), ..input() }), Err(vec!["title"]));
        assert_eq!(parse_fields(&DraftInput::default()), Err(vec!["importance", "phase", "title"]));
    }

    #[test]
    fn phase_slug_is_unique_for_every_phase() {
        for phase in ALL_PHASES {
            let input = DraftInput { phase: phase_slug(phase).to_owned(), ..input() };
            assert_eq!(parse_fields(&input).map(|fields| fields.phase), Ok(phase));
        }
        assert_eq!(ALL_PHASES.last(), Some(&Phase::After(Window::Month)));
    }

    #[test]
    fn seen_version_that_is_unreadable_is_stale() {
        let seen = |version: &str| DraftInput { version: FormBase::new(version.to_owned()), ..input() }.seen_version();
        assert_eq!(["7", "", "x", "-9999999999999999999999"].map(seen), [7, -1, -1, -1]);
    }

    #[test]
    fn place_form_names_one_place_or_one_nesting() {
        let checklist = parse_markdown("- [ ] One\n", &Title::new("List").unwrap()).checklist;
        let draft = ChecklistDraft::from_version(ChecklistId(uuid::Uuid::nil()), &checklist, 1, 0);
        let (item, other, section) = (WHOLE_DRAFT, NodeId(uuid::Uuid::from_u128(7)), draft.parts[0].sections[0].id);
        let place = |to: &str, after: &str, nest: &str| {
            let [to, after, nest] = [to, after, nest].map(str::to_owned);
            parse_place(&DraftInput { to, after, nest, ..DraftInput::default() }, &draft, item)
        };
        let moved = |place| Some(DraftEdit::MoveItems { items: vec![item], place });
        let other_text = other.to_string();
        assert_eq!(place(&other_text, "", ""), moved(ItemPlace::EndOf(other)));
        assert_eq!(place("", &other_text, ""), moved(ItemPlace::After(other)));
        assert_eq!(place("", &section.to_string(), ""), moved(ItemPlace::StartOf(section)));
        assert_eq!(place("", "", "deeper"), Some(DraftEdit::Nest(item, NestDirection::Deeper)));
        assert_eq!(place("", "", "outward"), Some(DraftEdit::Nest(item, NestDirection::Outward)));
        for (to, after, nest) in
            [("", "", ""), ("x", "", ""), ("", "x", ""), ("", "", "under"), (&other_text, "", "deeper")]
        {
            assert_eq!(place(to, after, nest), None, "{to} {after} {nest}");
        }
    }

    #[test]
    fn change_form_of_many_items_leaves_empty_fields_as_they_are() {
        let roles = vec![("legal".parse().unwrap(), "Legal".to_owned())];
        let changes = |importance: &str, phase: &str, role: &str, evidence: &str| {
            let [importance, phase, role] = [importance, phase, role].map(str::to_owned);
            let evidence = serde_json::from_value(serde_json::json!([evidence])).unwrap();
            parse_item_changes(&DraftInput { importance, phase, role, evidence, ..DraftInput::default() }, &roles)
        };
        assert_eq!(changes("", "", "", ""), Some(ItemChanges::default()));
        let all = ItemChanges {
            importance: Some(Importance::Critical),
            phase: Some(Phase::After(Window::Week)),
            role: Some(Some("legal".parse().unwrap())),
            evidence_required: Some(false),
        };
        assert_eq!(changes("critical", "7d", "legal", "off"), Some(all));
        assert_eq!(changes("", "", "-", "").map(|changes| changes.role), Some(Some(None)));
        for (importance, phase, role, evidence) in
            [("vital", "", "", ""), ("", "25h", "", ""), ("", "", "nobody", ""), ("", "", "", "perhaps")]
        {
            assert_eq!(changes(importance, phase, role, evidence), None);
        }
    }
}
