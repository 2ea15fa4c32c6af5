# The mails about notifications.

notification_mail_about = { $launch }: { $sentence }
notification_mail_of_launch = { $number ->
    [one] { $launch }: 1 notification
   *[other] { $launch }: { $number } notifications
}
notification_mail_of_launches = { $number ->
    [one] 1 notification in { $launches } launches
   *[other] { $number } notifications in { $launches } launches
}
notification_mail_to_do = For you to do
notification_mail_to_know = For you to know
notification_mail_more = { $number ->
    [one] 1 more notification is in your inbox in signoff.
   *[other] { $number } more notifications are in your inbox in signoff.
}
notification_mail_settings = Choose which mails you get, and when
notification_mail_unsubscribe = End mails of this kind

# The page that ends them.

unsubscribe_title = End these mails
mails_are_ended = These mails have ended
unsubscribe_from = You will get no more mails about:
unsubscribed_from = You get no more mails about:
end_these_mails = End these mails
notifications_stay_in_inbox = The notifications stay in your inbox in signoff. You can choose again at any time:
