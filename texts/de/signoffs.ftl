# The go/no-go page: readiness and decisions.

go_no_go_title = Go/No-Go · { $launch }
what_went_wrong = Was nicht geklappt hat
changed_since_you_opened_page = Geändert, seit Sie die Seite geöffnet haben
what_you_wrote = Was Sie geschrieben haben
readiness_as_of_launch = Zum Zeitpunkt des Starts, { $at }, erfasst in <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>.
readiness_as_of_event = Bei <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>, { $at }.
readiness_is_checked_again_after = Automatisch neu berechnet nach { $until }.
readiness_stayed_until = Ohne ein späteres Ereignis blieb sie gleich bis { $until }.
decision_go = <span>Erklärt von { $person }, { $at } (<a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>, <a href="/launches/{ $launch }/as-of/{ $seq }/go-no-go">worauf es beruhte</a>). <span class="soft">{ $readiness }</span></span>
decision_launched = <span>Erfasst von { $person }, { $at } (<a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>, <a href="/launches/{ $launch }/as-of/{ $seq }/go-no-go">zu diesem Zeitpunkt</a>). <span class="soft">{ $readiness }</span></span>
decision_hold = <span>Erklärt von { $person }, { $at }: <bdi>{ $reason }</bdi></span>
decision_cancelled = <span>Von { $person }, { $at }: <bdi>{ $reason }</bdi></span>
decision_closed = <span>Von { $person }, { $at }</span>
go_was_taken_back = <span>Das <a href="/launches/{ $launch }/history/{ $seq }">GO</a> vom { $declared } wurde zurückgenommen von { $person }, { $at }: <bdi>{ $reason }</bdi></span>
decide_here = <span>Entscheiden</span>
no_decision_yet = <span class="soft">{ $owner }, verantwortlich, hat noch nicht entschieden.</span>
readiness_then = Bereitschaft damals: { $readiness }.
readiness_then_acknowledged = Bereitschaft damals: { $readiness }, anerkannt.
changed_since_you_last_looked = Geändert seit Ihrem letzten Besuch
changed_in_scope = { $count ->
    [0] In dem, was unterschrieben wird, seit <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>:
    [one] Im Geltungsbereich von { $roles }, seit <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>:
   *[other] In den Geltungsbereichen von { $roles }, seit <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>:
}
more_changes = { $count } weitere

# The go/no-go page: reasons.

what_blocks_the_launch = Was den Launch blockiert
part_and_blocking_items = { $count ->
    [one] <bdi>{ $part }</bdi> <span class="soft">1 Prüfpunkt</span>
   *[other] <bdi>{ $part }</bdi> <span class="soft">{ $count } Prüfpunkte</span>
}
open_part_in_checklist = In der Checkliste öffnen
subject_and_reason = <b><bdi>{ $subject }</bdi></b>: <bdi>{ $reason }</bdi>
rule_objection = Einspruch
rule_signature = Unterschrift
rule_evidence = Nachweis
rule_agreement = Zustimmung
rule_target = Zieltermin
rule_item = Prüfpunkt
see_who_holds_the_role = Rolleninhaber ansehen
see_the_difference = Unterschied ansehen
sign_for_role = Unterschreiben
see_reason = Ansehen

# The go/no-go page: signatures.

role_not_required = nicht erforderlich
go_of_former_holder = zählt nicht mehr
signature_asked = angefordert
signature_awaited = ausstehend
holders_of_role = Rolleninhaber
nobody_holds_role_yet = noch niemand
signature_asked_at = Angefordert
earlier_signatures = { $count ->
    [one] 1 frühere Unterschrift
   *[other] { $count } frühere Unterschriften
}
earlier_signature_on_paper = Zuvor: { $person }, <bdi>{ $vote }</bdi>, { $at } (Ereignis { $seq }).
comment_on_paper = „<bdi>{ $comment }</bdi>“
note_on_paper = Hinweis: <bdi>{ $note }</bdi>.
sign_as = Als <bdi>{ $role }</bdi> unterschreiben
no_role_has_to_sign = Keine Rolle muss diesen Launch unterschreiben.
changed_since_person_signed = Geändert, seit { $person } als <bdi>{ $role }</bdi> unterschrieben hat

