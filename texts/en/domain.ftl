# What things are called.

stage_preparing = in preparation
stage_go = GO declared
stage_held = on hold
stage_launched = launched
stage_closed = closed
stage_cancelled = cancelled
not_decided = No decision
decided_go = GO
decided_hold = HOLD
decided_launched = LAUNCHED
decided_closed = CLOSED
decided_cancelled = CANCELLED
after_launch_24_hours = 24 hours after
after_launch_7_days = 7 days after
after_launch_30_days = 30 days after
proved_with_password = password
proved_with_password_and_code = password and code
proved_with_password_and_recovery_code = password and recovery code
checkpoint_at_signature = at a signature
checkpoint_at_decision = at a decision
checkpoint_at_export = at an export
checkpoint_of_the_day = of the day
exported_as_bundle = a bundle
exported_as_table = a table (CSV)
exported_as_json_lines = JSON Lines
actor_is_the_installation = The installation
actor_is_the_command_line = The command line
actor_is_somebody = Somebody

# What a redacted text was.

text_is_launch_name = the name of the launch
text_is_summary = a summary
text_is_notes = the notes
text_is_reason = a reason
text_is_settlement = how a condition was settled
text_is_item_reason = the reason for an item’s state
text_is_agreement_reason = a remark on “not applicable”
text_is_file_name = the name of a file
text_is_link = a link
text_is_evidence_note = a note given as evidence
text_is_evidence_withdrawal = why evidence was withdrawn
text_is_evidence_request = a request for evidence, or its answer
text_is_comment = a comment
text_is_waiver_reason = the reason for a waiver
text_is_waiver_control = what is done instead of an item
text_is_waiver_decision = a remark on a waiver
text_is_signature_comment = the comment of a signature
text_is_network_address = the network address of a signature
text_is_browser = the browser of a signature
text_is_signature_withdrawal = why a signature was withdrawn
text_is_redaction_reason = why something was redacted

# Why a text is refused.

text_is_empty = This can’t be empty.
text_is_too_long = This is too long: at most { $most } characters.
text_has_forbidden_character = This has a character that can’t be kept (a control character, or one that reverses the direction of text).
name_has_forbidden_character = A name has letters, digits, spaces and the signs . , ' - only, and no invisible characters.
name_mixes_alphabets = A word of this name mixes letters of different alphabets that look alike.
not_an_email_address = This is not an e-mail address.
not_a_web_address = This is not a web address. It begins with http:// or https://, and contains no password.
not_a_time_zone = This is not a time zone. Use a name such as Europe/Lisbon or UTC.
not_a_date_and_time = This is not a date and time. Write it as 2026-12-01T09:00.
year_of_time_out_of_range = This is out of range: the year is between 1970 and 9990.
time_does_not_exist = This time does not exist in { $zone }: clocks there are put forward over it.
markdown_nests_too_deep = This nests too deep: at most { $most } levels of quotes, lists, emphasis and links within each other.
markdown_grows_too_much = This would make a page many times its own length. Give the rows of a table all their cells, and refer to a long address less often.
markdown_has_too_many_ampersands = This has too many “&”: at most { $most }.

# Who may do what on a launch.

auditors_only_read = Auditors only read. They may ask for more evidence, but change nothing.
only_members_take_part = Only members take part in launches. Your account only reads them.
only_named_people_take_part = This launch is restricted. Only the people named on it take part in it.
marker_cannot_agree = Whoever marked an item not applicable can’t agree to it as well. Somebody else has to.
only_holder_agrees = Only a holder of the item’s role can agree that it does not apply.
asker_cannot_decide_waiver = Whoever asked for a waiver can’t approve or refuse it as well. Somebody else has to.
only_holder_decides_waiver = Only a holder of the item’s role can approve or refuse its waivers.
only_holder_or_owner_revokes_waiver = Only a holder of the item’s role, or the launch’s owner, can revoke a waiver.
only_uploader_or_owner_withdraws_evidence = Only the person who attached evidence, or the launch’s owner, can withdraw it.
only_author_changes_comment = Only the author of a comment can change it.
only_owner_hides_comment = Only the launch’s owner can hide a comment, or show it again.
only_holder_signs = Only a holder of this role can sign for it.
only_signer_withdraws_signature = Only the person who gave a signature can withdraw it.
only_owner_of_launch_may = Only the launch’s owner can do this.
only_maker_undoes_change = Only the person who made a change can undo it.

# What the stage of a launch does not allow.

