# Signing in.

sign_in = Sign in
email_address = E-mail address
forgotten_your_password = Forgotten your password?
no_account_yet = No account yet? Your admin can invite you.
wrong_credentials = This e-mail address and password don’t belong together.
sign_in_again_took_too_long = That took too long, or something changed in the meantime. Sign in again.
one_more_step = One more step
now_the_code = Your password is right. Now enter the code.
lost_app_and_codes = Lost your app and your recovery codes? Your admin can remove your second factor.
start_again = Start again

# A forgotten password.

forgotten_password = Forgotten password
how_to_get_reset_link = Enter the e-mail address that you sign in with. You get a mail with a link, and with the link you choose a new password.
send_me_a_link = Send me a link
no_mail_ask_admin_for_link = This installation sends no mail. Ask your admin: they can make you a link with which you choose a new password.
back_to_sign_in = Back to sign-in
reset_mail_may_be_on_its_way = If this address has an account, a mail with a link is on its way to it.
choose_new_password = Choose a new password
reset_signs_out_everywhere = You will be signed out wherever you are signed in. A second factor stays as it is.
new_password = New password
new_password_hint = At least 10 characters, and not easy to guess. A few unrelated words will do.
change_my_password = Change my password
reset_link_gone = This link does not work: it was used already, has expired, or the password was changed in another way. Ask for another link where you sign in, or ask your admin.
password_changed_sign_in = Your password is changed, and all your sessions are ended. Sign in with the new password.

# The first admin, and people who are invited.

create_admin_account = Create the admin account
welcome = Welcome
first_account_of_all = Nobody has an account here yet. Yours will be the first, and you can invite everybody else.
you_are_invited = You are invited. Choose a password, and your account is ready.
your_name = Your name
your_name_hint = It is shown with everything that you do and sign.
create_account = Create account
invitation_gone = This invitation does not work: it was used already, has expired, or was replaced by a newer one. If you have an account, sign in. Otherwise ask your admin for a new invitation.
setup_address_gone = This address does not work: the admin account exists already, or the server was started again and printed a newer address.
welcome_invite_people = Welcome. Invite your people next, under Admin.
welcome_account_ready = Welcome. Your account is ready.
account_is_ready = Your account is ready
invitation_was_used = This invitation was used, and the account was made. Sign in with the password that was chosen.
password_is_changed = The password is changed
reset_link_was_used = A new password was chosen with this link. Sign in with it. Whoever needs another link asks for it where one signs in, or asks an admin.
name_looks_like_another = Somebody here has a name that looks like this one. Add something that tells you apart, such as a second name, or ask for an invitation for this name.
name_with_address_too_long = Somebody here has a name that looks like this one, and with your address added this one is too long. Choose a shorter form of it.

# The account page.

