# What things are called.

stage_preparing = in Vorbereitung
stage_go = GO erklärt
stage_held = angehalten
stage_launched = gestartet
stage_closed = abgeschlossen
stage_cancelled = abgebrochen
not_decided = Keine Entscheidung
decided_go = GO
decided_hold = HOLD
decided_launched = GESTARTET
decided_closed = ABGESCHLOSSEN
decided_cancelled = ABGEBROCHEN
after_launch_24_hours = 24 Stunden danach
after_launch_7_days = 7 Tage danach
after_launch_30_days = 30 Tage danach
proved_with_password = Passwort
proved_with_password_and_code = Passwort und Code
proved_with_password_and_recovery_code = Passwort und Wiederherstellungscode
checkpoint_at_signature = bei einer Unterschrift
checkpoint_at_decision = bei einer Entscheidung
checkpoint_at_export = bei einem Export
checkpoint_of_the_day = des Tages
exported_as_bundle = Archiv
exported_as_table = Tabelle (CSV)
exported_as_json_lines = JSON Lines
actor_is_the_installation = Die Installation
actor_is_the_command_line = Die Befehlszeile
actor_is_somebody = Jemand

# What a redacted text was.

text_is_launch_name = den Namen des Launches
text_is_summary = eine Zusammenfassung
text_is_notes = die Notizen
text_is_reason = einen Grund
text_is_settlement = die Notiz zur Erfüllung einer Auflage
text_is_item_reason = den Grund für den Status eines Prüfpunkts
text_is_agreement_reason = eine Bemerkung zu „nicht zutreffend“
text_is_file_name = den Namen einer Datei
text_is_link = einen Link
text_is_evidence_note = eine Notiz als Nachweis
text_is_evidence_withdrawal = den Grund für das Zurückziehen eines Nachweises
text_is_evidence_request = eine Nachweis-Anfrage oder deren Antwort
text_is_comment = einen Kommentar
text_is_waiver_reason = den Grund für eine Ausnahme
text_is_waiver_control = die Ausgleichsmaßnahme für einen Prüfpunkt
text_is_waiver_decision = eine Bemerkung zu einer Ausnahme
text_is_signature_comment = den Kommentar einer Unterschrift
text_is_network_address = die Netzwerkadresse einer Unterschrift
text_is_browser = den Browser einer Unterschrift
text_is_signature_withdrawal = den Grund für das Zurückziehen einer Unterschrift
text_is_redaction_reason = den Grund für eine Schwärzung

# Why a text is refused.

text_is_empty = Dies darf nicht leer sein.
text_is_too_long = Dies ist zu lang: höchstens { $most } Zeichen.
text_has_forbidden_character = Dies enthält ein Zeichen, das nicht gespeichert werden kann (ein Steuerzeichen oder eines, das die Textrichtung umkehrt).
name_has_forbidden_character = Ein Name besteht nur aus Buchstaben, Ziffern, Leerzeichen und den Zeichen . , ' - und enthält keine unsichtbaren Zeichen.
name_mixes_alphabets = Ein Wort dieses Namens mischt ähnlich aussehende Buchstaben verschiedener Alphabete.
not_an_email_address = Dies ist keine E-Mail-Adresse.
not_a_web_address = Dies ist keine Webadresse. Sie beginnt mit http:// oder https:// und enthält kein Passwort.
not_a_time_zone = Dies ist keine Zeitzone. Verwenden Sie einen Namen wie Europe/Lisbon oder UTC.
not_a_date_and_time = Dies ist kein Datum mit Uhrzeit. Schreiben Sie es wie 2026-12-01T09:00.
year_of_time_out_of_range = Dies liegt außerhalb des Bereichs: Das Jahr liegt zwischen 1970 und 9990.
time_does_not_exist = Diese Uhrzeit gibt es in { $zone } nicht: Die Uhren werden dort über sie hinweg vorgestellt.
markdown_nests_too_deep = Dies ist zu tief verschachtelt: höchstens { $most } Ebenen von Zitaten, Listen, Hervorhebungen und Links ineinander.
markdown_grows_too_much = Dies ergäbe eine Seite, die um ein Vielfaches länger ist als der Text. Geben Sie den Zeilen einer Tabelle alle ihre Zellen und verweisen Sie seltener auf eine lange Adresse.
markdown_has_too_many_ampersands = Dies enthält zu viele „&“: höchstens { $most }.

