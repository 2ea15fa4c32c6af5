# The page of a person's calendar.

your_calendar = Ihr Kalender
what_your_calendar_has = Ihr Kalenderprogramm kann die Zieltermine der für Sie sichtbaren Launches zeigen, die Fälligkeiten Ihrer Prüfpunkte und die Tage, bis zu denen Prüfpunkte nach einem Launch fällig sind.
address_of_your_calendar = Adresse
calendar_address_exists = Sie haben eine Adresse. Erstellt:
calendar_address_is_secret = Wer die Adresse hat, kann diese Termine und Namen lesen. Bewahren Sie sie wie ein Passwort auf. Kennt sie eine andere Person, erstellen Sie eine neue: Die alte gilt dann nicht mehr.
no_calendar_address_yet = Sie haben noch keine Adresse. Erstellen Sie eine und abonnieren Sie sie in Ihrem Kalenderprogramm.
make_calendar_address = Adresse erstellen
renew_calendar_address = Neue Adresse erstellen
remove_calendar_address = Adresse entfernen
new_calendar_address = Neue Adresse
calendar_address_made = Ihre Adresse ist erstellt. Kopieren Sie sie jetzt: Sie wird nur dieses eine Mal gezeigt. Abonnieren Sie sie in Ihrem Kalenderprogramm.
calendar_address_removed = Ihr Kalender hat keine Adresse mehr.
subscribe_to_calendar = Im Kalenderprogramm abonnieren
dates_in_your_calendar_program = Termine im Kalenderprogramm
dates_in_your_calendar_program_hint = Ihr Kalenderprogramm zeigt Zieltermine, Fälligkeiten Ihrer Prüfpunkte und was nach einem Launch fällig ist. Es liest sie unter einer eigenen Adresse.

# The calendar itself.

calendar_feed_name = Launches auf { $host }
calendar_target = { $launch }: Launch
calendar_target_description = { $time } ({ $stage })
calendar_item_due = Fällig: { $item }
calendar_item_description = Launch: { $launch }
calendar_window_end = { $launch }: Prüfpunkte nach dem Launch sind fällig
calendar_window_description = { $unresolved ->
    [one] { $window }: 1 Prüfpunkt ist nicht geklärt.
   *[other] { $window }: { $unresolved } Prüfpunkte sind nicht geklärt.
}
