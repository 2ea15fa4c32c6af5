# The go/no-go page: readiness and decisions.

go_no_go_title = Go/no-go · { $launch }
what_went_wrong = What went wrong
changed_since_you_opened_page = Changed since you opened the page
what_you_wrote = What you wrote
readiness_as_of_launch = As of the launch, { $at }, recorded in <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>.
readiness_as_of_event = As of <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>, { $at }.
readiness_is_checked_again_after = Checked again automatically after { $until }.
readiness_stayed_until = Without a later event, it stayed the same until { $until }.
decision_go = <span>Declared by { $person }, { $at } (<a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>, <a href="/launches/{ $launch }/as-of/{ $seq }/go-no-go">what it was based on</a>). <span class="soft">{ $readiness }</span></span>
decision_launched = <span>Recorded by { $person }, { $at } (<a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>, <a href="/launches/{ $launch }/as-of/{ $seq }/go-no-go">as of then</a>). <span class="soft">{ $readiness }</span></span>
decision_hold = <span>Declared by { $person }, { $at }: <bdi>{ $reason }</bdi></span>
decision_cancelled = <span>By { $person }, { $at }: <bdi>{ $reason }</bdi></span>
decision_closed = <span>By { $person }, { $at }</span>
go_was_taken_back = <span>The <a href="/launches/{ $launch }/history/{ $seq }">GO</a> of { $declared } was taken back by { $person }, { $at }: <bdi>{ $reason }</bdi></span>
decide_here = <span>Decide</span>
no_decision_yet = <span class="soft">{ $owner }, the owner, has not decided yet.</span>
readiness_then = Readiness then: { $readiness }.
readiness_then_acknowledged = Readiness then: { $readiness }, acknowledged.
changed_since_you_last_looked = Changed since you last looked
changed_in_scope = { $count ->
    [0] In what is signed, since <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>:
    [one] In the scope of { $roles }, since <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>:
   *[other] In the scopes of { $roles }, since <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>:
}
more_changes = { $count } more

# The go/no-go page: reasons.

what_blocks_the_launch = What blocks the launch
part_and_blocking_items = { $count ->
    [one] <bdi>{ $part }</bdi> <span class="soft">1 item</span>
   *[other] <bdi>{ $part }</bdi> <span class="soft">{ $count } items</span>
}
open_part_in_checklist = Open in the checklist
subject_and_reason = <b><bdi>{ $subject }</bdi></b>: <bdi>{ $reason }</bdi>
rule_objection = Objection
rule_signature = Signature
rule_evidence = Evidence
rule_agreement = Agreement
rule_target = Target
rule_item = Item
see_who_holds_the_role = See who holds it
see_the_difference = See the difference
sign_for_role = Sign
see_reason = See

# The go/no-go page: signatures.

role_not_required = not required
go_of_former_holder = no longer counts
signature_asked = asked
signature_awaited = awaiting
holders_of_role = Holders
nobody_holds_role_yet = nobody yet
signature_asked_at = Asked
earlier_signatures = { $count ->
    [one] 1 earlier signature
   *[other] { $count } earlier signatures
}
earlier_signature_on_paper = Before: { $person }, <bdi>{ $vote }</bdi>, { $at } (event { $seq }).
comment_on_paper = “<bdi>{ $comment }</bdi>”
note_on_paper = Note: <bdi>{ $note }</bdi>.
sign_as = Sign as <bdi>{ $role }</bdi>
no_role_has_to_sign = No role has to sign this launch.
changed_since_person_signed = Changed since { $person } signed as <bdi>{ $role }</bdi>

