# What several pages say about a launch: its head, its readiness, what changed, and why a change was refused.

# The head of a launch.

made_from_checklist = aus <a href="{ $href }"><bdi>{ $checklist }</bdi></a>
owned_by = <span>verantwortlich: { $owner }</span>
tab_go_no_go = Go/No-Go
tab_evidence = Nachweise
tab_history = Verlauf
tab_settings = Einstellungen
countdown_in_days = T{ $sign }{ $days } d { $hours } h
countdown_in_hours = T{ $sign }{ $hours } h { $minutes } min
blocked_by = Blockiert durch { $things }
blocking_items = { $count ->
    [one] 1 Prüfpunkt
   *[other] { $count } Prüfpunkte
}
blocking_signatures = { $count ->
    [one] 1 Unterschrift
   *[other] { $count } Unterschriften
}
blocking_objections = { $count ->
    [one] 1 Einspruch
   *[other] { $count } Einsprüche
}
blocking_target = einen verstrichenen Zieltermin
blocked_by_nothing = Nichts blockiert
blocked_by_nothing_with_conditions = { $count ->
    [one] Mit 1 Auflage
   *[other] Mit { $count } Auflagen
}
ready_with_counted_conditions = { $count ->
    [one] Bereit mit 1 Auflage
   *[other] Bereit mit { $count } Auflagen
}
not_ready_for_reasons = { $count ->
    [one] Nicht bereit aus 1 Grund
   *[other] Nicht bereit aus { $count } Gründen
}

# A launch as of an earlier event.

past_of_launch = Launch bei einem früheren Ereignis
as_of_newest_event = <b>Bei <a href="{ $href }">Ereignis { $seq }</a></b>, { $at }. Die Bereitschaft ist für diesen Zeitpunkt berechnet. Seitdem ist nichts geschehen. Hier kann nichts geändert werden.
as_of_earlier_event = { $later ->
    [one] <b>Bei <a href="{ $href }">Ereignis { $seq }</a></b>, { $at }. Die Bereitschaft ist für diesen Zeitpunkt berechnet. So ist es jetzt nicht mehr: Danach kam 1 Ereignis. Hier kann nichts geändert werden.
   *[other] <b>Bei <a href="{ $href }">Ereignis { $seq }</a></b>, { $at }. Die Bereitschaft ist für diesen Zeitpunkt berechnet. So ist es jetzt nicht mehr: Danach kamen { $later } Ereignisse. Hier kann nichts geändert werden.
}
as_of_event_number = Bei Ereignis { $seq }
what_changed_since = Was sich seitdem geändert hat
as_it_is_now = Wie es jetzt ist

# Why a launch is not ready: what is wrong, and what to do. It stands after the item, the role or the target.

