# The pages of the administration.

people = People
statements = Statements
security = Security

# People.

new_invitation_links = { $count ->
    [one] The link of the new invitation
   *[other] The links of { $count } new invitations
}
links_are_shown_once = They are shown only now. Each works once, for seven days.
copy_link = Copy link
copy_link_of = Copy link<span class="visually-hidden"> of <bdi>{ $name }</bdi></span>
copy_message_to = Copy message<span class="visually-hidden"> to <bdi>{ $name }</bdi></span>
message_to = Message<span class="visually-hidden"> to <bdi>{ $name }</bdi></span>
message = Message
link_for_new_password = Link for a new password
renewals_title = Renewals
renewals_hint = Somebody else reset the password or removed the second factor of these people. They can sign, approve and decide again after the waiting period, or as soon as another admin confirms that they asked for it. Ask them first, in person or by a channel that you trust.
renewed_by = Renewed by
made = Made
waits_until = Waits until
not_used_yet = not used yet
confirm = Confirm
confirm_that_they_asked = Confirm that they asked
did_they_ask = Did they tell you themselves that they asked for it? After this they can sign at once.
another_admin_has_to_confirm = another admin has to confirm it
joined = Joined
change = Change
change_person = Change<span class="visually-hidden"> <bdi>{ $name }</bdi></span>
person_is_you = <bdi>{ $name }</bdi> (you)
has_second_factor = second factor
roles_of = Roles of <bdi>{ $name }</bdi>
save_roles = Save roles
make_reset_link_hint = Makes a link for you to give to them. With it they choose a new password.
make_reset_link = Make a link for a new password
end_all_sessions_hint = For example after a device was lost. They have to sign in again.
end_all_sessions = End all sessions
remove_second_factor_hint = For people who have lost their app and their recovery codes.
remove_second_factor = Remove second factor
confirm_second_factor_removal = Remove their second factor? Their sessions end at once. Make sure that they asked for this themselves.
deactivate_hint = They can no longer sign in. What they did and signed does not change.
deactivate = Deactivate
confirm_deactivation = Deactivate this account? Its sessions end at once.
reactivate = Reactivate
still_have_to_accept = Still have to accept
invited = Invited
new_link_for = New link<span class="visually-hidden"> for <bdi>{ $name }</bdi></span>
new_link_replaces = { $name } already has an invitation. A new link replaces it.
new_link_made = Here is a new link for { $name }. The earlier one does not work any more.
new_link_mailed = A mail with a new link is on its way to { $name }. You can also give them the link below. The earlier one does not work any more.
people_to_invite = Invite people
list_of_people_hint = One person a line, such as “Tessa Brandt, tessa@example.org”. Addresses alone can also be separated by commas: then each name is made from the address.
line = Line { $number }
wrong_entries = Entries that can’t be taken
confirm_these_entries = Confirm these
invite_anyway = Invite <bdi>{ $person }</bdi>
names_that_look_alike_hint = Where names look alike, the address is shown with the name everywhere, so that nobody confuses them.
role_of_each = Role of each
list_names_nobody = Name at least one person.
list_is_too_long = Invite at most { $most } people at once.
entry_has_no_address = This has no e-mail address.
write_name_before_address = No name can be made from this address. Write the name before it.
address_is_listed_before = Line { $line } has the same address.
entries_are_wrong = { $count ->
    [one] Nobody is invited yet: one entry can’t be taken. Correct or remove it.
   *[other] Nobody is invited yet: { $count } entries can’t be taken. Correct or remove them.
}
entries_to_confirm = { $count ->
    [one] Nobody is invited yet: confirm one entry below, or change it.
   *[other] Nobody is invited yet: confirm { $count } entries below, or change them.
}
name_looks_like = This name looks like the name of { $person }.
address_looks_like = This address looks like the address of { $person }.
has_invitation_already = { $name } already has an invitation. A new link replaces it.
several_invited_by_mail = { $count } people are invited. Mails with the links are on their way. You can also give them the links below.
several_invited_without_mail = { $count } people are invited. Give each of them the link below.
requested_addresses = Requested addresses
requested_addresses_hint = These people want to sign in with another e-mail address. This installation sends no mail, so confirm that the address is theirs. Ask them first, in person or by a channel that you trust.
requested = Requested
confirm_address = Confirm address
is_it_their_address = Did { $name } tell you themselves that { $address } is their address? They sign in with it from then on.
address_request_is_not_open = This request is not open: it was confirmed, replaced, or has expired.
another_admin_confirms_your_address = Another admin has to confirm your address.
address_confirmed = { $name } signs in with { $address } from now on.
valid_until = Valid until
expired_at = <span>expired { $at }</span>
withdraw_invitation_of = Withdraw<span class="visually-hidden"> the invitation of <bdi>{ $name }</bdi></span>
invite = Invite

choose_a_role = Choose at least one role.
no_such_role = One of these roles does not exist. Choose member, admin or auditor.
auditor_has_no_other_role = An auditor has no other role, since an auditor checks what the others do. Choose auditor alone.
address_has_account = Somebody has an account with this address already.
invited_by_mail = { $name } is invited. A mail with the link is on its way. You can also give them the link below.
invited_without_mail = { $name } is invited. Give them the link below.
invitation_is_not_open = This invitation is not open: it was used, withdrawn or replaced.
invitation_withdrawn = The invitation is withdrawn.
no_admin_would_be_left = There would be no admin left. Make somebody else an admin first.
no_right_for_oneself = Nobody gives themselves a right while there is another admin. Ask another admin.
end_own_sessions_under_account = End your own sessions under Account.
roles_changed = { $name } now has these roles: { $roles }.
person_deactivated = { $name } can no longer sign in. What they did and signed does not change.
person_reactivated = { $name } can sign in again.
all_sessions_ended = All sessions of { $name } are ended.

# Renewals.

deactivated_needs_no_reset = This person is deactivated and can’t sign in, whatever their password. Reactivate them first.
reset_link_made = Give this link to { $name }. With it they choose a new password. It is shown only now, and works once, for one day. A second factor stays as it is. They get a message that you made the link.
reset_link_made_with_waiting_period = { $hours ->
    [one] Give this link to { $name }. With it they choose a new password. It is shown only now, and works once, for one day. A second factor stays as it is. They get a message that you made the link. Afterwards they can’t sign, approve or decide for one hour, unless another admin confirms that they asked for it.
   *[other] Give this link to { $name }. With it they choose a new password. It is shown only now, and works once, for one day. A second factor stays as it is. They get a message that you made the link. Afterwards they can’t sign, approve or decide for { $hours } hours, unless another admin confirms that they asked for it.
}
remove_own_under_account = Turn off your own second factor under Account, with your password and a code.
they_have_no_second_factor = They have no second factor.
second_factor_removed = The second factor of { $name } is removed, and their sessions are ended. They get a message that you did it.
second_factor_removed_with_waiting_period = { $hours ->
    [one] The second factor of { $name } is removed, and their sessions are ended. They get a message that you did it. They can’t sign, approve or decide for one hour, unless another admin confirms that they asked for it.
   *[other] The second factor of { $name } is removed, and their sessions are ended. They get a message that you did it. They can’t sign, approve or decide for { $hours } hours, unless another admin confirms that they asked for it.
}
own_renewal_needs_another_admin = This renewal is of your own account. Another admin has to confirm that you asked for it.
own_act_needs_another_admin = You did this yourself. Another admin has to confirm that they asked for it.
renewal_confirmed = You confirmed that { $name } asked for it. They can sign, approve and decide again.
renewal_needs_no_confirmation = This needs no confirmation any more: it was confirmed, or the waiting period is over.

# Statements.

what_signers_declare = What signers declare
what_signers_declare_hint = The text beside a signature, by decision and by what the signature means. A new version is for future signatures. What was signed keeps the text under which it was signed.
now_before_new_text = now
next_version_as_signers_read_it = Version { $number }, as signers will read it
publish_version = Publish version { $number }
write_version = Write version { $number }
change_it_again = Change it again
preview = Preview
versions = Versions
version_built_in_current = Version { $number }, current <span class="soft">built in</span>
version_built_in = Version { $number } <span class="soft">built in</span>
version_published_current = Version { $number }, current <span class="soft">published { $at } by { $by }</span>
version_published = Version { $number } <span class="soft">published { $at } by { $by }</span>
vote_with_meaning = { $vote }, { $meaning }
meaning_approval = approval
meaning_review = review
meaning_responsibility = responsibility
based_on_no_version = This was not based on a version that exists. Open the page again.
version_is_published = Version { $number } is published.
statement_unchanged = This is word for word what signers declare now. Change a text first.
preview_or_publish = Choose Preview or Publish.
version_published_for_future = Version { $number } is published. Everybody who signs from now on declares it.
other_version_published_meanwhile = Somebody published another version in the meantime. It is shown below, and yours is kept in the form. Compare them, then publish.