go_as_approval = GO (approval)
go_as_review = GO (review)
go_as_responsibility = GO (responsibility)
no_go_as_review = NO-GO (review)
no_go_as_responsibility = NO-GO (responsibility)
name_of_signer = Name
vote_of_signer = Signature
signed_as_of = As of
event_with_number = event { $seq }
what_person_signed = What was signed<span class="visually-hidden"> by { $person }</span>
signed_at = Signed
note_on_signer = Note
lifts = Lifts
objection_of_person = <span>the objection of { $person }</span>
since_signature = Since
changes_in_its_scope = { $count ->
    [one] 1 change in its scope
   *[other] { $count } changes in its scope
}
scope_has_changed = Something in its scope has changed.
signer_is_no_longer_holder = It no longer counts, because its signer no longer holds the role.
end_of_signature = Then
signature_was_withdrawn = Withdrawn on { $at }: <bdi>{ $reason }</bdi>
objection_was_lifted_by = The objection was lifted by <bdi>{ $person }</bdi>
signature_was_replaced = <span>Replaced by a later signature of the same person</span>
proof_of_signature = Proof
signature_is_recorded = Recorded as <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>, proved with { $proof }, bound to <code class="digest">{ $digest }</code>. <a href="/signatures/{ $signature }">Receipt</a>
statement_on_paper = “{ $statement }” (event { $seq })
withdraw_my_signature = Withdraw my signature
why_withdraw = Why
withdraw_signature = Withdraw

# The go/no-go page: conditions.

conditions = Conditions
item_and_condition = <b><bdi>{ $item }</bdi></b>: <bdi>{ $condition }</bdi>
linked_item_and_condition = <a href="{ $href }"><b><bdi>{ $item }</bdi></b></a>: <bdi>{ $condition }</bdi>
owner_of_condition = <span>owner { $person }</span>
condition_until = until { $day }
compensating_control_of_condition = compensating control: <bdi>{ $control }</bdi>
condition_is_acknowledged = acknowledged
condition_was_settled = Settled: <bdi>{ $note }</bdi>

# The go/no-go page: the form to sign.

you_sign_launch_as_of = You sign this launch as of event { $seq }.
items_in_your_scope = { $count ->
    [one] 1 item is in your scope, { $resolved } resolved.
   *[other] { $count } items are in your scope, { $resolved } resolved.
}
items_in_your_scope_with_waivers = { $count ->
    [one] 1 item is in your scope, resolved by a waiver.
   *[other] { $count } items are in your scope, { $resolved } resolved, { $waived } of them by a waiver.
}
digest_of_scope = Digest
choose_your_vote = Your decision
items_of_yours_are_open = { $count ->
    [one] 1 item of yours is still open.
   *[other] { $count } items of yours are still open.
}
changes_since_you_looked = { $count ->
    [one] See the change since you last looked
   *[other] See the { $count } changes since you last looked
}
scope_changed_while_open = What you sign has changed since you opened this form. <a href="{ $address }">Review it</a> before you sign.
you_signed_at = <span>You signed <b>{ $vote }</b>, { $at }.</span>
your_signature_no_longer_counts = It no longer counts, since its scope has changed.
sign_again = Sign again
what_your_go_means = What your GO means
means_approval = Approval
means_review = Review
means_responsibility = Responsibility
with_go_you_declare = With GO you declare:
with_no_go_you_declare = With NO-GO you declare:
another_holder_objects = Another holder of your role objects
leave_the_objection = Leave the objection as it is
lift_objection_of = Lift the objection of { $person } with my GO
comment_on_signature = Comment
comment_on_signature_hint = Required to sign NO-GO or to lift someone’s objection.
sign_go = Sign GO
sign_no_go = Sign NO-GO
only_no_go_can_be_signed = GO is declared, so only NO-GO can be signed now.
nothing_is_signed_at_this_stage = At this stage, nothing can be signed any more.
you_signed_in_another_role = You have signed as { $role }, and each person may sign for one role only. Withdraw that signature to sign for another role.
you_hold_no_role_that_signs = You hold no role of this launch that signs.

# Signing.

