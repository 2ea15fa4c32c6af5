# The mails about notifications.

notification_mail_about = { $launch }: { $sentence }
notification_mail_of_launch = { $number ->
    [one] { $launch }: 1 Benachrichtigung
   *[other] { $launch }: { $number } Benachrichtigungen
}
notification_mail_of_launches = { $number ->
    [one] 1 Benachrichtigung in { $launches } Launches
   *[other] { $number } Benachrichtigungen in { $launches } Launches
}
notification_mail_to_do = Zu erledigen
notification_mail_to_know = Zur Kenntnis
notification_mail_more = { $number ->
    [one] 1 weitere Benachrichtigung ist im Eingang von signoff.
   *[other] { $number } weitere Benachrichtigungen sind im Eingang von signoff.
}
notification_mail_settings = Wählen, welche E-Mails wann kommen
notification_mail_unsubscribe = E-Mails dieser Art beenden

# The page that ends them.

unsubscribe_title = Diese E-Mails beenden
mails_are_ended = Diese E-Mails sind beendet
unsubscribe_from = Sie erhalten dann keine E-Mails mehr über:
unsubscribed_from = Sie erhalten keine E-Mails mehr über:
end_these_mails = Diese E-Mails beenden
notifications_stay_in_inbox = Die Benachrichtigungen bleiben im Eingang von signoff. Sie können jederzeit neu wählen:
