# The list of launches.

calendar = Kalender
launch_stages = Stand
launches_ahead_only = Bevorstehend
launches_in_preparation = In Vorbereitung
launches_on_hold = Angehalten
launches_with_go_declared = GO erklärt
launches_launched = Gestartet
launches_closed = Abgeschlossen
launches_cancelled = Abgebrochen
launches_of_every_stage = Alle
verdict_of_launch = Bereitschaft
any_verdict = Beliebig
whose_launches = Beteiligung
launches_of_everybody = Alle
launches_i_am_part_of = Ich bin beteiligt
launches_i_own = Ich bin verantwortlich
sort_launches_by = Sortieren nach
launch_target = Zieltermin
launch_name = Name
progress_of_launch = Fortschritt
newest_change = Letzte Änderung
search_launches_by_name = Launches nach Namen suchen
search_by_name = Nach Namen suchen
show_launches = Anzeigen
name_is_too_long = Der Name oben ist zu lang. Kürzen Sie ihn.
show_launches_ahead = Bevorstehende Launches anzeigen
what_a_launch_is = Ein Launch wird mit einer Checkliste vorbereitet, von den zuständigen Personen unterschrieben und dann mit GO freigegeben.
show_all_launches = Alle Launches anzeigen
no_launches_match = Kein Launch, den Sie sehen dürfen, passt zu den Filtern.
checklist_and_version = { $checklist } v{ $number }
launch_changed_at = <span>geändert { $at }</span>
role_and_signature = { $role }: { $signature }
role_and_signature_hidden = <span class="visually-hidden"><bdi>{ $role }</bdi>: { $signature }</span>
signature_of_role_go = GO
signature_of_role_no_go = NO-GO
signature_of_role_stale = veraltet
signature_of_role_not_holder = zählt nicht mehr, die Person hat die Rolle nicht mehr
signature_of_role_awaited = ausstehend
signed_of_required = { $signed } von { $required }
summaries_are_being_computed = Bereitschaft und Fortschritt vieler Launches werden neu berechnet. Bis das in einigen Minuten fertig ist, können Launches hier fehlen oder an anderer Stelle stehen.
no_such_list_of_launches = Diese Liste gibt es nicht. Dies sind die bevorstehenden Launches.
no_such_page_of_launches = Diese Seite gibt es nicht. Dies ist die erste Seite.
no_such_verdict = Diese Bereitschaft gibt es nicht. Launches mit beliebiger Bereitschaft werden angezeigt.
no_such_choice_of_launches = Diese Auswahl gibt es nicht. Die Launches aller werden angezeigt.
no_such_order = Diese Sortierung gibt es nicht. Die Launches sind nach Zieltermin sortiert.

# The calendar.

launches_in_month = Launches im { $month }
calendar_is_in_your_zone = Bevorstehende Launches. Tage und Uhrzeiten gelten in Ihrer Zeitzone, { $zone }.
this_month = Dieser Monat
no_such_month = Diesen Monat gibt es nicht. Dies ist der aktuelle. Einen Monat so angeben: 2026-12.
what_the_calendar_will_show = Jeder Launch, den Sie sehen dürfen und der noch nicht stattgefunden hat, erscheint hier am Tag seines Zieltermins.
no_launch_this_month = Kein Launch in diesem Monat
nearest_launches_are_in = Die nächstgelegenen Launches liegen in anderen Monaten.
launches_of_month = { $count ->
    [0] { $month }, kein Launch
    [one] { $month }, 1 Launch
   *[other] { $month }, { $count } Launches
}
monday = Montag
tuesday = Dienstag
wednesday = Mittwoch
thursday = Donnerstag
friday = Freitag
saturday = Samstag
sunday = Sonntag
monday_short = Mo
tuesday_short = Di
wednesday_short = Mi
thursday_short = Do
friday_short = Fr
saturday_short = Sa
sunday_short = So
day_is_today = <span class="visually-hidden">, heute</span>
launch_at_time = <b class="num">{ $time }</b> · { $countdown }
launch_at_time_and_there = <b class="num">{ $time }</b>, dort { $there } · { $countdown }
only_first_launches_of_month = Nur die ersten { $count } Launches dieses Monats werden angezeigt.

# A new launch.

