# The list of checklists.

what_to_check = Was vor und nach einem Launch zu prüfen ist.
import_from_markdown = Aus Markdown importieren
no_checklist_in_use = Keine Checkliste in Gebrauch
launches_are_made_from_checklists = Launches werden aus veröffentlichten Checklisten erstellt. Eine Checkliste, die Ihr Team in Markdown hat, kann unverändert importiert werden.
an_admin_imports_the_first_checklist = Die erste importiert ein Admin.
checklist = Checkliste
newest_version = Neueste Version
count_of_items = Prüfpunkte
published = Veröffentlicht
published_at_by = { $at } <span class="soft">von { $by }</span>
has_a_draft = Entwurf
archived_checklists = Archivierte Checklisten
archived_checklists_count = Archiviert ({ $count })

# A version, to read.

version_number = Version { $number }
checklist_size = { $parts ->
    [one] 1 Teil
   *[other] { $parts } Teile
}, { $sections ->
    [one] 1 Abschnitt
   *[other] { $sections } Abschnitte
}, { $items ->
    [one] 1 Prüfpunkt
   *[other] { $items } Prüfpunkte
}
version_was_published = <span>veröffentlicht { $at }</span>
version_was_published_by = <span>veröffentlicht { $at } von { $by }</span>
checklist_is_archived = archiviert
download_markdown = Als Markdown herunterladen
import_a_version = Version importieren
edit_checklist = Bearbeiten
edit_the_draft = Entwurf bearbeiten
make_a_launch_from_this = Neuer Launch hieraus
this_is_an_older_version = <span>Dies ist eine ältere Version, die für die daraus erstellten Launches erhalten bleibt. <a href="/checklists/{ $checklist }/versions/{ $number }">Version { $number }</a> ist die neueste.</span>
items_in_part = <span class="visually-hidden">, Prüfpunkte: </span>{ $count }
about_this_version = Über diese Version
roles_that_must_sign = Müssen unterschreiben
no_role_no_signature = Keine Rolle: Es ist keine Unterschrift erforderlich.
hash_of_content = Hashwert des Inhalts
item_needs_evidence = Nachweis nötig
versions_of_this_checklist = Versionen dieser Checkliste
version_of_checklist = Version
compare_with_version = mit Version { $number }
first_version = die erste
archive_checklist = Archivieren
checklist_archived = Archiviert
archived_means = Sie wird für neue Launches nicht angeboten. Daraus erstellte Launches bleiben, wie sie sind.
archiving_means = Eine archivierte Checkliste wird für neue Launches nicht angeboten. Daraus erstellte Launches bleiben, wie sie sind.
restore_checklist = Wiederherstellen
checklist_is_archived_now = Die Checkliste ist archiviert. Daraus wird kein Launch mehr erstellt.
checklist_is_restored_now = Die Checkliste ist wiederhergestellt. Daraus können Launches erstellt werden.
choose_archive_or_restore = Wählen Sie, ob die Checkliste archiviert oder wiederhergestellt werden soll.

# Two versions, compared.

compare_versions_title = Vergleich · { $checklist }
compare_two_versions = Zwei Versionen vergleichen
from_version_to_version = Von Version { $from } zu Version { $to }
compare_from_version = Von
compare_to_version = Zu
choose_a_version = Auswählen
same_version_twice = Dies ist dieselbe Version, daher gibt es keine Unterschiede. Wählen Sie zwei Versionen zum Vergleichen.
only_one_version = Dies ist dieselbe Version, daher gibt es keine Unterschiede. Eine andere gibt es noch nicht.
no_such_version = Diese Version gibt es nicht. Die Versionen sind von 1 bis { $newest } nummeriert; wählen Sie eine davon.
nothing_differs = Keine Unterschiede.
only_sections_differ = Jeder Prüfpunkt ist unverändert. Nur die Aufteilung der Prüfpunkte auf Abschnitte unterscheidet sich.
items_differ = { $added ->
    [one] 1 Prüfpunkt hinzugefügt
   *[other] { $added } Prüfpunkte hinzugefügt
}, { $removed } entfernt, { $changed } geändert, { $moved } verschoben.
headings_renamed = { $count ->
    [one] 1 Überschrift umbenannt.
   *[other] { $count } Überschriften umbenannt.
}
name_changed = Name geändert.
introduction_changed = Einleitung geändert.
required_signers_changed = Unterschreibende Rollen geändert.
checklist_itself = Die Checkliste
added_items = Hinzugefügt
removed_items = Entfernt
changed_items = Geändert
moved_items = Verschoben
value_was = <span class="visually-hidden">war </span><bdi>{ $value }</bdi>
value_is_now = <span class="visually-hidden">jetzt </span><bdi>{ $value }</bdi>
name_of_checklist = Name
introduction_of_checklist = Einleitung
must_sign = müssen unterschreiben
no_role = keine Rolle
heading_of_part = Überschrift eines Teils
heading_of_section = Überschrift eines Abschnitts
heading_of_section_in = Überschrift eines Abschnitts in { $part }
no_heading = keine Überschrift
title_of_item = Titel
importance_of_item = Gewicht
due_of_item = Fälligkeit
role_of_item = Rolle
evidence_of_item = Nachweis
guidance_of_item = Anleitung
no_particular_role = keine bestimmte Rolle
evidence_is_required = erforderlich
evidence_is_not_required = nicht erforderlich
due_before_the_decision = vor der Entscheidung
importance_required = erforderlich
to_another_position_there = an eine andere Stelle dort
top_of_the_checklist = der Anfang der Checkliste

