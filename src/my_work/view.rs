//! What the page's template is given.

use askama::Template;

use super::{gather::Work, store::Beginnings};
use crate::web::page::Chrome;

/// The page.
#[derive(Template)]
#[template(path = "my_work/show.html")]
pub(super) struct MyWork {
    pub chrome: Chrome,
    pub today: String,
    /// Whether the person takes part in launches at all.
    pub is_member: bool,
    /// What to do first, where there is no launch yet.
    pub first: Option<First>,
    /// Whether there are more launches than were looked through.
    pub most: bool,
    pub work: Work,
}

impl MyWork {
    /// Whether nothing waits for the person.
    fn is_idle(&self) -> bool {
        self.work.groups.is_empty() && self.work.items.is_empty()
    }

    /// `7 of mine, 12 of my roles`.
    fn tally(&self) -> String {
        match (self.work.mine, self.work.of_roles) {
            (mine, 0) => format!("{mine} of mine"),
            (0, of_roles) => format!("{of_roles} of my roles"),
            (mine, of_roles) => format!("{mine} of mine, {of_roles} of my roles"),
        }
    }
}

/// What to do first.
pub(super) struct First {
    pub title: &'static str,
    pub text: &'static str,
    /// Where that is done: address, words, icon. The first one is the main one.
    pub steps: Vec<(&'static str, &'static str, &'static str)>,
}

impl First {
    /// What a person does first, with what they may do and what there is.
    pub(super) fn new(is_admin: bool, is_member: bool, there: Beginnings) -> Self {
        let alone = there.people <= 1;
        let invite = ("/admin", "Invite people", "people");
        let look = ("/checklists", "Look at the checklist", "checklist");
        let import = ("/checklists/import", "Import a checklist", "upload");
        let make = ("/launches/new", "Make a launch", "plus");
        let checklist = if there.checklists == 0 { import } else { look };
        match (is_admin, is_member) {
            (true, _) => Self {
                title: if alone { "Get your team in" } else { "No launches ahead" },
                text: "Invite those who prepare and sign launches, look over the checklist that launches are made \
                       from, and then somebody makes the first launch.",
                steps: if alone {
                    [invite, checklist].into_iter().chain(is_member.then_some(make)).collect()
                } else {
                    is_member.then_some(make).into_iter().chain([checklist, invite]).collect()
                },
            },
            (false, true) if there.checklists == 0 => Self {
                title: "No launches ahead",
                text: "A launch is made from a checklist, and there is none yet. An admin imports the first one.",
                steps: vec![("/checklists", "See the checklists", "checklist")],
            },
            (false, true) => Self {
                title: "No launches ahead",
                text: "Make a launch from a checklist, name who signs for it, and what waits for you will stand here.",
                steps: vec![make, look],
            },
            (false, false) => Self {
                title: "No launches ahead",
                text: "Your account reads launches. As soon as there is one, it will stand here.",
                steps: vec![("/launches?show=all", "See all launches", "launch"), look],
            },
        }
    }
}
