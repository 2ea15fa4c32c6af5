# The page of webhooks.

webhooks = Webhooks
webhooks_hint = Chats and other programs get messages about what happens in launches, how ready they are, and whose signatures are awaited.
webhook = Webhook
present_webhooks = Webhooks in use
webhook_form = Format
webhook_form_standard = JSON, signed (Standard Webhooks)
webhook_launches = Launches
webhook_hears_of = Messages about
webhook_actions = Actions
webhook_of_one_launch = One launch
webhook_of_tag = With the tag { $tag }
webhook_of_all = All that are not restricted
webhook_topic_decisions = Decisions, targets and owners
webhook_topic_signatures = Signatures
webhook_topic_blocks = Blocked items
webhook_topic_exceptions = Waivers and agreements
webhook_topic_evidence = Evidence requests and answers
webhook_address = Address
webhook_address_hint = The chat shows it when you add an incoming webhook there. It is a secret, and is not shown again.
webhook_address_is_not_one = Enter an address that begins with https:// and is on the internet. A host inside the network has to be allowed by the operator (SIGNOFF_WEBHOOK_INSIDE).
webhook_tag = Tag
webhook_tag_hint = Messages come only about launches with this tag. Without a tag, they come about all launches that are not restricted.
webhook_secret = Secret of the new webhook, shown only this once
copy_webhook_secret = Copy the secret
choose_a_webhook_form = Choose a format.
choose_what_a_webhook_hears = Choose at least one subject.
add_a_webhook = Add a webhook
add_webhook = Add webhook
webhook_is_added = The webhook { $name } is added.
webhook_is_removed = The webhook { $name } is removed.
test_webhook = Test { $name }
remove_webhook = Remove { $name }
remove_webhook_question = Remove “{ $name }”? It gets no more messages. To add it again, its address has to be entered again.
webhooks_need_secret_key = Webhooks need the setting SIGNOFF_SECRET_KEY, with which their addresses are encrypted.
webhook_test_is_on_its_way = A test message is on its way. Its result is in the list below in a moment.
newest_webhook_messages = Newest messages
webhook_message_sent = Sent
webhook_message_given_up = Given up
webhook_message_waits = Waits
send_webhook_message_again = Send again
webhook_message_is_sent_again = The message is sent again.

# The messages.

webhook_test_message = This is a test of signoff: messages arrive here.
webhook_more_events = { $number ->
    [one] and 1 more change
   *[other] and { $number } more changes
}
webhook_more_reasons = { $number ->
    [one] and 1 more reason
   *[other] and { $number } more reasons
}
webhook_awaited = Awaited: { $names }
webhook_open_launch = Open the launch
