# The pages of the administration.

people = Personen
statements = Erklärungen
security = Sicherheit

# People.

new_invitation_links = { $count ->
    [one] Der Link der neuen Einladung
   *[other] Die Links der { $count } neuen Einladungen
}
links_are_shown_once = Sie werden nur jetzt angezeigt. Jeder gilt einmal, sieben Tage lang.
copy_link = Link kopieren
copy_link_of = Link<span class="visually-hidden"> für <bdi>{ $name }</bdi></span> kopieren
copy_message_to = Nachricht<span class="visually-hidden"> an <bdi>{ $name }</bdi></span> kopieren
message_to = Nachricht<span class="visually-hidden"> an <bdi>{ $name }</bdi></span>
message = Nachricht
link_for_new_password = Link für ein neues Passwort
renewals_title = Zurücksetzungen
renewals_hint = Jemand anderes hat bei diesen Personen das Passwort zurückgesetzt oder den zweiten Faktor entfernt. Sie können nach der Wartezeit wieder unterschreiben, genehmigen und entscheiden, oder sobald ein anderer Admin bestätigt, dass sie darum gebeten haben. Fragen Sie sie zuerst, persönlich oder auf einem Weg, dem Sie vertrauen.
renewed_by = Zurücksetzung durch
made = Zeitpunkt
waits_until = Wartet bis
not_used_yet = noch nicht verwendet
confirm = Bestätigen
confirm_that_they_asked = Bestätigen, dass darum gebeten wurde
did_they_ask = Hat Ihnen die Person selbst gesagt, dass sie darum gebeten hat? Danach kann sie sofort unterschreiben.
another_admin_has_to_confirm = ein anderer Admin muss es bestätigen
joined = Beigetreten
change = Ändern
change_person = Ändern<span class="visually-hidden">: <bdi>{ $name }</bdi></span>
person_is_you = <bdi>{ $name }</bdi> (Sie)
has_second_factor = zweiter Faktor
roles_of = Rollen von <bdi>{ $name }</bdi>
save_roles = Rollen speichern
make_reset_link_hint = Erstellt einen Link, den Sie der Person geben. Damit wählt sie ein neues Passwort.
make_reset_link = Link für ein neues Passwort erstellen
end_all_sessions_hint = Zum Beispiel nach dem Verlust eines Geräts. Die Person muss sich neu anmelden.
end_all_sessions = Alle Sitzungen beenden
remove_second_factor_hint = Für Personen, die ihre App und ihre Wiederherstellungscodes verloren haben.
remove_second_factor = Zweiten Faktor entfernen
confirm_second_factor_removal = Zweiten Faktor dieser Person entfernen? Ihre Sitzungen enden sofort. Vergewissern Sie sich, dass sie selbst darum gebeten hat.
deactivate_hint = Die Person kann sich nicht mehr anmelden. Was sie getan und unterschrieben hat, ändert sich nicht.
deactivate = Deaktivieren
confirm_deactivation = Dieses Konto deaktivieren? Seine Sitzungen enden sofort.
reactivate = Reaktivieren
still_have_to_accept = Noch nicht angenommen
invited = Eingeladen
new_link_for = Neuer Link<span class="visually-hidden"> für <bdi>{ $name }</bdi></span>
new_link_replaces = { $name } hat schon eine Einladung. Ein neuer Link ersetzt sie.
new_link_made = Hier ist ein neuer Link für { $name }. Der frühere gilt nicht mehr.
new_link_mailed = Eine Mail mit einem neuen Link ist unterwegs an { $name }. Der Link unten kann auch direkt weitergegeben werden. Der frühere gilt nicht mehr.
people_to_invite = Personen einladen
list_of_people_hint = Eine Person pro Zeile, etwa „Tessa Brandt, tessa@example.org“. Adressen allein können auch durch Kommas getrennt sein: Dann wird jeder Name aus der Adresse gebildet.
line = Zeile { $number }
wrong_entries = Einträge, die nicht verwendet werden können
confirm_these_entries = Diese bestätigen
invite_anyway = <bdi>{ $person }</bdi> einladen
names_that_look_alike_hint = Wo sich Namen ähneln, steht überall die Adresse beim Namen, damit niemand verwechselt wird.
role_of_each = Rolle für alle
list_names_nobody = Mindestens eine Person angeben.
list_is_too_long = Höchstens { $most } Personen auf einmal einladen.
entry_has_no_address = Hier fehlt die E-Mail-Adresse.
write_name_before_address = Aus dieser Adresse lässt sich kein Name bilden. Den Namen davorschreiben.
address_is_listed_before = Zeile { $line } hat dieselbe Adresse.
entries_are_wrong = { $count ->
    [one] Noch ist niemand eingeladen: Ein Eintrag kann nicht verwendet werden. Bitte korrigieren oder entfernen.
   *[other] Noch ist niemand eingeladen: { $count } Einträge können nicht verwendet werden. Bitte korrigieren oder entfernen.
}
entries_to_confirm = { $count ->
    [one] Noch ist niemand eingeladen: Einen Eintrag unten bestätigen oder ändern.
   *[other] Noch ist niemand eingeladen: { $count } Einträge unten bestätigen oder ändern.
}
name_looks_like = Dieser Name sieht aus wie der Name von { $person }.
address_looks_like = Diese Adresse sieht aus wie die Adresse von { $person }.
has_invitation_already = { $name } hat schon eine Einladung. Ein neuer Link ersetzt sie.
several_invited_by_mail = { $count } Personen sind eingeladen. Mails mit den Links sind unterwegs. Die Links unten können auch direkt weitergegeben werden.
several_invited_without_mail = { $count } Personen sind eingeladen. Jeder Person ihren Link unten weitergeben.
requested_addresses = Angeforderte Adressen
requested_addresses_hint = Diese Personen wollen sich mit einer anderen E-Mail-Adresse anmelden. Diese Installation verschickt keine Mails, deshalb muss ein Admin die Adresse bestätigen. Vorher nachfragen, persönlich oder auf einem vertrauenswürdigen Weg.
requested = Angefordert
confirm_address = Adresse bestätigen
is_it_their_address = Hat { $name } selbst gesagt, dass { $address } die eigene Adresse ist? Ab dann gilt sie zum Anmelden.
address_request_is_not_open = Diese Anforderung ist nicht offen: Sie wurde bestätigt, ersetzt oder ist abgelaufen.
another_admin_confirms_your_address = Ein anderer Admin muss Ihre Adresse bestätigen.
address_confirmed = { $name } meldet sich ab jetzt mit { $address } an.
valid_until = Gültig bis
expired_at = <span>abgelaufen { $at }</span>
withdraw_invitation_of = Zurückziehen<span class="visually-hidden">: Einladung von <bdi>{ $name }</bdi></span>
invite = Einladen

