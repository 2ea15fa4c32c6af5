# All pages of a checklist's draft.

draft_of_version = Draft of version { $number }
version_published_since_draft = <span>Version { $newest } was published since this draft began from version { $base }. Its changes are not in the draft. <a href="/checklists/{ $checklist }/compare?from={ $base }&amp;to={ $newest }">Compare the two versions</a>, and make the changes that you need in the draft too.</span>
current_heading_is = It is “<bdi>{ $heading }</bdi>” now.
draft_changed_at_by = <span>draft changed { $at } by { $by }</span>
new_in_draft = new
changed_in_draft = changed
move_up = Move “<bdi>{ $title }</bdi>” up
move_down = Move “<bdi>{ $title }</bdi>” down
no_title_heading = Without a heading
name_with_number = { $name } ({ $number } of { $total })
items_of_section = { $count ->
    [one] 1 item
   *[other] { $count } items
}
save_in_draft = Save
rename = Rename
move_to_place = Move
heading = Heading
markdown_works = Markdown.
restore_before_editing = This checklist is archived. Restore it before you edit it.
draft_title = Draft · { $checklist }
publish_draft_title = Publish · { $checklist }
discard_draft_title = Discard the draft · { $checklist }

# The outline: the name, the roles that must sign, the parts and sections.

outline_changed = <span>changed { $at } by { $by }; every change is saved</span>
outline_unchanged = as in version { $number }; every change is saved, and only admins see it until it is published
discard = Discard
review_and_publish = Review and publish
publish_after_first_change = It can be published once something is changed.
keys_of_outline = <kbd>Enter</kbd> in a title adds the next item, <kbd>Tab</kbd> at its beginning nests it and <kbd>Shift</kbd> <kbd>Tab</kbd> takes it out, <kbd>Esc</kbd> closes it. <kbd>Alt</kbd> <kbd>↑</kbd> and <kbd>Alt</kbd> <kbd>↓</kbd> move what has the focus, <kbd>Ctrl</kbd> <kbd>Z</kbd> undoes a change.
remove_the_part = Remove the part
add_a_section_to = Add a section<span class="visually-hidden"> to <bdi>{ $part }</bdi></span>
add_the_section = Add the section
heading_of_new_section = Heading of the new section
close_form = Close
no_part_yet = There is no part yet. Add the first one.
add_a_part = Add a part
add_the_part = Add the part
introduction = Introduction
current_values = Current values
role_up = Move <bdi>{ $role }</bdi> up
role_down = Move <bdi>{ $role }</bdi> down
do_not_require_role = Do not require <bdi>{ $role }</bdi> to sign
add_a_role = Add a role
another_role = Another role, named below
name_of_another_role = Name of another role
add_the_role = Add the role
removed_from_draft = Removed
removed_can_be_restored = These can be restored until the draft is published.
restore_removed = Restore<span class="visually-hidden"> <bdi>{ $title }</bdi></span>
removed_part = { $items ->
    [one] part, 1 item
   *[other] part, { $items } items
}
removed_section = { $items ->
    [one] section, 1 item
   *[other] section, { $items } items
}
removed_item = item
removed_item_nested_in = item nested in { $path }

# A section.

add_the_item = Add the item
add_an_item_to = Add an item<span class="visually-hidden"> to <bdi>{ $section }</bdi></span>
key_of_item = Key
move_section_to_end_of = Move it to the end of
remove_the_section = Remove the section
remove_the_section_and_items = Remove the section and its items

# The fields of an item.

what_has_to_be_true = What has to be true
importance = Importance
critical_means = Critical: blocks GO; “not applicable” needs agreement
required_means = Required: blocks GO
advisory_means = Advisory: if open, a condition of GO
due_phase = Due
responsible_role = Responsible role
choose_no_particular_role = No particular role
require_evidence = Require evidence
how_to_verify = How to verify
how_to_verify_and_key = How to verify, and key
preview_of_guidance = How the guidance will look

# An item.