# Security.

security_hint = Who signed in and how, who was refused, whose rights and credentials changed, and what was exported.
who_signs_decides_or_administers = Everybody who signs, decides or administers
may_have_second_factor = may have a second factor
must_have_second_factor = must have a second factor
must_have_second_factor_hint = That is: admins, owners of launches, and holders of a role that signs, while the launch is not over. People without a second factor have to set one up before anything else.
after_renewal = After a renewal
waiting_period_is_off = <b>There is no waiting period.</b> A person whose password was reset by an admin’s link, or whose second factor an admin removed, can sign, approve and decide at once. Their signatures mention it for 30 days.
waiting_period_of_hours = { $hours ->
    [one] A person whose password was reset by an admin’s link, or whose second factor an admin removed, can’t sign, approve or decide for <b>one hour</b>, unless they use a second factor from before, or another admin confirms that they asked for it. Their signatures mention it for 30 days.
   *[other] A person whose password was reset by an admin’s link, or whose second factor an admin removed, can’t sign, approve or decide for <b>{ $hours } hours</b>, unless they use a second factor from before, or another admin confirms that they asked for it. Their signatures mention it for 30 days.
}
waiting_period_setting = Set on the server with SIGNOFF_RESET_HOLD_HOURS.
security_log = Security log
people_and_rights = People and rights
no_such_filter_in_security_log = The address asks for a kind, a person or an entry that the log does not have. Choose above, or show the whole log.
show_whole_log = Show the whole log
entry_range = entries { $first } to { $last }
one_entry = entry { $number }
launch_of_entry = the launch
no_such_second_factor_policy = Choose whether a second factor is optional, or required of leads and admins.
second_factor_now_optional = A second factor is optional now. Those that people have stay.
second_factor_now_required = Leads and admins need a second factor from now on. Those without one have to set it up before anything else.

# Operations.

operations = Operations
operations_hint = Whether this installation is backed up, verified and able to send mail.
verification_problems = Problems
verification_problems_hint = The verification found something in the database or in the evidence files that is not what the histories say. Signoff can’t cause this: somebody or something changed it. Change nothing before the cause is known; the runbook (docs/runbook.md) says what to do.
last_runs = Last runs
operation = Operation
last_run = Last run
result_of_run = Result
last_success = Last success
has_never_run = never
run_succeeded = succeeded
run_failed = failed
operation_backup = Backup
operation_verification = Verification
operation_checkpoint = Daily checkpoint
operation_restore = Restore
verify_now = Verify now
verification_hint = Every night the audit log and a share of the launches with their evidence files are verified, so that all are verified within a week.
verification_begins = The verification begins within half a minute. Its result will be on this page.
background_jobs = Background jobs
no_mail_is_sent = No mail is sent: no mail server is configured.
job = Job
job_mail = Mails
job_notifications = Notifications of dates
job_webhooks = Messages to webhooks
job_notification_mails = Mails about notifications
job_sweep = Sweep of the evidence files
job_summaries = Summaries of the launches, for lists
jobs_due = Due
jobs_due_since = Due since
jobs_given_up = Given up
jobs_that_failed = Failed, with another attempt to come
jobs_that_were_given_up = Given up
jobs_that_were_given_up_hint = They stay here for 30 days. Remove the cause that is named, then try them again.
job_error = Error
job_attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}
next_attempt = Next attempt
job_given_up_at = Given up at
try_job_again = Try again
job_is_of_no_use = its link has expired
discard_job = Discard
discard_job_question = Discard this job? It will never be done.
job_is_tried_again = The job is tried again.
job_is_discarded = The job is discarded.
job_is_not_there_any_more = This job is no longer among those that were given up, or is of no use any more. Open the page again.
sizes_and_versions = Sizes and versions
size_of_database = Database
size_of_histories = of which histories
size_of_evidence = Evidence files
size_of_files = { $count ->
    [one] { $size } in { $count } file
   *[other] { $size } in { $count } files
}
version_of_program = signoff
version_of_schema = Schema of the database
keys_of_installation = Keys of the installation
keys_of_installation_hint = The newest key signs checkpoints. Give it to everybody who verifies a bundle: only a key that does not come with the bundle shows who signed it.
key_number = Key
key_since = Since
key_succession = Origin
key_was_rotated = rotated: signed by the key before
key_was_replaced = replaces a lost key
key_is_the_first = the first key
