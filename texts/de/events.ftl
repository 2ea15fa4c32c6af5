# What events say, after the name of who did it. A text whose key ends with “_here” stands where the item is known.

event_launch_created = hat den Launch aus { $checklist } erstellt
event_details_saved = hat Name, Zusammenfassung und Zieltermin gespeichert
event_name_changed = hat den Namen geändert
event_summary_changed = hat die Zusammenfassung geändert
event_target_changed = hat den Zieltermin geändert
event_name_and_summary_changed = hat Name und Zusammenfassung geändert
event_name_and_target_changed = hat Name und Zieltermin geändert
event_summary_and_target_changed = hat Zusammenfassung und Zieltermin geändert
event_name_summary_and_target_changed = hat Name, Zusammenfassung und Zieltermin geändert
event_rules_changed = hat die Regeln geändert
event_restricted = hat den Launch auf die dort genannten Personen eingeschränkt
event_opened_to_everyone = hat den Launch für alle geöffnet
event_notes_edited = hat die Notizen bearbeitet
event_ownership_transferred = hat die Verantwortung übertragen
event_holder_added = hat { $name } die Rolle { $role } gegeben
event_holder_removed = hat { $name } die Rolle { $role } entzogen
event_participant_added = hat { $name } zu den Beteiligten hinzugefügt
event_participant_removed = hat { $name } aus den Beteiligten entfernt

event_marked = hat { $item } markiert
event_marked_here = hat den Prüfpunkt markiert
event_reason_changed_of_open = hat den Grund geändert, warum { $item } offen ist
event_reason_changed_of_open_here = hat den Grund geändert, warum der Prüfpunkt offen ist
event_reason_changed_of_done = hat den Grund geändert, warum { $item } erledigt ist
event_reason_changed_of_done_here = hat den Grund geändert, warum der Prüfpunkt erledigt ist
event_reason_changed_of_not_applicable = hat den Grund geändert, warum { $item } nicht zutrifft
event_reason_changed_of_not_applicable_here = hat den Grund geändert, warum der Prüfpunkt nicht zutrifft
event_reason_changed_of_blocked = hat den Grund geändert, warum { $item } blockiert ist
event_reason_changed_of_blocked_here = hat den Grund geändert, warum der Prüfpunkt blockiert ist
event_agreed = hat zugestimmt, dass { $item } nicht zutrifft
event_agreed_here = hat zugestimmt, dass der Prüfpunkt nicht zutrifft
event_agreement_refused = hat die Zustimmung verweigert, dass { $item } nicht zutrifft
event_agreement_refused_here = hat die Zustimmung verweigert, dass der Prüfpunkt nicht zutrifft
event_assigned = hat { $item } an { $name } zugewiesen
event_assigned_here = hat den Prüfpunkt an { $name } zugewiesen
event_unassigned = hat die Zuweisung von { $item } aufgehoben
event_unassigned_here = hat die Zuweisung aufgehoben
event_due_date_set = hat die Fälligkeit von { $item } festgelegt
event_due_date_set_here = hat die Fälligkeit festgelegt
event_attached = hat { $evidence } an { $item } angehängt
event_attached_here = hat { $evidence } angehängt
event_note_attached = hat eine Notiz an { $item } angehängt
event_note_attached_here = hat eine Notiz angehängt
event_evidence_withdrawn = hat { $evidence } von { $item } zurückgezogen
event_evidence_withdrawn_here = hat { $evidence } zurückgezogen
event_note_withdrawn = hat eine Notiz von { $item } zurückgezogen
event_note_withdrawn_here = hat eine Notiz zurückgezogen
event_evidence_requested = hat weitere Nachweise zu { $item } angefordert
event_evidence_requested_here = hat weitere Nachweise angefordert
event_evidence_request_answered = hat eine Nachweis-Anfrage zu { $item } beantwortet
event_evidence_request_answered_here = hat eine Nachweis-Anfrage beantwortet
event_commented = hat { $item } kommentiert
event_commented_here = hat kommentiert
event_comment_edited = hat einen Kommentar zu { $item } bearbeitet
event_comment_edited_here = hat einen Kommentar bearbeitet
event_comment_deleted = hat einen Kommentar zu { $item } gelöscht
event_comment_deleted_here = hat einen Kommentar gelöscht
event_comment_hidden = hat einen Kommentar von { $name } zu { $item } ausgeblendet
event_comment_hidden_here = hat einen Kommentar von { $name } ausgeblendet
event_comment_shown = hat einen ausgeblendeten Kommentar von { $name } zu { $item } wieder eingeblendet
event_comment_shown_here = hat einen ausgeblendeten Kommentar von { $name } wieder eingeblendet
event_waiver_asked = hat eine Ausnahme für { $item } bis { $day } beantragt
event_waiver_asked_here = hat eine Ausnahme bis { $day } beantragt
event_waiver_approved = hat die von { $name } beantragte Ausnahme für { $item } bis { $day } genehmigt
event_waiver_approved_here = hat die von { $name } beantragte Ausnahme bis { $day } genehmigt
event_waiver_refused = hat die von { $name } beantragte Ausnahme für { $item } bis { $day } abgelehnt
event_waiver_refused_here = hat die von { $name } beantragte Ausnahme bis { $day } abgelehnt
event_waiver_revoked = hat die von { $name } beantragte Ausnahme für { $item } bis { $day } widerrufen
event_waiver_revoked_here = hat die von { $name } beantragte Ausnahme bis { $day } widerrufen

