# The frame of every page, and the small elements that all pages share.

skip_to_content = Skip to content
main_navigation = Main
my_work = My work
launches = Launches
checklists = Checklists
audit = Audit
admin = Admin
administration = Administration
account = Account
search = Search
search_everything = Search everything
everything = Everything
your_account = Your account, { $name }
signed_in_as = Signed in as <b><bdi>{ $name }</bdi></b>
sign_out = Sign out
drill_banner = This is a drill: a copy of the installation, to look at. Nothing can be changed here, nothing is signed, and no mail is sent.
times_in_zone = Times in <b>{ $zone }</b>
undo = Undo
if_you_did_not_ask_for_renewal = If you did not ask for this, tell another admin at once, and choose a new password under <a href="/account">Account</a>.
i_have_seen_it = I have seen it
importance_critical = critical
importance_advisory = advisory
has_this_name_now = (now <bdi>{ $name }</bdi>)
deactivated = deactivated
no_longer_a_member = no longer a member
ready = Ready
ready_with_conditions = Ready with conditions
not_ready = Not ready
vote_go = GO
vote_no_go = NO-GO
verdict = Readiness:
decision_of_owner = Decision:
progress_of = { $label }: { $done } of { $total }
pages = Pages
newer = Newer
older = Older
optional = optional
password = Password
code = Code
six_digits_or_recovery_code = The six digits that your app shows now, or a recovery code.
files = Files

figures = Figures
