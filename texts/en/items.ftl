# The page of an item: its head and its frame.

item_is_under = under <bdi>{ $titles }</bdi>
item_due_on = due { $day }
item_overdue_since = due { $day }, overdue
within_24_hours_after_launch = within 24 hours after the launch
within_7_days_after_launch = within 7 days after the launch
within_30_days_after_launch = within 30 days after the launch
what_you_entered = What you entered
form_of_input_is_gone = The form for this text is no longer on this page. Copy what you need.
how_item_is_verified = How to verify
nothing_has_happened_to_item = Nothing has happened here yet.
whole_history_of_item = Whole history
comments_and_history = Comments and history

# The state of an item, and the forms that mark it.

state_of_item = State
item_is_open = Open
item_is_done = Done
item_is_not_applicable = Not applicable
item_is_blocked = Blocked
open_item_is_waived_until = Waived until { $day }, open
blocked_item_is_waived_until = Waived until { $day }, blocked
nobody_has_marked_item = Nobody has marked it yet.
set_back_to_open_by = <span>Set back to open by { $name }, { $at }</span>
set_back_to_open_by_because = <span>Set back to open by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
marked_done_by = <span>Marked done by { $name }, { $at }</span>
marked_done_by_because = <span>Marked done by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
marked_not_applicable_by = <span>Marked not applicable by { $name }, { $at }</span>
marked_not_applicable_by_because = <span>Marked not applicable by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
marked_blocked_by = <span>Marked blocked by { $name }, { $at }</span>
marked_blocked_by_because = <span>Marked blocked by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
reason_for_item_state = Reason
save_item_state = Save
item_was_marked_done = Marked done.
item_was_marked_not_applicable = Marked not applicable.
item_was_marked_blocked = Marked blocked.
item_was_set_back_to_open = Set back to open.
choose_a_state_of_item = Choose a state: open, done, not applicable or blocked.
form_has_no_version_of_item = The form did not say which version of the item it is about. Look at the item again, then decide.

# Agreement that a critical item is not applicable.

agreement_to_not_applicable = Agreement to “not applicable”
agreed_by = <span class="chip go">agreed</span> by { $name }, { $at }
agreed_by_because = <span class="chip go">agreed</span> by { $name }, { $at }: <bdi>{ $reason }</bdi>
agreement_refused_by = <span class="chip nogo">refused</span> by { $name }, { $at }: <bdi>{ $reason }</bdi>
agreement_is_awaited = awaiting agreement
holder_of_role_has_to_agree = A critical item counts as not applicable only when a holder of <bdi>{ $role }</bdi> agrees, someone other than the person who marked it.
any_holder_has_to_agree = A critical item counts as not applicable only when a holder of any signing role agrees, someone other than the person who marked it.
reason_for_agreement = Reason
reason_for_agreement_hint = Required to refuse.
agree_to_state = Agree
refuse_agreement = Refuse
you_agreed = You agreed.
you_refused_agreement = You refused.
agree_or_refuse = Choose whether to agree or to refuse.

# The evidence of an item.

evidence_of_this_item = Evidence
evidence_is_needed_here = needs evidence
evidence_is_required_and_valid = required, { $count } valid
count_of_valid_evidence = { $count } valid
no_evidence_of_item = Nothing is attached yet.
evidence_is_link = link
evidence_is_note = note
file_is_redacted = redacted
evidence_observed_on = observed { $day }
evidence_lapsed_on = lapsed on { $day }
evidence_valid_until = valid until { $day }
reused_from_item = reused from <a href="{ $href }"><bdi>{ $item }</bdi></a>
reused_from_item_and_withdrawn_there = reused from <a href="{ $href }"><bdi>{ $item }</bdi></a>, withdrawn there
evidence_withdrawn_by = withdrawn by { $name }, { $at }: <bdi>{ $reason }</bdi>
preview_of_file = Preview<span class="visually-hidden"> of <bdi>{ $name }</bdi></span>
larger_picture_of = { $name }, larger
more_on_evidence = More on { $name }
more_on_this_note = More on this note
why_withdraw_evidence = Why withdraw it?
withdraw_evidence = Withdraw
confirm_withdrawal_of_evidence = Withdraw this evidence? It stays in the history.
evidence_is_withdrawn = Evidence withdrawn. It stays in the history.

