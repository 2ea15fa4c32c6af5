# The list of launches.

calendar = Calendar
launch_stages = Stage
launches_ahead_only = Ahead
launches_in_preparation = In preparation
launches_on_hold = On hold
launches_with_go_declared = GO declared
launches_launched = Launched
launches_closed = Closed
launches_cancelled = Cancelled
launches_of_every_stage = All
verdict_of_launch = Readiness
any_verdict = Any
whose_launches = Whose
launches_of_everybody = Everybody's
launches_i_am_part_of = Those I am part of
launches_i_own = Those I own
sort_launches_by = Sort by
launch_target = Target
launch_name = Name
progress_of_launch = Progress
newest_change = Newest change
search_launches_by_name = Search launches by name
search_by_name = Search by name
show_launches = Show
name_is_too_long = The name above is too long. Shorten it.
show_launches_ahead = Show the launches ahead
what_a_launch_is = A launch is prepared with a checklist, signed by the people who are responsible for it, and then declared GO.
show_all_launches = Show all launches
no_launches_match = No launch that you may see matches the filters.
checklist_and_version = { $checklist } v{ $number }
launch_changed_at = <span>changed { $at }</span>
role_and_signature = { $role }: { $signature }
role_and_signature_hidden = <span class="visually-hidden"><bdi>{ $role }</bdi>: { $signature }</span>
signature_of_role_go = go
signature_of_role_no_go = no-go
signature_of_role_stale = stale
signature_of_role_not_holder = no longer counts, its signer no longer holds the role
signature_of_role_awaited = awaiting
signed_of_required = { $signed } of { $required }
summaries_are_being_computed = Readiness and progress of many launches are being computed again. Until that is done, in some minutes, launches may be missing here or in another place.
no_such_list_of_launches = There is no such list. These are the launches ahead.
no_such_page_of_launches = There is no such page. This is the first page.
no_such_verdict = There is no such readiness. Launches are shown whatever their readiness.
no_such_choice_of_launches = There is no such choice. Everybody’s launches are shown.
no_such_order = There is no such order. The launches are sorted by target.

# The calendar.

launches_in_month = Launches in { $month }
calendar_is_in_your_zone = Launches ahead. Days and times are in your time zone, { $zone }.
this_month = This month
no_such_month = There is no such month. This is the current one. Write a month as 2026-12.
what_the_calendar_will_show = Every launch that you may see and that has not happened yet appears here, on the day of its target.
no_launch_this_month = No launch this month
nearest_launches_are_in = The nearest launches are in other months.
launches_of_month = { $count ->
    [0] { $month }, no launch
    [one] { $month }, 1 launch
   *[other] { $month }, { $count } launches
}
monday = Monday
tuesday = Tuesday
wednesday = Wednesday
thursday = Thursday
friday = Friday
saturday = Saturday
sunday = Sunday
monday_short = Mon
tuesday_short = Tue
wednesday_short = Wed
thursday_short = Thu
friday_short = Fri
saturday_short = Sat
sunday_short = Sun
day_is_today = <span class="visually-hidden">, today</span>
launch_at_time = <b class="num">{ $time }</b> · { $countdown }
launch_at_time_and_there = <b class="num">{ $time }</b>, there { $there } · { $countdown }
only_first_launches_of_month = Only the first { $count } launches of this month are shown.

# A new launch.

