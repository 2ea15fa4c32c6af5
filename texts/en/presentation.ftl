# What several pages say about a launch: its head, its readiness, what changed, and why a change was refused.

# The head of a launch.

made_from_checklist = from <a href="{ $href }"><bdi>{ $checklist }</bdi></a>
owned_by = <span>owner { $owner }</span>
tab_go_no_go = Go/no-go
tab_evidence = Evidence
tab_history = History
tab_settings = Settings
countdown_in_days = T{ $sign }{ $days } d { $hours } h
countdown_in_hours = T{ $sign }{ $hours } h { $minutes } min
blocked_by = Blocked by { $things }
blocking_items = { $count ->
    [one] 1 item
   *[other] { $count } items
}
blocking_signatures = { $count ->
    [one] 1 signature
   *[other] { $count } signatures
}
blocking_objections = { $count ->
    [one] 1 objection
   *[other] { $count } objections
}
blocking_target = a target that has passed
blocked_by_nothing = Nothing is blocking
blocked_by_nothing_with_conditions = { $count ->
    [one] With 1 condition
   *[other] With { $count } conditions
}
ready_with_counted_conditions = { $count ->
    [one] Ready with 1 condition
   *[other] Ready with { $count } conditions
}
not_ready_for_reasons = { $count ->
    [one] Not ready for 1 reason
   *[other] Not ready for { $count } reasons
}

# A launch as of an earlier event.

past_of_launch = Launch as of an event
as_of_newest_event = <b>As of <a href="{ $href }">event { $seq }</a></b>, { $at }. Readiness is computed for that time. Nothing has happened since. Nothing can be changed here.
as_of_earlier_event = { $later ->
    [one] <b>As of <a href="{ $href }">event { $seq }</a></b>, { $at }. Readiness is computed for that time. This is not how it is now: 1 event came after it. Nothing can be changed here.
   *[other] <b>As of <a href="{ $href }">event { $seq }</a></b>, { $at }. Readiness is computed for that time. This is not how it is now: { $later } events came after it. Nothing can be changed here.
}
as_of_event_number = As of event { $seq }
what_changed_since = What changed since
as_it_is_now = As it is now

# Why a launch is not ready: what is wrong, and what to do. It stands after the item, the role or the target.

reason_with_subject = { $subject }: { $problem }.
open_item = Open item
see_agreement = See agreement
name_a_holder = Name a holder
see_signatures = See signatures
read_why = Read why
move_the_target = Move the target
open_waiver_not_answered = open; its waiver is not answered yet
open_waiver_refused = open; its waiver was refused
open_waiver_revoked = open; its waiver was revoked
open_waiver_expired = open; its waiver has expired
blocked_waiver_not_answered = blocked; its waiver is not answered yet
blocked_waiver_refused = blocked; its waiver was refused
blocked_waiver_revoked = blocked; its waiver was revoked
blocked_waiver_expired = blocked; its waiver has expired
done_without_evidence = done, but without the evidence it needs
done_with_lapsed_evidence = done, but its evidence was valid only until { $day }
not_applicable_agreement_refused = critical and marked not applicable; agreement was refused
not_applicable_without_agreement = critical and marked not applicable; nobody has agreed yet
nobody_has_signed_yet = nobody has signed yet
nobody_holds_the_role = nobody holds the role
all_holders_are_deactivated = everybody who holds the role is deactivated
no_holder_is_a_member = nobody who holds the role is an active member
signature_withdrawn = { $name } withdrew their signature
signature_withdrawn_nobody_holds = { $name } withdrew their signature, and nobody holds the role
signature_withdrawn_all_deactivated = { $name } withdrew their signature, and everybody who holds the role is deactivated
signature_withdrawn_no_member = { $name } withdrew their signature, and nobody who holds the role is an active member
signature_stale = { $name } signed before something in this role’s scope changed
signature_stale_nobody_holds = { $name } signed before something in this role’s scope changed, and nobody holds the role
signature_stale_all_deactivated = { $name } signed before something in this role’s scope changed, and everybody who holds the role is deactivated
signature_stale_no_member = { $name } signed before something in this role’s scope changed, and nobody who holds the role is an active member
signer_is_no_holder = { $name } signed, but no longer holds the role
signer_is_no_holder_nobody_holds = { $name } signed, but no longer holds the role, and nobody else does
signer_is_no_holder_all_deactivated = { $name } signed, but no longer holds the role, and everybody who holds it is deactivated
signer_is_no_holder_no_member = { $name } signed, but no longer holds the role, and nobody who holds it is an active member
signed_no_go = { $name } signed NO-GO, so there is no GO
signed_no_go_nobody_holds = { $name } signed NO-GO, so there is no GO, and nobody holds the role
signed_no_go_all_deactivated = { $name } signed NO-GO, so there is no GO, and everybody who holds the role is deactivated
signed_no_go_no_member = { $name } signed NO-GO, so there is no GO, and nobody who holds the role is an active member
objection_stands = { $name } signed NO-GO, and the objection is open
target_passed_too_long_ago = { $days ->
    [one] passed more than the allowed 1 day ago and was not moved
   *[other] passed more than the allowed { $days } days ago and was not moved
}
waived_until_the_end_of = waived until the end of { $day }
advisory_and_open = advisory and open
advisory_and_blocked = advisory and blocked
advisory_and_done_without_evidence = advisory and done, without the evidence it needs
nobody = nobody

