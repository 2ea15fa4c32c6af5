# The frame of every page, and the small elements that all pages share.

skip_to_content = Zum Inhalt springen
main_navigation = Hauptnavigation
my_work = Meine Arbeit
launches = Launches
checklists = Checklisten
audit = Audit
admin = Admin
administration = Administration
account = Konto
search = Suchen
search_everything = Alles durchsuchen
everything = Alles
your_account = Ihr Konto, { $name }
signed_in_as = Angemeldet als <b><bdi>{ $name }</bdi></b>
sign_out = Abmelden
drill_banner = Dies ist eine Übung: eine Kopie der Installation zum Ansehen. Hier kann nichts geändert werden, nichts wird signiert, und keine E-Mail wird gesendet.
times_in_zone = Zeiten in <b>{ $zone }</b>
undo = Rückgängig machen
if_you_did_not_ask_for_renewal = Wenn Sie nicht darum gebeten haben, sagen Sie es sofort einem anderen Admin und wählen Sie unter <a href="/account">Konto</a> ein neues Passwort.
i_have_seen_it = Zur Kenntnis genommen
importance_critical = kritisch
importance_advisory = empfohlen
has_this_name_now = (jetzt <bdi>{ $name }</bdi>)
deactivated = deaktiviert
ready = Bereit
ready_with_conditions = Bereit mit Auflagen
not_ready = Nicht bereit
vote_go = GO
vote_no_go = NO-GO
verdict = Bereitschaft:
decision_of_owner = Entscheidung:
progress_of = { $label }: { $done } von { $total }
pages = Seiten
newer = Neuere
older = Ältere
optional = optional
password = Passwort
code = Code
six_digits_or_recovery_code = Die sechs Ziffern, die Ihre App jetzt anzeigt, oder ein Wiederherstellungscode.
files = Dateien
no_longer_a_member = nicht mehr Mitglied

figures = Kennzahlen
