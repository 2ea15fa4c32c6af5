# The search over everything.

search_for = Suchen nach
launches_items_comments_evidence = Launches, Prüfpunkte, Kommentare, Nachweise
all_results = Alle
results_launches = Launches
results_items = Prüfpunkte
results_comments = Kommentare
results_evidence = Nachweise
comment_on = Kommentar zu
only_similar_words_found = Keine genauen Treffer. Diese enthalten ähnliche Wörter.
all_results_of_kind = <span>Alle { $total }</span><span class="visually-hidden">: { $kind }</span>
results_range = { $from }–{ $to } von { $total }
withdrawn = zurückgezogen
no_more_results = Keine weiteren Treffer
there_are_fewer_pages = So viele Seiten gibt es nicht.
show_the_first_page = Erste Seite anzeigen
no_results_of_this_kind = Keine Treffer dieser Art
results_are_of_another_kind = Alle Treffer sind von anderer Art.
show_all_results = Alle Treffer anzeigen
no_results = Keine Treffer
no_results_for = Keine Treffer für „{ $query }“.
no_such_kind_of_results = Diese Art gibt es nicht. Alle Treffer werden angezeigt.
no_such_page_of_results = Diese Seite gibt es nicht. Die nächstgelegene wird angezeigt.
see_the_launches = Launches ansehen
first_page = Erste Seite
next_page = Weiter
write_at_least_one_word = Mindestens ein Suchwort eingeben.
search_takes_too_long = Diese Suche dauert zu lange. Ein längeres oder selteneres Wort eingeben.

# Examples, and what each finds

example_both_words = Datenbank Rollback
search_both_words = beide Wörter, in Name oder Zusammenfassung eines Launches, in Titel oder Anleitung eines Prüfpunkts, in einem Kommentar oder in Name, Adresse oder Text eines Nachweises
example_words_together = "grünes Licht"
search_words_together = diese Wörter nebeneinander
example_one_of_them = Test or Probe
search_one_of_them = eines der beiden Wörter
example_one_without_the_other = Test -Last
search_one_without_the_other = das erste Wort ohne das zweite
parts_of_words_are_found = Auch Wortteile werden gefunden. Wenn nichts die Wörter enthält, werden ähnliche Wörter gefunden.

# The command palette.

go_to = Gehe zu
go_to_key = Gehe zu (Strg K)
rights_of_people = Rechte
go_to_placeholder = Seite, Launch, Prüfpunkt oder Person
find = Finden
