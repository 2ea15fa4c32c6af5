# Notifications.

# What happened

notification_assigned = { $by } assigned “{ $title }” to you
notification_assigned_several = { $count ->
    [one] { $by } assigned 1 item to you
   *[other] { $by } assigned { $count } items to you
}
notification_unassigned = { $by } unassigned you from “{ $title }”
notification_unassigned_several = { $count ->
    [one] { $by } unassigned you from 1 item
   *[other] { $by } unassigned you from { $count } items
}
notification_ownership_given = { $by } made you the owner
notification_ownership_taken = { $by } gave the launch to another owner
notification_role_added = { $by } added you as { $role }
notification_role_removed = { $by } removed you as { $role }
notification_participant_added = { $by } added you as a participant
notification_participant_removed = { $by } removed you as a participant
notification_mentioned = { $by } mentioned you on “{ $title }”
notification_mentioned_in_launch = { $by } mentioned you
notification_commented = { $by } commented on “{ $title }”
notification_commented_several = { $count ->
    [one] 1 new comment on “{ $title }”
   *[other] { $count } new comments on “{ $title }”
}
notification_commented_on_several = { $count ->
    [one] 1 new comment
   *[other] { $count } new comments
}
notification_blocked = { $by } marked “{ $title }” as blocked
notification_blocked_several = { $count ->
    [one] { $by } marked 1 item as blocked
   *[other] { $by } marked { $count } items as blocked
}
notification_unblocked = “{ $title }” is no longer blocked: { $by } marked it
notification_unblocked_several = { $count ->
    [one] 1 item is no longer blocked: { $by } marked it
   *[other] { $count } items are no longer blocked: { $by } marked them
}
notification_marked = { $by } marked “{ $title }”
notification_marked_several = { $count ->
    [one] 1 item was marked, last by { $by }
   *[other] Items were marked { $count } times, last by { $by }
}
notification_role_resolved = All items of { $role } are resolved
notification_signature_asked = { $by } asks you to sign as { $role }
notification_signature_reminded = Reminder: your signature as { $role } is awaited
notification_signature_stale = Your signature as { $role } is stale: { $by } changed what you signed
notification_objected = { $by } objects as { $role }
notification_waiver_asked = { $by } asks for a waiver of “{ $title }”
notification_waiver_approved = { $by } approved the waiver of “{ $title }”
notification_waiver_refused = { $by } refused the waiver of “{ $title }”
notification_waiver_revoked = { $by } revoked the waiver of “{ $title }”
notification_agreement_asked = { $by } marked “{ $title }” as not applicable and needs your agreement
notification_agreement_asked_several = { $count ->
    [one] { $by } marked 1 critical item as not applicable and needs your agreement
   *[other] { $by } marked { $count } critical items as not applicable and needs your agreement
}
notification_agreement_given = { $by } agreed that “{ $title }” does not apply
notification_agreement_refused = { $by } does not agree that “{ $title }” does not apply
notification_evidence_asked = { $by } asks for evidence of “{ $title }”
notification_evidence_answered = { $by } answered your evidence request on “{ $title }”
notification_go_declared = { $by } declared GO
notification_held = { $by } put the launch on HOLD
notification_resumed = { $by } resumed the launch
notification_reopened = { $by } reopened the launch: the GO no longer counts
notification_launched = { $by } recorded the launch
notification_closed = { $by } closed the launch
notification_cancelled = { $by } cancelled the launch

# What time brings

notification_due_tomorrow = “{ $title }” is due tomorrow
notification_due_tomorrow_several = { $count ->
    [one] 1 item of yours is due tomorrow
   *[other] { $count } items of yours are due tomorrow
}
notification_overdue = “{ $title }” was due on { $day }
notification_overdue_several = { $count ->
    [one] 1 item of yours was due on { $day }
   *[other] { $count } items of yours were due on { $day }
}
notification_waiver_lapses = The waiver of “{ $title }” ends on { $day }
notification_waiver_lapses_today = The waiver of “{ $title }” ends today
notification_waivers_lapse = { $count ->
    [one] 1 waiver ends on { $day }
   *[other] { $count } waivers end on { $day }
}
notification_evidence_lapses = The evidence of “{ $title }” is valid until { $day }
notification_evidence_lapses_today = The evidence of “{ $title }” is valid until today
notification_evidence_of_several_lapses = { $count ->
    [one] The evidence of 1 item is valid until { $day }
   *[other] The evidence of { $count } items is valid until { $day }
}
notification_target_near = { $days ->
    [one] The target is in 1 day, and the launch is not ready (reasons: { $missing })
   *[other] The target is in { $days } days, and the launch is not ready (reasons: { $missing })
}
notification_target_near_ready = { $days ->
    [one] The target is in 1 day, and nothing blocks a GO
   *[other] The target is in { $days } days, and nothing blocks a GO
}
notification_window_closing = The grace period after the target ends on { $day }: record the launch by then, or set a new target
notification_after_item_due = “{ $title }” is due within a day
notification_after_items_due = { $count ->
    [one] 1 item after the launch is due within a day
   *[other] { $count } items after the launch are due within a day
}
notification_after_item_was_due = “{ $title }” was due, and is not resolved
notification_after_items_were_due = { $count ->
    [one] 1 item after the launch was due, and is not resolved
   *[other] { $count } items after the launch were due, and are not resolved
}