no_checklist_yet = No checklist yet
launch_needs_a_checklist = A launch is made from a published checklist. An admin imports or writes one first.
what_is_being_launched = What is being launched?
checklist_of_launch = Checklist
newest_version_is_used = The newest version is used. Later versions do not change this launch.
choose_one_checklist = Choose one
restricted_launch = Restricted
who_sees_a_restricted_launch = Only its owner, holders, participants, auditors and admins can see it.
make_the_launch = Make the launch
version_with_items = { $items ->
    [one] { $checklist } v{ $version }, 1 item
   *[other] { $checklist } v{ $version }, { $items } items
}
version_published_at = { $version }, published { $at }
version_published_at_by = { $version }, published { $at } by { $by }
version_with_id = { $version }, { $id }
only_members_make_launches = Only members make launches.
version_is_not_offered = The version in the address is not offered: there is a newer one, or it is archived. Choose one.
choose_a_checklist = Choose a checklist.
checklist_is_archived_choose_another = This checklist is archived, so no launch is made from it. Choose another.
launch_is_made_and_ready = The launch is made. Next, mark the items that are done and attach evidence; the holders sign under Go/no-go.
launch_is_made_without_signers = { $count ->
    [one] The launch is made. Nobody signs as { $roles } yet: name somebody under Settings.
   *[other] The launch is made. Nobody signs yet as { $roles }: name somebody for each under Settings.
}
launch_is_made_in_the_past = The launch is made. Its target, { $target }, is in the past. If that is a slip, change it under Settings.
launch_is_made_at_ambiguous_time = The launch is made. Clocks show its target time twice that day; the earlier one is meant.
notes_are_saved = The notes are saved.

# The settings of a launch.

settings_of_launch = Settings · { $launch }
only_owner_changes_settings = <span>Only the owner of the launch, { $owner }, can change these.</span>
some_settings_are_locked = Name, target, rules and holders are locked at this stage. People and the owner can be changed until the launch is over.
who_signs = Who signs
save_who_signs = Save who signs
unticked_people_are_removed = People whose box is not ticked are removed.
nobody_holds_role = Nobody.
launch_is_over_and_stays_as_it_is = This launch is over, so its settings stay as they are.
settings_are_saved_with_past_target = Saved. The target, { $target }, is in the past.
participants_of_launch = Participants
participants_see_a_restricted_launch = Participants may see the launch and work on it while it is restricted.
save_participants = Save participants
nobody_takes_part_by_name = Nobody is named.
other_launches_like_this = Other launches like this
another_launch_or_comparison = Begin the next launch with the people of this one, or see two launches side by side.
any_holder_signs = Any holder of a role can sign for it.
role_does_not_sign = does not sign
no_holder_yet = Nobody yet.
no_holder_yet_who_signs = Nobody yet. Add a holder, so that somebody can sign for this role.
add_holder_of = Add a holder of { $role }
choose_someone = Choose someone
name_and_target = Name and target
target_is_ambiguous = Clocks show this time twice that day; the earlier one is meant.
save_settings = Save
summary_of_launch = Summary
rules_of_launch = Rules
one_person_signs_in_one_role = Each person may sign in one role only
changing_this_makes_signatures_stale = Changing this makes the signatures given so far stale.
grace_period_in_days = Grace period after the target (days)
target_has_to_be_moved_afterwards = After that, the target has to be moved before GO can be declared.
rule_is_on = yes
rule_is_off = no
who_may_see_it = Who may see it
only_named_people_see_it = Only its owner, holders and the people named here, besides auditors and admins.
everyone_sees_it = Everyone who is signed in.
add_a_person = Add a person
owner_of_launch = Owner
transfer_to = Transfer to
why_transfer = Why
why_transfer_hint = An admin who does not own the launch has to say why.
transfer_ownership = Transfer ownership
confirm_transfer = Transfer this launch to another owner? After this, only the new owner decides about it.
settings_are_saved = Saved.
launch_has_a_new_owner = The launch has a new owner.
write_days_from_0_to_365 = Write a number of days from 0 to 365.
choose_restricted_or_not = A launch is either restricted or not. Choose one.
choose_add_or_remove = Choose whether to add or to remove this person.
choose_an_active_member = Choose an active member.
checklist_has_no_such_role = The checklist of this launch has no such role.

# The checklist of a launch.

