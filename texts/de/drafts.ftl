# All pages of a checklist's draft.

draft_of_version = Entwurf von Version { $number }
version_published_since_draft = <span>Version { $newest } wurde veröffentlicht, seit dieser Entwurf auf Grundlage von Version { $base } begonnen wurde. Ihre Änderungen sind nicht im Entwurf. <a href="/checklists/{ $checklist }/compare?from={ $base }&amp;to={ $newest }">Vergleichen Sie beide Versionen</a> und nehmen Sie die Änderungen, die Sie brauchen, auch im Entwurf vor.</span>
current_heading_is = Aktuell: „<bdi>{ $heading }</bdi>“.
draft_changed_at_by = <span>Entwurf geändert { $at } von { $by }</span>
new_in_draft = neu
changed_in_draft = geändert
move_up = „<bdi>{ $title }</bdi>“ nach oben
move_down = „<bdi>{ $title }</bdi>“ nach unten
no_title_heading = Ohne Überschrift
name_with_number = { $name } ({ $number } von { $total })
items_of_section = { $count ->
    [one] 1 Prüfpunkt
   *[other] { $count } Prüfpunkte
}
save_in_draft = Speichern
rename = Umbenennen
move_to_place = Verschieben
heading = Überschrift
markdown_works = Markdown ist möglich.
restore_before_editing = Diese Checkliste ist archiviert. Stellen Sie sie wieder her, bevor Sie sie bearbeiten.
draft_title = Entwurf · { $checklist }
publish_draft_title = Veröffentlichen · { $checklist }
discard_draft_title = Entwurf verwerfen · { $checklist }

# The outline: the name, the roles that must sign, the parts and sections.

outline_changed = <span>geändert { $at } von { $by }; jede Änderung wird gespeichert</span>
outline_unchanged = wie in Version { $number }; jede Änderung wird gespeichert, und bis zur Veröffentlichung sehen sie nur Admins
discard = Verwerfen
review_and_publish = Prüfen und veröffentlichen
publish_after_first_change = Veröffentlichen ist möglich, sobald etwas geändert ist.
keys_of_outline = <kbd>Enter</kbd> in einem Titel fügt den nächsten Prüfpunkt hinzu, <kbd>Tab</kbd> an seinem Anfang verschachtelt ihn und <kbd>Umschalt</kbd> <kbd>Tab</kbd> holt ihn heraus, <kbd>Esc</kbd> schließt ihn. <kbd>Alt</kbd> <kbd>↑</kbd> und <kbd>Alt</kbd> <kbd>↓</kbd> verschieben, was den Fokus hat, <kbd>Strg</kbd> <kbd>Z</kbd> macht eine Änderung rückgängig.
remove_the_part = Teil entfernen
add_a_section_to = Abschnitt hinzufügen<span class="visually-hidden"> zu <bdi>{ $part }</bdi></span>
add_the_section = Abschnitt hinzufügen
heading_of_new_section = Überschrift des neuen Abschnitts
close_form = Schließen
no_part_yet = Es gibt noch keinen Teil. Fügen Sie den ersten hinzu.
add_a_part = Teil hinzufügen
add_the_part = Teil hinzufügen
introduction = Einleitung
current_values = Aktuelle Werte
role_up = <bdi>{ $role }</bdi> nach oben
role_down = <bdi>{ $role }</bdi> nach unten
do_not_require_role = Unterschrift von <bdi>{ $role }</bdi> nicht verlangen
add_a_role = Rolle hinzufügen
another_role = Andere Rolle, unten benannt
name_of_another_role = Name einer anderen Rolle
add_the_role = Rolle hinzufügen
removed_from_draft = Entfernt
removed_can_be_restored = Dies kann bis zur Veröffentlichung des Entwurfs wiederhergestellt werden.
restore_removed = Wiederherstellen<span class="visually-hidden">: <bdi>{ $title }</bdi></span>
removed_part = { $items ->
    [one] Teil, 1 Prüfpunkt
   *[other] Teil, { $items } Prüfpunkte
}
removed_section = { $items ->
    [one] Abschnitt, 1 Prüfpunkt
   *[other] Abschnitt, { $items } Prüfpunkte
}
removed_item = Prüfpunkt
removed_item_nested_in = Prüfpunkt unter { $path }

