# What a role of the installation is called.

role_admin = Admin
role_member = Mitglied
role_auditor = Auditor

# Who may do what.

only_auditors_and_admins = Dies sehen nur Auditoren und Admins, da es alle Launches umfasst.
only_an_admin_may = Dies darf nur ein Admin. Wenden Sie sich an Ihren Admin.
past_is_read_only = Diese Seite zeigt die Vergangenheit, die nicht geändert werden kann. Öffnen Sie den Launch, wie er jetzt ist.
cannot_tell_who_you_are = Der Server kann derzeit nicht prüfen, wer Sie sind, da ein Teil von ihm nicht antwortet. Versuchen Sie es gleich noch einmal.
set_up_second_factor_first = Diese Installation verlangt einen zweiten Faktor von allen, die unterschreiben, entscheiden oder verwalten, und Sie haben noch keinen. Es wurde nichts ausgeführt. Richten Sie einen unter „Konto“ ein und kommen Sie dann zurück.

# The proof that it is you.

not_your_password = Das ist nicht Ihr Passwort.
wrong_code = Dieser Code ist falsch oder wurde bereits verwendet. Warten Sie auf den nächsten.
enter_code = Geben Sie den Code ein, den Ihre App anzeigt, oder einen Wiederherstellungscode.
confirm_that_it_is_you = Bestätigen, dass Sie es sind
why_confirm = Sie sind dabei, Personen, Rechte oder Regeln zu ändern, und haben Ihr Passwort zuletzt vor mehr als fünf Minuten eingegeben. Es wurde noch nichts ausgeführt, und Ihre Eingaben bleiben erhalten.
confirm_with_your_password = Mit dem Passwort bestätigen
confirm_and_continue = Bestätigen und fortfahren
second_factor_needs_key = Diese Installation kann noch keine zweiten Faktoren speichern. Wer den Server betreibt, muss SIGNOFF_SECRET_KEY setzen.

# New passwords.

password_too_short = Verwenden Sie mindestens { $count } Zeichen. Einige Wörter ohne Zusammenhang sind leicht zu merken.
password_too_long = Dies ist zu lang: höchstens { $count } Byte, das sind { $count } einfache Buchstaben.
password_too_common = Dieses Passwort ist zu verbreitet. Wählen Sie eines, das schwerer zu erraten ist.
password_made_of_known_words = Dies ist zu leicht zu erraten: Es besteht aus Ihrem Namen, Ihrer Adresse oder dem Namen dieser Website. Fügen Sie andere Wörter hinzu.
password_of_neighbouring_keys = Dies ist zu leicht zu erraten, da die Tasten nebeneinanderliegen. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_of_repeats = Dies ist zu leicht zu erraten, da es sich wiederholt. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_like_a_common_one = Dies ist zu leicht zu erraten, da es einem verbreiteten Passwort ähnelt. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_of_sequence = Dies ist zu leicht zu erraten, da es eine Folge wie abc oder 6543 ist. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_of_date = Dies ist zu leicht zu erraten, da es ein Datum oder eine Jahreszahl enthält. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_of_one_word = Dies ist zu leicht zu erraten, da es ein einzelnes Wort ist. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_of_names = Dies ist zu leicht zu erraten, da es aus Namen besteht. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.
password_too_easy = Dies ist zu leicht zu erraten. Fügen Sie ein oder zwei Wörter hinzu, die nichts mit Ihnen zu tun haben.

# The session.

your_session_has_ended = Ihre Sitzung ist beendet
form_kept_sign_in = Es wurde noch nichts gespeichert. Der eingegebene Text bleibt auf dieser Seite erhalten. Zuerst anmelden (das öffnet einen neuen Tab), dann zu diesem Tab zurückkehren und das Formular erneut senden.
text_that_you_typed = Ihr Text
choose_files_again = Die Dateien erneut auswählen
form_lost_sign_in = Es wurde nichts gespeichert. Melden Sie sich an, gehen Sie zur vorherigen Seite zurück und senden Sie das Formular erneut.
send_again = Erneut senden
changes_too_fast = { $seconds ->
    [one] Sie haben in einer Minute mehr Änderungen vorgenommen, als für ein Konto erlaubt sind. Diese Änderung wurde noch nicht gespeichert, und Ihre Eingaben bleiben erhalten. Warten Sie eine Sekunde und senden Sie dann erneut.
   *[other] Sie haben in einer Minute mehr Änderungen vorgenommen, als für ein Konto erlaubt sind. Diese Änderung wurde noch nicht gespeichert, und Ihre Eingaben bleiben erhalten. Warten Sie { $seconds } Sekunden und senden Sie dann erneut.
}
you_are_signed_out = Sie sind abgemeldet.
browser_on_system = { $browser } unter { $system }
unknown_browser = Unbekannter Browser
