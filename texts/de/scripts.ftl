# Notices and buttons of the scripts: `text("key", { name })` in static/js. An argument can be an element, where a notice shows it.

# Requests (requests.js). `{ $why }` in other texts is one of the next two sentences.

server_does_not_answer = Der Server antwortet nicht.
server_cannot_be_reached = Der Server ist nicht erreichbar.
session_has_ended = Ihre Sitzung ist beendet.
session_ended_nothing_saved = Ihre Sitzung ist beendet, daher wurde nichts gespeichert. Ihre Eingaben sind noch da.
sign_in_again = Anmelden
server_refused_nothing_saved = Der Server hat dies abgelehnt. Nichts wurde gespeichert.

# Forms that leave the page, and typed text (page_forms.js, drafts.js, confirm.js).

no_connection_page_stays = Es besteht keine Verbindung, daher bleibt diese Seite geöffnet. Versuchen Sie es erneut, wenn die Verbindung wieder da ist.
nothing_sent_entries_kept = { $why } Nichts wurde gesendet, und Ihre Eingaben sind noch da.
form_changed_nothing_sent = Dieser Teil der Seite hat sich inzwischen geändert, daher wurde nichts gesendet. Sehen Sie ihn sich noch einmal an.
typed_text_is_back = Der Text, den Sie hier eingegeben hatten, ist wieder da.
discard_typed_text = Verwerfen
cancel_question = Abbrechen

# An item that is open in the list (opened_item.js, opened_item_forms.js).

open_on_own_page = Auf eigener Seite öffnen
close_item = Schließen
nothing_saved_entries_kept = { $why } Nichts wurde gespeichert, und Ihre Eingaben sind noch da.
unknown_whether_saved_entries_kept = { $why } Es ist nicht bekannt, ob dies gespeichert wurde. Ihre Eingaben sind noch da.

# A tick (tick.js).

item_ticked = Erledigt: { $item }
item_ticked_without_evidence = Erledigt, aber ein Nachweis ist noch nötig: { $item }
item_unticked = Wieder offen: { $item }
items_ticked = { $count ->
    [one] 1 Prüfpunkt erledigt
   *[other] { $count } Prüfpunkte erledigt
}
items_unticked = { $count ->
    [one] 1 Prüfpunkt wieder offen
   *[other] { $count } Prüfpunkte wieder offen
}
undo_tick = Rückgängig machen

# More on a row (more.js).

more_on_item = Mehr zu { $item }
link_is_copied = Link kopiert.
session_ended_item_unchanged = Ihre Sitzung ist beendet, daher wurde „{ $item }“ nicht geändert.
item_is_shown_as_it_was = { $why } „{ $item }“ wird wie zuvor angezeigt. Versuchen Sie es erneut.

# The outline of a draft (outline.js).

moved_to_place = „{ $title }“ ist jetzt { $place } von { $count }.
item_is_saved = Gespeichert
undo_removal = Rückgängig

# Changes by others (live.js).

other_marked_done = { $who } hat als erledigt markiert: { $item }
other_set_back_to_open = { $who } hat auf offen zurückgesetzt: { $item }
other_marked_blocked = { $who } hat als blockiert markiert: { $item }
other_marked_not_applicable = { $who } hat als nicht zutreffend markiert: { $item }
others_changed_items = { $count ->
    [one] Andere haben 1 Prüfpunkt geändert.
   *[other] Andere haben { $count } Prüfpunkte geändert.
}
stage_of_launch_changed = Der Launch hat jetzt einen anderen Stand.
show_new_stage = Anzeigen
verdict_is_now = Die Bereitschaft ist jetzt: { $verdict }.
verdict_is_now_with_summary = Die Bereitschaft ist jetzt: { $verdict }. { $summary }.
connection_is_lost = Die Verbindung ist unterbrochen. Was andere ändern, wird erst wieder angezeigt, wenn sie zurück ist.
you_are_offline = Sie sind offline. Bis die Verbindung zurück ist, kann nichts gespeichert werden, und was andere ändern, wird nicht angezeigt.
launch_is_not_shown_any_more = Sie dürfen diesen Launch nicht mehr sehen, daher wird hier nicht mehr angezeigt, was andere ändern.