your_account_title = Your account
name = Name
your_roles = Your roles
name_and_address = Name and address
change_your_name = Change your name
new_name_hint = New entries and signatures have the new name. What you did and signed before keeps the old one.
change_name = Change name
this_is_your_name = This is your name already.
name_is_not_distinct = Somebody here has, or had, a name that looks like this one. Add something that tells you apart, such as a second name.
your_name_changed = Your name is now { $name }. What you did and signed before keeps the old name.
account_changed_meanwhile = Your account was changed elsewhere in the meantime. Open the page again.
change_your_address = Change your e-mail address
new_address = New e-mail address
new_address_gets_a_link = A link is sent to the new address. You sign in with the old one until you have opened the link.
admin_confirms_new_address = This installation sends no mail, so an admin has to confirm that the address is yours. You sign in with the old one until then.
change_address = Change address
this_is_your_address = This is your address already.
address_link_is_on_its_way = A mail is on its way to { $address }. Open its link in this browser to confirm the address. Until then nothing changes.
admin_has_to_confirm_address = Ask an admin to confirm { $address }, under Admin, People. Until then nothing changes.
address_waits_for_link = Requested: <bdi>{ $address }</bdi>. Open the link that was mailed there.
address_waits_for_admin = Requested: <bdi>{ $address }</bdi>. An admin has to confirm it, under Admin, People.
sign_in_with_new_address = You sign in with <b><bdi>{ $new }</bdi></b> from now on, and no longer with <bdi>{ $old }</bdi>.
use_this_address = Use this address
address_no_longer_works = This address no longer works
invitation_no_longer_works = This invitation no longer works
link_no_longer_works = This link no longer works
address_is_confirmed = The address is confirmed
address_link_was_used = This link was used, and the address it confirmed was changed then. You sign in with the address that your account shows.
address_link_gone = This link does not work: it was used already, has expired, was replaced by a newer one, or belongs to another account. Request the address again in your account.
address_is_not_free = This address can’t be used: another account has it, or one that looks like it. Ask your admin.
address_changed = You sign in with { $address } from now on.
others_changed_your_sign_in = Changes that others made to your sign-in
others_changed_your_sign_in_hint = For 30 days, your signatures mention this too. If you did not ask for it, tell another admin, and choose a new password.
pages_and_mails_are_in = Pages and mails are in
language_of_the_browser = The language of the browser
choose_a_language = Choose one of these languages.
language_changed = The language is changed.
time_zone = Time zone
times_are_shown_in = Times are shown in
save = Save
save_zone = Save<span class="visually-hidden"> the time zone</span>
save_language = Save<span class="visually-hidden"> the language</span>
save_colors = Save<span class="visually-hidden"> the colours</span>
display = Display
colors_of_pages = Colours of the pages
as_the_system = As the system
light = Light
dark = Dark
choose_a_scheme = Choose one of these: as the system, light or dark.
scheme_changed = The colours are changed.
zone_changed = Times are now shown in { $zone }.
current_password = Current password
own_new_password_hint = At least 10 characters, and not easy to guess. Your other sessions will end.
change_password = Change password
password_changed_meanwhile = Your password was changed elsewhere in the meantime. Sign in again.
password_changed = Your password is changed, and your other sessions are ended.
second_factor = Second factor
second_factor_is_on = On: nobody can sign in with your password alone, without your app.
second_factor_is_off = Off: your password is enough to sign in and to sign launches in your name. With an authenticator app on your phone, a code is needed too.
recovery_codes_or_turn_off = Recovery codes, or turn it off
set_up_second_factor = Set up a second factor
where_you_are_signed_in = Where you are signed in
browser = Browser
last_used = Last used
network_address = Network address
signed_in_since = Signed in
end = End
this_session = this session
sign_out_of_device = Sign out<span class="visually-hidden"> { $device }</span>
end_session_of_device = End<span class="visually-hidden"> { $device }</span>
end_all_other_sessions = End all other sessions
other_sessions_ended = Your other sessions are ended.
session_ended = That session is ended.
not_what_notice_showed = This is not what the notice showed. Open the page again.

# The second factor.

second_factor_explained = A code that changes every 30 seconds, from an authenticator app on your phone. You enter it together with your password when you sign in and when you sign a launch.
second_factor_is_required = This installation requires a second factor of everybody who signs, decides or administers. Set yours up to continue.
second_factor_needs_key_set = This installation can’t store second factors yet. Whoever runs the server has to set <code>SIGNOFF_SECRET_KEY</code>.
copy_secret_to_app = 1. Copy the secret to your app
how_to_copy_secret = Scan this picture with the app, or type the secret into it. It is for time-based codes of six digits.
qr_code_of_secret = QR code of the secret. The secret is also shown as text beside it.
the_secret = The secret
confirm_secret = 2. Confirm it
six_digits_of_app = The six digits that the app shows now.
your_password = Your password
other_sessions_will_end = Your other sessions will end.
turn_on = Turn on
second_factor_on = It is on
recovery_codes_left = { $count ->
    [one] You have <b data-left>1</b> recovery code left. It replaces a code of your app once, when you don’t have the app.
   *[other] You have <b data-left>{ $count }</b> recovery codes left. Each replaces a code of your app once, when you don’t have the app.
}
new_recovery_codes_or_turn_off = New recovery codes, or turn it off
make_new_recovery_codes = Make new recovery codes
turn_off = Turn off
confirm_turning_off = Turn your second factor off? Your other sessions will end.
new_codes_replace_old = New codes replace all earlier ones. To change to another phone, turn the second factor off and set it up again.
back_to_your_account = Back to your account
second_factor_changed_meanwhile = Your second factor or password was changed elsewhere in the meantime. Check your account.
second_factor_exists_already = You have a second factor already.
enrolment_too_old = This page was open for too long. Copy the new secret below to your app, and delete the old one there.
not_the_code_of_secret = This is not the code that the app shows for this secret now.
second_factor_turned_off = Your second factor is off, and your other sessions are ended.
no_second_factor = You have no second factor.

recovery_codes = Recovery codes
second_factor_on_here_are_codes = Your second factor is on. Each of these codes replaces a code of your app once, when you don’t have the app. They are shown only now.
here_are_new_codes = Each of these codes replaces a code of your app once, when you don’t have the app. They are shown only now.
keep_codes_where = Keep them where you will find them
keep_codes_how = On paper or in your password manager, not on the phone that has the app.
i_have_kept_them = I have kept them