choose_go_or_no_go = Sign either GO or NO-GO.
choose_what_signature_means = Choose what your signature means.
digest_is_damaged = The digest of what you sign is missing or damaged. Open the page again.
not_a_version_of_statement = This is not a version of the statement. Open the page again.
not_a_signature = This is not a signature. Open the page again.
not_an_event_number = This is not the number of an event. Open the page again.
launch_has_no_role_that_signs = This launch has no role that signs.
launch_has_no_such_role = This launch has no such role.
statement_was_reworded = The statement that you sign was reworded since you opened this page, so nothing was signed. Read it again below, then sign.
enter_your_password_to_confirm = Enter your password to confirm.
you_signed_go = You signed GO as { $role }.
you_signed_no_go = You signed NO-GO as { $role }. It stands until you withdraw it or sign GO.
you_had_signed_go = You have already signed GO as { $role }, and that signature stands, so nothing was added.
you_had_signed_no_go = You have already signed NO-GO as { $role }, and that signature stands, so nothing was added.
say_why_you_withdraw = Say why you withdraw it.
your_signature_is_withdrawn = Your signature is withdrawn. It stays in the record, with your reason.

# The owner’s panel.

decide_as_owner = Decide as the owner
roles_have_not_signed = Not signed: { $roles }.
remind_signers = Remind of signatures
remind_signers_hint = Whoever was asked and has not signed gets a notification, once a day at most.
signers_are_reminded = { $people ->
    [one] 1 person was reminded.
   *[other] { $people } people were reminded.
}
nobody_was_left_to_remind = Nobody was reminded: everybody who was asked has signed or was reminded today.
ask_for_signatures = Ask for signatures
nothing_blocks_go = Nothing blocks the launch.
acknowledge_conditions = { $count ->
    [one] Acknowledge the condition
   *[other] Acknowledge each of the { $count } conditions
}
tick_all_conditions = { $count ->
    [one] Tick the condition to declare GO.
    [2] Tick both conditions to declare GO.
   *[other] Tick all { $count } conditions to declare GO.
}
go_affects_people = { $count ->
    [one] GO locks the items of this launch, in which 1 person takes part, until you reopen it.
   *[other] GO locks the items of this launch for the { $count } people who take part, until you reopen it.
}
confirm_go = { $count ->
    [one] Declare GO? The items are then locked for the 1 person who takes part.
   *[other] Declare GO? The items are then locked for the { $count } people who take part.
}
recording_affects_people = { $count ->
    [one] Recording can’t be taken back. It opens the items after the launch for the 1 person who takes part.
   *[other] Recording can’t be taken back. It opens the items after the launch for the { $count } people who take part.
}
confirm_recording = Record that the launch has happened? This can’t be taken back.
when_it_happened = When it happened
when_it_happened_hint = In { $zone }. Empty means now.
items_after_launch_are_left = { $count ->
    [one] 1 item after the launch is not resolved:
   *[other] { $count } items after the launch are not resolved:
}
how_it_was_settled = How it was settled: { $condition }
confirm_closing = Close this launch? After that, it can only be read.
resume_preparation = Resume
put_on_hold = Put the launch on hold
declare_hold = Declare HOLD
reopen_and_take_go_back = Reopen and take GO back
reopen_launch = Reopen
cancel_the_launch = Cancel the launch
confirm_cancelling = Cancel this launch for good? It can’t be resumed.
why_decided = Why
only_owner_decides = <span>Only { $owner }, the owner, can declare GO or record the launch.</span>
wrong_passwords_were_given = { $count ->
    [one] 1 wrong password was given to sign here as { $person } in the last 24 hours. Ask whether it was them. If not, they should change their password and end their other sessions.
   *[other] { $count } wrong passwords were given to sign here as { $person } in the last 24 hours. Ask whether it was them. If not, they should change their password and end their other sessions.
}
go_is_still_blocked = { $count ->
    [one] GO can be declared once nothing blocks the launch. 1 reason is left.
   *[other] GO can be declared once nothing blocks the launch. { $count } reasons are left.
}
go_after_resuming = GO can be declared once the launch is resumed.
items_are_locked_while_go_stands = Items are locked while GO stands. Reopen the launch to change them; GO is then taken back.
launch_has_happened = The launch has happened. Resolve the items that follow it, then close it.
closed_launch_is_read_only = This launch is closed. It is read-only.
cancelled_launch_is_read_only = This launch is cancelled. It is read-only.

# Who has opened the page.