# Selected items (select.js).

items_are_selected = { $count ->
    [one] 1 Prüfpunkt ausgewählt
   *[other] { $count } Prüfpunkte ausgewählt
}

# The list of keys (keys.js).

keys_of_list = Tasten
keys_move = nächster, voriger Prüfpunkt; nächste, vorige Benachrichtigung
keys_tick = abhaken oder Haken entfernen; beim Auswählen: auswählen; Benachrichtigung als gelesen markieren
keys_open = den Prüfpunkt öffnen oder schließen; die Benachrichtigung öffnen
keys_attach = Nachweis anhängen
keys_comment = kommentieren
keys_search = suchen
keys_close = schließen oder das Feld verlassen
keys_help = diese Liste
close_list_of_keys = Schließen

# Times and sizes (times.js, sizes.js).

time_is_just_now = gerade eben
time_is_in_a_moment = gleich
size_in_bytes = { $count ->
    [one] 1 Byte
   *[other] { $count } Bytes
}

# Files that are chosen, dropped or pasted (drop.js).

item_takes_no_evidence = An diesen Prüfpunkt können Sie jetzt nichts anhängen.
remove_chosen_file = Entfernen
remove_file_named = { $name } entfernen
pasted_picture_name = Bildschirmfoto { $day } { $time }.png
too_large_file = „{ $name }“
files_are_too_large = { $count ->
    [one] { $names } ist größer als { $limit }. Entfernen Sie die Datei: Bis dahin wird von diesem Formular nichts gesendet.
   *[other] { $names } sind größer als { $limit }. Entfernen Sie die Dateien: Bis dahin wird von diesem Formular nichts gesendet.
}

# Uploads (uploads.js).

upload_of = { $name } wird gesendet
retry_upload = Wiederholen
retry_upload_of = Wiederholen: { $name }
cancel_upload = Abbrechen
cancel_upload_of = Abbrechen: { $name }
dismiss_upload = Ausblenden
dismiss_upload_of = Ausblenden: { $name }
file_attached = Angehängt.
upload_cancelled = Abgebrochen. Nichts wurde angehängt.
upload_connection_lost = Die Verbindung ist abgebrochen, oder die Datei kann nicht gelesen werden. Wiederholen: Die Datei wird nur einmal angehängt.
upload_without_answer = Der Server antwortet nicht. Wiederholen: Die Datei wird nur einmal angehängt.
upload_session_ended = Ihre Sitzung ist beendet, daher wurde nichts angehängt. Zuerst anmelden, dann wiederholen.
server_refused_nothing_attached = Der Server hat dies abgelehnt. Nichts wurde angehängt.
upload_failed_because = { $name }: { $why }
uploads_attached_so_far = Bisher { $done } von { $total } angehängt.
uploads_attached = { $done } von { $total } angehängt.
link_or_note_not_sent = Der Link oder die Notiz wurde nicht gesendet und steht noch im Formular.

# Buttons that copy (copy.js).

copied = Kopiert.
select_and_copy_yourself = Der Browser erlaubt das Kopieren nicht. Der Text ist markiert und kann von Hand kopiert werden.

# The command palette (palette.js).

key_opens_palette = zu einer Seite, einem Launch, Prüfpunkt oder einer Person gehen oder ausführen, was die Seite anbietet
palette = Gehe zu
palette_placeholder = Seite, Launch, Prüfpunkt oder Aktion
palette_actions = Auf dieser Seite
palette_has_nothing = Nichts gefunden.
unread_at_the_bell = { $count ->
    [one] Benachrichtigungen, 1 ungelesen
   *[other] Benachrichtigungen, { $count } ungelesen
}
people_to_mention = Personen zum Erwähnen
