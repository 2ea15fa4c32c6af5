# The pages of the administration.

people = People
statements = Statements
security = Security

# People.

invitation_link = Invitation link
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
invitations = Invitations
valid_until = Valid until
expired_at = <span>expired { $at }</span>
withdraw = Withdraw
withdraw_invitation_of = Withdraw<span class="visually-hidden"> the invitation of <bdi>{ $name }</bdi></span>
invite_a_person = Invite a person
name_or_address_is_right = This is right: they are two different people
name_or_address_is_right_hint = Where their names look alike, the address is shown with the name everywhere, so that nobody confuses them.
invite = Invite

choose_a_role = Choose at least one role.
no_such_role = One of these roles does not exist. Choose member, admin or auditor.
auditor_has_no_other_role = An auditor has no other role, since an auditor checks what the others do. Choose auditor alone.
address_has_account = Somebody has an account with this address already.
name_looks_like = This name looks like the name of { $person }. Choose another, or confirm below that it is right.
address_looks_like = This looks like the address of { $person }. Correct it, or confirm below that it is right.
invited_by_mail = { $name } is invited. A mail with the link is on its way. You can also give them this link. It is shown only now, and works once, for seven days.
invited_without_mail = { $name } is invited. Give them this link. It is shown only now, and works once, for seven days.
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