event_signed = hat als { $role } mit { $vote } unterschrieben
event_signature_withdrawn = hat das eigene { $vote } als { $role } zurückgezogen
event_signatures_asked = hat Unterschriften angefordert: { $roles }
event_go_declared = hat GO erklärt
event_held = hat den Launch angehalten
event_resumed = hat die Vorbereitung fortgesetzt
event_reopened = hat die Entscheidung zurückgenommen und den Launch wieder geöffnet
event_launched = hat den Start erfasst: { $at }
event_closed = hat den Launch abgeschlossen
event_cancelled = hat den Launch abgebrochen
event_text_redacted = hat { $text } geschwärzt
event_file_redacted = hat die Datei { $name } geschwärzt
event_unnamed_file_redacted = hat eine Datei geschwärzt

# The labels of values beside the sentences.

value_changed_from = <span class="visually-hidden">von </span><bdi>{ $value }</bdi>
value_changed_to = <span class="visually-hidden">auf </span><bdi>{ $value }</bdi>
value_reason_before = Grund zuvor
value_assignee_before = Zuvor zugewiesen an
value_due = Fällig am
value_observed_on = Festgestellt am
value_valid_until = Gültig bis
value_reused_from = Übernommen von
value_compensating_control = Ausgleichsmaßnahme
value_meaning = Bedeutung
value_lifted_objection = Hebt den Einspruch auf von
value_note = Notiz
value_verdict_then = Bereitschaft zu diesem Zeitpunkt
value_condition_acknowledged = Auflage anerkannt
value_condition_settled = Erfüllt: { $condition }
value_roles = Rollen
value_address = Adresse

go_in_sentence = <span class="vote-word go">GO</span>
no_go_in_sentence = <span class="vote-word no_go">NO-GO</span>
linked_name = <a href="{ $href }"><bdi>{ $name }</bdi></a>
an_item = Prüfpunkt
a_checklist = ohne Namen
text_is_redacted = [geschwärzt]

# The audit log: accounts.

