# The mails. Each text is one paragraph.

mail_greeting = Hello { $name },
mail_signature = signoff at { $host }

invitation_subject = You are invited to { $host }
invitation_paragraph = { $by } invites you to signoff, with which teams prepare launches and sign them off. Choose a password here, and your account is ready:
invitation_link_rules = The link works once, for seven days. It is for you only.

reset_link_subject = A new password for { $host }
reset_link_paragraph = With this link you choose a new password:
reset_link_rules = The link works once, for one hour. When you have chosen the password, you are signed out wherever you are signed in.
reset_link_not_asked_for = If you did not ask for this, ignore this mail: your password stays as it is.

password_changed_subject = Your password at { $host } was changed
password_changed_paragraph = Your password was changed.
name_changed_subject = Your name at { $host } was changed
name_changed_paragraph = Your name is now { $name }. What you did and signed before keeps the old name.
address_link_subject = Confirm your new address for { $host }
address_link_paragraph = You want to sign in with this address. Open this link, in a browser in which you are signed in, to confirm it:
address_link_rules = The link works once, for one day.
address_link_not_asked_for = If you did not ask for this, ignore this mail: nothing changes.
address_is_not_free_subject = This address can’t be used for another account at { $host }
address_is_not_free_paragraph = Somebody asked to sign in with this address. An account has it already, or has an address that looks like it, so nothing was changed. If it was you, ask your admin.
address_changed_subject = You sign in with another address at { $host }
address_changed_paragraph = The address of your account was changed. You sign in with the new one from now on, and this is the last mail to this address.
if_it_was_not_you_ask_admin = If you did this, you don’t need to do anything. If not, tell your admin at once.
second_factor_set_up_subject = A second factor was set up at { $host }
second_factor_set_up_paragraph = A second factor was set up for your account.
second_factor_turned_off_subject = Your second factor at { $host } was turned off
second_factor_turned_off_paragraph = Your second factor was turned off.
if_it_was_not_you = If you did this, you don’t need to do anything. If not, tell your admin at once, and choose a new password:

reset_link_made_subject = A link for a new password at { $host } was made for you
reset_link_made_by_admin = { $by } made a link with which a new password can be chosen for your account.
reset_link_made_by_operator = An operator of the server made a link with which a new password can be chosen for your account.
password_reset_subject = Your password at { $host } was changed with a link
password_reset_by_admin = Your password was changed with a link that { $by } had made.
password_reset_by_operator = Your password was changed with a link that an operator of the server had made.
second_factor_removed_subject = Your second factor at { $host } was removed
second_factor_removed_by_admin = { $by } removed your second factor.
second_factor_removed_by_operator = An operator of the server removed your second factor.
if_you_did_not_ask_for_it = If you asked for this, you don’t need to do anything. If not, tell another admin at once: whoever did it could sign in as you.
waiting_period_follows = For some time your account can’t sign, approve or decide, unless another admin confirms that you asked for this.

verification_failed_subject = The verification of { $host } has failed
verification_failed_paragraph = { $count ->
    [one] The nightly verification found a problem: something in the database or in the evidence files is not what the histories say. Signoff can’t cause this; somebody or something changed it.
   *[other] The nightly verification found { $count } problems: something in the database or in the evidence files is not what the histories say. Signoff can’t cause this; somebody or something changed it.
}
verification_failed_what_to_do = Change nothing before the cause is known. This page names what was found, and the runbook of the server says what to do.