# A section.

add_the_item = Prüfpunkt hinzufügen
add_an_item_to = Prüfpunkt hinzufügen<span class="visually-hidden"> zu <bdi>{ $section }</bdi></span>
key_of_item = Schlüssel
move_section_to_end_of = Verschieben an das Ende von
remove_the_section = Abschnitt entfernen
remove_the_section_and_items = Abschnitt mit seinen Prüfpunkten entfernen

# The fields of an item.

what_has_to_be_true = Was zutreffen muss
importance = Gewicht
critical_means = Kritisch: blockiert GO; „nicht zutreffend“ braucht eine Zustimmung
required_means = Erforderlich: blockiert GO
advisory_means = Empfohlen: solange offen, eine Auflage für GO
due_phase = Fällig
responsible_role = Zuständige Rolle
choose_no_particular_role = Keine bestimmte Rolle
require_evidence = Nachweis verlangen
how_to_verify = So wird geprüft
how_to_verify_and_key = Anleitung zur Prüfung und Schlüssel
preview_of_guidance = So wird die Anleitung aussehen

# An item.

item_is_nested_in = unter <bdi>{ $path }</bdi>
key_is = Schlüssel <code>{ $key }</code>
key_is_new = Schlüssel <code>{ $key }</code> <span class="soft">(neu)</span>
current_values_that_differ = Aktuelle Werte, die von Ihrer Eingabe abweichen
current_title = Titel
current_importance = Gewicht
current_due = Fällig
current_role = Rolle
current_evidence = Nachweis
current_guidance = Anleitung
current_key = Schlüssel
current_value_is_empty = leer
key_of_unpublished_item_hint = Kennzeichnet den Prüfpunkt in allen Versionen. Leer lassen, um ihn aus dem Titel zu bilden. Sobald der Prüfpunkt veröffentlicht ist, bleibt sein Schlüssel.
save_and_next_item = Speichern und zum nächsten Prüfpunkt
save_and_add_below = Speichern und darunter hinzufügen
move_nest_or_remove = Verschieben, verschachteln oder entfernen
nest_deeper = Unter dem vorherigen verschachteln
nest_outward = Eine Ebene herausholen
move_item_to_end_of = Verschieben an das Ende von
remove_the_item = Prüfpunkt entfernen

# Many items at once.

chosen_items = Ausgewählte Prüfpunkte
choose_no_item = Keinen auswählen
change_chosen_items = Ändern
leave_as_it_is = Unverändert lassen
evidence_of_items = Nachweis
require_no_evidence = Keinen Nachweis verlangen
apply_to_chosen_items = Anwenden
move_chosen_items = Verschieben
move_items_to_end_of = Verschieben an das Ende von
remove_chosen_items = Entfernen

# What was typed for something that is gone.

what_you_typed = Ihre Eingabe
add_it_to = Hinzufügen zu
typed_for_what_is_gone = Dies ist nicht mehr im Entwurf. Es wurde inzwischen entfernt, oder der Entwurf wurde veröffentlicht oder verworfen. Ihre Eingabe steht hier, und Sie können sie als neuen Prüfpunkt hinzufügen.

# Publishing.

