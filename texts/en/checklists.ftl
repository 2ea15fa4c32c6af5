# The list of checklists.

what_to_check = What to check before and after a launch.
import_from_markdown = Import from Markdown
no_checklist_in_use = No checklist in use
launches_are_made_from_checklists = Launches are made from published checklists. A checklist that your team has in Markdown can be imported as it is.
an_admin_imports_the_first_checklist = An admin imports the first one.
checklist = Checklist
newest_version = Newest version
count_of_items = Items
published = Published
published_at_by = { $at } <span class="soft">by { $by }</span>
has_a_draft = draft
archived_checklists = Archived checklists
archived_checklists_count = Archived ({ $count })

# A version, to read.

version_number = Version { $number }
checklist_size = { $parts ->
    [one] 1 part
   *[other] { $parts } parts
}, { $sections ->
    [one] 1 section
   *[other] { $sections } sections
}, { $items ->
    [one] 1 item
   *[other] { $items } items
}
version_was_published = <span>published { $at }</span>
version_was_published_by = <span>published { $at } by { $by }</span>
checklist_is_archived = archived
download_markdown = Download as Markdown
import_a_version = Import a version
edit_checklist = Edit
edit_the_draft = Edit the draft
make_a_launch_from_this = New launch from this
this_is_an_older_version = <span>This is an older version, kept for the launches made from it. <a href="/checklists/{ $checklist }/versions/{ $number }">Version { $number }</a> is the newest.</span>
items_in_part = <span class="visually-hidden">, items: </span>{ $count }
about_this_version = About this version
roles_that_must_sign = Must sign
no_role_no_signature = No role: no signature is required.
hash_of_content = Hash of the content
item_needs_evidence = needs evidence
versions_of_this_checklist = Versions of this checklist
version_of_checklist = Version
compare_with_version = with version { $number }
first_version = the first
archive_checklist = Archive
checklist_archived = Archived
archived_means = It is not offered for new launches. Launches made from it stay as they are.
archiving_means = An archived checklist is not offered for new launches. Launches made from it stay as they are.
restore_checklist = Restore
checklist_is_archived_now = The checklist is archived. No launch is made from it any more.
checklist_is_restored_now = The checklist is restored. Launches can be made from it.
choose_archive_or_restore = Choose whether to archive or to restore the checklist.

# Two versions, compared.

compare_versions_title = Compare · { $checklist }
compare_two_versions = Compare two versions
from_version_to_version = From version { $from } to version { $to }
compare_from_version = From
compare_to_version = To
choose_a_version = Choose one
same_version_twice = These are the same version, so nothing differs. Choose two versions to compare.
only_one_version = These are the same version, so nothing differs. There is no other one yet.
no_such_version = There is no such version. They are numbered from 1 to { $newest }; choose one.
nothing_differs = Nothing differs.
only_sections_differ = Every item is as it was. Only how the items are divided into sections differs.
items_differ = { $added ->
    [one] 1 item added
   *[other] { $added } items added
}, { $removed } removed, { $changed } changed, { $moved } moved.
headings_renamed = { $count ->
    [one] 1 heading renamed.
   *[other] { $count } headings renamed.
}
name_changed = Name changed.
introduction_changed = Introduction changed.
required_signers_changed = Required signers changed.
checklist_itself = The checklist
added_items = Added
removed_items = Removed
changed_items = Changed
moved_items = Moved
value_was = <span class="visually-hidden">was </span><bdi>{ $value }</bdi>
value_is_now = <span class="visually-hidden">now </span><bdi>{ $value }</bdi>
name_of_checklist = name
introduction_of_checklist = introduction
must_sign = must sign
no_role = no role
heading_of_part = a part’s heading
heading_of_section = a section’s heading
heading_of_section_in = a section’s heading in { $part }
no_heading = no heading
title_of_item = title
importance_of_item = importance
due_of_item = due
role_of_item = role
evidence_of_item = evidence
guidance_of_item = guidance
no_particular_role = no particular role
evidence_is_required = required
evidence_is_not_required = not required
due_before_the_decision = before the decision
importance_required = required
to_another_position_there = to another position there
top_of_the_checklist = the top of the checklist

# Import.