# Who may do what on a launch.

auditors_only_read = Auditoren lesen nur. Sie dürfen weitere Nachweise anfragen, ändern aber nichts.
only_members_take_part = Nur Mitglieder nehmen an Launches teil. Ihr Konto liest sie nur.
only_named_people_take_part = Dieser Launch ist eingeschränkt. Nur die darin genannten Personen nehmen daran teil.
marker_cannot_agree = Wer einen Prüfpunkt als nicht zutreffend markiert hat, kann dem nicht auch zustimmen. Das muss jemand anderes tun.
only_holder_agrees = Nur Rolleninhaber des Prüfpunkts können zustimmen, dass er nicht zutrifft.
asker_cannot_decide_waiver = Wer eine Ausnahme beantragt hat, kann sie nicht auch genehmigen oder ablehnen. Das muss jemand anderes tun.
only_holder_decides_waiver = Nur Rolleninhaber des Prüfpunkts können seine Ausnahmen genehmigen oder ablehnen.
only_holder_or_owner_revokes_waiver = Nur Rolleninhaber des Prüfpunkts oder die für den Launch verantwortliche Person können eine Ausnahme widerrufen.
only_uploader_or_owner_withdraws_evidence = Nur wer den Nachweis angehängt hat oder für den Launch verantwortlich ist, kann ihn zurückziehen.
only_author_changes_comment = Nur wer einen Kommentar geschrieben hat, kann ihn ändern.
only_owner_hides_comment = Nur die für den Launch verantwortliche Person kann einen Kommentar ausblenden oder wieder einblenden.
only_holder_signs = Nur Rolleninhaber können für diese Rolle unterschreiben.
only_signer_withdraws_signature = Nur wer eine Unterschrift geleistet hat, kann sie zurückziehen.
only_owner_of_launch_may = Nur die für den Launch verantwortliche Person kann dies tun.
only_maker_undoes_change = Nur wer eine Änderung vorgenommen hat, kann sie rückgängig machen.

# What the stage of a launch does not allow.

item_belongs_after_launch = Dieser Prüfpunkt gehört in die Zeit nach dem Launch. Er wird freigegeben, sobald der Start erfasst ist.
locked_while_go_is_declared = GO ist erklärt, daher ist dies gesperrt. Die verantwortliche Person kann den Launch wieder öffnen.
locked_since_launch_has_happened = Der Launch ist gestartet, daher kann nichts mehr geändert werden, was davor lag.
launch_is_closed = Dieser Launch ist abgeschlossen und kann nur noch gelesen werden.
launch_is_cancelled = Dieser Launch ist abgebrochen und kann nur noch gelesen werden.
stage_does_not_allow_this = Der Stand des Launches erlaubt dies nicht.
go_is_declared_already = GO ist bereits erklärt.
resume_before_declaring_go = Der Launch ist angehalten. Setzen Sie ihn fort, bevor Sie GO erklären.
launch_is_past_its_decision = Die Entscheidung über diesen Launch ist bereits gefallen.
only_preparing_or_go_is_held = Nur ein Launch in Vorbereitung oder mit erklärtem GO kann angehalten werden.
only_held_is_resumed = Nur ein angehaltener Launch kann fortgesetzt werden.
only_go_is_reopened = Nur ein Launch mit erklärtem GO kann wieder geöffnet werden.
only_go_is_recorded = Der Start eines Launches kann erfasst werden, sobald GO erklärt ist.
only_launched_is_closed = Nur ein gestarteter Launch kann abgeschlossen werden.
launched_is_closed_not_cancelled = Der Launch ist gestartet und kann daher nicht mehr abgebrochen werden. Schließen Sie ihn ab.
launch_is_over_already = Dieser Launch ist bereits beendet.