# Import.

import_version = Version { $number } importieren
what_markdown_is_read = Ein Text in Markdown. Jede Zeile, die mit einem Kästchen wie „- [ ]“ beginnt, ist ein Prüfpunkt.
name_overrides_heading = Ersetzt die Überschrift im Text.
name_may_be_empty = Leer lassen, um die Überschrift im Text oder den Namen der Datei zu verwenden.
change_the_text = Text ändern
markdown_text = Markdown
preview_again = Vorschau erneut anzeigen
choose_another_file = Andere Datei wählen
file_with_markdown = Datei
text_file_of_at_most = Eine Textdatei mit höchstens 2 MB.
or_paste_the_markdown = Oder Markdown einfügen
preview_import = Vorschau des Imports anzeigen
publish_checklist = Veröffentlichen
import_has_size = { $size }.
nothing_skipped = Nichts wurde übersprungen.
passages_skipped = { $count ->
    [one] <a href="#left-out">1 Stelle übersprungen</a>.
   *[other] <a href="#left-out">{ $count } Stellen übersprungen</a>.
}
no_role_is_named = Niemand muss unterschreiben.
roles_must_sign = Müssen unterschreiben: { $roles }.
compared_with_newest_version = Im Vergleich zur neuesten Version
notes_on_the_import = Hinweise zum Import
and_more_not_shown = Und { $count } weitere.
skipped_passages = Übersprungen
line_by_line = Zeile für Zeile
lines_not_shown = { $count ->
    [one] 1 weitere Zeile wurde gelesen und wird hier nicht angezeigt.
   *[other] { $count } weitere Zeilen wurden gelesen und werden hier nicht angezeigt.
}
line_is_name = Name
line_is_introduction = Einleitung
line_is_part = Teil
line_is_section = Abschnitt
line_is_context = Kontext der Prüfpunkte darunter
line_is_item = Prüfpunkt
line_is_item_unticked = ohne Haken
line_is_guidance = Anleitung
line_is_guidance_of_line = Anleitung zu Zeile { $number }
line_is_sign_off = Überschrift der Rollen, die unterschreiben müssen
line_is_role = { $role } muss unterschreiben
line_is_skipped = übersprungen
line_is_skipped_because = übersprungen: { $reason }
preview_or_publish_import = Wählen Sie, ob eine Vorschau des Imports gezeigt oder der Import veröffentlicht werden soll.
checklist_needs_a_name = Geben Sie der Checkliste einen Namen. Im Text steht keiner.
file_or_text_not_both = Wählen Sie entweder eine Datei oder fügen Sie einen Text ein, nicht beides.
file_is_not_utf8 = Diese Datei ist kein Text in UTF-8. Speichern Sie sie als UTF-8 und wählen Sie sie erneut.
choose_or_paste_markdown = Wählen Sie eine Datei oder fügen Sie das Markdown der Checkliste ein.
file_of_checklist_too_large = { $name } ist größer als { $size }. Teilen Sie die Checkliste auf oder entfernen Sie, was nicht zu ihr gehört.
text_of_checklist_too_large = Der Text ist größer als { $size }. Teilen Sie die Checkliste auf oder entfernen Sie, was nicht zu ihr gehört.
form_field_far_too_long = Ein Feld des Formulars ist viel zu lang. Gehen Sie zurück und kürzen Sie es.
no_item_in_text = In diesem Text gibt es keinen Prüfpunkt. Ein Prüfpunkt ist eine Zeile, die mit einem Kästchen beginnt, zum Beispiel „- [ ] Backups werden in einer Übung wiederhergestellt“.
too_many_items_in_text = In diesem Text gibt es mehr als { $most } Prüfpunkte. Mehr kann eine Checkliste nicht haben. Teilen Sie sie in mehrere auf.
text_under_cannot_be_imported = Der Text unter „{ $title }“ kann nicht importiert werden. { $reason }
new_version_published = Version { $number } ist veröffentlicht. Daraus können Launches erstellt werden.
is_this_version_already = Dies ist bereits Version { $number }, daher wurde nichts veröffentlicht.
restore_before_publishing = Diese Checkliste ist archiviert. Stellen Sie sie wieder her, bevor Sie eine Version davon veröffentlichen.
older_version_has_this_content = Version { $number } hat genau diesen Inhalt. Eine Version wird durch ihren Inhalt bestimmt, daher kann derselbe Inhalt nicht noch einmal als neuere Version veröffentlicht werden.

