# The page of an item: its head and its frame.

item_is_under = unter <bdi>{ $titles }</bdi>
item_due_on = fällig am { $day }
item_overdue_since = fällig am { $day }, überfällig
within_24_hours_after_launch = innerhalb von 24 Stunden nach dem Start
within_7_days_after_launch = innerhalb von 7 Tagen nach dem Start
within_30_days_after_launch = innerhalb von 30 Tagen nach dem Start
what_you_entered = Ihre Eingaben
form_of_input_is_gone = Das Formular für diesen Text steht nicht mehr auf dieser Seite. Kopieren Sie, was Sie brauchen.
how_item_is_verified = So wird geprüft
nothing_has_happened_to_item = Hier ist noch nichts geschehen.
whole_history_of_item = Gesamter Verlauf
comments_and_history = Kommentare und Verlauf

# The state of an item, and the forms that mark it.

state_of_item = Status
item_is_open = Offen
item_is_done = Erledigt
item_is_not_applicable = Nicht zutreffend
item_is_blocked = Blockiert
open_item_is_waived_until = Ausnahme bis { $day }, offen
blocked_item_is_waived_until = Ausnahme bis { $day }, blockiert
nobody_has_marked_item = Noch von niemandem markiert.
set_back_to_open_by = <span>Auf offen zurückgesetzt von { $name }, { $at }</span>
set_back_to_open_by_because = <span>Auf offen zurückgesetzt von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
marked_done_by = <span>Als erledigt markiert von { $name }, { $at }</span>
marked_done_by_because = <span>Als erledigt markiert von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
marked_not_applicable_by = <span>Als nicht zutreffend markiert von { $name }, { $at }</span>
marked_not_applicable_by_because = <span>Als nicht zutreffend markiert von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
marked_blocked_by = <span>Als blockiert markiert von { $name }, { $at }</span>
marked_blocked_by_because = <span>Als blockiert markiert von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
reason_for_item_state = Grund
save_item_state = Speichern
item_was_marked_done = Als erledigt markiert.
item_was_marked_not_applicable = Als nicht zutreffend markiert.
item_was_marked_blocked = Als blockiert markiert.
item_was_set_back_to_open = Auf offen zurückgesetzt.
choose_a_state_of_item = Status wählen: offen, erledigt, nicht zutreffend oder blockiert.
form_has_no_version_of_item = Das Formular nannte nicht die Version des Prüfpunkts. Sehen Sie sich den Prüfpunkt noch einmal an und entscheiden Sie dann.

# Agreement that a critical item is not applicable.

agreement_to_not_applicable = Zustimmung zu „nicht zutreffend“
agreed_by = <span class="chip go">zugestimmt</span> von { $name }, { $at }
agreed_by_because = <span class="chip go">zugestimmt</span> von { $name }, { $at }: <bdi>{ $reason }</bdi>
agreement_refused_by = <span class="chip nogo">verweigert</span> von { $name }, { $at }: <bdi>{ $reason }</bdi>
agreement_is_awaited = Zustimmung ausstehend
holder_of_role_has_to_agree = Ein kritischer Prüfpunkt gilt erst als nicht zutreffend, wenn jemand mit der Rolle <bdi>{ $role }</bdi> zustimmt, und zwar jemand anderes als die Person, die ihn so markiert hat.
any_holder_has_to_agree = Ein kritischer Prüfpunkt gilt erst als nicht zutreffend, wenn jemand mit einer unterschreibenden Rolle zustimmt, und zwar jemand anderes als die Person, die ihn so markiert hat.
reason_for_agreement = Grund
reason_for_agreement_hint = Zum Verweigern erforderlich.
agree_to_state = Zustimmen
refuse_agreement = Verweigern
you_agreed = Sie haben zugestimmt.
you_refused_agreement = Sie haben die Zustimmung verweigert.
agree_or_refuse = Wählen Sie, ob Sie zustimmen oder die Zustimmung verweigern.

# The evidence of an item.

evidence_of_this_item = Nachweise
evidence_is_needed_here = Nachweis nötig
evidence_is_required_and_valid = erforderlich, { $count } gültig
count_of_valid_evidence = { $count } gültig
no_evidence_of_item = Noch nichts angehängt.
evidence_is_link = Link
evidence_is_note = Notiz
file_is_redacted = geschwärzt
evidence_observed_on = festgestellt am { $day }
evidence_lapsed_on = abgelaufen am { $day }
evidence_valid_until = gültig bis { $day }
reused_from_item = übernommen von <a href="{ $href }"><bdi>{ $item }</bdi></a>
reused_from_item_and_withdrawn_there = übernommen von <a href="{ $href }"><bdi>{ $item }</bdi></a>, dort zurückgezogen
evidence_withdrawn_by = zurückgezogen von { $name }, { $at }: <bdi>{ $reason }</bdi>
preview_of_file = Vorschau<span class="visually-hidden"> von <bdi>{ $name }</bdi></span>
larger_picture_of = { $name }, größer
more_on_evidence = Mehr zu { $name }
more_on_this_note = Mehr zu dieser Notiz
why_withdraw_evidence = Warum zurückziehen?
withdraw_evidence = Zurückziehen
confirm_withdrawal_of_evidence = Diesen Nachweis zurückziehen? Er bleibt im Verlauf.
evidence_is_withdrawn = Nachweis zurückgezogen. Er bleibt im Verlauf.

# The forms that attach evidence.

attach_evidence = Nachweis anhängen
link_or_note = Link oder Notiz
paste_a_link_or_write_a_note = Link einfügen oder Notiz schreiben
dates_of_evidence = Daten des Nachweises
drop_or_choose_files = Dateien hier ablegen, auswählen oder ein Bildschirmfoto einfügen. Jeweils bis zu { $size }.
day_of_evidence = Festgestellt am
day_of_evidence_hint = Wann traf dies zu? Ohne Angabe: heute.
last_day_of_evidence = Gültig bis
attach_to_item = Anhängen
reuse_evidence_of_launch = Nachweis aus diesem Launch übernehmen
much_evidence_to_reuse = Andere Prüfpunkte dieses Launches haben { $count } Nachweise. <a href="{ $href }">Zur Auswahl anzeigen</a>
evidence_of_another_item = Nachweis eines anderen Prüfpunkts
choose_evidence = Bitte wählen
day_of_reused_evidence_hint = Ohne Angabe gilt das Datum des anderen Prüfpunkts.
reuse_evidence = Übernehmen
reusable_file = { $name } ({ $size })
reusable_note = „{ $note }“
reusable_beginning_of_note = „{ $beginning } …“
reusable_evidence = { $evidence }, festgestellt am { $observed }
reusable_evidence_valid_until = { $evidence }, festgestellt am { $observed }, gültig bis { $until }
reusable_evidence_lapsed_on = { $evidence }, festgestellt am { $observed }, abgelaufen am { $until }
reusable_evidence_with_number = { $evidence } ({ $number } von { $count })
reusable_item_with_place = { $item } ({ $place })
evidence_is_attached = { $count ->
    [one] 1 Nachweis angehängt.
   *[other] { $count } Nachweise angehängt.
}
nothing_attached_choose_files_again = Nichts wurde angehängt. Wählen Sie die Dateien erneut: Eine Seite kann sie nicht behalten.
too_many_files_at_once = Das sind zu viele Dateien auf einmal. Hängen Sie höchstens { $count } an.
file_is_empty = „{ $name }“ ist leer: Eine Datei mit null Bytes zeigt nichts.
file_is_larger_than = { $name } ist größer als { $limit }.
choose_evidence_of_this_launch = Einen Nachweis dieses Launches wählen.
choose_file_link_or_note = Eine Datei wählen oder einen Link oder eine Notiz angeben.
choose_what_to_reuse = Wählen, was übernommen werden soll.
too_many_uploads_at_once = Sie senden zu viele Dateien gleichzeitig. Warten Sie, bis einige davon angekommen sind.
evidence_limit_of_a_day = Eine Person kann an einem Tag (in UTC) { $size } an Nachweisen anhängen. Diese Dateien würden das überschreiten, daher wurde nichts angehängt. Versuchen Sie es morgen erneut.
evidence_limit_in_all = Eine Person kann insgesamt { $size } an Nachweisen anhängen. Diese Dateien würden das überschreiten, daher wurde nichts angehängt. Wer diesen Server betreibt, kann die Grenze erhöhen.
files_are_being_attached_already = Diese Dateien werden bereits angehängt: Dasselbe Formular wurde zweimal gesendet. Sehen Sie sich die Liste unten an und wählen Sie dann erneut, was fehlt.
field_of_form_is_not_text = Ein Feld des Formulars ist kein Text. Senden Sie das Formular erneut.