go_as_approval = GO (Genehmigung)
go_as_review = GO (Prüfung)
go_as_responsibility = GO (Verantwortung)
no_go_as_review = NO-GO (Prüfung)
no_go_as_responsibility = NO-GO (Verantwortung)
name_of_signer = Name
vote_of_signer = Unterschrift
signed_as_of = Bezogen auf
event_with_number = Ereignis { $seq }
what_person_signed = Was unterschrieben wurde<span class="visually-hidden"> von { $person }</span>
signed_at = Unterschrieben
note_on_signer = Hinweis
lifts = Hebt auf
objection_of_person = <span>den Einspruch von { $person }</span>
since_signature = Seitdem
changes_in_its_scope = { $count ->
    [one] 1 Änderung im Geltungsbereich
   *[other] { $count } Änderungen im Geltungsbereich
}
scope_has_changed = Im Geltungsbereich hat sich etwas geändert.
signer_is_no_longer_holder = Sie zählt nicht mehr, da die Person die Rolle nicht mehr hat.
end_of_signature = Danach
signature_was_withdrawn = Zurückgezogen am { $at }: <bdi>{ $reason }</bdi>
objection_was_lifted_by = Der Einspruch wurde aufgehoben von <bdi>{ $person }</bdi>
signature_was_replaced = <span>Ersetzt durch eine spätere Unterschrift derselben Person</span>
proof_of_signature = Beweis
signature_is_recorded = Eingetragen als <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>, bestätigt mit { $proof }, gebunden an <code class="digest">{ $digest }</code>. <a href="/signatures/{ $signature }">Beleg</a>
statement_on_paper = „{ $statement }“ (Ereignis { $seq })
withdraw_my_signature = Meine Unterschrift zurückziehen
why_withdraw = Grund
withdraw_signature = Zurückziehen

# The go/no-go page: conditions.

conditions = Auflagen
item_and_condition = <b><bdi>{ $item }</bdi></b>: <bdi>{ $condition }</bdi>
linked_item_and_condition = <a href="{ $href }"><b><bdi>{ $item }</bdi></b></a>: <bdi>{ $condition }</bdi>
owner_of_condition = <span>verantwortlich: { $person }</span>
condition_until = bis { $day }
compensating_control_of_condition = Ausgleichsmaßnahme: <bdi>{ $control }</bdi>
condition_is_acknowledged = anerkannt
condition_was_settled = Erfüllt: <bdi>{ $note }</bdi>

# The go/no-go page: the form to sign.

you_sign_launch_as_of = Sie unterschreiben diesen Launch bei Ereignis { $seq }.
items_in_your_scope = { $count ->
    [one] 1 Prüfpunkt liegt in Ihrem Geltungsbereich, { $resolved } geklärt.
   *[other] { $count } Prüfpunkte liegen in Ihrem Geltungsbereich, { $resolved } geklärt.
}
items_in_your_scope_with_waivers = { $count ->
    [one] 1 Prüfpunkt liegt in Ihrem Geltungsbereich, durch eine Ausnahme geklärt.
   *[other] { $count } Prüfpunkte liegen in Ihrem Geltungsbereich, { $resolved } geklärt, davon { $waived } durch eine Ausnahme.
}
digest_of_scope = Hashwert
choose_your_vote = Ihre Entscheidung
items_of_yours_are_open = { $count ->
    [one] 1 Ihrer Prüfpunkte ist noch offen.
   *[other] { $count } Ihrer Prüfpunkte sind noch offen.
}
changes_since_you_looked = { $count ->
    [one] Die Änderung seit dem letzten Besuch ansehen
   *[other] Die { $count } Änderungen seit dem letzten Besuch ansehen
}
scope_changed_while_open = Was Sie unterschreiben, hat sich geändert, seit dieses Formular geöffnet wurde. Vor dem Unterschreiben <a href="{ $address }">ansehen</a>.
you_signed_at = <span>Sie haben <b>{ $vote }</b> unterschrieben, { $at }.</span>
your_signature_no_longer_counts = Die Unterschrift zählt nicht mehr, weil sich ihr Umfang geändert hat.
sign_again = Erneut unterschreiben
what_your_go_means = Was Ihr GO bedeutet
means_approval = Genehmigung
means_review = Prüfung
means_responsibility = Verantwortung
with_go_you_declare = Mit GO erklären Sie:
with_no_go_you_declare = Mit NO-GO erklären Sie:
another_holder_objects = Jemand anderes mit Ihrer Rolle erhebt Einspruch
leave_the_objection = Den Einspruch bestehen lassen
lift_objection_of = Den Einspruch von { $person } mit meinem GO aufheben
comment_on_signature = Kommentar
comment_on_signature_hint = Erforderlich, um mit NO-GO zu unterschreiben oder einen Einspruch aufzuheben.
sign_go = Mit GO unterschreiben
sign_no_go = Mit NO-GO unterschreiben
only_no_go_can_be_signed = GO ist erklärt, daher kann jetzt nur mit NO-GO unterschrieben werden.
nothing_is_signed_at_this_stage = Bei diesem Stand kann nicht mehr unterschrieben werden.
you_signed_in_another_role = Sie haben als { $role } unterschrieben, und jede Person darf nur in einer Rolle unterschreiben. Ziehen Sie diese Unterschrift zurück, um in einer anderen Rolle zu unterschreiben.
you_hold_no_role_that_signs = Sie haben bei diesem Launch keine Rolle, die unterschreibt.

