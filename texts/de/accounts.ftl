# Signing in.

sign_in = Anmelden
email_address = E-Mail-Adresse
forgotten_your_password = Passwort vergessen?
no_account_yet = Noch kein Konto? Ihr Admin kann Sie einladen.
wrong_credentials = Diese E-Mail-Adresse und dieses Passwort gehören nicht zusammen.
sign_in_again_took_too_long = Das hat zu lange gedauert, oder inzwischen hat sich etwas geändert. Melden Sie sich erneut an.
one_more_step = Noch ein Schritt
now_the_code = Ihr Passwort ist richtig. Geben Sie nun den Code ein.
lost_app_and_codes = App und Wiederherstellungscodes verloren? Ihr Admin kann Ihren zweiten Faktor entfernen.
start_again = Neu beginnen

# A forgotten password.

forgotten_password = Passwort vergessen
how_to_get_reset_link = Geben Sie die E-Mail-Adresse ein, mit der Sie sich anmelden. Sie erhalten eine E-Mail mit einem Link, über den Sie ein neues Passwort wählen.
send_me_a_link = Link senden
no_mail_ask_admin_for_link = Diese Installation versendet keine E-Mails. Wenden Sie sich an Ihren Admin: Dort erhalten Sie einen Link, über den Sie ein neues Passwort wählen.
back_to_sign_in = Zurück zur Anmeldung
reset_mail_may_be_on_its_way = Falls zu dieser Adresse ein Konto gehört, ist eine E-Mail mit einem Link dorthin unterwegs.
choose_new_password = Neues Passwort wählen
reset_signs_out_everywhere = Sie werden überall abgemeldet, wo Sie angemeldet sind. Ein zweiter Faktor bleibt, wie er ist.
new_password = Neues Passwort
new_password_hint = Mindestens 10 Zeichen und nicht leicht zu erraten. Einige Wörter ohne Zusammenhang genügen.
change_my_password = Mein Passwort ändern
reset_link_gone = Dieser Link funktioniert nicht: Er wurde bereits verwendet, ist abgelaufen, oder das Passwort wurde auf andere Weise geändert. Fordern Sie bei der Anmeldung einen neuen Link an oder wenden Sie sich an Ihren Admin.
password_changed_sign_in = Ihr Passwort ist geändert, und alle Ihre Sitzungen sind beendet. Melden Sie sich mit dem neuen Passwort an.

# The first admin, and people who are invited.

create_admin_account = Admin-Konto anlegen
welcome = Willkommen
first_account_of_all = Hier hat noch niemand ein Konto. Ihres wird das erste sein, und Sie können alle anderen einladen.
you_are_invited = Sie sind eingeladen. Wählen Sie ein Passwort, und Ihr Konto ist bereit.
your_name = Ihr Name
your_name_hint = Er wird bei allem angezeigt, was Sie tun und unterschreiben.
create_account = Konto anlegen
invitation_gone = Diese Einladung funktioniert nicht: Sie wurde bereits verwendet, ist abgelaufen oder wurde durch eine neuere ersetzt. Wenn Sie ein Konto haben, melden Sie sich an. Bitten Sie andernfalls Ihren Admin um eine neue Einladung.
setup_address_gone = Diese Adresse funktioniert nicht: Das Admin-Konto besteht bereits, oder der Server wurde neu gestartet und hat eine neuere Adresse ausgegeben.
welcome_invite_people = Willkommen. Laden Sie als Nächstes unter „Admin“ weitere Personen ein.
welcome_account_ready = Willkommen. Ihr Konto ist bereit.
name_looks_like_another = Jemand hat hier einen Namen, der diesem ähnelt. Fügen Sie etwas hinzu, das Sie unterscheidet, zum Beispiel einen zweiten Vornamen, oder bitten Sie um eine Einladung für diesen Namen.
name_with_address_too_long = Jemand hat hier einen Namen, der diesem ähnelt, und mit Ihrer Adresse als Zusatz ist dieser zu lang. Wählen Sie eine kürzere Form.

# The account page.