# The bytes of a file.

file_is_lost = Die Bytes dieser Datei liegen nicht wie vorgesehen im Nachweisspeicher. Wenden Sie sich an das Team, das diesen Server betreibt. Der Eintrag zur Datei ist unverändert.
file_is_altered = Dies ist nicht die Datei, die angehängt wurde: Ihre Bytes haben sich seitdem geändert, daher wird sie nicht herausgegeben. Wenden Sie sich an das Team, das diesen Server betreibt. Der Eintrag zur Datei ist unverändert.
file_was_redacted = Diese Datei wurde geschwärzt: Ihre Bytes wurden vernichtet. Der Verlauf nennt den Grund.
evidence_is_no_file = Dieser Nachweis ist keine Datei.
evidence_is_no_picture = Von diesem Nachweis kann kein Bild erzeugt werden.

# Evidence requests.

requests_for_evidence = Nachweis-Anfragen
evidence_request_by = <b>{ $name }</b> <span class="soft">fragte { $at }</span>
evidence_request_is_open = offen
evidence_request_answered_by = <b>{ $name }</b> <span class="soft">antwortete { $at }</span>
answer_to_request = Antwort
answer_request = Antworten
ask_for_more_evidence = Weitere Nachweise anfordern
what_evidence_should_show = Was soll nachgewiesen werden?
ask_for_evidence = Anfordern
evidence_is_asked_for = Nachweis angefordert.
evidence_was_asked_for_already = Bereits von { $name } am { $at } angefordert und noch nicht beantwortet.
request_is_answered = Anfrage beantwortet.

# The comments.

comment_made_and_edited = <span>{ $at }, bearbeitet { $edited }</span>
comment_deleted_by_author = <span>Gelöscht von der Person, die ihn geschrieben hat, { $at }.</span>
comment_hidden_by = <span>Ausgeblendet von { $name }, { $at }.</span>
read_hidden_comment = Lesen
show_comment_again = Wieder einblenden
hide_comment = Ausblenden
confirm_hiding_comment = Diesen Kommentar ausblenden? Der Text bleibt im Verlauf, wo ihn alle lesen können, die den Launch sehen dürfen.
edit_or_delete_comment = Bearbeiten oder löschen
more_on_comment = Mehr zum Kommentar von { $name }
text_of_comment = Kommentar
save_comment = Speichern
delete_comment = Löschen
confirm_deletion_of_comment = Diesen Kommentar löschen? Die Seite zeigt weiterhin, dass es einen gab.
send_comment = Kommentieren
comment_can_use_markdown = Markdown ist möglich.
comment_is_added = Kommentar hinzugefügt.
comment_is_stored_and_people_not_notified = { $stored } Nicht benachrichtigt, weil sie diesen Launch nicht sehen dürfen: { $names }
comment_is_unchanged = Kommentar unverändert.
comment_is_changed = Kommentar geändert.
comment_is_deleted = Kommentar gelöscht.
comment_is_hidden = Kommentar ausgeblendet.
comment_is_shown_again = Kommentar wieder eingeblendet.
choose_hidden_or_shown = Ein Kommentar ist entweder ausgeblendet oder eingeblendet. Wählen Sie eines davon.

# The assignment.

