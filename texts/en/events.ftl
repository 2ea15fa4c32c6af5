# What events say, after the name of who did it. A text whose key ends with “_here” stands where the item is known.

event_launch_created = made the launch from { $checklist }
event_details_saved = saved name, summary and target
event_name_changed = changed the name
event_summary_changed = changed the summary
event_target_changed = changed the target
event_name_and_summary_changed = changed name and summary
event_name_and_target_changed = changed name and target
event_summary_and_target_changed = changed summary and target
event_name_summary_and_target_changed = changed name, summary and target
event_rules_changed = changed the rules
event_restricted = restricted the launch to the people named on it
event_opened_to_everyone = opened the launch to everyone
event_notes_edited = edited the notes
event_ownership_transferred = transferred ownership
event_holder_added = added { $name } as a holder of { $role }
event_holder_removed = removed { $name } as a holder of { $role }
event_participant_added = added { $name } as a participant
event_participant_removed = removed { $name } as a participant

event_marked = marked { $item }
event_marked_here = marked it
event_reason_changed_of_open = changed the reason why { $item } is open
event_reason_changed_of_open_here = changed the reason why it is open
event_reason_changed_of_done = changed the reason why { $item } is done
event_reason_changed_of_done_here = changed the reason why it is done
event_reason_changed_of_not_applicable = changed the reason why { $item } is not applicable
event_reason_changed_of_not_applicable_here = changed the reason why it is not applicable
event_reason_changed_of_blocked = changed the reason why { $item } is blocked
event_reason_changed_of_blocked_here = changed the reason why it is blocked
event_agreed = agreed that { $item } is not applicable
event_agreed_here = agreed that it is not applicable
event_agreement_refused = refused to agree that { $item } is not applicable
event_agreement_refused_here = refused to agree that it is not applicable
event_assigned = assigned { $item } to { $name }
event_assigned_here = assigned it to { $name }
event_unassigned = unassigned { $item }
event_unassigned_here = unassigned it
event_due_date_set = set the due date of { $item }
event_due_date_set_here = set the due date
event_attached = attached { $evidence } to { $item }
event_attached_here = attached { $evidence }
event_note_attached = attached a note to { $item }
event_note_attached_here = attached a note
event_evidence_withdrawn = withdrew { $evidence } from { $item }
event_evidence_withdrawn_here = withdrew { $evidence }
event_note_withdrawn = withdrew a note from { $item }
event_note_withdrawn_here = withdrew a note
event_evidence_requested = asked for more evidence on { $item }
event_evidence_requested_here = asked for more evidence
event_evidence_request_answered = answered a request for evidence on { $item }
event_evidence_request_answered_here = answered a request for evidence
event_commented = commented on { $item }
event_commented_here = commented
event_comment_edited = edited a comment on { $item }
event_comment_edited_here = edited a comment
event_comment_deleted = deleted a comment on { $item }
event_comment_deleted_here = deleted a comment
event_comment_hidden = hid a comment of { $name } on { $item }
event_comment_hidden_here = hid a comment of { $name }
event_comment_shown = showed a hidden comment of { $name } on { $item } again
event_comment_shown_here = showed a hidden comment of { $name } again
event_waiver_asked = asked for a waiver of { $item } until { $day }
event_waiver_asked_here = asked for a waiver until { $day }
event_waiver_approved = approved the waiver of { $item } that { $name } asked for, until { $day }
event_waiver_approved_here = approved the waiver that { $name } asked for, until { $day }
event_waiver_refused = refused the waiver of { $item } that { $name } asked for, until { $day }
event_waiver_refused_here = refused the waiver that { $name } asked for, until { $day }
event_waiver_revoked = revoked the waiver of { $item } that { $name } asked for, until { $day }
event_waiver_revoked_here = revoked the waiver that { $name } asked for, until { $day }

