# My work.

your_account_only_reads = Your account reads launches and does not take part in them, so nothing waits for you here. <a href="/launches">See all launches.</a>
nothing_waits_for_you = Nothing waits for you
what_my_work_will_show = Requests from others and open items of yours and of your roles will appear here.
open_items = Open items
open_items_mine = { $mine } of mine
open_items_of_roles = { $of_roles } of my roles
open_items_mine_and_of_roles = { $mine } of mine, { $of_roles } of my roles
assigned_to = with { $name }
due = due
more_items_in_launch = <a href="{ $href }">{ $count } more in <bdi>{ $launch }</bdi></a>
launches_ahead = Launches ahead
none = None.
resolved = Resolved
more_launches_ahead = { $count ->
    [one] 1 more launch ahead
   *[other] { $count } more launches ahead
}
all_launches = All launches
only_200_launches_are_read = Only your 200 nearest launches are read here.

# First steps

invite_people = Invite people
look_at_the_checklist = Look at the checklist
import_a_checklist = Import a checklist
make_a_launch = Make a launch
get_your_team_in = Invite your team
no_launches_ahead = No launches ahead
first_steps_of_an_admin = Invite the people who prepare and sign launches, look through the checklist that launches are made from, and then make the first launch.
first_steps_without_a_checklist = A launch is made from a checklist, and there is none yet. An admin imports the first one.
see_the_checklists = See the checklists
first_steps_of_a_member = Make a launch from a checklist and name the people who sign. What waits for you will appear here.
first_steps_of_a_reader = Your account reads launches. The first one will appear here.
see_all_launches = See all launches

# Open items

evidence_needed = evidence needed
agreement_refused = agreement refused
days_late = { $days ->
    [one] 1 day late
   *[other] { $days } days late
}
late_today = late
due_today = today
due_tomorrow = tomorrow

# Tasks

tasks_warnings = To look into
tasks_signatures = Signatures awaited from me
tasks_decisions = For me to decide
tasks_waivers = Waivers to answer
tasks_agreements = Agreements to give
tasks_requests = Evidence asked for
look_again_as = Look again, as { $role }
sign_as_role = Sign as { $role }
asked_for = asked for
stale = stale
not_signed_yet_items = { $count ->
    [0] not signed yet; no item blocks the launch
    [one] not signed yet; 1 item blocks the launch
   *[other] not signed yet; { $count } items block the launch
}
scope_changed_items = { $count ->
    [0] something in its scope changed since you signed; no item blocks the launch
    [one] something in its scope changed since you signed; 1 item blocks the launch
   *[other] something in its scope changed since you signed; { $count } items block the launch
}
wrong_passwords_at_signing = Wrong passwords at signing
wrong_passwords_in_a_day = { $count ->
    [one] once in the last 24 hours, as { $name }
   *[other] { $count } times in the last 24 hours, as { $name }
}
name_who_signs = Name who signs
required_roles_have_no_holder = { $count ->
    [one] 1 role that must sign has no holder
   *[other] { $count } roles that must sign have no holder
}
declare_go = Declare GO
nothing_blocks_the_launch = nothing blocks the launch
conditions_to_acknowledge = { $count ->
    [one] with 1 condition to acknowledge
   *[other] with { $count } conditions to acknowledge
}
record_the_launch = Record the launch
go_is_declared_record_when = GO is declared; record when the launch happened
close_the_launch = Close the launch
every_item_after_launch_is_resolved = every item after the launch is resolved
asks_to_go_without_until = { $name } asks to launch without it until { $day }
says_that_it_does_not_apply = { $name } says that it does not apply
somebody = somebody
person_asks = { $name } asks: { $text }