your_account_title = Ihr Konto
name = Name
your_roles = Ihre Rollen
name_and_address = Name und Adresse
change_your_name = Namen ändern
new_name_hint = Neue Einträge und Unterschriften tragen den neuen Namen. Früheres behält den alten.
change_name = Namen ändern
this_is_your_name = Das ist schon Ihr Name.
name_is_not_distinct = Hier hat oder hatte jemand einen Namen, der so aussieht. Etwas Unterscheidendes ergänzen, etwa einen zweiten Vornamen.
your_name_changed = Ihr Name ist jetzt { $name }. Was Sie vorher getan und unterschrieben haben, behält den alten Namen.
account_changed_meanwhile = Ihr Konto wurde inzwischen anderswo geändert. Die Seite erneut öffnen.
change_your_address = E-Mail-Adresse ändern
new_address = Neue E-Mail-Adresse
new_address_gets_a_link = An die neue Adresse geht ein Link. Bis er geöffnet ist, gilt zum Anmelden die alte.
admin_confirms_new_address = Diese Installation verschickt keine Mails. Ein Admin muss bestätigen, dass die Adresse Ihnen gehört. Bis dahin gilt zum Anmelden die alte.
change_address = Adresse ändern
this_is_your_address = Das ist schon Ihre Adresse.
address_link_is_on_its_way = Eine Mail an { $address } ist unterwegs. Ihren Link in diesem Browser öffnen, um die Adresse zu bestätigen. Bis dahin ändert sich nichts.
admin_has_to_confirm_address = Bitte einen Admin, { $address } unter Admin, Personen zu bestätigen. Bis dahin ändert sich nichts.
address_waits_for_link = Angefordert: <bdi>{ $address }</bdi>. Den Link öffnen, der dorthin geschickt wurde.
address_waits_for_admin = Angefordert: <bdi>{ $address }</bdi>. Ein Admin muss sie unter Admin, Personen bestätigen.
sign_in_with_new_address = Ab jetzt gilt zum Anmelden <b><bdi>{ $new }</bdi></b>, nicht mehr <bdi>{ $old }</bdi>.
use_this_address = Diese Adresse verwenden
address_no_longer_works = Diese Adresse funktioniert nicht mehr
invitation_no_longer_works = Diese Einladung funktioniert nicht mehr
link_no_longer_works = Dieser Link funktioniert nicht mehr
address_is_confirmed = Die Adresse ist bestätigt
address_link_was_used = Dieser Link wurde verwendet, und die Adresse wurde damals geändert. Sie melden sich mit der Adresse an, die in Ihrem Konto steht.
address_link_gone = Dieser Link gilt nicht: Er wurde schon verwendet, ist abgelaufen, wurde durch einen neueren ersetzt oder gehört zu einem anderen Konto. Die Adresse im Konto erneut anfordern.
address_is_not_free = Diese Adresse kann nicht verwendet werden: Ein anderes Konto hat sie oder eine, die so aussieht. Bitte an einen Admin wenden.
address_changed = Ab jetzt gilt zum Anmelden { $address }.
others_changed_your_sign_in = Änderungen anderer an Ihrer Anmeldung
others_changed_your_sign_in_hint = 30 Tage lang wird dies auch bei Ihren Unterschriften erwähnt. Wenn Sie nicht darum gebeten haben, informieren Sie einen anderen Admin und wählen Sie ein neues Passwort.
pages_and_mails_are_in = Sprache der Seiten und E-Mails
language_of_the_browser = Sprache des Browsers
choose_a_language = Eine dieser Sprachen wählen.
language_changed = Die Sprache ist geändert.
time_zone = Zeitzone
times_are_shown_in = Zeiten anzeigen in
save = Speichern
save_zone = <span class="visually-hidden">Zeitzone </span>Speichern
save_language = <span class="visually-hidden">Sprache </span>Speichern
save_colors = <span class="visually-hidden">Farben </span>Speichern
display = Anzeige
colors_of_pages = Farben der Seiten
as_the_system = Wie das System
light = Hell
dark = Dunkel
choose_a_scheme = Wie das System, hell oder dunkel wählen.
scheme_changed = Die Farben sind geändert.
zone_changed = Zeiten werden jetzt in { $zone } angezeigt.
current_password = Aktuelles Passwort
own_new_password_hint = Mindestens 10 Zeichen und nicht leicht zu erraten. Ihre anderen Sitzungen werden beendet.
change_password = Passwort ändern
password_changed_meanwhile = Ihr Passwort wurde inzwischen an anderer Stelle geändert. Melden Sie sich erneut an.
password_changed = Ihr Passwort ist geändert, und Ihre anderen Sitzungen sind beendet.
second_factor = Zweiter Faktor
second_factor_is_on = Ein: Mit Ihrem Passwort allein, ohne Ihre App, kann sich niemand anmelden.
second_factor_is_off = Aus: Ihr Passwort genügt, um sich anzumelden und in Ihrem Namen Launches zu unterschreiben. Mit einer Authenticator-App auf Ihrem Telefon ist zusätzlich ein Code nötig.
recovery_codes_or_turn_off = Wiederherstellungscodes oder ausschalten
set_up_second_factor = Zweiten Faktor einrichten
where_you_are_signed_in = Wo Sie angemeldet sind
browser = Browser
last_used = Zuletzt verwendet
network_address = Netzwerkadresse
signed_in_since = Angemeldet
end = Beenden
this_session = diese Sitzung
sign_out_of_device = Abmelden<span class="visually-hidden">: { $device }</span>
end_session_of_device = Beenden<span class="visually-hidden">: { $device }</span>
end_all_other_sessions = Alle anderen Sitzungen beenden
other_sessions_ended = Ihre anderen Sitzungen sind beendet.
session_ended = Diese Sitzung ist beendet.
not_what_notice_showed = Dies ist nicht, was die Meldung gezeigt hat. Öffnen Sie die Seite erneut.