event_signed = signed { $vote } as { $role }
event_signature_withdrawn = withdrew their { $vote } as { $role }
event_signatures_asked = asked for the signatures of { $roles }
event_go_declared = declared GO
event_held = put the launch on hold
event_resumed = resumed preparation
event_reopened = withdrew the decision and reopened the launch
event_launched = recorded the launch at { $at }
event_closed = closed the launch
event_cancelled = cancelled the launch
event_text_redacted = redacted { $text }
event_file_redacted = redacted the file { $name }
event_unnamed_file_redacted = redacted a file

# The labels of values beside the sentences.

value_changed_from = <span class="visually-hidden">from </span><bdi>{ $value }</bdi>
value_changed_to = <span class="visually-hidden">to </span><bdi>{ $value }</bdi>
value_reason_before = Reason before
value_assignee_before = Assignee before
value_due = Due
value_observed_on = Observed on
value_valid_until = Valid until
value_reused_from = Reused from
value_compensating_control = Compensating control
value_meaning = Meaning
value_lifted_objection = Lifts the objection of
value_note = Note
value_verdict_then = Readiness at that moment
value_condition_acknowledged = Condition acknowledged
value_condition_settled = Settled: { $condition }
value_roles = Roles
value_address = Address

go_in_sentence = <span class="vote-word go">GO</span>
no_go_in_sentence = <span class="vote-word no_go">NO-GO</span>
linked_name = <a href="{ $href }"><bdi>{ $name }</bdi></a>
an_item = an item
a_checklist = a checklist
text_is_redacted = [redacted]

# The audit log: accounts.

event_set_up = set the installation up, with { $name } as its first admin
event_account_made = made an account for { $name }
event_invited = invited { $name }
event_invitation_withdrawn = withdrew the invitation of { $name }
event_invitation_used = accepted an invitation: { $name } has an account
event_roles_changed = changed the roles of { $name }
event_deactivated = deactivated the account of { $name }
event_deactivated_own = deactivated their own account
event_reactivated = reactivated the account of { $name }
event_reactivated_own = reactivated their own account
event_password_changed = changed the password of { $name }
event_own_name_changed = changed their name from { $from } to { $to }
event_address_change_requested = requested another e-mail address
event_address_changed_own = changed their e-mail address
event_address_changed = confirmed the new e-mail address of { $name }
event_password_changed_own = changed their password
event_webhook_added = added the webhook { $name }
event_webhook_removed = removed a webhook
event_calendar_address_made = made a secret address for their calendar
event_calendar_address_removed = removed the secret address of their calendar
event_sessions_ended = ended the sessions of { $name }
event_sessions_ended_own = ended their other sessions
event_session_ended = ended a session of { $name }
event_session_ended_own = ended one of their sessions
event_signed_in_with_password = signed in with their password
event_signed_in_with_code = signed in with their password and a code
event_signed_in_with_recovery_code = signed in with their password and a recovery code
event_signed_out = signed out
event_second_factor_set_up = set up a second factor
event_second_factor_removed = removed the second factor of { $name }
event_second_factor_removed_own = removed their second factor
event_recovery_codes_made = made new recovery codes
event_second_factor_made_mandatory = made a second factor mandatory for leads and admins, which had been optional
event_second_factor_made_optional = made a second factor optional, which had been mandatory for leads and admins
event_reset_made = made a link with which { $name } can choose a new password
event_reset_made_own = had a link made with which they can choose a new password
event_password_reset = chose a new password with a link
event_password_reset_by = chose a new password with a link of { $name }
event_renewal_confirmed_link = confirmed that { $person } had asked { $name } for a link for a new password
event_renewal_confirmed_operators_link = confirmed that { $person } had asked for a link for a new password, made at the server’s command line
event_renewal_confirmed_removal = confirmed that { $person } had asked { $name } to remove their second factor
event_renewal_confirmed_operators_removal = confirmed that { $person } had asked for the removal of their second factor at the server’s command line
event_renewal_seen = has seen what others did to their sign-in

# The audit log: refusals.