item_belongs_after_launch = This item belongs after the launch. It is unlocked when the launch is recorded.
locked_while_go_is_declared = GO is declared, so this is locked. The owner can reopen the launch.
locked_since_launch_has_happened = The launch has happened, so what came before it can’t be changed any more.
launch_is_closed = This launch is closed; it is read-only.
launch_is_cancelled = This launch is cancelled; it is read-only.
stage_does_not_allow_this = The stage of the launch does not allow this.
go_is_declared_already = GO is declared already.
resume_before_declaring_go = The launch is on hold. Resume it before declaring GO.
launch_is_past_its_decision = This launch is past its decision.
only_preparing_or_go_is_held = Only a launch in preparation or with GO declared can be put on hold.
only_held_is_resumed = Only a launch on hold can be resumed.
only_go_is_reopened = Only a launch with GO declared can be reopened.
only_go_is_recorded = A launch can be recorded once GO is declared.
only_launched_is_closed = Only a launch that has happened can be closed.
launched_is_closed_not_cancelled = The launch has happened, so it can’t be cancelled any more. Close it.
launch_is_over_already = This launch is over already.

# Settings, decisions, and the end of a launch.

form_names_no_event = The form did not say which event of this launch it was made from. Look at the page again, then decide.
not_an_event_of_this_launch = This is not an event of this launch.
say_why_ownership_is_transferred = Say why the launch is transferred to another owner.
owns_launch_already = This person owns the launch already, so your reason was not recorded.
person_is_not_on_launch = This person is not on the launch.
launch_is_still_to_come = This is still to come. Record the launch once it has happened.
launch_is_before_go = This is before GO was declared.
every_condition_needs_a_note = Every condition needs a note that says how it was settled.
not_a_condition_of_launch = This is not a condition of the decision.
launch_was_transferred_since = You sent this form before, and the launch that it made has another owner since. Send it again to make another launch.
launch_was_cancelled_since = You sent this form before, and the launch that it made was cancelled since. Send it again to make another launch.
launch_was_changed_since = You sent this form before, and the launch that it made was changed since. Send it again to make another launch.

# Items.

say_why_not_applicable = Say why this does not apply here.
say_what_blocks = Say what blocks this.
say_why_you_do_not_agree = Say why you do not agree.
needs_no_agreement = Only a critical item that is marked not applicable needs agreement.
agreed_already_remark_not_recorded = Somebody agreed to this already, so your remark was not recorded. Write it as a comment.
only_marking_and_assignment_are_undone = Only the marking and the assignment of an item can be undone.
comment_was_deleted_since = You sent this comment before and deleted it since. Send it again to write it again.
comment_was_redacted_since = You sent this comment before, and it was redacted since.
comment_was_hidden_since = You sent this comment before, and the owner of the launch hid it since.
comment_was_edited_since = You sent this comment before and edited it since. Send it again to write it as another comment.

# Evidence.

evidence_was_withdrawn_since = You sent this form before, and what it attached was withdrawn since. Send it again to attach it again.
evidence_was_redacted_since = You sent this form before, and what it attached was redacted since.
request_was_answered_since = You sent this request before, and it was answered since. Send it again to ask again.
request_was_redacted_since = You sent this request before, and it was redacted since.
withdrawn_evidence_is_not_reused = That evidence was withdrawn, so it can’t be used again.
redacted_file_is_not_reused = That file was redacted, so it can’t be used again.
evidence_is_on_item_already = That evidence is on this item already.
observation_is_still_to_come = This day is still to come. Evidence is of something that was seen.
valid_until_is_before_observation = This is before the day on which it was observed.
evidence_is_withdrawn_already = This evidence was withdrawn already.
request_is_answered_already = This request was answered already.

# Waivers.

waiver_was_refused_since = You sent this form before, and the waiver was refused since. Send it again to ask again.
waiver_was_revoked_since = You sent this form before, and the waiver was revoked since. Send it again to ask again.
waiver_is_over_since = You sent this form before, and the last day of the waiver is over since. Ask again with a later day.
waiver_was_redacted_since = You sent this form before, and what it asked for was redacted since.
day_is_over_already = This day is over already.
resolved_item_is_not_waived = This item is resolved. Only an open or blocked one can be waived.
item_has_a_waiver_already = A waiver of this item is asked for or in force already.
say_why_you_refuse = Say why you refuse.
waiver_is_answered_already = This waiver was answered already.
last_day_of_waiver_is_over = The last day of this waiver is over. A new one has to be asked for.
only_approved_waiver_is_revoked = Only an approved waiver can be revoked.

# Signatures.

say_what_you_object_to = Say what you object to.
say_why_objection_is_lifted = Say why the objection is lifted.
one_person_signs_one_role = You have signed this launch in another role, and each person may sign in one role only. Withdraw that signature first.
role_has_no_name = This role has no name.
signature_is_of_another = This is the signature of another person.
signature_is_gone_since = You sent this form before, and the signature it made was withdrawn or replaced since. Sign again if you mean it.
no_such_objection_to_lift = This is not an open objection of another person in your role.
only_go_lifts_objection = Only a GO lifts an objection.
signature_is_gone_already = This signature was withdrawn or replaced already.
every_role_has_signed = Every role has signed.

# Why a checklist can’t be published.

