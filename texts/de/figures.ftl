# Figures over time.

figures_of_launches_you_see = Der Launches, die Sie sehen dürfen.
figure_as_a_table = Als Tabelle
more_rows_of_figure = { $count ->
    [one] 1 weiterer Eintrag wird nicht angezeigt.
   *[other] { $count } weitere Einträge werden nicht angezeigt.
}
only_nearest_launches_are_counted = Was jetzt offen ist, wird in den { $count } Launches mit dem nächsten Zieltermin gezählt. Für andere ein Schlagwort wählen.
figure_time_to_go = Zeit vom Anlegen bis zum GO
figure_time_to_go_explained = Der Median der Tage vom Anlegen eines Launches bis zu seinem letzten GO, nach dem Monat des GO, für die letzten 12 Monate.
no_go_in_a_year = In den letzten 12 Monaten wurde kein GO erklärt.
month_of_figure = Monat
median_days = Tage (Median)
days_long = { $days ->
    [0] weniger als ein Tag
    [one] 1 Tag
   *[other] { $days } Tage
}
number_of_launches = { $count ->
    [one] 1 Launch
   *[other] { $count } Launches
}
days_of_launches = { $days }, { $launches }
figure_blocked_items = Blockierte Prüfpunkte nach Teil
figure_blocked_items_explained = Prüfpunkte, die in noch nicht abgeschlossenen Launches als blockiert markiert sind, nach der Dauer.
no_blocked_items = Kein Prüfpunkt ist blockiert.
part_of_checklist = Teil
items_without_part = Ohne Teil
blocked_under_3_days = unter 3 Tage
blocked_under_7_days = 3 bis 6 Tage
blocked_under_30_days = 7 bis 29 Tage
blocked_for_longer = 30 Tage und mehr
figure_stale_signatures = Veraltete Unterschriften
figure_stale_signatures_explained = Rollen, deren GO nicht mehr zählt, weil sich nach der Unterschrift etwas in ihrem Umfang geändert hat, nach Launch.
no_stale_signatures = Keine Unterschrift ist veraltet.
signature_of_role_heading = Rolle
days_since_signed = Tage seit der Unterschrift
figure_late_items = Überfällige Prüfpunkte
figure_late_items_explained = Prüfpunkte, die nicht geklärt sind, obwohl ihr Tag vorbei ist, nach Launch.
no_late_items = Kein Prüfpunkt ist überfällig.
days_past_due = Tage überfällig
figure_waivers = Auslaufende Ausnahmen
figure_waivers_explained = Geltende Ausnahmen, die innerhalb von { $days } Tagen auslaufen, nach Launch. Danach blockieren ihre Prüfpunkte den Launch wieder.
no_waivers_run_out = Keine Ausnahme läuft bald aus.
days_left_of_waiver = Verbleibende Tage
