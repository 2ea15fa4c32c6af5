# The pages that say what went wrong, and what to do.

not_found = Not found
nothing_at_this_address = There is nothing at this address, or nothing that you may see.
signed_out_or_session_ended = You are not signed in, or your session has ended.
not_allowed = Not allowed
you_may_not_do_this = You may not do this.
not_possible_here = Not possible here
address_cannot_be_used_this_way = This address can’t be used in this way.
not_possible_now = Not possible now
cannot_be_done_now = This can’t be done now.
too_large = Too large
more_than_accepted = More was sent than is accepted here.
at_most_accepted = This is too large. At most { $size } are accepted.
form_too_large = What you entered is too long: a form has at most { $size }. Go back with your browser, where it is still in the form. Shorten it, then send it again.
not_understood = Not understood
form_not_understood = What was sent was not understood. Go back, check the form and send it again.
request_not_understood = This request was not understood.
too_many_requests = Too many requests
tried_too_often_wait = This was tried too often. Wait a moment, then try again.
tried_too_often_try_in = { $seconds ->
    [one] This was tried too often. Try again in one second.
   *[other] This was tried too often. Try again in { $seconds } seconds.
}
wrong_address = Wrong address
not_served_under_this_name = This site is not served under the name in your address bar.
check_whether_it_runs = Check whether it runs
not_available_now = Not available now
takes_too_long = This takes longer than it should. Try again in a moment.
drill_changes_nothing = This is a drill: a copy of the installation, to look at. Nothing can be changed or exported with a signature here.
no_space_left = No space left
something_went_wrong = Something went wrong
not_your_fault = This is not your fault, and no change was left half done. Try again. If it happens again, give your admin the reference below.
go_to_my_work = Go to my work
reference_of_request = Reference: <code>{ $id }</code>

# What does not answer.

database_does_not_answer = The database does not answer at the moment. Try again in a moment.
session_store_does_not_answer = The store of sessions does not answer at the moment. Try again in a moment.
database_is_full = The disk of the database is full, so nothing was changed. Tell whoever runs the server, and try again when there is room.
database_is_read_only = The database accepts no changes at the moment, so nothing was changed. Try again in a moment.
evidence_store_does_not_answer = The store of evidence files can’t be used at the moment. Try again in a moment. If it happens again, tell whoever runs the server.
evidence_store_is_full = The disk of the evidence files is full, so nothing was stored. Tell whoever runs the server, and try again when there is room.
server_is_overloaded = The server has too much to do at the moment. Try again in a moment.

# Forms that can’t be read.

query_not_understood = The part of this address after the question mark can’t be read: something in it stands twice or is not text. Open the page without it and choose there.
open_the_page = Open the page
form_arrived_only_in_part = The form arrived only in part. Send it again.
form_lacks_field = The form came without its field “{ $field }”, so nothing was changed. Send the whole form.
form_not_understood_go_back = The form was not understood. Go back, check it and send it again.
number_of_form_is_damaged = The number of this form arrived damaged. Without it, a form that is sent twice can’t be recognised, so nothing was changed. Send it again.
form_has_no_base = The form did not say which state it started from. Look at the page again, then decide.
either_on_or_off = This is either on or off.
form_must_send_files = This form must be sent as a form with files (multipart/form-data).
upload_too_slow = The upload came too slowly, and nothing of it was kept. Send it again.
upload_stopped = The upload stopped half way, and nothing of it was kept. Send it again.
upload_not_understood = The upload arrived only in part, or was not understood. Send it again. If a file has unusual characters in its name, rename it first.
not_sent_from_this_site = This was not sent from a page of this site, so nothing was changed. Open the page here and try again.
text_that_was_sent = The text that was sent
copy_text_that_was_not_saved = None of it was saved. Copy it before you leave this page.
copy_text_if_it_is_yours = None of it was saved. If you wrote it, copy it, open the page here and enter it there. If you did not, ignore it: another website may have written it.

# Exports.

history_altered_not_exported = The history of this launch, or something that belongs to it, is not what was recorded, so it is not exported. The page “Verify” of the launch shows what is wrong. Ask whoever runs the server to run “signoff verify --database”.

# Times and days.

just_now = just now
in_a_moment = in a moment
minutes_ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
in_minutes = { $count ->
    [one] in 1 minute
   *[other] in { $count } minutes
}
hours_ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
in_hours = { $count ->
    [one] in 1 hour
   *[other] in { $count } hours
}
days_ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
in_days = { $count ->
    [one] in 1 day
   *[other] in { $count } days
}
months_ago = { $count ->
    [one] 1 month ago
   *[other] { $count } months ago
}
in_months = { $count ->
    [one] in 1 month
   *[other] in { $count } months
}
years_ago = { $count ->
    [one] 1 year ago
   *[other] { $count } years ago
}
in_years = { $count ->
    [one] in 1 year
   *[other] in { $count } years
}
not_a_date = This is not a date. Write it as 2026-12-31.
not_a_day = This is not a day. Write it as 2026-11-23.
year_out_of_range = This is out of range: the year is between 1900 and 9999.
count_of_bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
}
title_as_of_event = { $title } · as of event { $seq }

# What others did to the viewer’s sign-in, at the top of every page.

an_operator_of_the_server = an operator of the server
reset_link_made_for_you = On { $made }, { $by } made a link with which a new password can be chosen for your account.
reset_link_made_for_you_and_confirmed = On { $made }, { $by } made a link with which a new password can be chosen for your account. { $confirmer } confirmed that you had asked for it.
reset_link_used_for_you = On { $used }, a new password was chosen for your account, with a link that { $by } had made on { $made }.
reset_link_used_for_you_and_confirmed = On { $used }, a new password was chosen for your account, with a link that { $by } had made on { $made }. { $confirmer } confirmed that you had asked for it.
second_factor_removed_for_you = On { $made }, { $by } removed your second factor.
second_factor_removed_for_you_and_confirmed = On { $made }, { $by } removed your second factor. { $confirmer } confirmed that you had asked for it.
back_to_the_form = Back to the form