# Signing.

choose_go_or_no_go = Entweder mit GO oder mit NO-GO unterschreiben.
choose_what_signature_means = Wählen, was Ihre Unterschrift bedeutet.
digest_is_damaged = Der Hashwert dessen, was Sie unterschreiben, fehlt oder ist beschädigt. Öffnen Sie die Seite erneut.
not_a_version_of_statement = Dies ist keine Version der Erklärung. Öffnen Sie die Seite erneut.
not_a_signature = Dies ist keine Unterschrift. Öffnen Sie die Seite erneut.
not_an_event_number = Dies ist nicht die Nummer eines Ereignisses. Öffnen Sie die Seite erneut.
launch_has_no_role_that_signs = Dieser Launch hat keine Rolle, die unterschreibt.
launch_has_no_such_role = Dieser Launch hat diese Rolle nicht.
statement_was_reworded = Die Erklärung, die Sie unterschreiben, wurde neu formuliert, seit Sie diese Seite geöffnet haben, daher wurde nichts unterschrieben. Lesen Sie sie unten noch einmal und unterschreiben Sie dann.
enter_your_password_to_confirm = Zur Bestätigung das Passwort eingeben.
you_signed_go = Sie haben als { $role } mit GO unterschrieben.
you_signed_no_go = Sie haben als { $role } mit NO-GO unterschrieben. Es gilt, bis Sie es zurückziehen oder mit GO unterschreiben.
you_had_signed_go = Sie haben als { $role } bereits mit GO unterschrieben, und diese Unterschrift gilt, daher wurde nichts hinzugefügt.
you_had_signed_no_go = Sie haben als { $role } bereits mit NO-GO unterschrieben, und diese Unterschrift gilt, daher wurde nichts hinzugefügt.
say_why_you_withdraw = Den Grund für das Zurückziehen angeben.
your_signature_is_withdrawn = Ihre Unterschrift ist zurückgezogen. Sie bleibt mit Ihrem Grund verzeichnet.

# The owner’s panel.