# Settings, decisions, and the end of a launch.

form_names_no_event = Das Formular hat nicht angegeben, von welchem Ereignis dieses Launches es ausging. Sehen Sie sich die Seite noch einmal an und entscheiden Sie dann.
not_an_event_of_this_launch = Dies ist kein Ereignis dieses Launches.
say_why_ownership_is_transferred = Geben Sie an, warum die Verantwortung für den Launch übertragen wird.
owns_launch_already = Diese Person ist bereits für den Launch verantwortlich, daher wurde Ihr Grund nicht erfasst.
person_is_not_on_launch = Diese Person ist an dem Launch nicht beteiligt.
launch_is_still_to_come = Dieser Zeitpunkt liegt in der Zukunft. Erfassen Sie den Start, wenn er erfolgt ist.
launch_is_before_go = Dieser Zeitpunkt liegt vor der Erklärung von GO.
every_condition_needs_a_note = Zu jeder Auflage muss notiert werden, wie sie erfüllt wurde.
not_a_condition_of_launch = Dies ist keine Auflage der Entscheidung.

# Items.

say_why_not_applicable = Geben Sie an, warum dies hier nicht zutrifft.
say_what_blocks = Geben Sie an, was dies blockiert.
say_why_you_do_not_agree = Geben Sie an, warum Sie nicht zustimmen.
needs_no_agreement = Nur ein kritischer Prüfpunkt, der als nicht zutreffend markiert ist, braucht eine Zustimmung.
agreed_already_remark_not_recorded = Jemand hat dem bereits zugestimmt, daher wurde Ihre Bemerkung nicht erfasst. Schreiben Sie sie als Kommentar.
only_marking_and_assignment_are_undone = Nur die Markierung und die Zuweisung eines Prüfpunkts können rückgängig gemacht werden.
comment_was_deleted_since = Sie haben diesen Kommentar schon einmal gesendet und seitdem gelöscht. Senden Sie ihn erneut, um ihn noch einmal zu schreiben.
comment_was_redacted_since = Sie haben diesen Kommentar schon einmal gesendet, und er wurde seitdem geschwärzt.
comment_was_hidden_since = Sie haben diesen Kommentar schon einmal gesendet, und die für den Launch verantwortliche Person hat ihn seitdem ausgeblendet.
comment_was_edited_since = Sie haben diesen Kommentar schon einmal gesendet und seitdem bearbeitet. Senden Sie ihn erneut, um ihn als weiteren Kommentar zu schreiben.

# Evidence.

evidence_was_withdrawn_since = Sie haben dieses Formular schon einmal gesendet, und was damit angehängt wurde, ist seitdem zurückgezogen. Senden Sie es erneut, um es noch einmal anzuhängen.
evidence_was_redacted_since = Sie haben dieses Formular schon einmal gesendet, und was damit angehängt wurde, ist seitdem geschwärzt.
request_was_answered_since = Sie haben diese Anfrage schon einmal gesendet, und sie wurde seitdem beantwortet. Senden Sie sie erneut, um noch einmal anzufragen.
request_was_redacted_since = Sie haben diese Anfrage schon einmal gesendet, und sie wurde seitdem geschwärzt.
withdrawn_evidence_is_not_reused = Dieser Nachweis wurde zurückgezogen und kann daher nicht wieder verwendet werden.
redacted_file_is_not_reused = Diese Datei wurde geschwärzt und kann daher nicht wieder verwendet werden.
evidence_is_on_item_already = Dieser Nachweis ist bereits an diesem Prüfpunkt.
observation_is_still_to_come = Dieser Tag liegt in der Zukunft. Ein Nachweis belegt etwas, das beobachtet wurde.
valid_until_is_before_observation = Dies liegt vor dem Tag der Beobachtung.
evidence_is_withdrawn_already = Dieser Nachweis wurde bereits zurückgezogen.
request_is_answered_already = Diese Anfrage wurde bereits beantwortet.

