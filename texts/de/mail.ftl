# The mails. Each text is one paragraph.

mail_greeting = Guten Tag { $name },
mail_signature = signoff auf { $host }

invitation_subject = Einladung zu { $host }
invitation_paragraph = { $by } lädt Sie zu signoff ein, womit Teams Launches vorbereiten und freigeben. Wählen Sie hier ein Passwort, und Ihr Konto ist bereit:
invitation_link_rules = Der Link funktioniert einmal, sieben Tage lang. Er ist nur für Sie bestimmt.

reset_link_subject = Neues Passwort für { $host }
reset_link_paragraph = Über diesen Link wählen Sie ein neues Passwort:
reset_link_rules = Der Link funktioniert einmal, eine Stunde lang. Wenn Sie das Passwort gewählt haben, werden Sie überall abgemeldet, wo Sie angemeldet sind.
reset_link_not_asked_for = Wenn Sie nicht darum gebeten haben, ignorieren Sie diese E-Mail: Ihr Passwort bleibt, wie es ist.

password_changed_subject = Ihr Passwort für { $host } wurde geändert
password_changed_paragraph = Ihr Passwort wurde geändert.
name_changed_subject = Ihr Name bei { $host } wurde geändert
name_changed_paragraph = Ihr Name ist jetzt { $name }. Was Sie vorher getan und unterschrieben haben, behält den alten Namen.
address_link_subject = Neue Adresse für { $host } bestätigen
address_link_paragraph = Sie wollen sich mit dieser Adresse anmelden. Diesen Link in einem Browser öffnen, in dem Sie angemeldet sind, um sie zu bestätigen:
address_link_rules = Der Link gilt einmal, einen Tag lang.
address_link_not_asked_for = Wenn Sie das nicht angefordert haben, können Sie diese Mail ignorieren: Es ändert sich nichts.
address_is_not_free_subject = Diese Adresse kann bei { $host } für kein anderes Konto verwendet werden
address_is_not_free_paragraph = Jemand wollte sich mit dieser Adresse anmelden. Ein Konto hat sie schon oder hat eine Adresse, die so aussieht. Deshalb wurde nichts geändert. Wenn Sie es waren, wenden Sie sich an einen Admin.
address_changed_subject = Sie melden sich bei { $host } mit einer anderen Adresse an
address_changed_paragraph = Die Adresse Ihres Kontos wurde geändert. Ab jetzt gilt zum Anmelden die neue, und dies ist die letzte Mail an diese Adresse.
if_it_was_not_you_ask_admin = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wenden Sie sich sofort an einen Admin.
second_factor_set_up_subject = Für { $host } wurde ein zweiter Faktor eingerichtet
second_factor_set_up_paragraph = Für Ihr Konto wurde ein zweiter Faktor eingerichtet.
second_factor_turned_off_subject = Ihr zweiter Faktor für { $host } wurde ausgeschaltet
second_factor_turned_off_paragraph = Ihr zweiter Faktor wurde ausgeschaltet.
if_it_was_not_you = Wenn Sie das waren, müssen Sie nichts tun. Andernfalls informieren Sie sofort Ihren Admin und wählen Sie ein neues Passwort:

reset_link_made_subject = Für Sie wurde ein Link für ein neues Passwort für { $host } erstellt
reset_link_made_by_admin = { $by } hat einen Link erstellt, über den ein neues Passwort für Ihr Konto gewählt werden kann.
reset_link_made_by_operator = Der Serverbetrieb hat einen Link erstellt, über den ein neues Passwort für Ihr Konto gewählt werden kann.
password_reset_subject = Ihr Passwort für { $host } wurde über einen Link geändert
password_reset_by_admin = Ihr Passwort wurde über einen Link geändert, den { $by } erstellt hatte.
password_reset_by_operator = Ihr Passwort wurde über einen Link geändert, den der Serverbetrieb erstellt hatte.
second_factor_removed_subject = Ihr zweiter Faktor für { $host } wurde entfernt
second_factor_removed_by_admin = { $by } hat Ihren zweiten Faktor entfernt.
second_factor_removed_by_operator = Der Serverbetrieb hat Ihren zweiten Faktor entfernt.
if_you_did_not_ask_for_it = Wenn Sie darum gebeten haben, müssen Sie nichts tun. Andernfalls informieren Sie sofort einen anderen Admin: Wer dies getan hat, könnte sich als Sie anmelden.
waiting_period_follows = Ihr Konto kann für einige Zeit nicht unterschreiben, genehmigen oder entscheiden, es sei denn, ein anderer Admin bestätigt, dass Sie darum gebeten haben.

verification_failed_subject = Die Prüfung von { $host } ist fehlgeschlagen
verification_failed_paragraph = { $count ->
    [one] Die nächtliche Prüfung hat ein Problem gefunden: Etwas in der Datenbank oder in den Nachweisdateien stimmt nicht mit den Verläufen überein. Signoff kann das nicht verursachen; jemand oder etwas hat es verändert.
   *[other] Die nächtliche Prüfung hat { $count } Probleme gefunden: Etwas in der Datenbank oder in den Nachweisdateien stimmt nicht mit den Verläufen überein. Signoff kann das nicht verursachen; jemand oder etwas hat es verändert.
}
verification_failed_what_to_do = Ändern Sie nichts, bevor die Ursache bekannt ist. Diese Seite nennt, was gefunden wurde, und das Betriebshandbuch des Servers beschreibt, was zu tun ist.