choose_a_role = Wählen Sie mindestens eine Rolle.
no_such_role = Eine dieser Rollen gibt es nicht. Wählen Sie Mitglied, Admin oder Auditor.
auditor_has_no_other_role = Ein Auditor hat keine andere Rolle, da ein Auditor prüft, was die anderen tun. Wählen Sie nur Auditor.
address_has_account = Zu dieser Adresse gehört bereits ein Konto.
invited_by_mail = { $name } ist eingeladen. Eine Mail mit dem Link ist unterwegs. Der Link unten kann auch direkt weitergegeben werden.
invited_without_mail = { $name } ist eingeladen. Den Link unten weitergeben.
invitation_is_not_open = Diese Einladung ist nicht offen: Sie wurde verwendet, zurückgezogen oder ersetzt.
invitation_withdrawn = Die Einladung ist zurückgezogen.
no_admin_would_be_left = Es gäbe keinen Admin mehr. Machen Sie zuerst eine andere Person zum Admin.
no_right_for_oneself = Niemand gibt sich selbst ein Recht, solange es einen anderen Admin gibt. Wenden Sie sich an einen anderen Admin.
end_own_sessions_under_account = Beenden Sie Ihre eigenen Sitzungen unter „Konto“.
roles_changed = { $name } hat jetzt diese Rollen: { $roles }.
person_deactivated = { $name } kann sich nicht mehr anmelden. Was die Person getan und unterschrieben hat, ändert sich nicht.
person_reactivated = { $name } kann sich wieder anmelden.
all_sessions_ended = Alle Sitzungen von { $name } sind beendet.