event_wrong_password_to_sign_in = gave a wrong password to sign in as { $name }
event_wrong_password_without_account = gave a wrong password to sign in, for an account that does not exist
event_wrong_password_to_confirm = gave a wrong password in their account; nothing was changed
event_wrong_password_to_sign = gave a wrong password; nothing was signed
event_wrong_password_to_administer = gave a wrong password to change people, rights or policy; nothing was changed
event_wrong_code_to_sign_in = gave a wrong code to sign in as { $name }
event_wrong_code_without_account = gave a wrong code to sign in, for an account that does not exist
event_wrong_code_to_confirm = gave a wrong code in their account; nothing was changed
event_wrong_code_to_sign = gave a wrong code; nothing was signed
event_wrong_code_to_administer = gave a wrong code to change people, rights or policy; nothing was changed
event_wrong_proofs_to_sign_in = gave a wrong password or code to sign in as { $name }, { $count } times within the hour
event_wrong_proofs_without_account = gave a wrong password or code to sign in, for an account that does not exist, { $count } times within the hour
event_wrong_proofs_to_confirm = gave a wrong password or code in their account, { $count } times within the hour; nothing was changed
event_wrong_proofs_to_sign = gave a wrong password or code, { $count } times within the hour; nothing was signed
event_wrong_proofs_to_administer = gave a wrong password or code to change people, rights or policy, { $count } times within the hour; nothing was changed
event_signing_refused_not_holder = could not sign: they do not hold the role
event_signing_refused_changed_scope = could not sign: the role’s scope had changed since they opened the page
event_signing_refused_changed_statement = could not sign: the statement had changed since they opened the page
event_signing_refused_waiting = could not sign: somebody else had reset their password or removed their second factor shortly before
event_signing_refused_not_holder_as = could not sign as { $role }: they do not hold the role
event_signing_refused_changed_scope_as = could not sign as { $role }: the role’s scope had changed since they opened the page
event_signing_refused_changed_statement_as = could not sign as { $role }: the statement had changed since they opened the page
event_signing_refused_waiting_as = could not sign as { $role }: somebody else had reset their password or removed their second factor shortly before
event_signings_refused = could not sign, { $count } times within the hour
event_launch_refused = requested a launch, or a part of one, that does not exist or is restricted ({ $asked })
event_launches_refused = requested launches that do not exist or are restricted, { $count } times within the hour
event_request_refused_not_allowed = was denied access to { $what }: they have no right to it
event_request_refused_from_elsewhere = was denied access to { $what }: it was not sent from a page of this site
event_request_refused_wrong_host = was denied access to { $what }: it was sent to another name than this site’s
event_request_refused_too_often = was denied access to { $what }: it was tried too often
event_requests_refused_not_allowed = was denied access, { $count } times within the hour: they have no right to it
event_requests_refused_from_elsewhere = was denied access, { $count } times within the hour: it was not sent from a page of this site
event_requests_refused_wrong_host = was denied access, { $count } times within the hour: it was sent to another name than this site’s
event_requests_refused_too_often = was denied access, { $count } times within the hour: it was tried too often

# The audit log: checklists, exports, keys.

event_statement_published = published version { $version } of the statements that signers make
event_checklist_published = { $items ->
    [one] published version { $version } of the checklist { $checklist }, 1 item
   *[other] published version { $version } of the checklist { $checklist }, { $items } items
}
event_checklist_archived = archived the checklist { $checklist }
event_checklist_restored = restored the checklist { $checklist }
event_evidence_exported = { $pieces ->
    [one] exported the evidence, 1 piece
   *[other] exported the evidence, { $pieces } pieces
} with { $files ->
    [one] 1 file
   *[other] { $files } files
}
event_history_exported = { $events ->
    [one] exported the history as { $format }, 1 event
   *[other] exported the history as { $format }, { $events } events
}
event_log_exported = exported the audit log as { $format }
event_key_registered = used its signing key for the first time: { $key }
event_key_rotated = changed its signing key to a new one, which the old one signed: { $key }
event_key_replaced = replaced its lost signing key by a new one; only earlier checkpoints show that nothing was altered before: { $key }
event_launch_checkpointed = { $size ->
    [one] made the daily checkpoint of event 1
   *[other] made the daily checkpoint of events 1 to { $size }
}

event_tags_set = changed the tags
event_tags_removed = removed all tags