decide_as_owner = Als verantwortliche Person entscheiden
roles_have_not_signed = Nicht unterschrieben: { $roles }.
remind_signers = An Unterschriften erinnern
remind_signers_hint = Wer um eine Unterschrift gebeten wurde und nicht unterschrieben hat, erhält eine Benachrichtigung, höchstens einmal am Tag.
signers_are_reminded = { $people ->
    [one] 1 Person wurde erinnert.
   *[other] { $people } Personen wurden erinnert.
}
nobody_was_left_to_remind = Niemand wurde erinnert: Alle, die gebeten wurden, haben unterschrieben oder wurden heute schon erinnert.
ask_for_signatures = Unterschriften anfordern
nothing_blocks_go = Nichts blockiert den Launch.
acknowledge_conditions = { $count ->
    [one] Die Auflage anerkennen
   *[other] Jede der { $count } Auflagen anerkennen
}
tick_all_conditions = { $count ->
    [one] Die Auflage ankreuzen, um GO zu erklären.
    [2] Beide Auflagen ankreuzen, um GO zu erklären.
   *[other] Alle { $count } Auflagen ankreuzen, um GO zu erklären.
}
go_affects_people = { $count ->
    [one] GO sperrt die Prüfpunkte dieses Launchs, an dem 1 Person beteiligt ist, bis er wieder geöffnet wird.
   *[other] GO sperrt die Prüfpunkte dieses Launchs für die { $count } Beteiligten, bis er wieder geöffnet wird.
}
confirm_go = { $count ->
    [one] GO erklären? Die Prüfpunkte sind dann für die 1 beteiligte Person gesperrt.
   *[other] GO erklären? Die Prüfpunkte sind dann für die { $count } Beteiligten gesperrt.
}
recording_affects_people = { $count ->
    [one] Das Erfassen kann nicht zurückgenommen werden. Es öffnet die Prüfpunkte nach dem Start für die 1 beteiligte Person.
   *[other] Das Erfassen kann nicht zurückgenommen werden. Es öffnet die Prüfpunkte nach dem Start für die { $count } Beteiligten.
}
confirm_recording = Erfassen, dass der Start stattgefunden hat? Das kann nicht zurückgenommen werden.
when_it_happened = Wann der Start war
when_it_happened_hint = In { $zone }. Ohne Angabe: jetzt.
items_after_launch_are_left = { $count ->
    [one] 1 Prüfpunkt nach dem Start ist nicht geklärt:
   *[other] { $count } Prüfpunkte nach dem Start sind nicht geklärt:
}
how_it_was_settled = Wie die Auflage erfüllt wurde: { $condition }
confirm_closing = Diesen Launch abschließen? Danach kann er nur noch gelesen werden.
resume_preparation = Fortsetzen
put_on_hold = Launch anhalten
declare_hold = HOLD erklären
reopen_and_take_go_back = Wieder öffnen und GO zurücknehmen
reopen_launch = Wieder öffnen
cancel_the_launch = Launch abbrechen
confirm_cancelling = Diesen Launch endgültig abbrechen? Er kann nicht fortgesetzt werden.
why_decided = Grund
only_owner_decides = <span>Nur { $owner } kann als verantwortliche Person GO erklären oder den Start erfassen.</span>
wrong_passwords_were_given = { $count ->
    [one] In den letzten 24 Stunden wurde hier beim Unterschreiben als { $person } 1 falsches Passwort eingegeben. Fragen Sie nach, ob es diese Person selbst war. Wenn nicht, sollte sie ihr Passwort ändern und ihre anderen Sitzungen beenden.
   *[other] In den letzten 24 Stunden wurden hier beim Unterschreiben als { $person } { $count } falsche Passwörter eingegeben. Fragen Sie nach, ob es diese Person selbst war. Wenn nicht, sollte sie ihr Passwort ändern und ihre anderen Sitzungen beenden.
}
go_is_still_blocked = { $count ->
    [one] GO kann erklärt werden, sobald nichts mehr den Launch blockiert. 1 Grund ist noch übrig.
   *[other] GO kann erklärt werden, sobald nichts mehr den Launch blockiert. { $count } Gründe sind noch übrig.
}
go_after_resuming = GO kann erklärt werden, sobald der Launch fortgesetzt ist.
items_are_locked_while_go_stands = Solange GO gilt, sind die Prüfpunkte gesperrt. Um sie zu ändern, den Launch wieder öffnen; GO wird dabei zurückgenommen.
launch_has_happened = Der Launch ist gestartet. Klären Sie die Prüfpunkte nach dem Start und schließen Sie ihn dann ab.
closed_launch_is_read_only = Dieser Launch ist abgeschlossen. Er kann nur gelesen werden.
cancelled_launch_is_read_only = Dieser Launch ist abgebrochen. Er kann nur gelesen werden.

# Who has opened the page.

who_has_opened_this_page = Wer diese Seite geöffnet hat
what_is_known_of_readers = Wann alle, die unterschreiben, diese Seite zuletzt geöffnet haben und wie aktuell ihre Ansicht war.
reader = Wer
reader_signs_as = Unterschreibt als
reader_is_asked = angefordert
reader_opened_it = Zuletzt geöffnet
reader_saw_event = Neuestes gesehenes Ereignis
reader_saw_event_of = <a href="/launches/{ $launch }/history/{ $seq }">{ $seq }</a> <span class="soft">von { $events }</span>
reader_has_not_opened_it = noch nicht

# The printed sheet.

signatures_in_ink = Unterschriften auf Papier
ink_name_and_date = Name, Datum
ink_owner = Verantwortlich
sheet_was_made_at = Dieses Blatt zeigt den Launch mit Stand { $at }.
print_page = Drucken
items_as_of_event = Prüfpunkte bei Ereignis { $seq }
part_on_paper = <bdi>{ $part }</bdi>, { $resolved } von { $total }

# Deciding.