# The second factor.

second_factor_explained = Ein Code, der alle 30 Sekunden wechselt, aus einer Authenticator-App auf Ihrem Telefon. Sie geben ihn zusammen mit Ihrem Passwort ein, wenn Sie sich anmelden und wenn Sie einen Launch unterschreiben.
second_factor_is_required = Diese Installation verlangt einen zweiten Faktor von allen, die unterschreiben, entscheiden oder verwalten. Richten Sie Ihren ein, um fortzufahren.
second_factor_needs_key_set = Diese Installation kann noch keine zweiten Faktoren speichern. Wer den Server betreibt, muss <code>SIGNOFF_SECRET_KEY</code> setzen.
copy_secret_to_app = 1. Geheimnis in die App übertragen
how_to_copy_secret = Scannen Sie dieses Bild mit der App oder geben Sie das Geheimnis in der App ein. Es ist für zeitbasierte Codes mit sechs Ziffern.
qr_code_of_secret = QR-Code des Geheimnisses. Das Geheimnis steht auch als Text daneben.
the_secret = Das Geheimnis
confirm_secret = 2. Bestätigen
six_digits_of_app = Die sechs Ziffern, die die App jetzt anzeigt.
your_password = Ihr Passwort
other_sessions_will_end = Ihre anderen Sitzungen werden beendet.
turn_on = Einschalten
second_factor_on = Eingeschaltet
recovery_codes_left = { $count ->
    [one] Sie haben noch <b data-left>1</b> Wiederherstellungscode. Er ersetzt einmal einen Code Ihrer App, wenn Sie die App nicht zur Hand haben.
   *[other] Sie haben noch <b data-left>{ $count }</b> Wiederherstellungscodes. Jeder ersetzt einmal einen Code Ihrer App, wenn Sie die App nicht zur Hand haben.
}
new_recovery_codes_or_turn_off = Neue Wiederherstellungscodes oder ausschalten
make_new_recovery_codes = Neue Wiederherstellungscodes erstellen
turn_off = Ausschalten
confirm_turning_off = Zweiten Faktor ausschalten? Ihre anderen Sitzungen werden beendet.
new_codes_replace_old = Neue Codes ersetzen alle früheren. Um das Telefon zu wechseln, schalten Sie den zweiten Faktor aus und richten ihn neu ein.
back_to_your_account = Zurück zu Ihrem Konto
second_factor_changed_meanwhile = Ihr zweiter Faktor oder Ihr Passwort wurde inzwischen an anderer Stelle geändert. Prüfen Sie Ihr Konto.
second_factor_exists_already = Sie haben bereits einen zweiten Faktor.
enrolment_too_old = Diese Seite war zu lange geöffnet. Übertragen Sie das neue Geheimnis unten in Ihre App und löschen Sie dort das alte.
not_the_code_of_secret = Das ist nicht der Code, den die App jetzt für dieses Geheimnis anzeigt.
second_factor_turned_off = Ihr zweiter Faktor ist ausgeschaltet, und Ihre anderen Sitzungen sind beendet.
no_second_factor = Sie haben keinen zweiten Faktor.

recovery_codes = Wiederherstellungscodes
second_factor_on_here_are_codes = Ihr zweiter Faktor ist eingeschaltet. Jeder dieser Codes ersetzt einmal einen Code Ihrer App, wenn Sie die App nicht zur Hand haben. Sie werden nur jetzt angezeigt.
here_are_new_codes = Jeder dieser Codes ersetzt einmal einen Code Ihrer App, wenn Sie die App nicht zur Hand haben. Sie werden nur jetzt angezeigt.
keep_codes_where = Bewahren Sie sie auf, wo Sie sie wiederfinden
keep_codes_how = Auf Papier oder in Ihrem Passwortmanager, nicht auf dem Telefon mit der App.
i_have_kept_them = Codes sind aufbewahrt
account_is_ready = Ihr Konto ist bereit
invitation_was_used = Diese Einladung wurde verwendet und das Konto angelegt. Melden Sie sich mit dem gewählten Passwort an.
password_is_changed = Das Passwort ist geändert
reset_link_was_used = Mit diesem Link wurde ein neues Passwort gewählt. Melden Sie sich damit an. Einen weiteren Link gibt es bei der Anmeldung oder vom Admin.