readiness_wall = Readiness wall
resolved_of_total = { $resolved } of { $total } resolved
wall_part_progress = <span class="visually-hidden">{ $resolved } of { $total } resolved, { $blocked } blocked</span>
wall_item_and_state = { $item }: { $state }
state_word_open = open
state_word_open_critical = open, critical
state_word_done = done
state_words_done_lacking = done, evidence needed
state_word_not_applicable = not applicable
state_word_blocked = blocked
state_word_waived = waived
show_items = Show
show_items_all = All
show_items_mine = Mine
show_items_of_my_roles = My roles
show_items_open = Open
show_items_blocked = Blocked
show_items_critical = Critical
show_items_without_evidence = Without evidence
show_items_overdue = Overdue
show_items_waived = Waived
search_items = Search items
select_items = Select items
parts_of_checklist = Parts
section_progress = { $resolved } of { $total }
section_opens_at_launch = opens at launch
select_these = { $count ->
    [one] Select this item
   *[other] Select these { $count }
}
searched_text_is_too_long = The text above is too long. Shorten it.
show_all_items = Show all items
no_items_match_filter = No items of this launch match the filter.
no_items_match_query = No items match “{ $query }”.
items_with_similar_words = No item has “{ $query }” in its title. These have similar words.
reason_for_state = Reason
cancel_marking = Close
open_the_item = Open
copy_link_to_item = Copy link
no_such_filter_of_items = There is no such filter. All items are shown.

title_and_state = <span class="visually-hidden">, { $state }</span>
blocked_with_reason = <b>Blocked:</b> <bdi>{ $reason }</bdi>
not_applicable_with_reason = <b>Not applicable:</b> <bdi>{ $reason }</bdi>
row_waived_until = waived until { $day }
row_pieces_of_evidence = { $count ->
    [one] { $count }<span class="visually-hidden"> piece of evidence on <bdi>{ $item }</bdi></span>
   *[other] { $count }<span class="visually-hidden"> pieces of evidence on <bdi>{ $item }</bdi></span>
}
row_evidence_needed = needed<span class="visually-hidden">: evidence on <bdi>{ $item }</bdi></span>
done_but_evidence_is_needed = Done, but evidence is still needed.
attach_evidence_to = Attach<span class="visually-hidden"> evidence to <bdi>{ $item }</bdi></span>
item_opens_at_launch = opens at launch
marked_by = marked by { $name }
row_assigned_to = Assigned to { $name }
row_assigned_to_nobody = Assigned to nobody
row_due = <span class="visually-hidden">due </span>{ $day }
row_overdue = <span class="visually-hidden">due </span>{ $day } <span class="visually-hidden">overdue</span>

item_id_is_not_valid = One of these items has no valid id.
too_many_items_at_once = These are too many items; at most { $most }.

# The notes.

launch_notes = Notes
notes_as_they_are_now = As they are now
what_notes_are_for = Exceptions and special considerations of this launch go here.
edit_the_notes = Edit the notes
notes_can_use_markdown = Markdown works.
save_the_notes = Save the notes

# The selected items.

selected_items = Selected items
select_all_shown = All shown
select_no_items = None
leave_selecting = Stop selecting
mark_as_done = Done
mark_as_open = Open
mark_as_not_applicable = Not applicable
mark_with_a_reason = Not applicable or blocked…
mark_as_blocked = Blocked
one_reason_for_all = One reason for all
assign_items_menu = Assign…
assign_items_to = Assign to
assign_items_to_nobody = Nobody
assign_items = Assign
set_due_menu = Set due…
items_due_on = Due on
items_due_on_hint = Leave it empty to remove the date.
set_due = Set due
item_in_the_way = <a href="{ $href }"><bdi>{ $item }</bdi></a>: <bdi>{ $why }</bdi>

# The burn-up: its frame.

burn_up = Burn-up
burn_up_as_a_table = As a table
burn_up_table_of_days = Items resolved at the end of each day, newest first; days of { $zone }
burn_up_table_of_weeks = Items resolved at the end of each week, newest first; days of { $zone }
burn_up_day = Day
burn_up_week_to = Week to
burn_up_left = Left