import_version = Import version { $number }
what_markdown_is_read = A text in Markdown. Every line that begins with a box, such as “- [ ]”, is an item.
name_overrides_heading = Overrides the heading in the text.
name_may_be_empty = Leave it empty to use the heading in the text, or the name of the file.
change_the_text = Change the text
markdown_text = Markdown
preview_again = Preview again
choose_another_file = Choose another file
file_with_markdown = File
text_file_of_at_most = A text file of at most 2 MB.
or_paste_the_markdown = Or paste the Markdown
preview_import = Preview import
publish_checklist = Publish
import_has_size = { $size }.
nothing_skipped = Nothing was skipped.
passages_skipped = { $count ->
    [one] <a href="#left-out">1 passage skipped</a>.
   *[other] <a href="#left-out">{ $count } passages skipped</a>.
}
no_role_is_named = Nobody must sign.
roles_must_sign = Must sign: { $roles }.
compared_with_newest_version = Compared with the newest version
notes_on_the_import = Notes on the import
and_more_not_shown = And { $count } more.
skipped_passages = Skipped
line_by_line = Line by line
lines_not_shown = { $count ->
    [one] 1 more line was read, and is not shown here.
   *[other] { $count } more lines were read, and are not shown here.
}
line_is_name = name
line_is_introduction = introduction
line_is_part = part
line_is_section = section
line_is_context = context of items below
line_is_item = item
line_is_item_unticked = unticked
line_is_guidance = guidance
line_is_guidance_of_line = guidance of line { $number }
line_is_sign_off = heading of the roles that must sign
line_is_role = { $role } must sign
line_is_skipped = skipped
line_is_skipped_because = skipped: { $reason }
preview_or_publish_import = Choose whether to preview or to publish the import.
checklist_needs_a_name = Give the checklist a name. The text has none.
file_or_text_not_both = Either choose a file or paste a text, not both.
file_is_not_utf8 = This file is not text in UTF-8. Save it as UTF-8, and choose it again.
choose_or_paste_markdown = Choose a file, or paste the checklist’s Markdown.
file_of_checklist_too_large = { $name } is larger than { $size }. Split the checklist, or remove what does not belong to it.
text_of_checklist_too_large = The text is larger than { $size }. Split the checklist, or remove what does not belong to it.
form_field_far_too_long = A field of the form is far too long. Go back and shorten it.
no_item_in_text = There is no item in this text. An item is a line that begins with a box, such as “- [ ] Backups are restored in a drill”.
too_many_items_in_text = There are more than { $most } items in this text. A checklist has no more than that. Split it into several.
text_under_cannot_be_imported = The text under “{ $title }” can’t be imported. { $reason }
new_version_published = Version { $number } is published. Launches can be made from it.
is_this_version_already = This is version { $number } already, so nothing was published.
restore_before_publishing = This checklist is archived. Restore it before you publish a version of it.
older_version_has_this_content = Version { $number } has exactly this content. A version is identified by its content, so the same content can’t be published again as a newer version.

# A new checklist.

new_checklist = New checklist
not_published_yet = Not published yet
last_edited = Last edited
new_checklist_is_a_draft = It begins as a draft, which you edit and then publish. Launches are made from what is published.
name_of_start_is_used = Left empty, it is the name of what you start from.
purpose_of_checklist = What is it for?
start_from = Start from
start_from_nothing = Nothing
start_from_nothing_means = An empty draft.
starter_has = { $items ->
    [one] 1 item.
   *[other] { $items } items.
} Must sign: { $roles }.
start_from_a_copy = A copy of a published checklist
version_to_copy = Checklist to copy
choose_a_version_to_copy = Choose the checklist to copy.
name_and_version = { $name }, version { $number }
copy_of_checklist = Copy of { $name }
make_the_draft = Make the draft
start_from_markdown = Paste or upload Markdown instead
give_the_checklist_a_name = Give the checklist a name.
draft_is_made = The draft is made. Nobody else than admins sees it until it is published.
first_version_of_checklist = The first version
discarding_first_draft_means = No version of this checklist was published. All of it will be lost, for everybody.
copy_this_checklist = Copy
hash_of_content_means = SHA-256 of everything above and below: the same content has the same hash in every installation.

# Who signs, and what the items of a part have in common.

nobody_must_sign_means = Nobody must sign. A launch made from this version goes GO without a signature.
publish_without_signers = Publish it without anybody who must sign
nobody_must_sign_is_that_meant = Nobody must sign for a launch made from this. Name who must sign, or tick the box if that is meant.
who_must_sign = Who must sign
other_roles_that_sign = Other roles
other_roles_hint = Names, separated by commas.
set_by_part = Set role, importance and evidence by part
set_by_part_means = What is chosen here holds for every item of the part, whatever the text says.
part_without_heading = Without a heading
count_items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
responsible_role_of_part = Responsible role
importance_of_part = Importance
evidence_of_part = Evidence
as_in_the_text = as in the text
how_to_write_it = How to write role, importance, evidence and signers in the text
attributes_are_at_the_end = What is special about an item is at the end of its line, in braces:
example_of_item = - [ ] A backup was restored { "{" }#restore-tested; critical; role=operations; evidence{ "}" }
example_of_after_item = - [ ] Errors of the first day were read { "{" }advisory; after 24h{ "}" }
attributes_are_these = “#key” is its name across versions; “critical” or “advisory” its importance; “role” the role that is responsible; “evidence” means that it needs evidence; “after 24h”, “after 7d” and “after 30d” move it behind the launch. All of them may be left out.
sign_off_heading_names_roles = Under a heading “Sign-off”, each line names a role that must sign:
example_of_sign_off = ## Sign-off
example_of_role = **Operations:** ____