# Renewals.

deactivated_needs_no_reset = Diese Person ist deaktiviert und kann sich mit keinem Passwort anmelden. Reaktivieren Sie sie zuerst.
reset_link_made = Geben Sie { $name } diesen Link. Damit wählt die Person ein neues Passwort. Er wird nur jetzt angezeigt und funktioniert einmal, einen Tag lang. Ein zweiter Faktor bleibt, wie er ist. Die Person wird benachrichtigt, dass Sie den Link erstellt haben.
reset_link_made_with_waiting_period = { $hours ->
    [one] Geben Sie { $name } diesen Link. Damit wählt die Person ein neues Passwort. Er wird nur jetzt angezeigt und funktioniert einmal, einen Tag lang. Ein zweiter Faktor bleibt, wie er ist. Die Person wird benachrichtigt, dass Sie den Link erstellt haben. Danach kann sie eine Stunde lang nicht unterschreiben, genehmigen oder entscheiden, es sei denn, ein anderer Admin bestätigt, dass sie darum gebeten hat.
   *[other] Geben Sie { $name } diesen Link. Damit wählt die Person ein neues Passwort. Er wird nur jetzt angezeigt und funktioniert einmal, einen Tag lang. Ein zweiter Faktor bleibt, wie er ist. Die Person wird benachrichtigt, dass Sie den Link erstellt haben. Danach kann sie { $hours } Stunden lang nicht unterschreiben, genehmigen oder entscheiden, es sei denn, ein anderer Admin bestätigt, dass sie darum gebeten hat.
}
remove_own_under_account = Schalten Sie Ihren eigenen zweiten Faktor unter „Konto“ aus, mit Ihrem Passwort und einem Code.
they_have_no_second_factor = Diese Person hat keinen zweiten Faktor.
second_factor_removed = Der zweite Faktor von { $name } ist entfernt, und die Sitzungen der Person sind beendet. Sie wird benachrichtigt, dass dies durch Sie geschah.
second_factor_removed_with_waiting_period = { $hours ->
    [one] Der zweite Faktor von { $name } ist entfernt, und die Sitzungen der Person sind beendet. Sie wird benachrichtigt, dass dies durch Sie geschah. Sie kann eine Stunde lang nicht unterschreiben, genehmigen oder entscheiden, es sei denn, ein anderer Admin bestätigt, dass sie darum gebeten hat.
   *[other] Der zweite Faktor von { $name } ist entfernt, und die Sitzungen der Person sind beendet. Sie wird benachrichtigt, dass dies durch Sie geschah. Sie kann { $hours } Stunden lang nicht unterschreiben, genehmigen oder entscheiden, es sei denn, ein anderer Admin bestätigt, dass sie darum gebeten hat.
}
own_renewal_needs_another_admin = Diese Zurücksetzung betrifft Ihr eigenes Konto. Ein anderer Admin muss bestätigen, dass Sie darum gebeten haben.
own_act_needs_another_admin = Sie haben dies selbst getan. Ein anderer Admin muss bestätigen, dass die Person darum gebeten hat.
renewal_confirmed = Sie haben bestätigt, dass { $name } darum gebeten hat. Die Person kann wieder unterschreiben, genehmigen und entscheiden.
renewal_needs_no_confirmation = Dies braucht keine Bestätigung mehr: Es wurde bestätigt, oder die Wartezeit ist vorbei.

# Statements.