# The burn-up: its sentences and labels.

burn_up_target_is_today = { $resolved } of { $total } resolved, the target is today
burn_up_target_has_passed = { $resolved } of { $total } resolved, the target has passed
burn_up_days_left = { $days ->
    [one] { $resolved } of { $total } resolved, 1 day left
   *[other] { $resolved } of { $total } resolved, { $days } days left
}
burn_up_every_item_is_resolved = Every item before the decision is resolved.
burn_up_items_in_days = { $items ->
    [one] 1 item
   *[other] { $items } items
} to resolve in { $days ->
    [one] 1 day
   *[other] { $days } days
}: { $pace } a day.
burn_up_items_today = { $items ->
    [one] 1 item to resolve today.
   *[other] { $items } items to resolve today.
}
burn_up_items_after_target = { $items ->
    [one] 1 item to resolve, and the target has passed.
   *[other] { $items } items to resolve, and the target has passed.
}
burn_up_begins_tomorrow = The line begins tomorrow.
burn_up_fewer_lately = { $days ->
    [one] In the last day, { $count } fewer.
   *[other] In the last { $days } days, { $count } fewer.
}
burn_up_none_lately = { $days ->
    [one] In the last day, none.
   *[other] In the last { $days } days, none.
}
burn_up_pace_lately = { $days ->
    [one] In the last day, { $pace }.
   *[other] In the last { $days } days, { $pace } a day.
}
burn_up_two_sentences = { $first } { $second }
burn_up_when_launched = { $total ->
    [one] Resolved when it was launched: { $resolved } of 1 item before the decision.
   *[other] Resolved when it was launched: { $resolved } of { $total } items before the decision.
}
burn_up_when_cancelled = { $total ->
    [one] Resolved when it was cancelled: { $resolved } of 1 item before the decision.
   *[other] Resolved when it was cancelled: { $resolved } of { $total } items before the decision.
}
burn_up_title = Items resolved by day, from { $first } to { $last }
burn_up_resolved_today = { $resolved }, today
burn_up_resolved_at_launch = { $resolved }, launched
burn_up_resolved_at_cancellation = { $resolved }, cancelled
burn_up_items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
burn_up_target = target { $day }
burn_up_target_further_on = target { $day } →

# Changing the selected items.

choose_somebody_or_nobody = Choose somebody, or nobody.
choose_a_day_or_leave_it_empty = Choose a day, or leave it empty.
choose_a_change_of_items = Choose what to do with the selected items.
select_an_item_first = Select at least one item first.
no_selected_item_changed = There was nothing to change: the selected items are so already.
items_are_open_now = { $count ->
    [one] 1 item is open now.
   *[other] { $count } items are open now.
}
items_are_done_now = { $count ->
    [one] 1 item is done now.
   *[other] { $count } items are done now.
}
items_are_not_applicable_now = { $count ->
    [one] 1 item is not applicable now.
   *[other] { $count } items are not applicable now.
}
items_are_blocked_now = { $count ->
    [one] 1 item is blocked now.
   *[other] { $count } items are blocked now.
}
items_are_assigned_to_nobody_now = { $count ->
    [one] 1 item is assigned to nobody now.
   *[other] { $count } items are assigned to nobody now.
}
items_are_assigned_to_now = { $count ->
    [one] 1 item is assigned to { $name } now.
   *[other] { $count } items are assigned to { $name } now.
}
items_are_without_due_date_now = { $count ->
    [one] 1 item is without a due date now.
   *[other] { $count } items are without a due date now.
}
items_are_due_on_now = { $count ->
    [one] 1 item is due on { $day } now.
   *[other] { $count } items are due on { $day } now.
}
selected_items_in_the_way = { $count ->
    [one] Nothing was changed: 1 selected item can’t be changed like this.
   *[other] Nothing was changed: { $count } selected items can’t be changed like this.
}
changed_meanwhile = it was changed meanwhile
changed_meanwhile_to_open = it was changed meanwhile; { $name } has marked it open
changed_meanwhile_to_done = it was changed meanwhile; { $name } has marked it done
changed_meanwhile_to_not_applicable = it was changed meanwhile; { $name } has marked it not applicable
changed_meanwhile_to_blocked = it was changed meanwhile; { $name } has marked it blocked
it_was_undone_already = It was undone already.
items_are_undone = { $count ->
    [one] Undone: 1 item as before.
   *[other] Undone: { $count } items as before.
}

