# The audit log, and who may do what.

audit_shows_all_histories = Everything that happened, by time: the histories of all launches and the audit log of the installation.
log = Log
who_may_do_what = Who may do what
audit_export_is_logged = Accounts, rights, refusals, checklists, keys and exports. The history of a launch is exported from its own page. Exporting is logged under your name and creates a checkpoint.
no_entry_matches = No entries match the filter.
show_everything = Show everything
rights_title = Rights · Audit
rights_of_person_title = { $name } · Rights
rights_are_of_the_installation = Roles in the installation and when they were given. Open a person for their launches.
rights_since = Roles, since
account_open_since = <span>open since { $since }</span>
account_deactivated_since = <span>since { $since }</span>
email_account_open_since = { $email } · <span>account open since { $since }</span>
email_account_deactivated_since = { $email } · <span>account deactivated since { $since }</span>
role_since = <bdi>{ $role }</bdi>, { $at }
role_since_by = <bdi>{ $role }</bdi>, { $at }, by <bdi>{ $by }</bdi>
in_entry = (entry <bdi>{ $entry }</bdi>)
from_the_beginning = (from the beginning)
what_they_did = What they did
in_the_installation = In the installation
on_launches = On launches
they_take_part_in_no_launch = This person owns no launch, holds no role in one and is a participant of none.
launch = Launch
role = Role
since = Since
restricted = restricted
at_event = { $at }, <a href="/launches/{ $launch }/history/{ $event }">event { $event }</a>
part_owner = Owner
part_holder = Holder of { $role }
part_participant = Participant