no_checklist_yet = Noch keine Checkliste
launch_needs_a_checklist = Ein Launch wird aus einer veröffentlichten Checkliste erstellt. Zuerst muss ein Admin eine importieren oder schreiben.
what_is_being_launched = Was wird gestartet?
checklist_of_launch = Checkliste
newest_version_is_used = Die neueste Version wird verwendet. Spätere Versionen ändern diesen Launch nicht.
choose_one_checklist = Bitte wählen
restricted_launch = Eingeschränkt
who_sees_a_restricted_launch = Sichtbar nur für die verantwortliche Person, Rolleninhaber, Beteiligte, Auditoren und Admins.
make_the_launch = Launch erstellen
version_with_items = { $items ->
    [one] { $checklist } v{ $version }, 1 Prüfpunkt
   *[other] { $checklist } v{ $version }, { $items } Prüfpunkte
}
version_published_at = { $version }, veröffentlicht { $at }
version_published_at_by = { $version }, veröffentlicht { $at } von { $by }
version_with_id = { $version }, { $id }
only_members_make_launches = Nur Mitglieder erstellen Launches.
version_is_not_offered = Die Version in der Adresse steht nicht zur Wahl: Es gibt eine neuere, oder sie ist archiviert. Wählen Sie eine.
choose_a_checklist = Eine Checkliste wählen.
checklist_is_archived_choose_another = Diese Checkliste ist archiviert, daher wird daraus kein Launch erstellt. Wählen Sie eine andere.
launch_is_made_and_ready = Der Launch ist angelegt. Als Nächstes erledigte Prüfpunkte markieren und Nachweise anhängen; die Rolleninhaber unterschreiben unter Go/No-Go.
launch_is_made_without_signers = { $count ->
    [one] Der Launch ist angelegt. Als { $roles } unterschreibt noch niemand: unter Einstellungen jemanden benennen.
   *[other] Der Launch ist angelegt. Noch niemand unterschreibt als { $roles }: unter Einstellungen für jede Rolle jemanden benennen.
}
launch_is_made_in_the_past = Der Launch ist angelegt. Sein Zieltermin, { $target }, liegt in der Vergangenheit. Falls das ein Versehen ist, unter Einstellungen ändern.
launch_is_made_at_ambiguous_time = Der Launch ist erstellt. Die Uhrzeit des Zieltermins gibt es an diesem Tag zweimal; gemeint ist die frühere.
notes_are_saved = Die Notizen sind gespeichert.

# The settings of a launch.

settings_of_launch = Einstellungen · { $launch }
only_owner_changes_settings = <span>Nur { $owner } kann dies als verantwortliche Person des Launches ändern.</span>
some_settings_are_locked = Name, Zieltermin, Regeln und Rolleninhaber sind bei diesem Stand gesperrt. Personen und die verantwortliche Person können geändert werden, bis der Launch beendet ist.
who_signs = Wer unterschreibt
save_who_signs = Unterzeichner speichern
unticked_people_are_removed = Personen ohne Häkchen werden entfernt.
nobody_holds_role = Niemand.
launch_is_over_and_stays_as_it_is = Dieser Launch ist beendet; seine Einstellungen bleiben, wie sie sind.
settings_are_saved_with_past_target = Gespeichert. Der Zieltermin, { $target }, liegt in der Vergangenheit.
participants_of_launch = Beteiligte
participants_see_a_restricted_launch = Beteiligte können den Launch sehen und bearbeiten, solange er eingeschränkt ist.
save_participants = Beteiligte speichern
nobody_takes_part_by_name = Niemand ist benannt.
other_launches_like_this = Weitere Launches dieser Art
another_launch_or_comparison = Den nächsten Launch mit denselben Personen beginnen oder zwei Launches nebeneinander ansehen.
any_holder_signs = Für eine Rolle kann jede Person unterschreiben, die sie hat.
role_does_not_sign = unterschreibt nicht
no_holder_yet = Noch niemand.
no_holder_yet_who_signs = Noch niemand. Fügen Sie jemanden hinzu, damit für diese Rolle unterschrieben werden kann.
add_holder_of = Rolleninhaber hinzufügen: { $role }
choose_someone = Bitte wählen
name_and_target = Name und Zieltermin
target_is_ambiguous = Diese Uhrzeit gibt es an diesem Tag zweimal; gemeint ist die frühere.
save_settings = Speichern
summary_of_launch = Zusammenfassung
rules_of_launch = Regeln
one_person_signs_in_one_role = Jede Person darf nur in einer Rolle unterschreiben
changing_this_makes_signatures_stale = Eine Änderung macht die bisherigen Unterschriften veraltet.
grace_period_in_days = Karenzzeit nach dem Zieltermin (Tage)
target_has_to_be_moved_afterwards = Danach muss der Zieltermin verschoben werden, bevor GO erklärt werden kann.
rule_is_on = ja
rule_is_off = nein
who_may_see_it = Wer ihn sehen darf
only_named_people_see_it = Nur die verantwortliche Person, die Rolleninhaber und die hier genannten Personen, dazu Auditoren und Admins.
everyone_sees_it = Alle, die angemeldet sind.
add_a_person = Person hinzufügen
owner_of_launch = Verantwortlich
transfer_to = Übertragen auf
why_transfer = Grund
why_transfer_hint = Ein Admin, der für den Launch nicht verantwortlich ist, muss einen Grund angeben.
transfer_ownership = Verantwortung übertragen
confirm_transfer = Die Verantwortung für diesen Launch übertragen? Danach entscheidet nur noch die neue verantwortliche Person darüber.
settings_are_saved = Gespeichert.
launch_has_a_new_owner = Die Verantwortung für den Launch ist übertragen.
write_days_from_0_to_365 = Eine Anzahl Tage von 0 bis 365 angeben.
choose_restricted_or_not = Ein Launch ist entweder eingeschränkt oder nicht. Wählen Sie eines davon.
choose_add_or_remove = Wählen, ob diese Person hinzugefügt oder entfernt werden soll.
choose_an_active_member = Ein aktives Mitglied wählen.
checklist_has_no_such_role = Die Checkliste dieses Launches hat diese Rolle nicht.