# Waivers.

waiver_was_refused_since = Sie haben dieses Formular schon einmal gesendet, und die Ausnahme wurde seitdem abgelehnt. Senden Sie es erneut, um sie noch einmal zu beantragen.
waiver_was_revoked_since = Sie haben dieses Formular schon einmal gesendet, und die Ausnahme wurde seitdem widerrufen. Senden Sie es erneut, um sie noch einmal zu beantragen.
waiver_is_over_since = Sie haben dieses Formular schon einmal gesendet, und der letzte Tag der Ausnahme ist seitdem vorbei. Beantragen Sie sie mit einem späteren Tag erneut.
waiver_was_redacted_since = Sie haben dieses Formular schon einmal gesendet, und was damit beantragt wurde, ist seitdem geschwärzt.
day_is_over_already = Dieser Tag ist bereits vorbei.
resolved_item_is_not_waived = Dieser Prüfpunkt ist geklärt. Nur für einen offenen oder blockierten ist eine Ausnahme möglich.
item_has_a_waiver_already = Für diesen Prüfpunkt ist bereits eine Ausnahme beantragt oder in Kraft.
say_why_you_refuse = Geben Sie an, warum Sie ablehnen.
waiver_is_answered_already = Über diese Ausnahme wurde bereits entschieden.
last_day_of_waiver_is_over = Der letzte Tag dieser Ausnahme ist vorbei. Es muss eine neue beantragt werden.
only_approved_waiver_is_revoked = Nur eine genehmigte Ausnahme kann widerrufen werden.

# Signatures.

say_what_you_object_to = Geben Sie an, wogegen Sie Einspruch erheben.
say_why_objection_is_lifted = Geben Sie an, warum der Einspruch aufgehoben wird.
one_person_signs_one_role = Sie haben diesen Launch in einer anderen Rolle unterschrieben, und jede Person darf nur in einer Rolle unterschreiben. Ziehen Sie zuerst jene Unterschrift zurück.
role_has_no_name = Diese Rolle hat keinen Namen.
signature_is_of_another = Dies ist die Unterschrift einer anderen Person.
signature_is_gone_since = Sie haben dieses Formular schon einmal gesendet, und die damit geleistete Unterschrift wurde seitdem zurückgezogen oder ersetzt. Unterschreiben Sie erneut, wenn Sie es wollen.
no_such_objection_to_lift = Dies ist kein offener Einspruch einer anderen Person in Ihrer Rolle.
only_go_lifts_objection = Nur ein GO hebt einen Einspruch auf.
signature_is_gone_already = Diese Unterschrift wurde bereits zurückgezogen oder ersetzt.
every_role_has_signed = Jede Rolle hat unterschrieben.

# Why a checklist can’t be published.

checklist_has_no_items = Diese Checkliste hat noch keine Prüfpunkte.
checklist_has_too_many_items = Diese Checkliste hat { $count } Prüfpunkte; höchstens { $most } sind möglich.
part_or_section_has_no_item = Jeder Teil und jeder Abschnitt braucht einen Prüfpunkt.
item_is_nested_too_deep = Der Prüfpunkt „{ $key }“ ist mehr als { $most } Ebenen tief verschachtelt.
two_items_have_key = Zwei Prüfpunkte haben den Schlüssel „{ $key }“. Ein Schlüssel ist in seiner Checkliste eindeutig.
role_is_required_twice = Die Rolle „{ $role }“ wird zweimal verlangt.
part_has_no_item = Der Teil „{ $title }“ hat keinen Prüfpunkt. Fügen Sie einen hinzu oder entfernen Sie den Teil.
section_has_no_item = Der Abschnitt „{ $title }“ hat keinen Prüfpunkt. Fügen Sie einen hinzu oder entfernen Sie den Abschnitt.

# Why a draft can’t be changed.