assignment_of_item = Zuweisung
assignee_of_item = Person
item_is_assigned_to_nobody = Niemand
due_day_of_item = Fällig am
assign_item = Zuweisen
assignment_is_saved = Gespeichert.
choose_assignee_or_due_day = Das Formular nannte weder die zugewiesene Person noch die Fälligkeit. Sehen Sie sich den Prüfpunkt noch einmal an und entscheiden Sie dann.

# The waivers.

waivers_of_item = Ausnahmen
waiver_asked_for_by = <b>Beantragt</b> von { $name }, { $at }, bis einschließlich { $day }
reason_for_waiver = Grund: <bdi>{ $reason }</bdi>
compensating_control = Ausgleichsmaßnahme: <bdi>{ $control }</bdi>
waiver_awaits_approval = Genehmigung ausstehend
waiver_is_expired = abgelaufen
waiver_is_approved = genehmigt
waiver_is_refused = abgelehnt
waiver_is_revoked = widerrufen
waiver_ends_before_target = endet vor dem Zieltermin
waiver_approved_by = <span>Genehmigt von { $name }, { $at }</span>
waiver_approved_by_because = <span>Genehmigt von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
waiver_refused_by = <span>Abgelehnt von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
waiver_revoked_by = <span>Widerrufen von { $name }, { $at }: <bdi>{ $reason }</bdi></span>
holder_of_role_decides_waiver = Von jemandem mit der Rolle <bdi>{ $role }</bdi> zu genehmigen oder abzulehnen, nicht von der Person, die sie beantragt hat.
any_holder_decides_waiver = Von jemandem mit einer unterschreibenden Rolle zu genehmigen oder abzulehnen, nicht von der Person, die sie beantragt hat.
reason_for_waiver_decision = Grund
reason_for_waiver_decision_hint = Zum Ablehnen erforderlich.
approve_waiver = Genehmigen
refuse_waiver = Ablehnen
revoke_this_waiver = Ausnahme widerrufen
why_revoke_waiver = Warum widerrufen?
revoke_waiver = Widerrufen
ask_for_a_waiver = Ausnahme beantragen
why_go_without_item = Warum geht es ohne?
what_is_done_instead = Was wird stattdessen getan?
until_the_end_of = Bis einschließlich
target_of_launch_is = Zieltermin: { $day }.
ask_for_waiver = Beantragen
waiver_was_requested = Ausnahme beantragt.
waiver_was_approved = Ausnahme genehmigt.
waiver_was_refused = Ausnahme abgelehnt.
waiver_was_revoked = Ausnahme widerrufen.
choose_last_day_of_waiver = Den letzten Tag der Ausnahme wählen.
approve_or_refuse_waiver = Wählen, ob genehmigt oder abgelehnt wird.

# All evidence of a launch.

evidence_title = Nachweise · { $launch }
no_evidence_yet = Noch keine Nachweise
what_evidence_page_will_show = Hier erscheint, was an die Prüfpunkte dieses Launches angehängt ist.
go_to_checklist_of_launch = Zur Checkliste
kind_of_evidence = Art
evidence_of_every_kind = Alle
only_files = Dateien
only_links = Links
only_notes = Notizen
validity_of_evidence = Gültigkeit
valid_or_not = Alle
only_valid = Gültige
only_lapsed = Abgelaufene
only_withdrawn = Zurückgezogene
download_all_evidence = Alle herunterladen
no_evidence_matches = Nichts gefunden
no_evidence_matches_filter = Kein Nachweis dieses Launches passt zum Filter.
show_all_evidence = Alle Nachweise anzeigen
no_such_filter_of_evidence = Diesen Filter gibt es nicht. Die Nachweise werden ungefiltert angezeigt.

more_about_item = Mehr zu diesem Prüfpunkt
# A due day after the target.

due_day_is_after_the_target = Dieser Tag liegt nach dem Zieltermin des Launchs. Das Kästchen ankreuzen, wenn das so gemeint ist, oder den Tag ändern.
due_after_the_target_is_meant = Der Prüfpunkt ist nach dem Zieltermin fällig, und das ist so gemeint
assignment_is_saved_due_late = Gespeichert. Der Prüfpunkt ist nach dem Zieltermin des Launchs fällig.