# Why a change was not made.

launch_contradicts_its_history = The database no longer has the history of a launch that this server has read, so this launch is neither shown nor changed. Ask whoever runs the server to run “signoff verify --database”. After a backup was restored on purpose, the server has to be restarted.
item_changed_meanwhile = This item was changed meanwhile.
changed_meanwhile_look_again = Meanwhile { $changes }. What you entered is kept below. Look again, then decide.
changed_to_agreed = { $name } agreed that it is not applicable
changed_to_agreement_refused = { $name } refused to agree that it is not applicable
changed_to_open = { $name } set it back to open
changed_to_done = { $name } marked it done
changed_to_not_applicable = { $name } marked it not applicable
changed_to_blocked = { $name } marked it blocked
changed_name = { $name } changed the name to “{ $value }”
changed_summary = { $name } changed the summary to “{ $value }”
removed_summary = { $name } removed the summary
changed_target = { $name } changed the target to { $target }
changed_grace_period = { $days ->
    [one] { $name } changed the grace period after the target to 1 day
   *[other] { $name } changed the grace period after the target to { $days } days
}
changed_to_one_role = { $name } changed the rules: each person may sign in one role only
changed_to_several_roles = { $name } changed the rules: each person may sign in several roles
changed_to_restricted = { $name } restricted the launch
changed_to_unrestricted = { $name } opened the launch to everyone
changed_owner = { $name } transferred ownership to { $owner }
changed_assignee = { $name } assigned it to { $assignee }
changed_to_unassigned = { $name } assigned it to nobody
changed_due_date = { $name } changed the due date to { $day }
removed_due_date = { $name } removed the due date
changed_notes = { $name } edited the notes
changed_stage = { $name } moved the launch to another stage
changed_holder = { $name } changed whether { $holder } is a holder of { $role }
changed_participant = { $name } changed whether { $participant } is a participant
changed_signature_request = { $name } asked for the signature of { $role }
scope_changed_nothing_signed = Something in the scope of { $role } changed since you opened this page, so nothing was signed. Look at what changed below, then sign again.
reasons_stand_against_go = { $count ->
    [one] GO can’t be declared for 1 reason.
   *[other] GO can’t be declared for { $count } reasons.
}
conditions_are_others_now = { $count ->
    [0] The conditions are not those you acknowledged. There are none now.
    [one] The conditions are not those you acknowledged. There is 1 now; acknowledge it.
   *[other] The conditions are not those you acknowledged. There are { $count } now; acknowledge each.
}
roles_changed_meanwhile = Meanwhile { $name } changed the roles to: { $roles }. What you chose is kept below. Look again, then decide.
second_factor_made_optional_meanwhile = Meanwhile { $name } made a second factor optional. What you chose is kept below. Look again, then decide.
second_factor_made_mandatory_meanwhile = Meanwhile { $name } made a second factor mandatory for leads and admins. What you chose is kept below. Look again, then decide.
too_many_followed_launches = You have too many pages open that follow a launch. Close some of them.
no_launches_to_follow = This names no launches to follow, or too many.

# What changed: old and new values.

