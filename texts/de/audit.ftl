# The audit log, and who may do what.

audit_shows_all_histories = Alles, was geschehen ist, nach Zeit: der Verlauf aller Launches und das Audit-Protokoll der Installation.
log = Protokoll
who_may_do_what = Wer was darf
audit_export_is_logged = Konten, Rechte, Ablehnungen, Checklisten, Schlüssel und Exporte. Der Verlauf eines Launches wird auf dessen eigener Seite exportiert. Ein Export wird unter Ihrem Namen protokolliert und erzeugt eine Prüfmarke.
no_entry_matches = Kein Eintrag entspricht dem Filter.
show_everything = Alles anzeigen
rights_title = Rechte · Audit
rights_of_person_title = { $name } · Rechte
rights_are_of_the_installation = Rollen in der Installation und wann sie vergeben wurden. Öffnen Sie eine Person, um ihre Launches zu sehen.
rights_since = Rollen, seit
account_open_since = <span>eröffnet { $since }</span>
account_deactivated_since = <span>{ $since }</span>
email_account_open_since = { $email } · <span>Konto eröffnet { $since }</span>
email_account_deactivated_since = { $email } · <span>Konto deaktiviert { $since }</span>
role_since = <bdi>{ $role }</bdi>, { $at }
role_since_by = <bdi>{ $role }</bdi>, { $at }, durch <bdi>{ $by }</bdi>
in_entry = (Eintrag <bdi>{ $entry }</bdi>)
from_the_beginning = (von Anfang an)
what_they_did = Was diese Person getan hat
in_the_installation = In der Installation
on_launches = An Launches
they_take_part_in_no_launch = Diese Person ist für keinen Launch verantwortlich, hat an keinem eine Rolle und ist an keinem beteiligt.
launch = Launch
role = Rolle
since = Seit
restricted = eingeschränkt
at_event = { $at }, <a href="/launches/{ $launch }/history/{ $event }">Ereignis { $event }</a>
part_owner = Verantwortlich
part_holder = Rolleninhaber: { $role }
part_participant = Beteiligt
