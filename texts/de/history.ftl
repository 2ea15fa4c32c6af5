# The history of a launch, one event, and the comparison of two events.

verify = Prüfen
ways_to_read_the_history = Möglichkeiten, den Verlauf zu lesen
view_as_of = Stand ansehen …
date_and_time = Datum und Uhrzeit
or_press_the_clock_of_an_event = Oder in der Liste die Uhr eines Ereignisses drücken.
in_zone = In { $zone }.
view_launch_as_of = Launch ansehen
after_event = Nach Ereignis
with_after_event = und nach Ereignis
compare = Vergleichen
export = Exportieren
choose_the_first_moment = Das erste der beiden Ereignisse in der Liste wählen.
choose_the_second_moment = Das erste ist Ereignis { $event }. Das zweite in der Liste wählen; Filter und Seiten bleiben verfügbar.
choose_another_first_event = Anderes erstes Ereignis wählen
compare_with_now = Mit dem jetzigen Stand vergleichen
stop_choosing = Auswahl beenden
compare_from_event = Ab #{ $event } vergleichen
compare_with_event = Mit #{ $event } vergleichen
first_moment = Erstes: #{ $event }
choose_in_the_history = Im Verlauf wählen
events_from_to = { $total ->
    [one] 1 Ereignis
   *[other] { $from }–{ $to } von { $total } Ereignissen
}
history_export_is_logged = Der gesamte Verlauf mit alten und neuen Werten. Der Export wird unter Ihrem Namen protokolliert und setzt eine Prüfmarke.
no_event_matches = Kein Ereignis passt zum Filter.
show_the_whole_history = Gesamten Verlauf anzeigen
launch_did_not_exist_yet = Den Launch gab es damals noch nicht; er wurde am { $at } erstellt.
there_is_no_such_event = Dieses Ereignis gibt es nicht. Die Ereignisse sind von 1 bis { $last } nummeriert.

history_title = Verlauf · { $launch }
event_title = Ereignis { $seq } · { $launch }
compare_title = Vergleich · { $launch }
compare_two_moments = Zwei Zeitpunkte vergleichen
differences_between_events = { $count ->
    [one] 1 Unterschied zwischen dem Launch <a href="/launches/{ $launch }/as-of/{ $earlier }">bei Ereignis { $earlier }</a>, { $earlier_at }, und <a href="/launches/{ $launch }/as-of/{ $later }">bei Ereignis { $later }</a>, { $later_at }. Die Bereitschaft ist jeweils für den eigenen Zeitpunkt berechnet.
   *[other] { $count } Unterschiede zwischen dem Launch <a href="/launches/{ $launch }/as-of/{ $earlier }">bei Ereignis { $earlier }</a>, { $earlier_at }, und <a href="/launches/{ $launch }/as-of/{ $later }">bei Ereignis { $later }</a>, { $later_at }. Die Bereitschaft ist jeweils für den eigenen Zeitpunkt berechnet.
}
launch_itself = Der Launch
no_difference = Keine Unterschiede
both_moments_are_the_same = Jeder Prüfpunkt ist bei beiden Ereignissen gleich.
choose_other_events = Andere Ereignisse im Verlauf wählen
signatures = Unterschriften

event_number = Ereignis { $number }
view_launch_as_of_this_event = Launch bei diesem Ereignis ansehen
what_it_changed = Was sich dadurch geändert hat
when = Wann
in_utc = In UTC
request = Anfrage
as_stored = Wie gespeichert
event_bytes_are_leaf = Genau diese Bytes (kanonisches JSON, RFC 8785) sind Blatt { $index } des Hashbaums des Launches (RFC 6962). Texte sind durch Commitments ersetzt, damit ein Text geschwärzt werden kann, ohne dass sich das Gehashte ändert.
leaf_hash = Hashwert des Blatts
number_of = { $number } von { $total }
the_whole_history = Der gesamte Verlauf
