//! The forms that change who holds roles and who takes part: one *Save* for all that was chosen.
//!
//! A form names the people whom it showed (`was`) and those that stay (`holder` or `participant`), so that nobody is
//! removed whom somebody else added meanwhile. Whom it adds, it sends as `role` and `user`, in pairs. A program may send
//! one pair with `action` alone.

use serde::Deserialize;

use super::people_choice::parse_signer;
use crate::{
    domain::{
        ids::UserId,
        launch::command::Command,
        role::{RoleError, RoleSlug},
    },
    texts,
    web::form::FieldErrors,
};

/// The form of a section of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PeopleSection {
    Holders,
    Participants,
}

impl PeopleSection {
    /// The id of the section on the page.
    pub(super) const fn anchor(self) -> &'static str {
        match self {
            Self::Holders => "holders",
            Self::Participants => "participants",
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct LaunchPeopleForm {
    /// The role of each `user`; empty in the form of the participants.
    role: Vec<String>,
    /// Whom to add or remove, beside each role; empty for nobody.
    user: Vec<String>,
    action: Vec<String>,
    /// The people whom the form showed: `role.user` for holders, `user` for participants.
    was: Vec<String>,
    /// Those of them that stay.
    holder: Vec<String>,
    participant: Vec<String>,
}

impl LaunchPeopleForm {
    /// The role to which somebody is to be added first, empty for a participant; `None` if the form removes somebody.
    pub(super) fn adds_to(&self) -> Option<&str> {
        let first = self.user.iter().position(|user| !user.is_empty()).unwrap_or(0);
        self.is_adding().then(|| self.role.get(first).map_or("", String::as_str))
    }

    pub(super) fn keeps(&self, value: &str) -> bool {
        let shown = |list: &[String]| list.iter().any(|sent| sent == value);
        !shown(&self.was) || shown(&self.holder) || shown(&self.participant)
    }

    pub(super) fn adds(&self, role: &str, user: &str) -> bool {
        let role_at = |at: usize| self.role.get(at).map_or("", String::as_str);
        self.user.iter().enumerate().any(|(at, sent)| sent == user && role_at(at) == role)
    }

    /// The changes of a section; `None` where the form is wrong.
    pub(super) fn read(&self, section: PeopleSection, errors: &mut FieldErrors) -> Option<Vec<Command>> {
        match section {
            PeopleSection::Holders => self.read_holders(errors),
            PeopleSection::Participants => self.read_participants(errors),
        }
    }

    fn read_holders(&self, errors: &mut FieldErrors) -> Option<Vec<Command>> {
        let gone = self.was.iter().filter(|shown| !self.holder.contains(shown)).map(|shown| {
            let (role, user) = parse_signer(shown)?;
            Some(Command::RemoveHolder { role, user })
        });
        let removed: Option<Vec<Command>> = gone.collect();
        if removed.is_none() {
            errors.add("user", texts::choose_an_active_member());
        }
        if self.role.is_empty() && !self.user.is_empty() {
            errors.add("role", texts::checklist_has_no_such_role());
        }
        let pairs = self.read_users(errors)?;
        let to_command = |(at, user): (usize, UserId), add: bool| -> Result<Command, RoleError> {
            let role: RoleSlug = self.role.get(at).map_or("", String::as_str).parse()?;
            Ok(if add { Command::AddHolder { role, user } } else { Command::RemoveHolder { role, user } })
        };
        let add = self.is_adding();
        let changed: Result<Vec<Command>, _> = pairs.into_iter().map(|pair| to_command(pair, add)).collect();
        let changed = errors.check("role", changed.map_err(|RoleError| texts::checklist_has_no_such_role()));
        errors.is_empty().then(|| removed.into_iter().chain(changed).flatten().collect())
    }

    /// The changes of participants; `None` where the form is wrong.
    fn read_participants(&self, errors: &mut FieldErrors) -> Option<Vec<Command>> {
        let gone = self.was.iter().filter(|shown| !self.participant.contains(shown));
        let gone: Result<Vec<UserId>, _> = gone.map(|shown| shown.parse()).collect();
        let gone = errors.check("user", gone.map_err(|_| texts::choose_an_active_member()));
        let pairs = self.read_users(errors)?;
        let add = self.is_adding();
        let changed = pairs.into_iter().map(|(_, user)| match add {
            true => Command::AddParticipant { user },
            false => Command::RemoveParticipant { user },
        });
        let removed = gone.into_iter().flatten().map(|user| Command::RemoveParticipant { user });
        errors.is_empty().then(|| removed.chain(changed).collect())
    }

    fn is_adding(&self) -> bool {
        self.action.first().map(String::as_str) == Some("add")
    }

    /// The people of the pairs, each with the place of its pair. A form that shows people may name nobody else.
    fn read_users(&self, errors: &mut FieldErrors) -> Option<Vec<(usize, UserId)>> {
        if !matches!(self.action.as_slice(), [action] if action == "add" || action == "remove") {
            errors.add("action", texts::choose_add_or_remove());
            return None;
        }
        let sent: Vec<(usize, &String)> = self.user.iter().enumerate().filter(|(_, user)| !user.is_empty()).collect();
        if sent.is_empty() && self.was.is_empty() && self.user.len() < 2 {
            errors.add("user", texts::choose_an_active_member());
            return None;
        }
        let users = sent.into_iter().map(|(at, user)| user.parse().map(|user| (at, user)));
        let users: Result<Vec<_>, _> = users.collect();
        errors.check("user", users.map_err(|_| texts::choose_an_active_member()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::launch::fixture::{ANA, BEN, OPERATIONS, SECURITY, role};

    fn form(fields: &[(&str, &str)]) -> LaunchPeopleForm {
        let all = |name: &str| {
            let values = fields.iter().filter(|(field, _)| *field == name).map(|(_, value)| (*value).to_owned());
            values.collect::<Vec<_>>()
        };
        LaunchPeopleForm {
            role: all("role"),
            user: all("user"),
            action: all("action"),
            was: all("was"),
            holder: all("holder"),
            participant: all("participant"),
        }
    }

    /// The commands as words, or the fields in error.
    fn read(fields: &[(&str, &str)], section: PeopleSection) -> Result<Vec<String>, Vec<&'static str>> {
        let mut errors = FieldErrors::new();
        let form = form(fields);
        let commands = form.read(section, &mut errors);
        let describe = |command| match command {
            Command::AddHolder { role, user } => format!("+{role}.{user}"),
            Command::RemoveHolder { role, user } => format!("-{role}.{user}"),
            Command::AddParticipant { user } => format!("+{user}"),
            Command::RemoveParticipant { user } => format!("-{user}"),
            other => panic!("{other:?}"),
        };
        let commands = commands.map(|commands| commands.into_iter().map(describe).collect());
        commands.ok_or_else(|| errors.iter().map(|(field, _)| field).collect())
    }

    #[test]
    fn form_of_holders_adds_and_removes_what_differs_from_what_it_showed() {
        let (ana, ben) = (ANA.to_string(), BEN.to_string());
        let shown = format!("{}.{ANA}", role(SECURITY));
        for (fields, expected) in [
            // As a program sends it.
            (vec![("role", SECURITY), ("user", &*ana), ("action", "add")], Ok(vec![format!("+{SECURITY}.{ANA}")])),
            (vec![("role", SECURITY), ("user", &*ana), ("action", "remove")], Ok(vec![format!("-{SECURITY}.{ANA}")])),
            (vec![("role", SECURITY), ("user", ""), ("action", "add")], Err(vec!["user"])),
            (vec![("role", SECURITY), ("user", "x"), ("action", "add")], Err(vec!["user"])),
            (vec![("role", "No Role"), ("user", &*ana), ("action", "add")], Err(vec!["role"])),
            (vec![("user", &*ana), ("action", "add")], Err(vec!["role"])),
            (vec![("role", SECURITY), ("user", &*ana)], Err(vec!["action"])),
            (vec![("role", SECURITY), ("user", &*ana), ("action", "swap")], Err(vec!["action"])),
            // As the page sends it.
            (
                vec![
                    ("action", "add"),
                    ("was", &*shown),
                    ("role", SECURITY),
                    ("user", ""),
                    ("role", OPERATIONS),
                    ("user", &*ben),
                ],
                Ok(vec![format!("-{SECURITY}.{ANA}"), format!("+{OPERATIONS}.{BEN}")]),
            ),
            (
                vec![("action", "add"), ("was", &*shown), ("holder", &*shown), ("role", SECURITY), ("user", "")],
                Ok(vec![]),
            ),
            (vec![("action", "add"), ("role", SECURITY), ("user", ""), ("role", OPERATIONS), ("user", "")], Ok(vec![])),
            (vec![("action", "add"), ("was", "x"), ("role", SECURITY), ("user", "")], Err(vec!["user"])),
        ] {
            assert_eq!(read(&fields, PeopleSection::Holders), expected, "{fields:?}");
        }
    }

    #[test]
    fn form_of_participants_adds_and_removes_what_differs_from_what_it_showed() {
        let (ana, ben) = (ANA.to_string(), BEN.to_string());
        for (fields, expected) in [
            (vec![("user", &*ana), ("action", "add")], Ok(vec![format!("+{ANA}")])),
            (vec![("user", &*ana), ("action", "remove")], Ok(vec![format!("-{ANA}")])),
            (vec![("user", ""), ("action", "add")], Err(vec!["user"])),
            (vec![("action", "add"), ("was", &*ana), ("user", &*ben)], Ok(vec![format!("-{ANA}"), format!("+{BEN}")])),
            (vec![("action", "add"), ("was", &*ana), ("participant", &*ana), ("user", "")], Ok(vec![])),
            (vec![("action", "add"), ("was", "x"), ("user", "")], Err(vec!["user"])),
        ] {
            assert_eq!(read(&fields, PeopleSection::Participants), expected, "{fields:?}");
        }
    }
}