what_signers_declare = Was beim Unterschreiben erklärt wird
what_signers_declare_hint = Der Text neben einer Unterschrift, nach GO oder NO-GO und nach der Bedeutung der Unterschrift. Eine neue Version gilt für künftige Unterschriften. Was unterschrieben wurde, behält den Text, unter dem es unterschrieben wurde.
now_before_new_text = jetzt
next_version_as_signers_read_it = Version { $number }, wie sie beim Unterschreiben zu lesen sein wird
publish_version = Version { $number } veröffentlichen
write_version = Version { $number } schreiben
change_it_again = Nochmals ändern
preview = Vorschau
versions = Versionen
version_built_in_current = Version { $number }, aktuell <span class="soft">mitgeliefert</span>
version_built_in = Version { $number } <span class="soft">mitgeliefert</span>
version_published_current = Version { $number }, aktuell <span class="soft">veröffentlicht { $at } von { $by }</span>
version_published = Version { $number } <span class="soft">veröffentlicht { $at } von { $by }</span>
vote_with_meaning = { $vote }, { $meaning }
meaning_approval = Genehmigung
meaning_review = Prüfung
meaning_responsibility = Verantwortung
based_on_no_version = Dies beruhte auf keiner vorhandenen Version. Öffnen Sie die Seite erneut.
version_is_published = Version { $number } ist veröffentlicht.
statement_unchanged = Dies ist Wort für Wort, was jetzt beim Unterschreiben erklärt wird. Ändern Sie zuerst einen Text.
preview_or_publish = Wählen Sie, ob eine Vorschau gezeigt oder veröffentlicht werden soll.
version_published_for_future = Version { $number } ist veröffentlicht. Wer von jetzt an unterschreibt, erklärt sie.
other_version_published_meanwhile = Inzwischen hat jemand eine andere Version veröffentlicht. Sie wird unten angezeigt, und Ihre bleibt im Formular erhalten. Vergleichen Sie beide und veröffentlichen Sie dann.

# Security.

security_hint = Wer sich wie angemeldet hat, wer abgewiesen wurde, wessen Rechte und Zugangsdaten sich geändert haben und was exportiert wurde.
who_signs_decides_or_administers = Alle, die unterschreiben, entscheiden oder verwalten,
may_have_second_factor = dürfen einen zweiten Faktor haben
must_have_second_factor = müssen einen zweiten Faktor haben
must_have_second_factor_hint = Das sind: Admins, für Launches verantwortliche Personen und Inhaber einer Rolle, die unterschreibt, solange der Launch nicht beendet ist. Personen ohne zweiten Faktor müssen einen einrichten, bevor sie etwas anderes tun.
after_renewal = Nach einer Zurücksetzung
waiting_period_is_off = <b>Es gibt keine Wartezeit.</b> Eine Person, deren Passwort über den Link eines Admins zurückgesetzt wurde oder deren zweiten Faktor ein Admin entfernt hat, kann sofort unterschreiben, genehmigen und entscheiden. Bei ihren Unterschriften wird es 30 Tage lang erwähnt.
waiting_period_of_hours = { $hours ->
    [one] Eine Person, deren Passwort über den Link eines Admins zurückgesetzt wurde oder deren zweiten Faktor ein Admin entfernt hat, kann <b>eine Stunde</b> lang nicht unterschreiben, genehmigen oder entscheiden, es sei denn, sie verwendet einen zweiten Faktor von vorher oder ein anderer Admin bestätigt, dass sie darum gebeten hat. Bei ihren Unterschriften wird es 30 Tage lang erwähnt.
   *[other] Eine Person, deren Passwort über den Link eines Admins zurückgesetzt wurde oder deren zweiten Faktor ein Admin entfernt hat, kann <b>{ $hours } Stunden</b> lang nicht unterschreiben, genehmigen oder entscheiden, es sei denn, sie verwendet einen zweiten Faktor von vorher oder ein anderer Admin bestätigt, dass sie darum gebeten hat. Bei ihren Unterschriften wird es 30 Tage lang erwähnt.
}
waiting_period_setting = Wird auf dem Server mit SIGNOFF_RESET_HOLD_HOURS eingestellt.
security_log = Sicherheitsprotokoll
people_and_rights = Personen und Rechte
no_such_filter_in_security_log = Die Adresse fragt nach einer Art, einer Person oder einem Eintrag, den das Protokoll nicht hat. Wählen Sie oben oder zeigen Sie das ganze Protokoll an.
show_whole_log = Ganzes Protokoll anzeigen
entry_range = Einträge { $first } bis { $last }
one_entry = Eintrag { $number }
launch_of_entry = der Launch
no_such_second_factor_policy = Wählen Sie, ob ein zweiter Faktor freiwillig ist oder von allen verlangt wird, die unterschreiben, entscheiden oder verwalten.
second_factor_now_optional = Ein zweiter Faktor ist jetzt freiwillig. Vorhandene bleiben bestehen.
second_factor_now_required = Wer unterschreibt, entscheidet oder verwaltet, braucht ab jetzt einen zweiten Faktor. Personen ohne zweiten Faktor müssen ihn einrichten, bevor sie etwas anderes tun.