reason_with_subject = { $subject }: { $problem }.
open_item = Prüfpunkt öffnen
see_agreement = Zustimmung ansehen
name_a_holder = Rolleninhaber benennen
see_signatures = Unterschriften ansehen
read_why = Begründung lesen
move_the_target = Zieltermin verschieben
open_waiver_not_answered = offen; die Ausnahme ist noch nicht beantwortet
open_waiver_refused = offen; die Ausnahme wurde abgelehnt
open_waiver_revoked = offen; die Ausnahme wurde widerrufen
open_waiver_expired = offen; die Ausnahme ist abgelaufen
blocked_waiver_not_answered = blockiert; die Ausnahme ist noch nicht beantwortet
blocked_waiver_refused = blockiert; die Ausnahme wurde abgelehnt
blocked_waiver_revoked = blockiert; die Ausnahme wurde widerrufen
blocked_waiver_expired = blockiert; die Ausnahme ist abgelaufen
done_without_evidence = erledigt, aber ohne den nötigen Nachweis
done_with_lapsed_evidence = erledigt, aber der Nachweis war nur bis { $day } gültig
not_applicable_agreement_refused = kritisch und als nicht zutreffend markiert; die Zustimmung wurde verweigert
not_applicable_without_agreement = kritisch und als nicht zutreffend markiert; noch niemand hat zugestimmt
nobody_has_signed_yet = noch niemand hat unterschrieben
nobody_holds_the_role = niemand hat die Rolle
no_holder_is_a_member = niemand mit dieser Rolle ist aktives Mitglied
all_holders_are_deactivated = alle mit dieser Rolle sind deaktiviert
signature_withdrawn = { $name } hat die Unterschrift zurückgezogen
signature_withdrawn_nobody_holds = { $name } hat die Unterschrift zurückgezogen, und niemand hat die Rolle
signature_withdrawn_all_deactivated = { $name } hat die Unterschrift zurückgezogen, und alle mit dieser Rolle sind deaktiviert
signature_withdrawn_no_member = { $name } hat die Unterschrift zurückgezogen, und niemand mit dieser Rolle ist aktives Mitglied
signature_stale = { $name } hat unterschrieben, bevor sich im Geltungsbereich der Rolle etwas geändert hat
signature_stale_nobody_holds = { $name } hat unterschrieben, bevor sich im Geltungsbereich der Rolle etwas geändert hat, und niemand hat die Rolle
signature_stale_all_deactivated = { $name } hat unterschrieben, bevor sich im Geltungsbereich der Rolle etwas geändert hat, und alle mit dieser Rolle sind deaktiviert
signature_stale_no_member = { $name } hat unterschrieben, bevor sich im Geltungsbereich der Rolle etwas geändert hat, und niemand mit dieser Rolle ist aktives Mitglied
signer_is_no_holder = { $name } hat unterschrieben, hat die Rolle aber nicht mehr
signer_is_no_holder_nobody_holds = { $name } hat unterschrieben, hat die Rolle aber nicht mehr, und sonst hat sie niemand
signer_is_no_holder_all_deactivated = { $name } hat unterschrieben, hat die Rolle aber nicht mehr, und alle mit dieser Rolle sind deaktiviert
signer_is_no_holder_no_member = { $name } hat unterschrieben, hat die Rolle aber nicht mehr, und niemand mit dieser Rolle ist aktives Mitglied
signed_no_go = { $name } hat mit NO-GO unterschrieben, daher gibt es kein GO
signed_no_go_nobody_holds = { $name } hat mit NO-GO unterschrieben, daher gibt es kein GO, und niemand hat die Rolle
signed_no_go_all_deactivated = { $name } hat mit NO-GO unterschrieben, daher gibt es kein GO, und alle mit dieser Rolle sind deaktiviert
signed_no_go_no_member = { $name } hat mit NO-GO unterschrieben, daher gibt es kein GO, und niemand mit dieser Rolle ist aktives Mitglied
objection_stands = { $name } hat mit NO-GO unterschrieben, und der Einspruch ist offen
target_passed_too_long_ago = { $days ->
    [one] seit mehr als dem erlaubten 1 Tag verstrichen und nicht verschoben
   *[other] seit mehr als den erlaubten { $days } Tagen verstrichen und nicht verschoben
}
waived_until_the_end_of = Ausnahme bis einschließlich { $day }
advisory_and_open = empfohlen und offen
advisory_and_blocked = empfohlen und blockiert
advisory_and_done_without_evidence = empfohlen und erledigt, ohne den nötigen Nachweis
nobody = niemand

# Why a change was not made.

