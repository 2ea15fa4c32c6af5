# The pages that say what went wrong, and what to do.

not_found = Nicht gefunden
nothing_at_this_address = Unter dieser Adresse gibt es nichts, oder nichts, was Sie sehen dürfen.
signed_out_or_session_ended = Sie sind nicht angemeldet, oder Ihre Sitzung ist beendet.
not_allowed = Nicht erlaubt
you_may_not_do_this = Sie dürfen dies nicht tun.
not_possible_here = Hier nicht möglich
address_cannot_be_used_this_way = Diese Adresse kann nicht auf diese Weise verwendet werden.
not_possible_now = Jetzt nicht möglich
cannot_be_done_now = Dies ist jetzt nicht möglich.
too_large = Zu groß
more_than_accepted = Es wurde mehr gesendet, als hier angenommen wird.
at_most_accepted = Dies ist zu groß. Angenommen werden höchstens { $size }.
not_understood = Nicht verstanden
form_not_understood = Was gesendet wurde, war nicht verständlich. Gehen Sie zurück, prüfen Sie das Formular und senden Sie es erneut.
request_not_understood = Diese Anfrage war nicht verständlich.
too_many_requests = Zu viele Anfragen
tried_too_often_wait = Dies wurde zu oft versucht. Warten Sie einen Moment und versuchen Sie es dann noch einmal.
tried_too_often_try_in = { $seconds ->
    [one] Dies wurde zu oft versucht. Versuchen Sie es in einer Sekunde noch einmal.
   *[other] Dies wurde zu oft versucht. Versuchen Sie es in { $seconds } Sekunden noch einmal.
}
wrong_address = Falsche Adresse
not_served_under_this_name = Diese Website ist unter dem Namen in Ihrer Adresszeile nicht erreichbar.
check_whether_it_runs = Prüfen, ob der Server läuft
not_available_now = Derzeit nicht verfügbar
takes_too_long = Dies dauert länger, als es sollte. Versuchen Sie es gleich noch einmal.
drill_changes_nothing = Dies ist eine Übung: eine Kopie der Installation zum Ansehen. Hier kann nichts geändert und nichts mit Signatur exportiert werden.
no_space_left = Kein Platz mehr
something_went_wrong = Etwas ist schiefgegangen
not_your_fault = Dies liegt nicht an Ihnen, und keine Änderung ist unvollständig geblieben. Versuchen Sie es noch einmal. Wenn es wieder geschieht, geben Sie Ihrem Admin die Referenz unten an.
go_to_my_work = Zu meiner Arbeit
reference_of_request = Referenz: <code>{ $id }</code>

# What does not answer.

database_does_not_answer = Die Datenbank antwortet derzeit nicht. Versuchen Sie es gleich noch einmal.
session_store_does_not_answer = Der Sitzungsspeicher antwortet derzeit nicht. Versuchen Sie es gleich noch einmal.
database_is_full = Der Datenträger der Datenbank ist voll, deshalb wurde nichts geändert. Geben Sie der Person Bescheid, die den Server betreibt, und versuchen Sie es wieder, sobald Platz ist.
database_is_read_only = Die Datenbank nimmt derzeit keine Änderungen an, deshalb wurde nichts geändert. Versuchen Sie es gleich noch einmal.
evidence_store_does_not_answer = Der Speicher der Nachweisdateien ist derzeit nicht verfügbar. Versuchen Sie es gleich noch einmal. Wenn es wieder geschieht, geben Sie der Person Bescheid, die den Server betreibt.
evidence_store_is_full = Der Datenträger der Nachweisdateien ist voll, deshalb wurde nichts gespeichert. Geben Sie der Person Bescheid, die den Server betreibt, und versuchen Sie es wieder, sobald Platz ist.
server_is_overloaded = Der Server ist derzeit überlastet. Versuchen Sie es gleich noch einmal.

# Forms that can’t be read.

