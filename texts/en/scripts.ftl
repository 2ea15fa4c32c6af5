# Notices and buttons of the scripts: `text("key", { name })` in static/js. An argument can be an element, where a notice shows it.

# Requests (requests.js). `{ $why }` in other texts is one of the next two sentences.

server_does_not_answer = The server does not answer.
server_cannot_be_reached = The server can’t be reached.
session_has_ended = Your session has ended.
session_ended_nothing_saved = Your session has ended, so nothing was saved. What you entered is still here.
sign_in_again = Sign in
server_refused_nothing_saved = The server refused this. Nothing was saved.

# Forms that leave the page, and typed text (page_forms.js, drafts.js, confirm.js).

no_connection_page_stays = There is no connection, so this page stays open. Try again when the connection is back.
nothing_sent_entries_kept = { $why } Nothing was sent, and what you entered is still here.
form_changed_nothing_sent = This part of the page changed meanwhile, so nothing was sent. Look at it again.
typed_text_is_back = The text that you had typed here is back.
discard_typed_text = Discard
cancel_question = Cancel

# An item that is open in the list (opened_item.js, opened_item_forms.js).

open_on_own_page = Open on its own page
close_item = Close
nothing_saved_entries_kept = { $why } Nothing was saved, and what you entered is still here.
unknown_whether_saved_entries_kept = { $why } It is not known whether this was saved. What you entered is still here.

# A tick (tick.js).

item_ticked = Done: { $item }
item_ticked_without_evidence = Done, but evidence is still needed: { $item }
item_unticked = Open again: { $item }
items_ticked = { $count ->
    [one] 1 item done
   *[other] { $count } items done
}
items_unticked = { $count ->
    [one] 1 item open again
   *[other] { $count } items open again
}
undo_tick = Undo

# More on a row (more.js).

more_on_item = More on { $item }
link_is_copied = Link copied.
session_ended_item_unchanged = Your session has ended, so “{ $item }” was not changed.
item_is_shown_as_it_was = { $why } “{ $item }” is shown as it was. Try again.

# The outline of a draft (outline.js).

moved_to_place = “{ $title }” is now { $place } of { $count }.
item_is_saved = Saved
undo_removal = Undo

# Changes by others (live.js).

other_marked_done = { $who } marked done: { $item }
other_set_back_to_open = { $who } set back to open: { $item }
other_marked_blocked = { $who } marked blocked: { $item }
other_marked_not_applicable = { $who } marked not applicable: { $item }
others_changed_items = { $count ->
    [one] Others changed 1 item.
   *[other] Others changed { $count } items.
}
stage_of_launch_changed = The launch is at another stage now.
show_new_stage = Show it
verdict_is_now = Readiness is now: { $verdict }.
verdict_is_now_with_summary = Readiness is now: { $verdict }. { $summary }.
connection_is_lost = The connection is lost. What others change is not shown until it is back.
you_are_offline = You are offline. Nothing can be saved, and what others change is not shown, until the connection is back.
launch_is_not_shown_any_more = You may not see this launch any more, so what others change is not shown here.

# Selected items (select.js).

items_are_selected = { $count ->
    [one] 1 item selected
   *[other] { $count } items selected
}

# The list of keys (keys.js).

keys_of_list = Keys
keys_move = next, previous item or notification
keys_tick = tick, or untick; while selecting, select; mark a notification as read
keys_open = open the item, or close it; open the notification
keys_attach = attach evidence
keys_comment = comment
keys_search = search
keys_close = close, or leave the field
keys_help = this list
close_list_of_keys = Close

# Times and sizes (times.js, sizes.js).

time_is_just_now = just now
time_is_in_a_moment = in a moment
size_in_bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}

# Files that are chosen, dropped or pasted (drop.js).

item_takes_no_evidence = You can’t attach anything to this item now.
remove_chosen_file = Remove
remove_file_named = Remove { $name }
pasted_picture_name = Screenshot { $day } { $time }.png
too_large_file = “{ $name }”
files_are_too_large = { $count ->
    [one] { $names } is larger than { $limit }. Remove it: until then nothing of this form is sent.
   *[other] { $names } are larger than { $limit }. Remove them: until then nothing of this form is sent.
}

# Uploads (uploads.js).

upload_of = Sending { $name }
retry_upload = Retry
retry_upload_of = Retry: { $name }
cancel_upload = Cancel
cancel_upload_of = Cancel: { $name }
dismiss_upload = Dismiss
dismiss_upload_of = Dismiss: { $name }
file_attached = Attached.
upload_cancelled = Cancelled. Nothing was attached.
upload_connection_lost = The connection was lost, or the file can’t be read. Retry: the file is attached only once.
upload_without_answer = The server does not answer. Retry: the file is attached only once.
upload_session_ended = Your session has ended, so nothing was attached. Sign in, then retry.
server_refused_nothing_attached = The server refused this. Nothing was attached.
upload_failed_because = { $name }: { $why }
uploads_attached_so_far = { $done } of { $total } attached so far.
uploads_attached = { $done } of { $total } attached.
link_or_note_not_sent = The link or note was not sent, and is still in the form.

# Buttons that copy (copy.js).

copied = Copied.
select_and_copy_yourself = The browser does not allow copying. The text is selected: copy it yourself.

# The command palette (palette.js).

key_opens_palette = go to a page, launch, item or person, or do what the page offers
palette = Go to
palette_placeholder = Page, launch, item or action
palette_actions = On this page
palette_has_nothing = Nothing found.
unread_at_the_bell = { $count ->
    [one] Notifications, 1 unread
   *[other] Notifications, { $count } unread
}
people_to_mention = People to mention