item_is_nested_in = nested in <bdi>{ $path }</bdi>
key_is = key <code>{ $key }</code>
key_is_new = key <code>{ $key }</code> <span class="soft">(new)</span>
current_values_that_differ = Current values that differ from what you typed
current_title = Title
current_importance = Importance
current_due = Due
current_role = Role
current_evidence = Evidence
current_guidance = Guidance
current_key = Key
current_value_is_empty = empty
key_of_unpublished_item_hint = Identifies the item in all versions. Leave it empty to make it from the title. Once the item is published, its key stays.
save_and_next_item = Save and go to the next item
save_and_add_below = Save and add one below
move_nest_or_remove = Move, nest or remove
nest_deeper = Nest in the one before
nest_outward = Take out one level
move_item_to_end_of = Move it to the end of
remove_the_item = Remove the item

# Many items at once.

chosen_items = Chosen items
choose_no_item = Choose none
change_chosen_items = Change
leave_as_it_is = Leave as it is
evidence_of_items = Evidence
require_no_evidence = Require no evidence
apply_to_chosen_items = Apply
move_chosen_items = Move
move_items_to_end_of = Move them to the end of
remove_chosen_items = Remove

# What was typed for something that is gone.

what_you_typed = What you typed
add_it_to = Add it to
typed_for_what_is_gone = This is no longer in the draft. It was removed meanwhile, or the draft was published or discarded. What you typed is here, and you can add it as a new item.

# Publishing.

compared_with_version = Compared with version { $number }
nothing_to_publish = Nothing differs from version { $number }, so there is nothing to publish.
continue_editing = Continue editing
earlier_launches_stay = Launches made from earlier versions stay as they are. New launches are made from this one.
before_it_can_be_published = Before it can be published
go_to_fault = Go there
nobody_has_changed_anything = There is nothing to publish. Nobody has changed anything since version { $number }.
draft_changed_since_you_looked = The draft was changed since you looked. This page shows it as it is now. If that is right, send the form again.
version_published_since_you_looked = Version { $number } was published since you looked. This page shows what the draft changes in it now. If that is right, publish it.
draft_cannot_be_published = The draft can’t be published as it is.

# Discarding.

discard_the_draft_question = Discard the draft?
draft_was_changed_at_by = <span>Changed { $at } by { $by }</span>
discarding_means = Everything that was changed since version { $number } will be lost, for everybody.
keep_the_draft = Keep the draft
discard_the_draft = Discard the draft
no_draft_to_discard = There is no draft to discard. <a href="/checklists/{ $checklist }">Back to the checklist</a>

# Notices and refusals.

draft_saved = Saved.
section_renamed = The section is renamed.
section_moved = The section is moved.
item_moved = The item is moved.
item_added = “{ $title }” is added.
item_saved = “{ $title }” is saved.
removed_named = “{ $title }” is removed. You can restore it on the draft’s page until the draft is published.
removed_something = It is removed. You can restore it on the draft’s page until the draft is published.
restored_named = “{ $title }” is restored.
restored_something = It is restored.
undo_change = Undo
redo_change = Redo
undo_change_by = Undo the change by { $who }, { $when }
redo_change_by = Redo the change by { $who }, { $when }
change_undone = The last change is undone.
change_redone = The change is back.
choose_undo_or_redo = Choose undo or redo.
removal_undone = What was removed is back.
items_changed_in_draft = { $count ->
    [one] 1 item is changed.
   *[other] { $count } items are changed.
}
items_moved_in_draft = { $count ->
    [one] 1 item is moved.
   *[other] { $count } items are moved.
}
items_removed_from_draft = { $count ->
    [one] 1 item is removed.
   *[other] { $count } items are removed.
}
draft_discarded = The draft is discarded.
choose_up_or_down = Choose whether to move it up or down.
choose_one_of_these = Choose one of these.
choose_items_first = Choose items first.
choose_what_to_change = Choose what to change.
choose_what_to_do_with_role = Choose whether to add, to remove or to move the role.
role_does_not_have_to_sign = This role does not have to sign.
no_role_has_such_a_name = A role can’t have this name. Choose another.
choose_preview_or_save = Choose whether to preview or to save the item.
what_a_key_is_made_of = A key is made of a-z, 0-9 and hyphens, with at most 100 characters.

more_about_draft = More about this draft