launch_contradicts_its_history = Die Datenbank enthält nicht mehr den Verlauf eines Launches, den dieser Server gelesen hat, daher wird dieser Launch weder angezeigt noch geändert. Wer den Server betreibt, soll „signoff verify --database“ ausführen. Wurde absichtlich eine Sicherung eingespielt, muss der Server neu gestartet werden.
item_changed_meanwhile = Dieser Prüfpunkt wurde inzwischen geändert.
changed_meanwhile_look_again = Inzwischen geschehen: { $changes }. Ihre Eingaben stehen noch unten. Sehen Sie es sich noch einmal an und entscheiden Sie dann.
changed_to_agreed = { $name } hat zugestimmt, dass der Prüfpunkt nicht zutrifft
changed_to_agreement_refused = { $name } hat die Zustimmung verweigert, dass der Prüfpunkt nicht zutrifft
changed_to_open = { $name } hat den Prüfpunkt auf offen zurückgesetzt
changed_to_done = { $name } hat den Prüfpunkt als erledigt markiert
changed_to_not_applicable = { $name } hat den Prüfpunkt als nicht zutreffend markiert
changed_to_blocked = { $name } hat den Prüfpunkt als blockiert markiert
changed_name = { $name } hat den Namen in „{ $value }“ geändert
changed_summary = { $name } hat die Zusammenfassung in „{ $value }“ geändert
removed_summary = { $name } hat die Zusammenfassung entfernt
changed_target = { $name } hat den Zieltermin auf { $target } geändert
changed_grace_period = { $days ->
    [one] { $name } hat die Karenzzeit nach dem Zieltermin auf 1 Tag geändert
   *[other] { $name } hat die Karenzzeit nach dem Zieltermin auf { $days } Tage geändert
}
changed_to_one_role = { $name } hat die Regeln geändert: Jede Person darf nur in einer Rolle unterschreiben
changed_to_several_roles = { $name } hat die Regeln geändert: Jede Person darf in mehreren Rollen unterschreiben
changed_to_restricted = { $name } hat den Launch eingeschränkt
changed_to_unrestricted = { $name } hat den Launch für alle geöffnet
changed_owner = { $name } hat die Verantwortung auf { $owner } übertragen
changed_assignee = { $name } hat den Prüfpunkt an { $assignee } zugewiesen
changed_to_unassigned = { $name } hat die Zuweisung aufgehoben
changed_due_date = { $name } hat die Fälligkeit auf { $day } geändert
removed_due_date = { $name } hat die Fälligkeit entfernt
changed_notes = { $name } hat die Notizen bearbeitet
changed_stage = { $name } hat den Stand des Launches geändert
changed_holder = { $name } hat geändert, ob { $holder } die Rolle { $role } hat
changed_participant = { $name } hat geändert, ob { $participant } beteiligt ist
changed_signature_request = { $name } hat die Unterschrift als { $role } angefordert
scope_changed_nothing_signed = Im Geltungsbereich von { $role } hat sich seit dem Öffnen dieser Seite etwas geändert, daher wurde nichts unterschrieben. Sehen Sie sich die Änderungen unten an und unterschreiben Sie dann erneut.
reasons_stand_against_go = { $count ->
    [one] GO kann aus 1 Grund nicht erklärt werden.
   *[other] GO kann aus { $count } Gründen nicht erklärt werden.
}
conditions_are_others_now = { $count ->
    [0] Die Auflagen sind nicht mehr die, die Sie anerkannt haben. Jetzt gibt es keine.
    [one] Die Auflagen sind nicht mehr die, die Sie anerkannt haben. Jetzt gibt es 1; erkennen Sie sie an.
   *[other] Die Auflagen sind nicht mehr die, die Sie anerkannt haben. Jetzt gibt es { $count }; erkennen Sie jede an.
}
roles_changed_meanwhile = Inzwischen hat { $name } die Rollen geändert: { $roles }. Ihre Auswahl steht noch unten. Sehen Sie es sich noch einmal an und entscheiden Sie dann.
second_factor_made_optional_meanwhile = Inzwischen hat { $name } den zweiten Faktor freigestellt. Ihre Auswahl steht noch unten. Sehen Sie es sich noch einmal an und entscheiden Sie dann.
second_factor_made_mandatory_meanwhile = Inzwischen hat { $name } den zweiten Faktor für Leads und Admins zur Pflicht gemacht. Ihre Auswahl steht noch unten. Sehen Sie es sich noch einmal an und entscheiden Sie dann.
too_many_followed_launches = Sie haben zu viele Seiten geöffnet, die einem Launch folgen. Schließen Sie einige davon.
no_launches_to_follow = Hier sind keine oder zu viele Launches zum Folgen genannt.

# What changed: old and new values.

value_is_gone = <span class="visually-hidden">entfernt: </span><bdi>{ $value }</bdi>
value_is_new = <span class="visually-hidden">hinzugefügt: </span><bdi>{ $value }</bdi>
changed_by = <span class="soft small">von { $name }, { $at }</span>
diff_of_agreement = Zustimmung
diff_of_assignee = zugewiesen an
diff_of_waiver = Ausnahme
diff_of_evidence = Nachweis
diff_of_evidence_request = angeforderter Nachweis
diff_of_comments = Kommentare
diff_holders_of_role = Rolleninhaber: { $role }
diff_participants = Beteiligte
diff_asked_to_sign = Unterschrift angefordert
diff_state_with_reason = { $state }: { $reason }
diff_nobody_has_agreed = niemand hat zugestimmt
diff_agreed_to_by = Zustimmung von { $name }
diff_refused_by = abgelehnt von { $name }
diff_waiver_until = bis { $day }
diff_another_waiver_until = eine andere, bis { $day }
diff_waiver_asked_for_by = beantragt von { $name }, bis { $day }
diff_waiver_approved_by = genehmigt von { $name }, bis { $day }
diff_waiver_revoked_by = widerrufen von { $name }
diff_evidence_unnamed = ein Nachweis
diff_evidence_observed = { $evidence }, festgestellt am { $day }
diff_evidence_observed_and_valid = { $evidence }, festgestellt am { $day }, gültig bis { $last_day }
diff_evidence_withdrawn_because = { $evidence }, zurückgezogen: { $reason }
diff_request_answered = { $question }: { $answer }
diff_request_not_answered = { $question }: noch nicht beantwortet
diff_comments_and_edited = { $count }, davon { $edited } bearbeitet
diff_vote_by = { $vote } von { $name }
diff_with_note_in_brackets = { $vote } ({ $note })
diff_vote_withdrawn = { $vote }, zurückgezogen
diff_vote_lifted = { $vote }, von einer anderen Person mit dieser Rolle aufgehoben
diff_vote_lifted_by = { $vote }, aufgehoben von { $name }
diff_vote_replaced = { $vote }, durch eine spätere ersetzt
diff_vote_stale = { $vote }, veraltet
diff_vote_of_no_holder = { $vote }, hat die Rolle nicht mehr

