# My work.

your_account_only_reads = Ihr Konto liest Launches und nimmt nicht daran teil, daher wartet hier nichts auf Sie. <a href="/launches">Alle Launches ansehen.</a>
nothing_waits_for_you = Nichts wartet auf Sie
what_my_work_will_show = Hier erscheinen Anfragen anderer und die offenen Prüfpunkte, die Ihnen oder Ihren Rollen zugewiesen sind.
open_items = Offene Prüfpunkte
open_items_mine = { $mine } Ihnen zugewiesen
open_items_of_roles = { $of_roles } Ihren Rollen zugewiesen
open_items_mine_and_of_roles = { $mine } Ihnen und { $of_roles } Ihren Rollen zugewiesen
assigned_to = bei { $name }
due = fällig
more_items_in_launch = <a href="{ $href }">{ $count } weitere in <bdi>{ $launch }</bdi></a>
launches_ahead = Bevorstehende Launches
none = Keine.
resolved = Geklärt
all_launches = Alle Launches
only_nearest_launches_are_read = Nur Ihre { $count } nächsten Launches werden hier gelesen.

# First steps

invite_people = Personen einladen
look_at_the_checklist = Checkliste ansehen
import_a_checklist = Checkliste importieren
make_a_launch = Launch erstellen
get_your_team_in = Team einladen
no_launches_ahead = Keine bevorstehenden Launches
first_steps_of_an_admin = Laden Sie die Personen ein, die Launches vorbereiten und unterschreiben, sehen Sie die Checkliste durch, aus der Launches erstellt werden, und erstellen Sie dann den ersten Launch.
first_steps_without_a_checklist = Ein Launch wird aus einer Checkliste erstellt, und es gibt noch keine. Ein Admin importiert die erste.
see_the_checklists = Checklisten ansehen
first_steps_of_a_member = Erstellen Sie einen Launch aus einer Checkliste und benennen Sie die Personen, die unterschreiben. Hier erscheint, was auf Sie wartet.
first_steps_of_a_reader = Ihr Konto liest Launches. Der erste wird hier erscheinen.
see_all_launches = Alle Launches ansehen

# Open items

evidence_needed = Nachweis nötig
agreement_refused = Zustimmung verweigert
days_late = { $days ->
    [one] 1 Tag überfällig
   *[other] { $days } Tage überfällig
}
late_today = überfällig
due_today = heute
due_tomorrow = morgen

# Tasks

tasks_warnings = Zu klären
tasks_signatures = Ihre Unterschriften
tasks_decisions = Ihre Entscheidungen
tasks_waivers = Ausnahmen zu prüfen
tasks_agreements = Zustimmungen zu prüfen
tasks_requests = Angeforderte Nachweise
sign_again_as = Als { $role } erneut unterschreiben
sign_as_role = Als { $role } unterschreiben
asked_for = angefordert
stale = veraltet
not_signed_yet_items = { $count ->
    [0] noch nicht unterschrieben; kein Prüfpunkt blockiert den Launch
    [one] noch nicht unterschrieben; 1 Prüfpunkt blockiert den Launch
   *[other] noch nicht unterschrieben; { $count } Prüfpunkte blockieren den Launch
}
scope_changed_items = { $count ->
    [0] im Geltungsbereich hat sich seit Ihrer Unterschrift etwas geändert; kein Prüfpunkt blockiert den Launch
    [one] im Geltungsbereich hat sich seit Ihrer Unterschrift etwas geändert; 1 Prüfpunkt blockiert den Launch
   *[other] im Geltungsbereich hat sich seit Ihrer Unterschrift etwas geändert; { $count } Prüfpunkte blockieren den Launch
}
wrong_passwords_at_signing = Falsche Passwörter beim Unterschreiben
wrong_passwords_in_a_day = { $count ->
    [one] einmal in den letzten 24 Stunden, als { $name }
   *[other] { $count }-mal in den letzten 24 Stunden, als { $name }
}
name_who_signs = Benennen, wer unterschreibt
required_roles_have_no_holder = { $count ->
    [one] 1 Rolle, die unterschreiben muss, ist unbesetzt
   *[other] { $count } Rollen, die unterschreiben müssen, sind unbesetzt
}
declare_go = GO erklären
nothing_blocks_the_launch = nichts blockiert den Launch
conditions_to_acknowledge = { $count ->
    [one] 1 Auflage ist anzuerkennen
   *[other] { $count } Auflagen sind anzuerkennen
}
record_the_launch = Start erfassen
go_is_declared_record_when = GO ist erklärt; erfassen, wann der Start war
close_the_launch = Launch abschließen
every_item_after_launch_is_resolved = alle Prüfpunkte nach dem Start sind geklärt
asks_to_go_without_until = { $name } beantragt eine Ausnahme bis { $day }
says_that_it_does_not_apply = { $name } sagt, dass dies nicht zutrifft
somebody = jemand
person_asks = { $name } fragt: { $text }