compared_with_version = Im Vergleich zu Version { $number }
nothing_to_publish = Es gibt keinen Unterschied zu Version { $number }, also auch nichts zu veröffentlichen.
continue_editing = Weiter bearbeiten
earlier_launches_stay = Aus früheren Versionen erstellte Launches bleiben, wie sie sind. Neue Launches werden aus dieser erstellt.
before_it_can_be_published = Vor der Veröffentlichung nötig
go_to_fault = Dorthin gehen
nobody_has_changed_anything = Es gibt nichts zu veröffentlichen. Seit Version { $number } hat niemand etwas geändert.
draft_changed_since_you_looked = Der Entwurf wurde geändert, seit Sie ihn angesehen haben. Diese Seite zeigt ihn, wie er jetzt ist. Wenn das richtig ist, senden Sie das Formular erneut.
version_published_since_you_looked = Version { $number } wurde veröffentlicht, seit Sie nachgesehen haben. Diese Seite zeigt, was der Entwurf jetzt an ihr ändert. Wenn das richtig ist, veröffentlichen Sie ihn.
draft_cannot_be_published = Der Entwurf kann so nicht veröffentlicht werden.

# Discarding.

discard_the_draft_question = Entwurf verwerfen?
draft_was_changed_at_by = <span>Geändert { $at } von { $by }</span>
discarding_means = Alles, was seit Version { $number } geändert wurde, geht verloren, und zwar für alle.
keep_the_draft = Entwurf behalten
discard_the_draft = Entwurf verwerfen
no_draft_to_discard = Es gibt keinen Entwurf zum Verwerfen. <a href="/checklists/{ $checklist }">Zurück zur Checkliste</a>

# Notices and refusals.

draft_saved = Gespeichert.
section_renamed = Der Abschnitt ist umbenannt.
section_moved = Der Abschnitt ist verschoben.
item_moved = Der Prüfpunkt ist verschoben.
item_added = „{ $title }“ ist hinzugefügt.
item_saved = „{ $title }“ ist gespeichert.
removed_named = „{ $title }“ ist entfernt. Bis zur Veröffentlichung des Entwurfs können Sie es auf dessen Seite wiederherstellen.
removed_something = Entfernt. Bis zur Veröffentlichung des Entwurfs können Sie es auf dessen Seite wiederherstellen.
restored_named = „{ $title }“ ist wiederhergestellt.
restored_something = Wiederhergestellt.
undo_change = Rückgängig
redo_change = Wiederholen
undo_change_by = Änderung von { $who }, { $when }, rückgängig machen
redo_change_by = Änderung von { $who }, { $when }, wiederholen
change_undone = Die letzte Änderung ist rückgängig gemacht.
change_redone = Die Änderung ist wieder da.
choose_undo_or_redo = Wählen Sie „Rückgängig“ oder „Wiederholen“.
removal_undone = Das Entfernte ist wieder da.
items_changed_in_draft = { $count ->
    [one] 1 Prüfpunkt ist geändert.
   *[other] { $count } Prüfpunkte sind geändert.
}
items_moved_in_draft = { $count ->
    [one] 1 Prüfpunkt ist verschoben.
   *[other] { $count } Prüfpunkte sind verschoben.
}
items_removed_from_draft = { $count ->
    [one] 1 Prüfpunkt ist entfernt.
   *[other] { $count } Prüfpunkte sind entfernt.
}
draft_discarded = Der Entwurf ist verworfen.
choose_up_or_down = Wählen Sie, ob nach oben oder nach unten verschoben werden soll.
choose_one_of_these = Wählen Sie eines davon.
choose_items_first = Wählen Sie zuerst Prüfpunkte aus.
choose_what_to_change = Wählen Sie, was geändert werden soll.
choose_what_to_do_with_role = Wählen Sie, ob die Rolle hinzugefügt, entfernt oder verschoben werden soll.
role_does_not_have_to_sign = Diese Rolle muss nicht unterschreiben.
no_role_has_such_a_name = So kann keine Rolle heißen. Wählen Sie einen anderen Namen.
choose_preview_or_save = Wählen Sie, ob eine Vorschau des Prüfpunkts gezeigt oder der Prüfpunkt gespeichert werden soll.
what_a_key_is_made_of = Ein Schlüssel besteht aus a-z, 0-9 und Bindestrichen und hat höchstens 100 Zeichen.

more_about_draft = Mehr zu diesem Entwurf