query_not_understood = Der Teil dieser Adresse nach dem Fragezeichen kann nicht gelesen werden: Etwas darin steht doppelt oder ist kein Text. Öffnen Sie die Seite ohne ihn und wählen Sie dort.
open_the_page = Seite öffnen
form_arrived_only_in_part = Das Formular ist nur teilweise angekommen. Senden Sie es erneut.
form_lacks_field = Das Formular kam ohne sein Feld „{ $field }“ an, daher wurde nichts geändert. Senden Sie das ganze Formular.
form_not_understood_go_back = Das Formular war nicht verständlich. Gehen Sie zurück, prüfen Sie es und senden Sie es erneut.
form_has_no_base = Das Formular hat nicht angegeben, worauf es beruht. Sehen Sie sich die Seite noch einmal an und entscheiden Sie dann.
either_on_or_off = Dies ist entweder ein- oder ausgeschaltet.
form_must_send_files = Dieses Formular muss als Formular mit Dateien (multipart/form-data) gesendet werden.
upload_too_slow = Der Upload war zu langsam, und nichts davon wurde behalten. Senden Sie ihn erneut.
upload_stopped = Der Upload brach vorzeitig ab, und nichts davon wurde behalten. Senden Sie ihn erneut.
upload_not_understood = Der Upload ist nur teilweise angekommen oder war nicht verständlich. Senden Sie ihn erneut. Wenn der Name einer Datei ungewöhnliche Zeichen enthält, benennen Sie sie vorher um.
not_sent_from_this_site = Dies wurde nicht von einer Seite dieser Website gesendet, daher wurde nichts geändert. Öffnen Sie die Seite hier und versuchen Sie es noch einmal.
text_that_was_sent = Der gesendete Text
copy_text_that_was_not_saved = Davon wurde nichts gespeichert. Kopieren Sie den Text, bevor Sie diese Seite verlassen.
copy_text_if_it_is_yours = Davon wurde nichts gespeichert. Wenn der Text von Ihnen stammt, kopieren Sie ihn, öffnen Sie die Seite hier und geben Sie ihn dort ein. Wenn nicht, beachten Sie ihn nicht: Er kann von einer anderen Website stammen.

# Exports.

history_altered_not_exported = Der Verlauf dieses Launches oder etwas, das zu ihm gehört, ist nicht so, wie es erfasst wurde, und wird daher nicht exportiert. Die Seite „Prüfen“ des Launches zeigt, was nicht stimmt. Bitten Sie die Person, die den Server betreibt, „signoff verify --database“ auszuführen.

# Times and days.

just_now = gerade eben
in_a_moment = gleich
minutes_ago = { $count ->
    [one] vor 1 Minute
   *[other] vor { $count } Minuten
}
in_minutes = { $count ->
    [one] in 1 Minute
   *[other] in { $count } Minuten
}
hours_ago = { $count ->
    [one] vor 1 Stunde
   *[other] vor { $count } Stunden
}
in_hours = { $count ->
    [one] in 1 Stunde
   *[other] in { $count } Stunden
}
days_ago = { $count ->
    [one] vor 1 Tag
   *[other] vor { $count } Tagen
}
in_days = { $count ->
    [one] in 1 Tag
   *[other] in { $count } Tagen
}
months_ago = { $count ->
    [one] vor 1 Monat
   *[other] vor { $count } Monaten
}
in_months = { $count ->
    [one] in 1 Monat
   *[other] in { $count } Monaten
}
years_ago = { $count ->
    [one] vor 1 Jahr
   *[other] vor { $count } Jahren
}
in_years = { $count ->
    [one] in 1 Jahr
   *[other] in { $count } Jahren
}
not_a_date = Dies ist kein Datum. Schreiben Sie es wie 2026-12-31.
not_a_day = Dies ist kein Tag. Schreiben Sie ihn wie 2026-11-23.
year_out_of_range = Dies liegt außerhalb des Bereichs: Das Jahr liegt zwischen 1900 und 9999.
count_of_bytes = { $count ->
    [one] 1 Byte
   *[other] { $count } Byte
}
title_as_of_event = { $title } · wie bei Ereignis { $seq }

# What others did to the viewer’s sign-in, at the top of every page.

an_operator_of_the_server = der Serverbetrieb
reset_link_made_for_you = Am { $made } hat { $by } einen Link erstellt, über den ein neues Passwort für Ihr Konto gewählt werden kann.
reset_link_made_for_you_and_confirmed = Am { $made } hat { $by } einen Link erstellt, über den ein neues Passwort für Ihr Konto gewählt werden kann. { $confirmer } hat bestätigt, dass Sie darum gebeten hatten.
reset_link_used_for_you = Am { $used } wurde ein neues Passwort für Ihr Konto gewählt, über einen Link, den { $by } am { $made } erstellt hatte.
reset_link_used_for_you_and_confirmed = Am { $used } wurde ein neues Passwort für Ihr Konto gewählt, über einen Link, den { $by } am { $made } erstellt hatte. { $confirmer } hat bestätigt, dass Sie darum gebeten hatten.
second_factor_removed_for_you = Am { $made } hat { $by } Ihren zweiten Faktor entfernt.
second_factor_removed_for_you_and_confirmed = Am { $made } hat { $by } Ihren zweiten Faktor entfernt. { $confirmer } hat bestätigt, dass Sie darum gebeten hatten.
form_too_large = Die Eingabe ist zu lang: Ein Formular fasst höchstens { $size }. Gehen Sie im Browser zurück, dort steht sie noch im Formular. Kürzen Sie sie und senden Sie sie erneut.
number_of_form_is_damaged = Die Nummer dieses Formulars ist beschädigt angekommen. Ohne sie ist nicht erkennbar, ob ein Formular zweimal gesendet wurde; deshalb wurde nichts geändert. Senden Sie es erneut.
back_to_the_form = Zurück zum Formular
