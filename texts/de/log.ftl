# The history of a launch and the audit log: what both pages have.

kind = Art
person = Person
anyone = Alle Personen
all_items = Alle Prüfpunkte
item = Prüfpunkt
text = Text
from_day = Von
to_day = Bis
filter = Filtern
all_kinds = Alle
kinds_of_launches = Launches
kinds_of_installation = Konten und Sicherheit
kinds_of_everything = Alles
matches_found = { $count ->
    [one] 1 Treffer
   *[other] { $count } Treffer
}
matches_on_this_page = { $count ->
    [one] 1 Treffer auf dieser Seite
   *[other] { $count } Treffer auf dieser Seite
}
search_took_too_long = Die Suche hat zu lange gedauert
add_a_less_common_word = Diese Wörter stehen in zu vielen Texten, um sie in vier Sekunden zu durchsuchen. Fügen Sie ein selteneres Wort hinzu.
nothing_searched = Es wurde nichts gesucht
a_filter_value_is_wrong = Einer der Filterwerte oben ist falsch. Ändern Sie ihn, wie dort angegeben.
a_filter_value_is_unknown = Die Adresse fragt nach einer Art, einer Person, einem Prüfpunkt oder einer Stelle, die es hier nicht gibt. Wählen Sie oben oder zeigen Sie alles an.
nothing_here = Hier ist nichts
csv_for_spreadsheets = CSV, für Tabellenprogramme
json_lines_for_programs = JSON Lines, für Programme
what_was_signed = Was unterschrieben wurde
what_the_decision_was_based_on = Worauf die Entscheidung beruhte

# Groups of kinds

kinds_items = Prüfpunkte
kinds_evidence = Nachweise
kinds_comments = Kommentare
kinds_waivers = Ausnahmen
kinds_signatures = Unterschriften
kinds_decisions = Entscheidungen
kinds_people = Personen
kinds_settings = Einstellungen
kinds_refusals = Ablehnungen
kinds_exports = Exporte
kinds_sign_ins = Anmeldungen
kinds_accounts = Konten
kinds_credentials = Passwörter und zweite Faktoren
kinds_checklists = Checklisten
kinds_keys = Schlüssel und Erklärungen
