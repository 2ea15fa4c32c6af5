# The page of webhooks.

webhooks = Webhooks
webhooks_hint = Chats und andere Programme erhalten Nachrichten darüber, was in Launches geschieht, wie bereit sie sind und auf wessen Unterschrift gewartet wird.
webhook = Webhook
present_webhooks = Vorhandene Webhooks
webhook_form = Format
webhook_form_standard = JSON, signiert (Standard Webhooks)
webhook_launches = Launches
webhook_hears_of = Nachrichten über
webhook_actions = Aktionen
webhook_of_one_launch = Ein Launch
webhook_of_tag = Mit dem Schlagwort { $tag }
webhook_of_all = Alle, die nicht eingeschränkt sind
webhook_topic_decisions = Entscheidungen, Zieltermine und Verantwortliche
webhook_topic_signatures = Unterschriften
webhook_topic_blocks = Blockierte Prüfpunkte
webhook_topic_exceptions = Ausnahmen und Zustimmungen
webhook_topic_evidence = Nachweis-Anfragen und ihre Antworten
webhook_address = Adresse
webhook_address_hint = Der Chat zeigt sie, wenn Sie dort einen eingehenden Webhook anlegen. Sie ist geheim und wird nicht noch einmal gezeigt.
webhook_address_is_not_one = Geben Sie eine Adresse ein, die mit https:// beginnt und im Internet liegt. Einen Rechner im internen Netz muss der Betreiber erlauben (SIGNOFF_WEBHOOK_INSIDE).
webhook_tag = Schlagwort
webhook_tag_hint = Nachrichten kommen nur über Launches mit diesem Schlagwort. Ohne Schlagwort kommen sie über alle Launches, die nicht eingeschränkt sind.
webhook_secret = Geheimnis des neuen Webhooks, nur dieses eine Mal gezeigt
copy_webhook_secret = Geheimnis kopieren
choose_a_webhook_form = Wählen Sie ein Format.
choose_what_a_webhook_hears = Wählen Sie mindestens ein Thema.
add_a_webhook = Webhook hinzufügen
add_webhook = Webhook hinzufügen
webhook_is_added = Der Webhook { $name } ist hinzugefügt.
webhook_is_removed = Der Webhook { $name } ist entfernt.
test_webhook = { $name } testen
remove_webhook = { $name } entfernen
remove_webhook_question = „{ $name }“ entfernen? Der Webhook erhält dann keine Nachrichten mehr. Um ihn wieder hinzuzufügen, muss die Adresse erneut eingegeben werden.
webhooks_need_secret_key = Webhooks brauchen die Einstellung SIGNOFF_SECRET_KEY, mit der ihre Adressen verschlüsselt werden.
webhook_test_is_on_its_way = Eine Testnachricht ist unterwegs. Ihr Ergebnis steht gleich in der Liste unten.
newest_webhook_messages = Neueste Nachrichten
webhook_message_sent = Gesendet
webhook_message_given_up = Aufgegeben
webhook_message_waits = Wartet
send_webhook_message_again = Erneut senden
webhook_message_is_sent_again = Die Nachricht wird erneut gesendet.

# The messages.

webhook_test_message = Dies ist ein Test von signoff: Nachrichten kommen hier an.
webhook_more_events = { $number ->
    [one] und 1 weitere Änderung
   *[other] und { $number } weitere Änderungen
}
webhook_more_reasons = { $number ->
    [one] und 1 weiterer Grund
   *[other] und { $number } weitere Gründe
}
webhook_awaited = Erwartet: { $names }
webhook_open_launch = Launch öffnen