# The checklist of a launch.

readiness_wall = Bereitschaftsübersicht
resolved_of_total = { $resolved } von { $total } geklärt
wall_part_progress = <span class="visually-hidden">{ $resolved } von { $total } geklärt, { $blocked } blockiert</span>
wall_item_and_state = { $item }: { $state }
state_word_open = offen
state_word_open_critical = offen, kritisch
state_word_done = erledigt
state_words_done_lacking = erledigt, Nachweis nötig
state_word_not_applicable = nicht zutreffend
state_word_blocked = blockiert
state_word_waived = mit Ausnahme
show_items = Anzeigen
show_items_all = Alle
show_items_mine = Meine
show_items_of_my_roles = Meine Rollen
show_items_open = Offen
show_items_blocked = Blockiert
show_items_critical = Kritisch
show_items_without_evidence = Ohne Nachweis
show_items_overdue = Überfällig
show_items_waived = Mit Ausnahme
search_items = Prüfpunkte suchen
select_items = Prüfpunkte auswählen
parts_of_checklist = Teile
section_progress = { $resolved } von { $total }
section_opens_at_launch = ab dem Start offen
select_these = { $count ->
    [one] Diesen Prüfpunkt auswählen
   *[other] Diese { $count } auswählen
}
searched_text_is_too_long = Der Text oben ist zu lang. Kürzen Sie ihn.
show_all_items = Alle Prüfpunkte anzeigen
no_items_match_filter = Kein Prüfpunkt dieses Launches passt zum Filter.
no_items_match_query = Kein Prüfpunkt passt zu „{ $query }“.
items_with_similar_words = Kein Prüfpunkt hat „{ $query }“ im Titel. Diese haben ähnliche Wörter.
reason_for_state = Grund
cancel_marking = Schließen
open_the_item = Öffnen
copy_link_to_item = Link kopieren
no_such_filter_of_items = Diesen Filter gibt es nicht. Alle Prüfpunkte werden angezeigt.