event_set_up = hat die Installation eingerichtet, mit { $name } als erstem Admin
event_account_made = hat ein Konto für { $name } angelegt
event_invited = hat { $name } eingeladen
event_invitation_withdrawn = hat die Einladung an { $name } zurückgezogen
event_invitation_used = hat eine Einladung angenommen: { $name } hat ein Konto
event_roles_changed = hat die Rollen von { $name } geändert
event_deactivated = hat das Konto von { $name } deaktiviert
event_deactivated_own = hat das eigene Konto deaktiviert
event_reactivated = hat das Konto von { $name } reaktiviert
event_reactivated_own = hat das eigene Konto reaktiviert
event_password_changed = hat das Passwort von { $name } geändert
event_own_name_changed = hat den eigenen Namen von { $from } in { $to } geändert
event_address_change_requested = hat eine andere E-Mail-Adresse angefordert
event_address_changed_own = hat die eigene E-Mail-Adresse geändert
event_address_changed = hat die neue E-Mail-Adresse von { $name } bestätigt
event_password_changed_own = hat das eigene Passwort geändert
event_webhook_added = hat den Webhook { $name } hinzugefügt
event_webhook_removed = hat einen Webhook entfernt
event_calendar_address_made = hat eine geheime Adresse für den eigenen Kalender erstellt
event_calendar_address_removed = hat die geheime Adresse des eigenen Kalenders entfernt
event_sessions_ended = hat die Sitzungen von { $name } beendet
event_sessions_ended_own = hat die anderen eigenen Sitzungen beendet
event_session_ended = hat eine Sitzung von { $name } beendet
event_session_ended_own = hat eine eigene Sitzung beendet
event_signed_in_with_password = hat sich mit Passwort angemeldet
event_signed_in_with_code = hat sich mit Passwort und Code angemeldet
event_signed_in_with_recovery_code = hat sich mit Passwort und Wiederherstellungscode angemeldet
event_signed_out = hat sich abgemeldet
event_second_factor_set_up = hat einen zweiten Faktor eingerichtet
event_second_factor_removed = hat den zweiten Faktor von { $name } entfernt
event_second_factor_removed_own = hat den eigenen zweiten Faktor entfernt
event_recovery_codes_made = hat neue Wiederherstellungscodes erstellt
event_second_factor_made_mandatory = hat den bisher freiwilligen zweiten Faktor für Leads und Admins zur Pflicht gemacht
event_second_factor_made_optional = hat den bisher für Leads und Admins verpflichtenden zweiten Faktor freigestellt
event_reset_made = hat einen Link erstellt, mit dem { $name } ein neues Passwort wählen kann
event_reset_made_own = hat für sich einen Link zum Wählen eines neuen Passworts erstellen lassen
event_password_reset = hat über einen Link ein neues Passwort gewählt
event_password_reset_by = hat über einen Link von { $name } ein neues Passwort gewählt
event_renewal_confirmed_link = hat bestätigt, dass { $person } bei { $name } einen Link für ein neues Passwort angefordert hatte
event_renewal_confirmed_operators_link = hat bestätigt, dass { $person } einen auf der Befehlszeile des Servers erstellten Link für ein neues Passwort angefordert hatte
event_renewal_confirmed_removal = hat bestätigt, dass { $person } { $name } um das Entfernen des zweiten Faktors gebeten hatte
event_renewal_confirmed_operators_removal = hat bestätigt, dass { $person } um das Entfernen des zweiten Faktors auf der Befehlszeile des Servers gebeten hatte
event_renewal_seen = hat gesehen, was andere an der eigenen Anmeldung geändert haben

# The audit log: refusals.