# Operations.

operations = Betrieb
operations_hint = Ob diese Installation gesichert und geprüft wird und E-Mails versenden kann.
verification_problems = Probleme
verification_problems_hint = Die Prüfung hat in der Datenbank oder in den Nachweisdateien etwas gefunden, das nicht mit den Verläufen übereinstimmt. Signoff kann das nicht verursachen: Jemand oder etwas hat es verändert. Ändern Sie nichts, bevor die Ursache bekannt ist; das Betriebshandbuch (docs/runbook.md) beschreibt, was zu tun ist.
last_runs = Letzte Läufe
operation = Vorgang
last_run = Letzter Lauf
result_of_run = Ergebnis
last_success = Letzter Erfolg
has_never_run = nie
run_succeeded = erfolgreich
run_failed = fehlgeschlagen
operation_backup = Sicherung
operation_verification = Prüfung
operation_checkpoint = Tägliche Prüfmarke
operation_restore = Wiederherstellung
verify_now = Jetzt prüfen
verification_hint = Jede Nacht werden das Audit-Protokoll und ein Teil der Launches mit ihren Nachweisdateien geprüft, sodass innerhalb einer Woche alle an der Reihe sind.
verification_begins = Die Prüfung beginnt innerhalb einer halben Minute. Ihr Ergebnis steht dann auf dieser Seite.
background_jobs = Hintergrundaufträge
no_mail_is_sent = Es werden keine E-Mails versendet: Es ist kein Mailserver eingerichtet.
job = Auftrag
job_mail = E-Mails
job_notifications = Benachrichtigungen über Termine
job_webhooks = Nachrichten an Webhooks
job_notification_mails = E-Mails über Benachrichtigungen
job_sweep = Aufräumen der Nachweisdateien
job_summaries = Zusammenfassungen der Launches, für Listen
jobs_due = Fällig
jobs_due_since = Fällig seit
jobs_given_up = Aufgegeben
jobs_that_failed = Fehlgeschlagen, neuer Versuch folgt
jobs_that_were_given_up = Aufgegeben
jobs_that_were_given_up_hint = Sie bleiben 30 Tage lang hier. Beheben Sie die genannte Ursache und versuchen Sie es dann erneut.
job_error = Fehler
job_attempts = { $count ->
    [one] { $count } Versuch
   *[other] { $count } Versuche
}
next_attempt = Nächster Versuch
job_given_up_at = Aufgegeben am
try_job_again = Erneut versuchen
job_is_of_no_use = der Link darin ist abgelaufen
discard_job = Verwerfen
discard_job_question = Diesen Auftrag verwerfen? Er wird dann nie ausgeführt.
job_is_tried_again = Der Auftrag wird erneut versucht.
job_is_discarded = Der Auftrag ist verworfen.
job_is_not_there_any_more = Dieser Auftrag gehört nicht mehr zu den aufgegebenen, oder er ist hinfällig. Öffnen Sie die Seite erneut.
sizes_and_versions = Größen und Versionen
size_of_database = Datenbank
size_of_histories = davon Verläufe
size_of_evidence = Nachweisdateien
size_of_files = { $count ->
    [one] { $size } in { $count } Datei
   *[other] { $size } in { $count } Dateien
}
version_of_program = signoff
version_of_schema = Schema der Datenbank
keys_of_installation = Schlüssel der Installation
keys_of_installation_hint = Der neueste Schlüssel signiert die Prüfmarken. Geben Sie ihn allen, die ein Archiv prüfen: Nur ein Schlüssel, der nicht mit dem Archiv kommt, zeigt, wer es signiert hat.
key_number = Schlüssel
key_since = Seit
key_succession = Herkunft
key_was_rotated = getauscht: vom vorherigen Schlüssel signiert
key_was_replaced = ersetzt einen verlorenen Schlüssel
key_is_the_first = der erste Schlüssel