# Tags of launches.

tags_of_launch = Tags
tag_of_launch = Tag
any_tag = Any
tags_hint = Products, teams or whatever else launches are found by, separated by commas. At most { $count }, of up to 40 characters each. They stay in the history and can't be redacted.
no_such_tag = This can't be a tag. Launches with any tag are shown.

# The views of the list, and saved filters.

view_of_launches = View
view_as_list = List
view_as_board = Board
filters_set = { $count ->
    [0] Filter
    [one] Filter (1 set)
   *[other] Filter ({ $count } set)
}
saved_filters = Saved filters
save_this_filter = Save this filter
name_of_filter = Name of the filter
name_of_filter_hint = At most { $count } characters. Only you see it.
change_saved_filters = Change saved filters
rename_saved_filter = Rename
delete_saved_filter = Delete<span class="visually-hidden"> <bdi>{ $name }</bdi></span>
back_to_the_launches = Back to the launches
filter_is_saved = The filter is saved. You find it above the launches.
filter_is_renamed = The filter has a new name.
filter_is_deleted = The filter is deleted.
choose_a_filter_to_save = There is no filter to save. Choose one in the list of launches first.
too_many_saved_filters = You have saved { $count } filters, which is the most. Delete one first.

# The form for a new launch, and for another like an earlier one.

show_who_signs = Show who signs for this checklist
people_who_signed_last_time_are_ticked = Those who held a role in the last launch from this checklist are ticked.
roles_are_of_the_chosen_checklist = These are the roles of the checklist that you chose now. Say who signs.
who_else_takes_part = Who else takes part
people_not_yet_named = { $waiting } Until then, make the launch without naming people.
target_is_in_the_past = This target is in the past. Tick the box if that is meant, or change the target.
date_in_the_past_is_meant = The target is in the past, and that is meant
make_another_like_it = Make another like it
another_launch_like = Another launch like { $launch }
another_begins_with = It begins with { $checklist } and these people. No state, evidence, waiver or signature is carried over.
earlier_has_an_older_version = The earlier launch has { $checklist }.
only_people_of_earlier_launch = Only the people of the earlier launch
carry_over_assignments = Assign the items to the same people
of_people_who_are_still_members = Where they are still members. Items after the launch are assigned once it has happened.
carry_over_due_dates = Set due dates relative to the target
as_many_days_before_the_target = Each item is due as many days before or after the target as in the earlier launch.
checklist_is_archived_no_other_launch = The checklist of this launch is archived, so no other launch is made from it.

# Two launches side by side.

compare_with_another_launch = Compare with another launch
compare_launch_with_another = Compare { $launch } with another launch
launches_compared = { $launch } and { $other }
other_launch = Other launch
launch_and_target_day = { $launch }, { $day }
no_other_launch = No other launch
no_other_launch_from_this_checklist = You see no other launch from this checklist.
show_items_without_difference = Also show items that do not differ
items_in_both_launches = Items in both launches
differing_of_common_items = { $common ->
    [one] { $differing } of 1 item in both launches differs.
   *[other] { $differing } of { $common } items in both launches differ.
}
items_only_in = Only in <bdi>{ $launch }</bdi>
waived_until_day = until { $day }
pieces_of_valid_evidence = { $count ->
    [0] no evidence
    [one] 1 piece of evidence
   *[other] { $count } pieces of evidence
}
waivers_beside_item = { $count ->
    [one] 1 waiver
   *[other] { $count } waivers
}