event_wrong_password_to_sign_in = hat beim Anmelden als { $name } ein falsches Passwort eingegeben
event_wrong_password_without_account = hat beim Anmelden ein falsches Passwort eingegeben, für ein Konto, das es nicht gibt
event_wrong_password_to_confirm = hat im eigenen Konto ein falsches Passwort eingegeben; nichts wurde geändert
event_wrong_password_to_sign = hat ein falsches Passwort eingegeben; nichts wurde unterschrieben
event_wrong_password_to_administer = hat beim Ändern von Personen, Rechten oder Regeln ein falsches Passwort eingegeben; nichts wurde geändert
event_wrong_code_to_sign_in = hat beim Anmelden als { $name } einen falschen Code eingegeben
event_wrong_code_without_account = hat beim Anmelden einen falschen Code eingegeben, für ein Konto, das es nicht gibt
event_wrong_code_to_confirm = hat im eigenen Konto einen falschen Code eingegeben; nichts wurde geändert
event_wrong_code_to_sign = hat einen falschen Code eingegeben; nichts wurde unterschrieben
event_wrong_code_to_administer = hat beim Ändern von Personen, Rechten oder Regeln einen falschen Code eingegeben; nichts wurde geändert
event_wrong_proofs_to_sign_in = hat beim Anmelden als { $name } innerhalb einer Stunde { $count }-mal ein falsches Passwort oder einen falschen Code eingegeben
event_wrong_proofs_without_account = hat beim Anmelden innerhalb einer Stunde { $count }-mal ein falsches Passwort oder einen falschen Code eingegeben, für ein Konto, das es nicht gibt
event_wrong_proofs_to_confirm = hat im eigenen Konto innerhalb einer Stunde { $count }-mal ein falsches Passwort oder einen falschen Code eingegeben; nichts wurde geändert
event_wrong_proofs_to_sign = hat innerhalb einer Stunde { $count }-mal ein falsches Passwort oder einen falschen Code eingegeben; nichts wurde unterschrieben
event_wrong_proofs_to_administer = hat beim Ändern von Personen, Rechten oder Regeln innerhalb einer Stunde { $count }-mal ein falsches Passwort oder einen falschen Code eingegeben; nichts wurde geändert
event_signing_refused_not_holder = konnte nicht unterschreiben: hat die Rolle nicht
event_signing_refused_changed_scope = konnte nicht unterschreiben: Der Geltungsbereich der Rolle hatte sich seit dem Öffnen der Seite geändert
event_signing_refused_changed_statement = konnte nicht unterschreiben: Die Erklärung hatte sich seit dem Öffnen der Seite geändert
event_signing_refused_waiting = konnte nicht unterschreiben: Kurz zuvor hatte jemand anderes das Passwort zurückgesetzt oder den zweiten Faktor entfernt
event_signing_refused_not_holder_as = konnte nicht als { $role } unterschreiben: hat die Rolle nicht
event_signing_refused_changed_scope_as = konnte nicht als { $role } unterschreiben: Der Geltungsbereich der Rolle hatte sich seit dem Öffnen der Seite geändert
event_signing_refused_changed_statement_as = konnte nicht als { $role } unterschreiben: Die Erklärung hatte sich seit dem Öffnen der Seite geändert
event_signing_refused_waiting_as = konnte nicht als { $role } unterschreiben: Kurz zuvor hatte jemand anderes das Passwort zurückgesetzt oder den zweiten Faktor entfernt
event_signings_refused = konnte innerhalb einer Stunde { $count }-mal nicht unterschreiben
event_launch_refused = hat einen Launch oder einen Teil davon aufgerufen, den es nicht gibt oder der eingeschränkt ist ({ $asked })
event_launches_refused = hat innerhalb einer Stunde { $count }-mal Launches aufgerufen, die es nicht gibt oder die eingeschränkt sind
event_request_refused_not_allowed = wurde bei { $what } abgewiesen: kein Recht dazu
event_request_refused_from_elsewhere = wurde bei { $what } abgewiesen: nicht von einer Seite dieser Website gesendet
event_request_refused_wrong_host = wurde bei { $what } abgewiesen: an einen anderen Namen als den dieser Website gesendet
event_request_refused_too_often = wurde bei { $what } abgewiesen: zu oft versucht
event_requests_refused_not_allowed = wurde innerhalb einer Stunde { $count }-mal abgewiesen: kein Recht dazu
event_requests_refused_from_elsewhere = wurde innerhalb einer Stunde { $count }-mal abgewiesen: nicht von einer Seite dieser Website gesendet
event_requests_refused_wrong_host = wurde innerhalb einer Stunde { $count }-mal abgewiesen: an einen anderen Namen als den dieser Website gesendet
event_requests_refused_too_often = wurde innerhalb einer Stunde { $count }-mal abgewiesen: zu oft versucht

# The audit log: checklists, exports, keys.

event_statement_published = hat Version { $version } der Erklärungen veröffentlicht, die beim Unterschreiben abgegeben werden
event_checklist_published = { $items ->
    [one] hat Version { $version } der Checkliste { $checklist } veröffentlicht, 1 Prüfpunkt
   *[other] hat Version { $version } der Checkliste { $checklist } veröffentlicht, { $items } Prüfpunkte
}
event_checklist_archived = hat die Checkliste { $checklist } archiviert
event_checklist_restored = hat die Checkliste { $checklist } wiederhergestellt
event_evidence_exported = { $pieces ->
    [one] hat die Nachweise exportiert, 1 Nachweis
   *[other] hat die Nachweise exportiert, { $pieces } Nachweise
} mit { $files ->
    [one] 1 Datei
   *[other] { $files } Dateien
}
event_history_exported = { $events ->
    [one] hat den Verlauf als { $format } exportiert, 1 Ereignis
   *[other] hat den Verlauf als { $format } exportiert, { $events } Ereignisse
}
event_log_exported = hat das Audit-Protokoll als { $format } exportiert
event_key_registered = hat erstmals den eigenen Signaturschlüssel verwendet: { $key }
event_key_rotated = hat den Signaturschlüssel gegen einen neuen getauscht, der mit dem bisherigen signiert ist: { $key }
event_key_replaced = hat den verlorenen Signaturschlüssel durch einen neuen ersetzt; nur frühere Prüfmarken zeigen, dass vorher nichts verändert wurde: { $key }
event_launch_checkpointed = { $size ->
    [one] hat die tägliche Prüfmarke über Ereignis 1 gesetzt
   *[other] hat die tägliche Prüfmarke über die Ereignisse 1 bis { $size } gesetzt
}

event_tags_set = hat die Schlagwörter geändert
event_tags_removed = hat alle Schlagwörter entfernt
