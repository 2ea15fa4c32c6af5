//! The data of the page's template.

use std::borrow::Cow;

use askama::Template;

use super::{
    desk::AuditorDesk,
    launches_ahead::LaunchesAhead,
    pending_work::{MAX_LAUNCHES, PendingWork},
    store::SetupProgress,
};
use crate::texts;
use crate::web::chrome::Chrome;

#[derive(Template)]
#[template(path = "my_work/show.html")]
pub(super) struct MyWorkPage {
    pub chrome: Chrome,
    pub today: String,
    /// Whether the person takes part in launches at all.
    pub is_member: bool,
    /// The first steps, when there is no launch yet.
    pub first: Option<FirstSteps>,
    pub ahead: LaunchesAhead,
    /// Whether work may wait in launches that were not read.
    pub reads_part: bool,
    /// The first part of the page for an auditor; `None` for everybody else.
    pub desk: Option<AuditorDesk>,
    pub work: PendingWork,
}

impl MyWorkPage {
    const fn max_launches(&self) -> usize {
        MAX_LAUNCHES
    }

    fn is_idle(&self) -> bool {
        self.work.groups.is_empty() && self.work.items.is_empty() && self.work.owned.rows.is_empty()
    }

    /// `7 assigned to you, 12 to your roles`.
    fn tally(&self) -> Cow<'static, str> {
        match (self.work.mine, self.work.of_roles) {
            (mine, 0) => texts::open_items_mine(mine),
            (0, of_roles) => texts::open_items_of_roles(of_roles),
            (mine, of_roles) => texts::open_items_mine_and_of_roles(mine, of_roles),
        }
    }
}

pub(super) struct FirstSteps {
    pub title: Cow<'static, str>,
    pub text: Cow<'static, str>,
    /// Address, label and icon of each step. The first one is the main one.
    pub steps: Vec<(&'static str, Cow<'static, str>, &'static str)>,
}

impl FirstSteps {
    pub(super) fn new(is_admin: bool, is_member: bool, progress: SetupProgress) -> Self {
        let alone = progress.people <= 1;
        let invite = ("/admin", texts::invite_people(), "people");
        let look = || ("/checklists", texts::look_at_the_checklist(), "checklist");
        let new = ("/checklists/new", texts::new_checklist(), "plus");
        let make = ("/launches/new", texts::make_a_launch(), "plus");
        let checklist = if progress.checklists == 0 { new } else { look() };
        match (is_admin, is_member) {
            (true, _) => Self {
                title: if alone { texts::get_your_team_in() } else { texts::no_launches_ahead() },
                text: texts::first_steps_of_an_admin(),
                steps: if alone {
                    [invite, checklist].into_iter().chain(is_member.then_some(make)).collect()
                } else {
                    is_member.then_some(make).into_iter().chain([checklist, invite]).collect()
                },
            },
            (false, true) if progress.checklists == 0 => Self {
                title: texts::no_launches_ahead(),
                text: texts::first_steps_without_a_checklist(),
                steps: vec![("/checklists", texts::see_the_checklists(), "checklist")],
            },
            (false, true) => Self {
                title: texts::no_launches_ahead(),
                text: texts::first_steps_of_a_member(),
                steps: vec![make, look()],
            },
            (false, false) => Self {
                title: texts::no_launches_ahead(),
                text: texts::first_steps_of_a_reader(),
                steps: vec![("/launches?show=all", texts::see_all_launches(), "launch"), look()],
            },
        }
    }
}