not_in_the_draft = Dies ist nicht im Entwurf.
removed_from_the_draft = Dies wurde inzwischen aus dem Entwurf entfernt. Es kann auf der Seite des Entwurfs wiederhergestellt werden.
changed_in_the_draft = Dies wurde inzwischen geändert. Hier steht, wie es jetzt ist; senden Sie es erneut, wenn es noch richtig ist.
cannot_be_moved_up = Dies kann nicht weiter nach oben verschoben werden: Es ist hier das erste.
cannot_be_moved_down = Dies kann nicht weiter nach unten verschoben werden: Es ist hier das letzte.
parent_was_removed = Der Teil oder Abschnitt, in dem dies stand, wurde ebenfalls entfernt. Stellen Sie ihn zuerst wieder her.
nothing_to_undo = Es gibt nichts mehr rückgängig zu machen.
title_is_taken = An dieser Stelle gibt es diesen Titel bereits. Wählen Sie einen, der die beiden unterscheidet.
key_is_taken = Ein anderer Prüfpunkt hat den Schlüssel „{ $key }“. Ein Schlüssel ist in seiner Checkliste eindeutig.
key_is_fixed = Der Schlüssel eines veröffentlichten Prüfpunkts kann nicht geändert werden, da Versionen anhand der Schlüssel verglichen werden.
role_name_is_taken = Eine andere Rolle, die unterschreibt, hat diesen Namen.
draft_has_too_many_items = Eine Checkliste hat höchstens { $most } Prüfpunkte. Machen Sie mehrere Checklisten daraus.
draft_has_too_many_headings = Eine Checkliste hat höchstens { $most } Teile und höchstens { $most } Abschnitte.
nested_too_deep = Prüfpunkte können höchstens { $most } Ebenen tief verschachtelt sein.
cannot_be_moved_there = Dies kann nicht dorthin verschoben werden.
checklist_is_too_large = Damit hätte die Checkliste mehr als 2 MB Text. Kürzen Sie sie oder machen Sie mehrere Checklisten daraus.

# Why something in an imported text was left out.

left_out_front_matter = Front Matter: beschreibt die Datei
left_out_comment = { $boxes ->
    [0] ein HTML-Kommentar
    [one] ein HTML-Kommentar mit 1 Kästchen darin: Kommentarzeichen entfernen, um einen Prüfpunkt daraus zu machen
   *[other] ein HTML-Kommentar mit { $boxes } Kästchen darin: Kommentarzeichen entfernen, um Prüfpunkte daraus zu machen
}
left_out_html = { $boxes ->
    [0] HTML: wird nicht angetastet
    [one] HTML mit 1 Kästchen darin, wird nicht angetastet: als Markdown schreiben, um einen Prüfpunkt daraus zu machen
   *[other] HTML mit { $boxes } Kästchen darin, wird nicht angetastet: als Markdown schreiben, um Prüfpunkte daraus zu machen
}
left_out_code = { $boxes ->
    [0] ein Codeblock
    [one] ein Codeblock mit 1 Kästchen darin: Begrenzung des Codeblocks entfernen, um einen Prüfpunkt daraus zu machen
   *[other] ein Codeblock mit { $boxes } Kästchen darin: Begrenzung des Codeblocks entfernen, um Prüfpunkte daraus zu machen
}
left_out_indented_code = außerhalb einer Liste um vier oder mehr Zeichen eingerückt: das ist in Markdown Code
left_out_text = Text, der zu keinem Prüfpunkt gehört
left_out_box_in_text = ein Kästchen im Fließtext ist kein Prüfpunkt
left_out_box_is_link = die Klammern sind der Text eines Links, kein Kästchen
left_out_box_in_code = ein Kästchen in Code ist kein Prüfpunkt: Backticks entfernen, um einen daraus zu machen
left_out_box_in_heading = ein Kästchen in einer Überschrift ist kein Prüfpunkt
left_out_choice = mehrere Kästchen in einer Zeile sind eine Auswahl, keine Prüfung
left_out_answers = Antworten zur Auswahl sind eine Auswahl, keine Prüfungen
left_out_signature = eine Zeile zum Unterschreiben ist kein Prüfpunkt: sie nennt eine Rolle, die unterschreiben muss
left_out_signer_details = wer wann unterschreibt, wird in jedem Launch erfasst: nur die Rolle wird übernommen
left_out_list = eine Liste ohne Kästchen
left_out_table_of_contents = ein Inhaltsverzeichnis
left_out_table = eine Tabelle ohne Kästchen und ohne Spalten, die ihre Zeilen als Prüfungen ausweisen
left_out_empty_row = eine Zeile, die keine Prüfung nennt
left_out_total_row = eine Summenzeile nennt keine Prüfung
left_out_empty_box = neben dem Kästchen steht nichts
left_out_heading = eine Überschrift ohne Prüfpunkte darunter
left_out_notes = Notizen: sie werden in jedem Launch geschrieben
left_out_link = die Adresse eines Links: eine Zeile, die nur Prüfpunkte gruppiert, hat dafür keinen Platz
left_out_rest = mehr als { $most } Prüfpunkte: der Rest der Datei wurde nicht gelesen