# Logs: an event’s line, and checkpoints.

event_by_itself = Ereignis #{ $seq } einzeln ansehen
view_launch_as_of_event = Launch mit Stand von Ereignis { $seq } ansehen
log_checkpoint = { $size ->
    [one] <span>Prüfmarke { $cause }, deckt Ereignis 1 ab, nicht bezeugt. Wurzel-Hash:</span>
   *[other] <span>Prüfmarke { $cause }, deckt die Ereignisse 1 bis { $size } ab, nicht bezeugt. Wurzel-Hash:</span>
}
log_checkpoint_witnessed = { $size ->
    [one] <span>Prüfmarke { $cause }, deckt Ereignis 1 ab, bezeugt durch { $names }. Wurzel-Hash:</span>
   *[other] <span>Prüfmarke { $cause }, deckt die Ereignisse 1 bis { $size } ab, bezeugt durch { $names }. Wurzel-Hash:</span>
}
two_people = { $name } und { $other }
person_and_others = { $name } und { $count } weitere
name_with_present_name = { $name } (jetzt { $present })
name_is_deactivated = { $name } (deaktiviert)
name_is_no_longer_a_member = { $name } (nicht mehr Mitglied)

# What others did to a person’s sign-in.

password_reset_with_link_of = Passwort mit einem Link von { $name } zurückgesetzt, { $at }
password_reset_with_operators_link = Passwort mit einem auf der Befehlszeile des Servers erstellten Link zurückgesetzt, { $at }
second_factor_removed_by = zweiter Faktor von { $name } entfernt, { $at }
second_factor_removed_at_command_line = zweiter Faktor auf der Befehlszeile des Servers entfernt, { $at }
renewal_confirmed_by = { $renewal }, bestätigt von { $name }
reset_link_of = Link zum Zurücksetzen, erstellt von { $name }
operators_reset_link = Link zum Zurücksetzen, erstellt auf der Befehlszeile des Servers
removal_of_second_factor_by = Entfernen des zweiten Faktors durch { $name }
operators_removal_of_second_factor = Entfernen des zweiten Faktors auf der Befehlszeile des Servers
you_wait_after_reset_link = Ihr Passwort wurde mit einem Link von { $name } zurückgesetzt, am { $at }. Bis { $until } können Sie nicht unterschreiben, genehmigen oder entscheiden, damit dies auch niemand anderes in Ihrem Namen kann. Dies endet früher, sobald ein anderer Admin unter Admin, Personen bestätigt, dass Sie darum gebeten hatten.
you_wait_after_operators_reset_link = Ihr Passwort wurde mit einem auf der Befehlszeile des Servers erstellten Link zurückgesetzt, am { $at }. Bis { $until } können Sie nicht unterschreiben, genehmigen oder entscheiden, damit dies auch niemand anderes in Ihrem Namen kann. Dies endet früher, sobald ein Admin unter Admin, Personen bestätigt, dass Sie darum gebeten hatten.
you_wait_after_removal = Ihr zweiter Faktor wurde von { $name } entfernt, am { $at }. Bis { $until } können Sie nicht unterschreiben, genehmigen oder entscheiden, damit dies auch niemand anderes in Ihrem Namen kann. Dies endet früher, sobald ein anderer Admin unter Admin, Personen bestätigt, dass Sie darum gebeten hatten.
you_wait_after_operators_removal = Ihr zweiter Faktor wurde auf der Befehlszeile des Servers entfernt, am { $at }. Bis { $until } können Sie nicht unterschreiben, genehmigen oder entscheiden, damit dies auch niemand anderes in Ihrem Namen kann. Dies endet früher, sobald ein Admin unter Admin, Personen bestätigt, dass Sie darum gebeten hatten.

# Days and times.

day_month_year = { $day }. { $month } { $year }
weekday_day_month_year = { $weekday }, { $day }. { $month } { $year }
month_and_year = { $month } { $year }
day_and_time_in_zone = { $day }, { $time } { $zone }
weekday_day_and_time_in_zone = { $weekday }, { $day }, { $time } { $zone }
weekday_and_time_in_zone = { $weekday }, { $time } { $zone }
january = Januar
february = Februar
march = März
april = April
may = Mai
june = Juni
july = Juli
august = August
september = September
october = Oktober
november = November
december = Dezember
january_short = Jan.
february_short = Feb.
march_short = März
april_short = Apr.
may_short = Mai
june_short = Juni
july_short = Juli
august_short = Aug.
september_short = Sept.
october_short = Okt.
november_short = Nov.
december_short = Dez.

changed_tags = { $name } hat die Schlagwörter auf { $tags } geändert
removed_tags = { $name } hat alle Schlagwörter entfernt