title_and_state = <span class="visually-hidden">, { $state }</span>
blocked_with_reason = <b>Blockiert:</b> <bdi>{ $reason }</bdi>
not_applicable_with_reason = <b>Nicht zutreffend:</b> <bdi>{ $reason }</bdi>
row_waived_until = Ausnahme bis { $day }
row_pieces_of_evidence = { $count ->
    [one] { $count }<span class="visually-hidden"> Nachweis zu <bdi>{ $item }</bdi></span>
   *[other] { $count }<span class="visually-hidden"> Nachweise zu <bdi>{ $item }</bdi></span>
}
row_evidence_needed = nötig<span class="visually-hidden">: Nachweis zu <bdi>{ $item }</bdi></span>
done_but_evidence_is_needed = Erledigt, aber ein Nachweis ist noch nötig.
attach_evidence_to = Anhängen<span class="visually-hidden"> eines Nachweises an <bdi>{ $item }</bdi></span>
item_opens_at_launch = ab dem Start offen
marked_by = markiert von { $name }
row_assigned_to = Zugewiesen an { $name }
row_assigned_to_nobody = Niemandem zugewiesen
row_due = <span class="visually-hidden">fällig am </span>{ $day }
row_overdue = <span class="visually-hidden">fällig am </span>{ $day } <span class="visually-hidden">überfällig</span>

item_id_is_not_valid = Einer dieser Prüfpunkte hat keine gültige ID.
too_many_items_at_once = Das sind zu viele Prüfpunkte; höchstens { $most }.

# The notes.

launch_notes = Notizen
notes_as_they_are_now = Aktuelle Fassung
what_notes_are_for = Ausnahmen und Besonderheiten dieses Launches stehen hier.
edit_the_notes = Notizen bearbeiten
notes_can_use_markdown = Markdown ist möglich.
save_the_notes = Notizen speichern

# The selected items.

selected_items = Ausgewählte Prüfpunkte
select_all_shown = Alle angezeigten
select_no_items = Keine
leave_selecting = Auswahl beenden
mark_as_done = Erledigt
mark_as_open = Offen
mark_as_not_applicable = Nicht zutreffend
mark_with_a_reason = Nicht zutreffend oder blockiert…
mark_as_blocked = Blockiert
one_reason_for_all = Ein Grund für alle
assign_items_menu = Zuweisen …
assign_items_to = Zuweisen an
assign_items_to_nobody = Niemand
assign_items = Zuweisen
set_due_menu = Fälligkeit …
items_due_on = Fällig am
items_due_on_hint = Zum Entfernen des Datums leer lassen.
set_due = Fälligkeit festlegen
item_in_the_way = <a href="{ $href }"><bdi>{ $item }</bdi></a>: <bdi>{ $why }</bdi>

# The burn-up: its frame.

burn_up = Burn-up
burn_up_as_a_table = Als Tabelle
burn_up_table_of_days = Geklärte Prüfpunkte am Ende jedes Tages, neueste zuerst; Tage in { $zone }
burn_up_table_of_weeks = Geklärte Prüfpunkte am Ende jeder Woche, neueste zuerst; Tage in { $zone }
burn_up_day = Tag
burn_up_week_to = Woche bis
burn_up_left = Übrig

# The burn-up: its sentences and labels.

burn_up_target_is_today = { $resolved } von { $total } geklärt, der Zieltermin ist heute
burn_up_target_has_passed = { $resolved } von { $total } geklärt, der Zieltermin ist verstrichen
burn_up_days_left = { $days ->
    [one] { $resolved } von { $total } geklärt, noch 1 Tag
   *[other] { $resolved } von { $total } geklärt, noch { $days } Tage
}
burn_up_every_item_is_resolved = Alle Prüfpunkte vor der Entscheidung sind geklärt.
burn_up_items_in_days = { $items ->
    [one] 1 Prüfpunkt
   *[other] { $items } Prüfpunkte
} in { $days ->
    [one] 1 Tag
   *[other] { $days } Tagen
} zu klären: { $pace } pro Tag.
burn_up_items_today = { $items ->
    [one] 1 Prüfpunkt ist heute zu klären.
   *[other] { $items } Prüfpunkte sind heute zu klären.
}
burn_up_items_after_target = { $items ->
    [one] 1 Prüfpunkt ist zu klären, und der Zieltermin ist verstrichen.
   *[other] { $items } Prüfpunkte sind zu klären, und der Zieltermin ist verstrichen.
}
burn_up_begins_tomorrow = Die Linie beginnt morgen.
burn_up_fewer_lately = { $days ->
    [one] Am letzten Tag { $count } weniger.
   *[other] In den letzten { $days } Tagen { $count } weniger.
}
burn_up_none_lately = { $days ->
    [one] Am letzten Tag keiner.
   *[other] In den letzten { $days } Tagen keiner.
}
burn_up_pace_lately = { $days ->
    [one] Am letzten Tag { $pace }.
   *[other] In den letzten { $days } Tagen { $pace } pro Tag.
}
burn_up_two_sentences = { $first } { $second }
burn_up_when_launched = { $total ->
    [one] Beim Start geklärt: { $resolved } von 1 Prüfpunkt vor der Entscheidung.
   *[other] Beim Start geklärt: { $resolved } von { $total } Prüfpunkten vor der Entscheidung.
}
burn_up_when_cancelled = { $total ->
    [one] Beim Abbruch geklärt: { $resolved } von 1 Prüfpunkt vor der Entscheidung.
   *[other] Beim Abbruch geklärt: { $resolved } von { $total } Prüfpunkten vor der Entscheidung.
}
burn_up_title = Geklärte Prüfpunkte nach Tag, von { $first } bis { $last }
burn_up_resolved_today = { $resolved }, heute
burn_up_resolved_at_launch = { $resolved }, gestartet
burn_up_resolved_at_cancellation = { $resolved }, abgebrochen
burn_up_items = { $count ->
    [one] 1 Prüfpunkt
   *[other] { $count } Prüfpunkte
}
burn_up_target = Zieltermin { $day }
burn_up_target_further_on = Zieltermin { $day } →