# Launches that the reader owns, each with what has to be done next.

launches_you_own = Launches, für die Sie verantwortlich sind
more_launches_you_own = { $count ->
    [one] 1 weiterer eigener Launch
   *[other] { $count } weitere eigene Launches
}
on_hold_resume_it = Angehalten. Fortsetzen, wenn nichts mehr dagegen spricht
target_has_passed_move_it = Der Zieltermin ist vorbei. Verschieben
items_block_the_launch = { $count ->
    [one] 1 Prüfpunkt blockiert ihn
   *[other] { $count } Prüfpunkte blockieren ihn
}
objections_of_roles = { $count ->
    [one] 1 Einspruch: { $roles }
   *[other] { $count } Einsprüche: { $roles }
}
signatures_stale_of_roles = { $count ->
    [one] 1 Unterschrift ist veraltet: { $roles }
   *[other] { $count } Unterschriften sind veraltet: { $roles }
}
signatures_missing_of_roles = { $count ->
    [one] 1 Unterschrift fehlt: { $roles }
   *[other] { $count } Unterschriften fehlen: { $roles }
}
roles_and_more = { $roles } und { $more } weitere
nothing_blocks_it_decide = Nichts blockiert ihn. Entscheiden
conditions_to_acknowledge_decide = { $count ->
    [one] Nur 1 Auflage ist offen. Entscheiden
   *[other] Nur { $count } Auflagen sind offen. Entscheiden
}
items_after_launch_are_open = { $count ->
    [one] 1 Prüfpunkt nach dem Launch ist offen
   *[other] { $count } Prüfpunkte nach dem Launch sind offen
}

# The auditor's desk.

launches_by_stage = Launches nach Stand
since_you_last_looked = Seit der letzten Durchsicht
in_the_last_seven_days = In den letzten 7 Tagen
since_moment = <span>seit { $at }</span>
audit_log_since_then = Das Audit-Protokoll seitdem
events_of_launch = { $count ->
    [one] 1 Ereignis
   *[other] { $count } Ereignisse
}
events_about_signatures = { $count ->
    [one] 1 zu einer Unterschrift
   *[other] { $count } zu Unterschriften
}
events_about_decisions = { $count ->
    [one] 1 Entscheidung
   *[other] { $count } Entscheidungen
}
no_launch_has_changed = Kein Launch wurde geändert.
refusals_since_then = { $count ->
    [0] Keine Ablehnungen
    [one] 1 Ablehnung
   *[other] { $count } Ablehnungen
}
all_changed_launches = Alle { $count } geänderten Launches anzeigen
mark_as_seen = Als gesehen markieren
marked_as_seen = Als gesehen markiert. Ab jetzt wird neu gezählt.
checkpoints_without_witness = Prüfmarken ohne Zeugen
show_all_of = Alle { $count } anzeigen
every_newest_checkpoint_has_a_witness = Die neueste Prüfmarke jedes Launches wurde heruntergeladen.
newest_checkpoint_covers_events = { $count ->
    [one] die neueste Prüfmarke umfasst 1 Ereignis
   *[other] die neueste Prüfmarke umfasst { $count } Ereignisse
}
evidence_requests_unanswered = Nachweis-Anfragen ohne Antwort
every_request_is_answered = Jede Nachweis-Anfrage ist beantwortet.
