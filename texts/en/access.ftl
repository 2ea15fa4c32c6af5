# What a role of the installation is called.

role_admin = Admin
role_member = Member
role_auditor = Auditor

# Who may do what.

only_auditors_and_admins = Only auditors and admins see this, since it covers all launches.
only_an_admin_may = Only an admin may do this. Ask your admin.
past_is_read_only = This page shows the past, which can’t be changed. Open the launch as it is now.
cannot_tell_who_you_are = The server can’t check who you are at the moment, since a part of it does not answer. Try again in a moment.
set_up_second_factor_first = This installation requires a second factor of everybody who signs, decides or administers, and you have none yet. Nothing was done. Set one up under Account, then come back.

# The proof that it is you.

not_your_password = This is not your password.
wrong_code = This code is wrong, or was used already. Wait for the next one.
enter_code = Enter the code that your app shows, or a recovery code.
confirm_that_it_is_you = Confirm that it is you
why_confirm = You are about to change people, rights or policy, and you last entered your password more than five minutes ago. Nothing was done yet, and what you entered is kept.
confirm_with_your_password = Confirm with your password
confirm_and_continue = Confirm and continue
second_factor_needs_key = This installation can’t store second factors yet. Whoever runs the server has to set SIGNOFF_SECRET_KEY.

# New passwords.

password_too_short = Use at least { $count } characters. A few unrelated words are easy to remember.
password_too_long = This is too long: at most { $count } bytes, which is { $count } plain letters.
password_too_common = This password is too common. Choose one that is harder to guess.
password_made_of_known_words = This is too easy to guess: it consists of your name, your address or the name of this site. Add other words.
password_of_neighbouring_keys = This is too easy to guess, since the keys are neighbours. Add one or two words that have nothing to do with you.
password_of_repeats = This is too easy to guess, since it repeats itself. Add one or two words that have nothing to do with you.
password_like_a_common_one = This is too easy to guess, since it is like a common password. Add one or two words that have nothing to do with you.
password_of_sequence = This is too easy to guess, since it is a sequence like abc or 6543. Add one or two words that have nothing to do with you.
password_of_date = This is too easy to guess, since it contains a date or a year. Add one or two words that have nothing to do with you.
password_of_one_word = This is too easy to guess, since it is a single word. Add one or two words that have nothing to do with you.
password_of_names = This is too easy to guess, since it consists of names. Add one or two words that have nothing to do with you.
password_too_easy = This is too easy to guess. Add one or two words that have nothing to do with you.

# The session.

your_session_has_ended = Your session has ended
form_kept_sign_in = Nothing has been saved yet. Your text is kept on this page. Sign in, which opens a new tab. Then come back to this tab and send the form again.
text_that_you_typed = Your text
choose_files_again = Choose the files again
form_lost_sign_in = Nothing has been saved. Sign in, go back to the page you came from, and send it again.
send_again = Send again
changes_too_fast = { $seconds ->
    [one] You have made more changes in a minute than one account may. This change has not been saved yet, and what you entered is kept. Wait one second, then send it again.
   *[other] You have made more changes in a minute than one account may. This change has not been saved yet, and what you entered is kept. Wait { $seconds } seconds, then send it again.
}
you_are_signed_out = You are signed out.
browser_on_system = { $browser } on { $system }
unknown_browser = Unknown browser