# Changing the selected items.

choose_somebody_or_nobody = Eine Person wählen oder niemanden.
choose_a_day_or_leave_it_empty = Einen Tag wählen oder das Feld leer lassen.
choose_a_change_of_items = Wählen, was mit den ausgewählten Prüfpunkten geschehen soll.
select_an_item_first = Zuerst mindestens einen Prüfpunkt auswählen.
no_selected_item_changed = Es gab nichts zu ändern: Die ausgewählten Prüfpunkte sind bereits so.
items_are_open_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt offen.
   *[other] { $count } Prüfpunkte sind jetzt offen.
}
items_are_done_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt erledigt.
   *[other] { $count } Prüfpunkte sind jetzt erledigt.
}
items_are_not_applicable_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt nicht zutreffend.
   *[other] { $count } Prüfpunkte sind jetzt nicht zutreffend.
}
items_are_blocked_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt blockiert.
   *[other] { $count } Prüfpunkte sind jetzt blockiert.
}
items_are_assigned_to_nobody_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt niemandem zugewiesen.
   *[other] { $count } Prüfpunkte sind jetzt niemandem zugewiesen.
}
items_are_assigned_to_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt an { $name } zugewiesen.
   *[other] { $count } Prüfpunkte sind jetzt an { $name } zugewiesen.
}
items_are_without_due_date_now = { $count ->
    [one] 1 Prüfpunkt hat jetzt keine Fälligkeit.
   *[other] { $count } Prüfpunkte haben jetzt keine Fälligkeit.
}
items_are_due_on_now = { $count ->
    [one] 1 Prüfpunkt ist jetzt am { $day } fällig.
   *[other] { $count } Prüfpunkte sind jetzt am { $day } fällig.
}
selected_items_in_the_way = { $count ->
    [one] Nichts wurde geändert: 1 ausgewählter Prüfpunkt kann so nicht geändert werden.
   *[other] Nichts wurde geändert: { $count } ausgewählte Prüfpunkte können so nicht geändert werden.
}
changed_meanwhile = inzwischen geändert
changed_meanwhile_to_open = inzwischen geändert; { $name } hat auf offen zurückgesetzt
changed_meanwhile_to_done = inzwischen geändert; { $name } hat als erledigt markiert
changed_meanwhile_to_not_applicable = inzwischen geändert; { $name } hat als nicht zutreffend markiert
changed_meanwhile_to_blocked = inzwischen geändert; { $name } hat als blockiert markiert
it_was_undone_already = Es wurde bereits rückgängig gemacht.
items_are_undone = { $count ->
    [one] Rückgängig gemacht: 1 Prüfpunkt wie zuvor.
   *[other] Rückgängig gemacht: { $count } Prüfpunkte wie zuvor.
}

# Tags of launches.

tags_of_launch = Schlagwörter
tag_of_launch = Schlagwort
any_tag = Beliebig
tags_hint = Produkte, Teams oder wonach Launches sonst gefunden werden, durch Kommas getrennt. Höchstens { $count } mit je bis zu 40 Zeichen. Sie bleiben im Verlauf und können nicht geschwärzt werden.
no_such_tag = Das kann kein Schlagwort sein. Launches mit beliebigen Schlagwörtern werden angezeigt.