value_is_gone = <span class="visually-hidden">gone: </span><bdi>{ $value }</bdi>
value_is_new = <span class="visually-hidden">added: </span><bdi>{ $value }</bdi>
changed_by = <span class="soft small">by { $name }, { $at }</span>
diff_of_agreement = agreement
diff_of_assignee = assigned to
diff_of_waiver = waiver
diff_of_evidence = evidence
diff_of_evidence_request = evidence asked for
diff_of_comments = comments
diff_holders_of_role = Holders of { $role }
diff_participants = Participants
diff_asked_to_sign = asked to sign
diff_state_with_reason = { $state }: { $reason }
diff_nobody_has_agreed = nobody has agreed
diff_agreed_to_by = agreed to by { $name }
diff_refused_by = refused by { $name }
diff_waiver_until = until { $day }
diff_another_waiver_until = another, until { $day }
diff_waiver_asked_for_by = asked for by { $name }, until { $day }
diff_waiver_approved_by = approved by { $name }, until { $day }
diff_waiver_revoked_by = revoked by { $name }
diff_evidence_unnamed = a piece of evidence
diff_evidence_observed = { $evidence }, observed { $day }
diff_evidence_observed_and_valid = { $evidence }, observed { $day }, valid until { $last_day }
diff_evidence_withdrawn_because = { $evidence }, withdrawn: { $reason }
diff_request_answered = { $question }: { $answer }
diff_request_not_answered = { $question }: not answered yet
diff_comments_and_edited = { $count }, { $edited } of them edited
diff_vote_by = { $vote } by { $name }
diff_with_note_in_brackets = { $vote } ({ $note })
diff_vote_withdrawn = { $vote }, withdrawn
diff_vote_lifted = { $vote }, lifted by another holder
diff_vote_lifted_by = { $vote }, lifted by { $name }
diff_vote_replaced = { $vote }, replaced by a later one
diff_vote_stale = { $vote }, stale
diff_vote_of_no_holder = { $vote }, no longer a holder

# Logs: an event’s line, and checkpoints.

event_by_itself = Event #{ $seq } by itself
view_launch_as_of_event = View launch as of event { $seq }
log_checkpoint = { $size ->
    [one] <span>Checkpoint { $cause }, of event 1, not witnessed. Root hash:</span>
   *[other] <span>Checkpoint { $cause }, of events 1 to { $size }, not witnessed. Root hash:</span>
}
log_checkpoint_witnessed = { $size ->
    [one] <span>Checkpoint { $cause }, of event 1, witnessed by { $names }. Root hash:</span>
   *[other] <span>Checkpoint { $cause }, of events 1 to { $size }, witnessed by { $names }. Root hash:</span>
}
two_people = { $name } and { $other }
person_and_others = { $name } and { $count } others
name_with_present_name = { $name } (now { $present })
name_is_deactivated = { $name } (deactivated)
name_is_no_longer_a_member = { $name } (no longer a member)

# What others did to a person’s sign-in.

password_reset_with_link_of = password reset with a link of { $name } on { $at }
password_reset_with_operators_link = password reset with a link made at the server’s command line, on { $at }
second_factor_removed_by = second factor removed by { $name } on { $at }
second_factor_removed_at_command_line = second factor removed at the server’s command line on { $at }
renewal_confirmed_by = { $renewal }, confirmed by { $name }
reset_link_of = a reset link of { $name }
operators_reset_link = a reset link made at the server’s command line
removal_of_second_factor_by = the removal of the second factor by { $name }
operators_removal_of_second_factor = the removal of the second factor at the server’s command line
you_wait_after_reset_link = Your password was reset with a link of { $name } on { $at }. Until { $until } you can’t sign, approve or decide, so that nobody else can in your name. This ends earlier once another admin confirms, under Admin, People, that you had asked for it.
you_wait_after_operators_reset_link = Your password was reset with a link made at the server’s command line, on { $at }. Until { $until } you can’t sign, approve or decide, so that nobody else can in your name. This ends earlier once an admin confirms, under Admin, People, that you had asked for it.
you_wait_after_removal = Your second factor was removed by { $name } on { $at }. Until { $until } you can’t sign, approve or decide, so that nobody else can in your name. This ends earlier once another admin confirms, under Admin, People, that you had asked for it.
you_wait_after_operators_removal = Your second factor was removed at the server’s command line on { $at }. Until { $until } you can’t sign, approve or decide, so that nobody else can in your name. This ends earlier once an admin confirms, under Admin, People, that you had asked for it.

# Days and times.

day_month_year = { $day } { $month } { $year }
weekday_day_month_year = { $weekday } { $day } { $month } { $year }
month_and_year = { $month } { $year }
day_and_time_in_zone = { $day }, { $time } { $zone }
weekday_day_and_time_in_zone = { $weekday } { $day }, { $time } { $zone }
weekday_and_time_in_zone = { $weekday } { $time } { $zone }
january = January
february = February
march = March
april = April
may = May
june = June
july = July
august = August
september = September
october = October
november = November
december = December
january_short = Jan
february_short = Feb
march_short = Mar
april_short = Apr
may_short = May
june_short = Jun
july_short = Jul
august_short = Aug
september_short = Sep
october_short = Oct
november_short = Nov
december_short = Dec

changed_tags = { $name } changed the tags to { $tags }
removed_tags = { $name } removed all tags