# The forms that attach evidence.

attach_evidence = Attach evidence
link_or_note = Link or note
paste_a_link_or_write_a_note = Paste a link or write a note
dates_of_evidence = Dates
drop_or_choose_files = Drop files here, choose them, or paste a screenshot. Up to { $size } each.
day_of_evidence = Observed on
day_of_evidence_hint = When was this true? Defaults to today.
last_day_of_evidence = Valid until
attach_to_item = Attach
reuse_evidence_of_launch = Reuse evidence from this launch
much_evidence_to_reuse = Other items of this launch have { $count } pieces of evidence. <a href="{ $href }">Show them to choose from</a>
evidence_of_another_item = Evidence of another item
choose_evidence = Choose one
day_of_reused_evidence_hint = If empty, it is as on the other item.
reuse_evidence = Reuse
reusable_file = { $name } ({ $size })
reusable_note = “{ $note }”
reusable_beginning_of_note = “{ $beginning }…”
reusable_evidence = { $evidence }, observed { $observed }
reusable_evidence_valid_until = { $evidence }, observed { $observed }, valid until { $until }
reusable_evidence_lapsed_on = { $evidence }, observed { $observed }, lapsed on { $until }
reusable_evidence_with_number = { $evidence } ({ $number } of { $count })
reusable_item_with_place = { $item } ({ $place })
evidence_is_attached = { $count ->
    [one] 1 piece of evidence attached.
   *[other] { $count } pieces of evidence attached.
}
nothing_attached_choose_files_again = Nothing was attached. Choose the files again: a page can’t keep them.
too_many_files_at_once = These are too many files at once. Attach at most { $count }.
file_is_empty = “{ $name }” is empty: a file of zero bytes shows nothing.
file_is_larger_than = { $name } is larger than { $limit }.
choose_evidence_of_this_launch = Choose evidence of this launch.
choose_file_link_or_note = Choose a file, or give a link or a note.
choose_what_to_reuse = Choose what to reuse.
too_many_uploads_at_once = You are sending too many files at once. Let some of them arrive first.
evidence_limit_of_a_day = One person can attach { $size } of evidence in a day (in UTC). These files would exceed that, so nothing was attached. Try again tomorrow.
evidence_limit_in_all = One person can attach { $size } of evidence in all. These files would exceed that, so nothing was attached. Whoever runs this server can raise the limit.
files_are_being_attached_already = These files are being attached already: the same form was sent twice. Look at the list below, then choose again what is missing.
field_of_form_is_not_text = A field of the form is not text. Send the form again.

# The bytes of a file.

file_is_lost = The bytes of this file are not in the evidence store as they should be. Tell whoever runs this server. The record of the file is as it was.
file_is_altered = This file is not the one that was attached: its bytes have changed since, so it is not handed out. Tell whoever runs this server. The record of the file is as it was.
file_was_redacted = This file was redacted: its bytes were destroyed. The history says why.
evidence_is_no_file = This evidence is not a file.
evidence_is_no_picture = No picture can be made of this evidence.

# Evidence requests.

requests_for_evidence = Requests for evidence
evidence_request_by = <b>{ $name }</b> <span class="soft">asked { $at }</span>
evidence_request_is_open = open
evidence_request_answered_by = <b>{ $name }</b> <span class="soft">answered { $at }</span>
answer_to_request = Answer
answer_request = Answer
ask_for_more_evidence = Ask for more evidence
what_evidence_should_show = What should be shown?
ask_for_evidence = Ask
evidence_is_asked_for = Evidence asked for.
evidence_was_asked_for_already = Already asked by { $name } on { $at }, and not answered yet.
request_is_answered = Request answered.

# The comments.