# What else there is to say about an imported text.

ticked_boxes = { $count ->
    [one] 1 Kästchen war abgehakt; es wird ohne Haken importiert.
   *[other] { $count } Kästchen waren abgehakt; sie werden ohne Haken importiert.
}
dropped_characters = { $count ->
    [one] 1 Zeichen, das nicht gespeichert werden kann (ein Steuerzeichen oder eines, das die Textrichtung umkehrt), wurde weggelassen.
   *[other] { $count } Zeichen, die nicht gespeichert werden können (Steuerzeichen oder solche, die die Textrichtung umkehren), wurden weggelassen.
}
not_an_attribute = Zeile { $line }: „{ $text }“ ist kein hier bekanntes Attribut; es bleibt im Titel.
repeated_attribute = Zeile { $line }: „{ $text }“ folgt auf ein anderes derselben Art; das letzte gilt.
heading_attribute = Zeile { $line }: „{ $text }“ wurde aus der Überschrift entfernt.
duplicate_key = Zeile { $line }: ein anderer Prüfpunkt hat bereits den Schlüssel „{ $key }“; dieser hat „{ $new_key }“.
title_was_cut = Zeile { $line }: ein Titel hat höchstens { $most } Zeichen, daher wurde dieser gekürzt; der ganze Text eines Prüfpunkts steht in seiner Anleitung.
text_was_cut = Zeile { $line }: der hier beginnende Text ist länger als { $most } Zeichen und wurde gekürzt.
items_nested_too_deep = { $count ->
    [one] 1 Prüfpunkt ist mehr als { $most } Ebenen tief verschachtelt; er bleibt auf jener Ebene.
   *[other] { $count } Prüfpunkte sind mehr als { $most } Ebenen tief verschachtelt; sie bleiben auf jener Ebene.
}
role_is_required_already = Zeile { $line }: die Rolle „{ $role }“ wird bereits verlangt.
launch_was_transferred_since = Sie haben dieses Formular schon einmal gesendet, und für den damit angelegten Launch ist seitdem eine andere Person verantwortlich. Senden Sie es erneut, um einen weiteren Launch anzulegen.
launch_was_cancelled_since = Sie haben dieses Formular schon einmal gesendet, und der damit angelegte Launch wurde seitdem abgebrochen. Senden Sie es erneut, um einen weiteren Launch anzulegen.
launch_was_changed_since = Sie haben dieses Formular schon einmal gesendet, und der damit angelegte Launch wurde seitdem geändert. Senden Sie es erneut, um einen weiteren Launch anzulegen.
changed_since_it_was_added = Sie haben dieses Formular schon einmal gesendet, und was damit hinzugefügt wurde, ist seitdem geändert. Senden Sie es erneut, um es noch einmal hinzuzufügen.

too_many_tags = Ein Launch hat höchstens { $count } Schlagwörter.
tag_is_there_twice = Das Schlagwort { $tag } kommt zweimal vor.