# The views of the list, and saved filters.

view_of_launches = Ansicht
view_as_list = Liste
view_as_board = Tafel
filters_set = { $count ->
    [0] Filtern
    [one] Filtern (1 gesetzt)
   *[other] Filtern ({ $count } gesetzt)
}
saved_filters = Gespeicherte Filter
save_this_filter = Diesen Filter speichern
name_of_filter = Name des Filters
name_of_filter_hint = Höchstens { $count } Zeichen. Nur für Sie sichtbar.
change_saved_filters = Gespeicherte Filter ändern
rename_saved_filter = Umbenennen
delete_saved_filter = Löschen<span class="visually-hidden"> <bdi>{ $name }</bdi></span>
back_to_the_launches = Zurück zu den Launches
filter_is_saved = Der Filter ist gespeichert. Er steht über den Launches.
filter_is_renamed = Der Filter hat einen neuen Namen.
filter_is_deleted = Der Filter ist gelöscht.
choose_a_filter_to_save = Es gibt keinen Filter zu speichern. Zuerst in der Liste der Launches einen wählen.
too_many_saved_filters = Es sind { $count } Filter gespeichert, mehr geht nicht. Zuerst einen löschen.

# The form for a new launch, and for another like an earlier one.

show_who_signs = Zeigen, wer für diese Checkliste unterschreibt
people_who_signed_last_time_are_ticked = Wer im letzten Launch aus dieser Checkliste eine Rolle hatte, ist angekreuzt.
roles_are_of_the_chosen_checklist = Dies sind die Rollen der jetzt gewählten Checkliste. Bitte angeben, wer unterschreibt.
who_else_takes_part = Wer sonst beteiligt ist
people_not_yet_named = { $waiting } Bis dahin den Launch anlegen, ohne Personen zu benennen.
target_is_in_the_past = Dieser Zieltermin liegt in der Vergangenheit. Das Kästchen ankreuzen, wenn das so gemeint ist, oder den Termin ändern.
date_in_the_past_is_meant = Der Zieltermin liegt in der Vergangenheit, und das ist so gemeint
make_another_like_it = Weiteren Launch dieser Art anlegen
another_launch_like = Weiterer Launch wie { $launch }
another_begins_with = Er beginnt mit { $checklist } und diesen Personen. Status, Nachweise, Ausnahmen und Unterschriften werden nicht übernommen.
earlier_has_an_older_version = Der frühere Launch hat { $checklist }.
only_people_of_earlier_launch = Nur die Personen des früheren Launchs
carry_over_assignments = Prüfpunkte denselben Personen zuweisen
of_people_who_are_still_members = Soweit sie noch Mitglieder sind. Prüfpunkte nach dem Launch werden erst danach zugewiesen.
carry_over_due_dates = Fälligkeiten relativ zum Zieltermin setzen
as_many_days_before_the_target = Jeder Prüfpunkt ist so viele Tage vor oder nach dem Zieltermin fällig wie im früheren Launch.
checklist_is_archived_no_other_launch = Die Checkliste dieses Launchs ist archiviert; aus ihr wird kein weiterer Launch angelegt.

# Two launches side by side.

compare_with_another_launch = Mit einem anderen Launch vergleichen
compare_launch_with_another = { $launch } mit einem anderen Launch vergleichen
launches_compared = { $launch } und { $other }
other_launch = Anderer Launch
launch_and_target_day = { $launch }, { $day }
no_other_launch = Kein anderer Launch
no_other_launch_from_this_checklist = Kein anderer Launch aus dieser Checkliste ist sichtbar.
show_items_without_difference = Auch Prüfpunkte ohne Unterschied zeigen
items_in_both_launches = Prüfpunkte in beiden Launches
differing_of_common_items = { $common ->
    [one] { $differing } von 1 gemeinsamen Prüfpunkt unterscheidet sich.
   *[other] { $differing } von { $common } gemeinsamen Prüfpunkten unterscheiden sich.
}
items_only_in = Nur in <bdi>{ $launch }</bdi>
waived_until_day = bis { $day }
pieces_of_valid_evidence = { $count ->
    [0] kein Nachweis
    [one] 1 Nachweis
   *[other] { $count } Nachweise
}
waivers_beside_item = { $count ->
    [one] 1 Ausnahme
   *[other] { $count } Ausnahmen
}
