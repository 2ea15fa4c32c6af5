//! The data of the page's template.

use askama::Template;

use super::{pending_work::PendingWork, store::SetupProgress};
use crate::texts;
use crate::web::page::Chrome;

#[derive(Template)]
#[template(path = "my_work/show.html")]
pub(super) struct MyWorkPage {
    pub chrome: Chrome,
    pub today: String,
    /// Whether the person takes part in launches at all.
    pub is_member: bool,
    /// The first steps, when there is no launch yet.
    pub first: Option<FirstSteps>,
    /// Whether there are more launches than were searched.
    pub most: bool,
    pub work: PendingWork,
}

impl MyWorkPage {
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

pub(super) struct FirstSteps {
    pub title: &'static str,
    pub text: &'static str,
    /// Address, label and icon of each step. The first one is the main one.
    pub steps: Vec<(&'static str, &'static str, &'static str)>,
}

impl FirstSteps {
    pub(super) fn new(is_admin: bool, is_member: bool, there: SetupProgress) -> Self {
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