checklist_has_no_items = This checklist has no items yet.
checklist_has_too_many_items = This checklist has { $count } items; at most { $most } are possible.
part_or_section_has_no_item = Every part and section needs an item.
item_is_nested_too_deep = The item “{ $key }” is nested more than { $most } levels deep.
two_items_have_key = Two items have the key “{ $key }”. A key is unique in its checklist.
role_is_required_twice = The role “{ $role }” is required twice.
part_has_no_item = The part “{ $title }” has no item. Add one, or remove the part.
section_has_no_item = The section “{ $title }” has no item. Add one, or remove the section.

# Why a draft can’t be changed.

not_in_the_draft = This is not in the draft.
removed_from_the_draft = This was removed from the draft meanwhile. It can be restored on the draft’s page.
changed_in_the_draft = This was changed meanwhile. What it is now is shown here; send it again if it is still right.
changed_since_it_was_added = You sent this form before, and what it added was changed since. Send it again to add it again.
cannot_be_moved_up = This can’t be moved up any more: it is the first here.
cannot_be_moved_down = This can’t be moved down any more: it is the last here.
parent_was_removed = The part or section that this was in was removed as well. Restore that first.
nothing_to_undo = There is nothing to undo any more.
title_is_taken = Another one at this place has this title already. Choose a title that tells them apart.
key_is_taken = Another item has the key “{ $key }”. A key is unique in its checklist.
key_is_fixed = The key of a published item can’t be changed, because versions are compared by it.
role_name_is_taken = Another role that signs has this name.
draft_has_too_many_items = A checklist has at most { $most } items. Make several checklists of it.
draft_has_too_many_headings = A checklist has at most { $most } parts and at most { $most } sections.
nested_too_deep = Items can be nested at most { $most } levels deep.
cannot_be_moved_there = This can’t be moved there.
checklist_is_too_large = With this, the checklist would have more than 2 MB of text. Shorten it, or make several checklists of it.

# Why something in an imported text was left out.

left_out_front_matter = front matter: it describes the file
left_out_comment = { $boxes ->
    [0] an HTML comment
    [one] an HTML comment, with 1 box in it: remove the marks of the comment to make it an item
   *[other] an HTML comment, with { $boxes } boxes in it: remove the marks of the comment to make them items
}
left_out_html = { $boxes ->
    [0] HTML: it is left alone
    [one] HTML: it is left alone, with 1 box in it: write it as Markdown to make it an item
   *[other] HTML: it is left alone, with { $boxes } boxes in it: write them as Markdown to make them items
}
left_out_code = { $boxes ->
    [0] a block of code
    [one] a block of code, with 1 box in it: remove the code fence to make it an item
   *[other] a block of code, with { $boxes } boxes in it: remove the code fence to make them items
}
left_out_indented_code = indented by four or more outside of a list: that is code in Markdown
left_out_text = text that belongs to no item
left_out_box_in_text = a box in running text is not an item
left_out_box_is_link = the brackets are the text of a link, not a box
left_out_box_in_code = a box in code is not an item: remove the backticks to make it one
left_out_box_in_heading = a box in a heading is not an item
left_out_choice = several boxes in a line are a choice, not a check
left_out_answers = answers to choose from are a choice, not checks
left_out_signature = a line to sign on is not an item: it names a role that must sign
left_out_signer_details = who signs, and when, is recorded in each launch: only the role is taken
left_out_list = a list without boxes
left_out_table_of_contents = a table of contents
left_out_table = a table without boxes, and without columns that say that its rows are checks
left_out_empty_row = a row that names no check
left_out_total_row = a row of totals names no check
left_out_empty_box = nothing is written beside the box
left_out_heading = a heading with no items under it
left_out_notes = notes: they are written in each launch
left_out_link = the address of a link: a line that only groups items has no place for it
left_out_rest = more than { $most } items: the rest of the file was not read

# What else there is to say about an imported text.

ticked_boxes = { $count ->
    [one] 1 box was ticked; it is imported unticked.
   *[other] { $count } boxes were ticked; they are imported unticked.
}
dropped_characters = { $count ->
    [one] 1 character that can’t be kept (a control character, or one that reverses the direction of text) was dropped.
   *[other] { $count } characters that can’t be kept (controls, or ones that reverse the direction of text) were dropped.
}
not_an_attribute = Line { $line }: “{ $text }” is not an attribute known here; it stays in the title.
repeated_attribute = Line { $line }: “{ $text }” comes after another of its kind; the last one counts.
heading_attribute = Line { $line }: “{ $text }” was removed from the heading.
duplicate_key = Line { $line }: another item has the key “{ $key }” already; this one has “{ $new_key }”.
title_was_cut = Line { $line }: a title has at most { $most } characters, so this one was cut; the whole text of an item is in its guidance.
text_was_cut = Line { $line }: the text that begins here is longer than { $most } characters and was cut.
items_nested_too_deep = { $count ->
    [one] 1 item is nested more than { $most } levels deep; it is kept at that level.
   *[other] { $count } items are nested more than { $most } levels deep; they are kept at that level.
}
role_is_required_already = Line { $line }: the role “{ $role }” is required already.

too_many_tags = A launch has at most { $count } tags.
tag_is_there_twice = The tag { $tag } is there twice.