who_has_opened_this_page = Who has opened this page
what_is_known_of_readers = When each signer last opened this page, and how up to date their view was.
reader = Who
reader_signs_as = Signs as
reader_is_asked = asked
reader_opened_it = Last opened
reader_saw_event = Newest event seen
reader_saw_event_of = <a href="/launches/{ $launch }/history/{ $seq }">{ $seq }</a> <span class="soft">of { $events }</span>
reader_has_not_opened_it = not yet

# The printed sheet.

signatures_in_ink = Signatures in ink
ink_name_and_date = Name, date
ink_owner = Owner
sheet_was_made_at = This sheet shows the launch as of { $at }.
print_page = Print
items_as_of_event = Items as of event { $seq }
part_on_paper = <bdi>{ $part }</bdi>, { $resolved } of { $total }

# Deciding.

signatures_were_asked_already = Already asked by { $person } on { $at }. Holders of roles that have not signed see it under My work.
signatures_are_asked = Asked. Holders of roles that have not signed see it under My work.
go_is_declared = GO is declared.
launch_is_on_hold = The launch is on hold.
launch_is_back_in_preparation = The launch is back in preparation.
launch_is_reopened = The launch is open again, and GO is taken back.
choose_a_decision = Choose GO, hold, resume or reopen.
say_why = Say why.
launch_is_recorded = The launch is recorded. The items that follow it are open now, with due dates.
launch_was_closed = The launch is closed.
launch_was_cancelled = The launch is cancelled.
choose_a_next_step = Choose launch, close or cancel.
say_how_it_was_settled = Say how it was settled.

# Checkpoints and receipts.

checkpoint_is_checkpointed = Checkpointed.
checkpoint_is_witnessed = Witnessed.
checkpoint_covers_events = { $count ->
    [one] Event 1 is signed with this installation’s key, <span>{ $at }</span>.
   *[other] Events 1 to { $count } are signed with this installation’s key, <span>{ $at }</span>.
}
checkpoint_is_held_by = Held outside this server by { $witnesses }.
events_came_after_checkpoint = { $count ->
    [one] 1 event came after it.
   *[other] { $count } events came after it.
}
hash_of_events = Hash:

receipt_title = Receipt · { $launch }
receipt_heading = Receipt: { $person } signed <bdi>{ $vote }</bdi> as <bdi>{ $role }</bdi>
receipt_of_withdrawn_signature = It was withdrawn on { $at }. The signature stays in the record.
receipt_of_lifted_objection = The objection was lifted by another holder of the role. The signature stays in the record.
receipt_of_replaced_signature = Its signer has signed in the role again since. This signature stays in the record.
who_signed = Who
role_of_signer = Role
password_was_entered = Password entered
bound_to = Bound to
recorded_as = Recorded as
download_the_receipt = Download the receipt
keep_the_receipt_elsewhere = Keep it in a place that this server can’t reach. Downloading is logged under your name, and the checkpoint in the receipt is witnessed from then on.
no_checkpoint_covers_signature_yet = No checkpoint covers this signature yet. The next one will, by tomorrow at the latest.
what_receipt_shows = What it shows, and what it does not
receipt_shows = It <b>shows</b> that exactly this signature was in the history of this launch, and that the holder of this installation’s key signed the hash of all events up to the checkpoint. Once you have the file, nobody can change, remove, insert or reorder one of these events without a contradiction between the history and the checkpoint in the file. To check the file you need no server, and you need not trust whoever runs one.
receipt_does_not_show = It <b>does not show</b> who sat at the keyboard: that the signer entered their password is only what this server says. It does not show when it was: the times are from this server’s clock. It says nothing about events after the checkpoint. And it is worth only what the key is worth: compare the public key with a copy that you have from somewhere else.
the_checkpoint = The checkpoint
signed_note_explained = Checkpoint { $cause }, as a signed note (C2SP tlog-checkpoint): which log, how many events, what they hash to, and the signature.
public_key = Public key
held_outside_by = Held outside by
held_outside_by_nobody = nobody outside this server yet
held_by_person_at = <span>{ $person }, { $at }</span>
event_and_its_proof = The event, and the proof that the checkpoint covers it
proof_from_the_leaf_up = Proof, from the leaf up
back_to_go_no_go = Back to the go/no-go page