comment_made_and_edited = <span>{ $at }, edited { $edited }</span>
comment_deleted_by_author = <span>Deleted by its author, { $at }.</span>
comment_hidden_by = <span>Hidden by { $name }, { $at }.</span>
read_hidden_comment = Read it
show_comment_again = Show again
hide_comment = Hide
confirm_hiding_comment = Hide this comment? Its text stays in the history, where everyone who may see the launch can read it.
edit_or_delete_comment = Edit or delete
more_on_comment = More on the comment of { $name }
text_of_comment = Comment
save_comment = Save
delete_comment = Delete
confirm_deletion_of_comment = Delete this comment? The page still shows that there was one.
send_comment = Comment
comment_can_use_markdown = Markdown works.
comment_is_added = Comment added.
comment_is_stored_and_people_not_notified = { $stored } Not notified, since they may not see this launch: { $names }
comment_is_unchanged = Comment unchanged.
comment_is_changed = Comment changed.
comment_is_deleted = Comment deleted.
comment_is_hidden = Comment hidden.
comment_is_shown_again = Comment shown again.
choose_hidden_or_shown = A comment is either hidden or shown. Choose one.

# The assignment.

assignment_of_item = Assigned
assignee_of_item = Person
item_is_assigned_to_nobody = Nobody
due_day_of_item = Due
assign_item = Assign
assignment_is_saved = Saved.
choose_assignee_or_due_day = The form said neither who the item is assigned to nor when it is due. Look at the item again, then decide.

# The waivers.

waivers_of_item = Waivers
waiver_asked_for_by = <b>Asked for</b> by { $name }, { $at }, until the end of { $day }
reason_for_waiver = Reason: <bdi>{ $reason }</bdi>
compensating_control = Compensating control: <bdi>{ $control }</bdi>
waiver_awaits_approval = awaiting approval
waiver_is_expired = expired
waiver_is_approved = approved
waiver_is_refused = refused
waiver_is_revoked = revoked
waiver_ends_before_target = ends before the target
waiver_approved_by = <span>Approved by { $name }, { $at }</span>
waiver_approved_by_because = <span>Approved by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
waiver_refused_by = <span>Refused by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
waiver_revoked_by = <span>Revoked by { $name }, { $at }: <bdi>{ $reason }</bdi></span>
holder_of_role_decides_waiver = To be approved or refused by a holder of <bdi>{ $role }</bdi>, someone other than the requester.
any_holder_decides_waiver = To be approved or refused by a holder of any signing role, someone other than the requester.
reason_for_waiver_decision = Reason
reason_for_waiver_decision_hint = Required to refuse.
approve_waiver = Approve
refuse_waiver = Refuse
revoke_this_waiver = Revoke it
why_revoke_waiver = Why revoke it?
revoke_waiver = Revoke
ask_for_a_waiver = Ask for a waiver
why_go_without_item = Why go without it?
what_is_done_instead = What is done instead?
until_the_end_of = Until the end of
target_of_launch_is = The target is { $day }.
ask_for_waiver = Ask
waiver_was_requested = Waiver requested.
waiver_was_approved = Waiver approved.
waiver_was_refused = Waiver refused.
waiver_was_revoked = Waiver revoked.
choose_last_day_of_waiver = Choose the last day of the waiver.
approve_or_refuse_waiver = Choose whether to approve or to refuse.

# All evidence of a launch.

evidence_title = Evidence · { $launch }
no_evidence_yet = No evidence yet
what_evidence_page_will_show = What is attached to the items of this launch is listed here.
go_to_checklist_of_launch = Go to the checklist
kind_of_evidence = Kind
evidence_of_every_kind = All
only_files = Files
only_links = Links
only_notes = Notes
validity_of_evidence = Validity
valid_or_not = All
only_valid = Valid
only_lapsed = Lapsed
only_withdrawn = Withdrawn
download_all_evidence = Download all
no_evidence_matches = Nothing here
no_evidence_matches_filter = No evidence of this launch matches the filter.
show_all_evidence = Show all evidence
no_such_filter_of_evidence = There is no such filter. Evidence is shown without it.

more_about_item = More about this item
# A due day after the target.

due_day_is_after_the_target = This day is after the target of the launch. Tick the box if that is meant, or change the day.
due_after_the_target_is_meant = It is due after the target, and that is meant
assignment_is_saved_due_late = Saved. The item is due after the target of the launch.