# A new checklist.

new_checklist = Neue Checkliste
not_published_yet = Noch nicht veröffentlicht
last_edited = Zuletzt bearbeitet
new_checklist_is_a_draft = Sie beginnt als Entwurf, der bearbeitet und dann veröffentlicht wird. Launches entstehen aus dem, was veröffentlicht ist.
name_of_start_is_used = Bleibt das Feld leer, gilt der Name der Vorlage.
purpose_of_checklist = Wofür ist sie?
start_from = Ausgehen von
start_from_nothing = Nichts
start_from_nothing_means = Ein leerer Entwurf.
starter_has = { $items ->
    [one] 1 Prüfpunkt.
   *[other] { $items } Prüfpunkte.
} Es unterschreiben: { $roles }.
start_from_a_copy = Einer Kopie einer veröffentlichten Checkliste
version_to_copy = Checkliste zum Kopieren
choose_a_version_to_copy = Die Checkliste wählen, die kopiert wird.
name_and_version = { $name }, Version { $number }
copy_of_checklist = Kopie von { $name }
make_the_draft = Entwurf anlegen
start_from_markdown = Stattdessen Markdown einfügen oder hochladen
give_the_checklist_a_name = Der Checkliste einen Namen geben.
draft_is_made = Der Entwurf ist angelegt. Bis er veröffentlicht ist, sehen ihn nur Admins.
first_version_of_checklist = Die erste Version
discarding_first_draft_means = Von dieser Checkliste ist keine Version veröffentlicht. Alles geht verloren, für alle.
copy_this_checklist = Kopieren
hash_of_content_means = SHA-256 von allem darüber und darunter: Derselbe Inhalt hat in jeder Installation denselben Hash.

# Who signs, and what the items of a part have in common.

nobody_must_sign_means = Niemand muss unterschreiben. Ein Launch aus dieser Version erhält GO ohne eine Unterschrift.
publish_without_signers = Ohne Unterschriften veröffentlichen
nobody_must_sign_is_that_meant = Niemand muss für einen Launch hieraus unterschreiben. Angeben, wer unterschreiben muss, oder das Kästchen ankreuzen, wenn es so gemeint ist.
who_must_sign = Wer unterschreiben muss
other_roles_that_sign = Andere Rollen
other_roles_hint = Namen, durch Kommas getrennt.
set_by_part = Rolle, Gewicht und Nachweise je Teil festlegen
set_by_part_means = Was hier gewählt ist, gilt für jeden Prüfpunkt des Teils, was auch immer im Text steht.
part_without_heading = Ohne Überschrift
count_items = { $count ->
    [one] 1 Prüfpunkt
   *[other] { $count } Prüfpunkte
}
responsible_role_of_part = Verantwortliche Rolle
importance_of_part = Gewicht
evidence_of_part = Nachweise
as_in_the_text = wie im Text
how_to_write_it = So stehen Rolle, Gewicht, Nachweise und Unterschriften im Text
attributes_are_at_the_end = Was an einem Prüfpunkt besonders ist, steht am Ende der Zeile in geschweiften Klammern:
example_of_item = - [ ] Eine Sicherung wurde wiederhergestellt { "{" }#restore-tested; critical; role=operations; evidence{ "}" }
example_of_after_item = - [ ] Die Fehler des ersten Tages wurden gelesen { "{" }advisory; after 24h{ "}" }
attributes_are_these = „#key“ ist der Name über die Versionen hinweg; „critical“ oder „advisory“ das Gewicht; „role“ die verantwortliche Rolle; „evidence“ heißt, dass ein Nachweis nötig ist; „after 24h“, „after 7d“ und „after 30d“ verschieben den Prüfpunkt hinter den Launch. Alle können fehlen.
sign_off_heading_names_roles = Unter einer Überschrift „Sign-off“ nennt jede Zeile eine Rolle, die unterschreiben muss:
example_of_sign_off = ## Sign-off
example_of_role = **Operations:** ____