signatures_were_asked_already = Bereits von { $person } am { $at } angefordert. Wer eine Rolle hat, die noch nicht unterschrieben hat, sieht es unter „Meine Arbeit“.
signatures_are_asked = Angefordert. Wer eine Rolle hat, die noch nicht unterschrieben hat, sieht es unter „Meine Arbeit“.
go_is_declared = GO ist erklärt.
launch_is_on_hold = Der Launch ist angehalten.
launch_is_back_in_preparation = Der Launch ist wieder in Vorbereitung.
launch_is_reopened = Der Launch ist wieder offen, und GO ist zurückgenommen.
choose_a_decision = GO, Anhalten, Fortsetzen oder Wieder öffnen wählen.
say_why = Grund angeben.
launch_is_recorded = Der Start ist erfasst. Die Prüfpunkte nach dem Start sind jetzt offen und haben eine Fälligkeit.
launch_was_closed = Der Launch ist abgeschlossen.
launch_was_cancelled = Der Launch ist abgebrochen.
choose_a_next_step = Starten, Abschließen oder Abbrechen wählen.
say_how_it_was_settled = Angeben, wie die Auflage erfüllt wurde.

# Checkpoints and receipts.

checkpoint_is_checkpointed = Prüfmarke gesetzt.
checkpoint_is_witnessed = Bezeugt.
checkpoint_covers_events = { $count ->
    [one] Ereignis 1 ist mit dem Schlüssel dieser Installation signiert, <span>{ $at }</span>.
   *[other] Die Ereignisse 1 bis { $count } sind mit dem Schlüssel dieser Installation signiert, <span>{ $at }</span>.
}
checkpoint_is_held_by = Außerhalb dieses Servers aufbewahrt von { $witnesses }.
events_came_after_checkpoint = { $count ->
    [one] Danach kam 1 Ereignis.
   *[other] Danach kamen { $count } Ereignisse.
}
hash_of_events = Hashwert:

receipt_title = Beleg · { $launch }
receipt_heading = Beleg: { $person } hat mit <bdi>{ $vote }</bdi> als <bdi>{ $role }</bdi> unterschrieben
receipt_of_withdrawn_signature = Sie wurde am { $at } zurückgezogen. Die Unterschrift bleibt verzeichnet.
receipt_of_lifted_objection = Der Einspruch wurde von einer anderen Person mit dieser Rolle aufgehoben. Die Unterschrift bleibt verzeichnet.
receipt_of_replaced_signature = Die Person hat in dieser Rolle seitdem erneut unterschrieben. Diese Unterschrift bleibt verzeichnet.
who_signed = Wer
role_of_signer = Rolle
password_was_entered = Bestätigt mit
bound_to = Gebunden an
recorded_as = Eingetragen als
download_the_receipt = Beleg herunterladen
keep_the_receipt_elsewhere = Bewahren Sie ihn dort auf, wo ihn dieser Server nicht erreicht. Das Herunterladen wird unter Ihrem Namen protokolliert, und die Prüfmarke im Beleg ist von da an bezeugt.
no_checkpoint_covers_signature_yet = Noch deckt keine Prüfmarke diese Unterschrift ab. Die nächste wird es tun, spätestens morgen.
what_receipt_shows = Was er beweist und was nicht
receipt_shows = Er <b>beweist</b>, dass genau diese Unterschrift im Verlauf dieses Launches stand und dass jemand mit dem Schlüssel dieser Installation den Hashwert aller Ereignisse bis zur Prüfmarke signiert hat. Sobald Sie die Datei haben, kann niemand eines dieser Ereignisse ändern, entfernen, einfügen oder umordnen, ohne dass der Verlauf der Prüfmarke in der Datei widerspricht. Um die Datei zu prüfen, brauchen Sie keinen Server und müssen niemandem vertrauen, der einen betreibt.
receipt_does_not_show = Er <b>beweist nicht</b>, wer an der Tastatur saß: Dass die unterschreibende Person ihr Passwort eingegeben hat, sagt nur dieser Server. Er beweist nicht, wann es war: Die Zeiten stammen von der Uhr dieses Servers. Er sagt nichts über Ereignisse nach der Prüfmarke. Und er ist nur so viel wert wie der Schlüssel: Vergleichen Sie den öffentlichen Schlüssel mit einer Kopie, die Sie von anderswo haben.
the_checkpoint = Die Prüfmarke
signed_note_explained = Prüfmarke { $cause }, als „signed note“ (C2SP tlog-checkpoint): welches Protokoll, wie viele Ereignisse, deren Hashwert und die Signatur.
public_key = Öffentlicher Schlüssel
held_outside_by = Außerhalb aufbewahrt von
held_outside_by_nobody = noch niemandem außerhalb dieses Servers
held_by_person_at = <span>{ $person }, { $at }</span>
event_and_its_proof = Das Ereignis und der Beweis, dass die Prüfmarke es abdeckt
proof_from_the_leaf_up = Beweis, vom Blatt aufwärts
back_to_go_no_go = Zurück zur Go/No-Go-Seite
