# My work.

your_account_only_reads = Your account reads launches and does not take part in them, so nothing waits for you here. <a href="/launches">See all launches.</a>
nothing_waits_for_you = Nothing waits for you
what_my_work_will_show = Requests from others and open items of yours and of your roles will appear here.
open_items = Open items
open_items_mine = { $mine } assigned to you
open_items_of_roles = { $of_roles } assigned to your roles
open_items_mine_and_of_roles = { $mine } assigned to you, { $of_roles } to your roles
assigned_to = with { $name }
due = due
more_items_in_launch = <a href="{ $href }">{ $count } more in <bdi>{ $launch }</bdi></a>
launches_ahead = Launches ahead
none = None.
resolved = Resolved
all_launches = All launches
only_nearest_launches_are_read = Only your { $count } nearest launches are read here.

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

tasks_warnings = Needs attention
tasks_signatures = Your signatures
tasks_decisions = Your decisions
tasks_waivers = Waivers to review
tasks_agreements = Agreements to review
tasks_requests = Evidence asked for
sign_again_as = Sign again as { $role }
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

# Launches that the reader owns, each with what has to be done next.

launches_you_own = Launches you own
more_launches_you_own = { $count ->
    [one] 1 more launch you own
   *[other] { $count } more launches you own
}
on_hold_resume_it = On hold. Resume it when nothing holds it up any more
target_has_passed_move_it = The target has passed. Move it
items_block_the_launch = { $count ->
    [one] 1 item blocks it
   *[other] { $count } items block it
}
objections_of_roles = { $count ->
    [one] 1 objection: { $roles }
   *[other] { $count } objections: { $roles }
}
signatures_stale_of_roles = { $count ->
    [one] 1 signature is stale: { $roles }
   *[other] { $count } signatures are stale: { $roles }
}
signatures_missing_of_roles = { $count ->
    [one] 1 signature missing: { $roles }
   *[other] { $count } signatures missing: { $roles }
}
roles_and_more = { $roles } and { $more } more
nothing_blocks_it_decide = Nothing blocks it. Decide
conditions_to_acknowledge_decide = { $count ->
    [one] Nothing but 1 condition blocks it. Decide
   *[other] Nothing but { $count } conditions block it. Decide
}
items_after_launch_are_open = { $count ->
    [one] 1 item after the launch is open
   *[other] { $count } items after the launch are open
}

# The auditor's desk.

launches_by_stage = Launches by stage
since_you_last_looked = Since you last looked
in_the_last_seven_days = In the last 7 days
since_moment = <span>since { $at }</span>
audit_log_since_then = The audit log since then
events_of_launch = { $count ->
    [one] 1 event
   *[other] { $count } events
}
events_about_signatures = { $count ->
    [one] 1 about a signature
   *[other] { $count } about signatures
}
events_about_decisions = { $count ->
    [one] 1 decision
   *[other] { $count } decisions
}
no_launch_has_changed = No launch has changed.
refusals_since_then = { $count ->
    [0] No refusals
    [one] 1 refusal
   *[other] { $count } refusals
}
all_changed_launches = Show all { $count } launches that changed
mark_as_seen = Mark as seen
marked_as_seen = Marked as seen. The desk counts from now on.
checkpoints_without_witness = Checkpoints without a witness
show_all_of = Show all { $count }
every_newest_checkpoint_has_a_witness = Somebody has downloaded the newest checkpoint of every launch.
newest_checkpoint_covers_events = { $count ->
    [one] its newest checkpoint covers 1 event
   *[other] its newest checkpoint covers { $count } events
}
evidence_requests_unanswered = Evidence requests without an answer
every_request_is_answered = Every evidence request is answered.