# What may not be seen any more

notification_taken_off_hidden_launch = You were removed from a launch that you can no longer see
notification_of_hidden_launch = Something happened in a launch that you can no longer see

# The inbox

notifications = Notifications
notifications_unread = { $count ->
    [one] Notifications, 1 unread
   *[other] Notifications, { $count } unread
}
unread_notifications = Unread
all_notifications = All
no_unread_notifications = You have read everything
no_notifications = No notifications yet
what_notifications_will_show = What concerns you in launches will appear here, and stay for { $days } days.
mark_as_read = Mark as read
mark_as_unread = Mark as unread
mark_all_as_read = Mark all as read
mark_these_as_read = Mark these as read
you_must_act = To do
notifications_marked_as_read = { $count ->
    [one] 1 notification marked as read
   *[other] { $count } notifications marked as read
}
notifications_are_unread_again = Unread again
nothing_was_unread = Everything was read already
older_notifications = Older notifications
hidden_launch = A launch that you can no longer see

# Settings

notification_settings = Notification settings
when_a_mail_says_so = Mail
inbox_always_says_so = The inbox always shows everything. Choose when a mail tells you as well.
no_mails_are_sent_here = This installation sends no mail, so everything is in the inbox only. Your choices count once it does.
hours_of_mails = Hours of mail
hours_are_of_your_zone = The hours are in the time zone { $zone }.
change_your_zone = Change your time zone
daily_mail_at = Daily mail at
quiet_from = No mail from
quiet_until = No mail until
no_quiet_hours = No quiet hours
save_notification_settings = Save settings
notification_settings_saved = Settings saved
last_week_would_have_brought = Last week with these settings
preview_of_last_week = Notifications: { $notifications }, mails: { $mails }
not_an_hour = Choose an hour of the day, or none for both quiet hours.
mail_at_once = At once
mail_hourly = Hourly
mail_daily = Daily
mail_never = Never
reasons_assignments = Assignments and roles
reasons_assignments_hint = Items, roles or the launch given to you or taken from you
reasons_mentions = Mentions
reasons_mentions_hint = Your name after an @
reasons_comments = Comments
reasons_comments_hint = On what you watch
reasons_items = Items
reasons_items_hint = Blocked, unblocked or marked; all items of your role resolved
reasons_signatures = Signatures
reasons_signatures_hint = Requests and reminders to sign, stale signatures and objections
reasons_exceptions = Waivers and agreements
reasons_exceptions_hint = Those that wait for you, are answered, or are about to end
reasons_evidence = Evidence
reasons_evidence_hint = Requests for evidence, their answers, and evidence that is about to lapse
reasons_decisions = Decisions
reasons_decisions_hint = GO, HOLD, resumed, reopened, launched, closed, cancelled
reasons_dates = Dates
reasons_dates_hint = What is due, late, or near

# Watching

watching = Watching
watch = Watch
mute = Mute
as_usual = Default
you_watch_it = You watch it
you_muted_it = You muted it
now_watched = You are notified of everything that happens here
now_muted = Muted: you are notified only of what is addressed to you
now_watched_as_usual = The default applies again
you_watch_by_your_part_in_it = By default, you are notified of decisions, and of what happens to your items and those of your roles.
you_watch_only_what_is_yours = By default, you are notified only of what is addressed to you.
narrowest_choice_decides = The narrowest choice decides: an item before its part, a part before the launch.
watch_settings = Watch or mute
not_one_of_the_choices = Choose one of the choices offered.
