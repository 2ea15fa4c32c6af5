# Notifications.

# What happened

notification_assigned = { $by } hat Ihnen „{ $title }“ zugewiesen
notification_assigned_several = { $count ->
    [one] { $by } hat Ihnen 1 Prüfpunkt zugewiesen
   *[other] { $by } hat Ihnen { $count } Prüfpunkte zugewiesen
}
notification_unassigned = { $by } hat Ihre Zuweisung zu „{ $title }“ aufgehoben
notification_unassigned_several = { $count ->
    [one] { $by } hat Ihre Zuweisung zu 1 Prüfpunkt aufgehoben
   *[other] { $by } hat Ihre Zuweisungen zu { $count } Prüfpunkten aufgehoben
}
notification_ownership_given = { $by } hat Ihnen die Verantwortung übertragen
notification_ownership_taken = { $by } hat die Verantwortung an eine andere Person übertragen
notification_role_added = { $by } hat Ihnen die Rolle { $role } gegeben
notification_role_removed = { $by } hat Ihnen die Rolle { $role } entzogen
notification_participant_added = { $by } hat Sie zu den Beteiligten hinzugefügt
notification_participant_removed = { $by } hat Sie aus den Beteiligten entfernt
notification_mentioned = { $by } hat Sie bei „{ $title }“ erwähnt
notification_mentioned_in_launch = { $by } hat Sie erwähnt
notification_commented = { $by } hat „{ $title }“ kommentiert
notification_commented_several = { $count ->
    [one] 1 neuer Kommentar zu „{ $title }“
   *[other] { $count } neue Kommentare zu „{ $title }“
}
notification_commented_on_several = { $count ->
    [one] 1 neuer Kommentar
   *[other] { $count } neue Kommentare
}
notification_blocked = { $by } hat „{ $title }“ als blockiert markiert
notification_blocked_several = { $count ->
    [one] { $by } hat 1 Prüfpunkt als blockiert markiert
   *[other] { $by } hat { $count } Prüfpunkte als blockiert markiert
}
notification_unblocked = „{ $title }“ ist nicht mehr blockiert: markiert von { $by }
notification_unblocked_several = { $count ->
    [one] 1 Prüfpunkt ist nicht mehr blockiert: markiert von { $by }
   *[other] { $count } Prüfpunkte sind nicht mehr blockiert: markiert von { $by }
}
notification_marked = { $by } hat „{ $title }“ markiert
notification_marked_several = { $count ->
    [one] 1 Prüfpunkt wurde markiert, zuletzt von { $by }
   *[other] Prüfpunkte wurden { $count }-mal markiert, zuletzt von { $by }
}
notification_role_resolved = Alle Prüfpunkte der Rolle { $role } sind geklärt
notification_signature_asked = { $by } bittet um Ihre Unterschrift als { $role }
notification_signature_reminded = Erinnerung: Ihre Unterschrift als { $role } steht aus
notification_signature_stale = Ihre Unterschrift als { $role } ist veraltet: { $by } hat geändert, was Sie unterschrieben haben
notification_objected = { $by } erhebt Einspruch als { $role }
notification_waiver_asked = { $by } bittet um eine Ausnahme für „{ $title }“
notification_waiver_approved = { $by } hat die Ausnahme für „{ $title }“ genehmigt
notification_waiver_refused = { $by } hat die Ausnahme für „{ $title }“ abgelehnt
notification_waiver_revoked = { $by } hat die Ausnahme für „{ $title }“ widerrufen
notification_agreement_asked = { $by } hat „{ $title }“ als nicht zutreffend markiert und braucht Ihre Zustimmung
notification_agreement_asked_several = { $count ->
    [one] { $by } hat 1 kritischen Prüfpunkt als nicht zutreffend markiert und braucht Ihre Zustimmung
   *[other] { $by } hat { $count } kritische Prüfpunkte als nicht zutreffend markiert und braucht Ihre Zustimmung
}
notification_agreement_given = { $by } stimmt zu, dass „{ $title }“ nicht zutrifft
notification_agreement_refused = { $by } stimmt nicht zu, dass „{ $title }“ nicht zutrifft
notification_evidence_asked = { $by } fragt nach Nachweisen für „{ $title }“
notification_evidence_answered = { $by } hat Ihre Nachweis-Anfrage zu „{ $title }“ beantwortet
notification_go_declared = { $by } hat GO erklärt
notification_held = { $by } hat den Launch angehalten (HOLD)
notification_resumed = { $by } hat den Launch fortgesetzt
notification_reopened = { $by } hat den Launch wieder geöffnet: das GO gilt nicht mehr
notification_launched = { $by } hat den Start festgehalten
notification_closed = { $by } hat den Launch abgeschlossen
notification_cancelled = { $by } hat den Launch abgebrochen

# What time brings

notification_due_tomorrow = „{ $title }“ ist morgen fällig
notification_due_tomorrow_several = { $count ->
    [one] 1 Ihrer Prüfpunkte ist morgen fällig
   *[other] { $count } Ihrer Prüfpunkte sind morgen fällig
}
notification_overdue = „{ $title }“ war am { $day } fällig
notification_overdue_several = { $count ->
    [one] 1 Ihrer Prüfpunkte war am { $day } fällig
   *[other] { $count } Ihrer Prüfpunkte waren am { $day } fällig
}
notification_waiver_lapses = Die Ausnahme für „{ $title }“ endet am { $day }
notification_waiver_lapses_today = Die Ausnahme für „{ $title }“ endet heute
notification_waivers_lapse = { $count ->
    [one] 1 Ausnahme endet am { $day }
   *[other] { $count } Ausnahmen enden am { $day }
}
notification_evidence_lapses = Die Nachweise für „{ $title }“ sind bis { $day } gültig
notification_evidence_lapses_today = Die Nachweise für „{ $title }“ sind nur noch heute gültig
notification_evidence_of_several_lapses = { $count ->
    [one] Die Nachweise für 1 Prüfpunkt sind bis { $day } gültig
   *[other] Die Nachweise für { $count } Prüfpunkte sind bis { $day } gültig
}
notification_target_near = { $days ->
    [one] Der Zieltermin ist in 1 Tag, und der Launch ist nicht bereit (Gründe: { $missing })
   *[other] Der Zieltermin ist in { $days } Tagen, und der Launch ist nicht bereit (Gründe: { $missing })
}
notification_target_near_ready = { $days ->
    [one] Der Zieltermin ist in 1 Tag, und einem GO steht nichts entgegen
   *[other] Der Zieltermin ist in { $days } Tagen, und einem GO steht nichts entgegen
}
notification_window_closing = Die Karenzzeit nach dem Zieltermin endet am { $day }: bis dahin den Start festhalten oder einen neuen Zieltermin setzen
notification_after_item_due = „{ $title }“ ist innerhalb eines Tages fällig
notification_after_items_due = { $count ->
    [one] 1 Prüfpunkt nach dem Start ist innerhalb eines Tages fällig
   *[other] { $count } Prüfpunkte nach dem Start sind innerhalb eines Tages fällig
}
notification_after_item_was_due = „{ $title }“ war fällig und ist nicht geklärt
notification_after_items_were_due = { $count ->
    [one] 1 Prüfpunkt nach dem Start war fällig und ist nicht geklärt
   *[other] { $count } Prüfpunkte nach dem Start waren fällig und sind nicht geklärt
}

# What may not be seen any more

notification_taken_off_hidden_launch = Sie wurden aus einem Launch entfernt, den Sie nicht mehr sehen können
notification_of_hidden_launch = Etwas ist in einem Launch geschehen, den Sie nicht mehr sehen können

# The inbox

notifications = Benachrichtigungen
notifications_unread = { $count ->
    [one] Benachrichtigungen, 1 ungelesen
   *[other] Benachrichtigungen, { $count } ungelesen
}
unread_notifications = Ungelesen
all_notifications = Alle
no_unread_notifications = Alles gelesen
no_notifications = Noch keine Benachrichtigungen
what_notifications_will_show = Was Sie in Launches betrifft, erscheint hier und bleibt { $days } Tage.
mark_as_read = Als gelesen markieren
mark_as_unread = Als ungelesen markieren
mark_all_as_read = Alle als gelesen markieren
mark_these_as_read = Diese als gelesen markieren
you_must_act = Zu erledigen
notifications_marked_as_read = { $count ->
    [one] 1 Benachrichtigung als gelesen markiert
   *[other] { $count } Benachrichtigungen als gelesen markiert
}
notifications_are_unread_again = Wieder ungelesen
nothing_was_unread = Es war schon alles gelesen
older_notifications = Ältere Benachrichtigungen
hidden_launch = Ein Launch, den Sie nicht mehr sehen können

# Settings

notification_settings = Einstellungen für Benachrichtigungen
when_a_mail_says_so = E-Mail
inbox_always_says_so = Im Eingang steht immer alles. Hier lässt sich wählen, wann zusätzlich eine E-Mail kommt.
no_mails_are_sent_here = Diese Installation sendet keine E-Mails, alles steht nur im Eingang. Die Auswahl gilt, sobald sie welche sendet.
hours_of_mails = Uhrzeiten der E-Mails
hours_are_of_your_zone = Die Uhrzeiten gelten in der Zeitzone { $zone }.
change_your_zone = Zeitzone ändern
daily_mail_at = Tägliche E-Mail um
quiet_from = Keine E-Mails ab
quiet_until = Keine E-Mails bis
no_quiet_hours = Keine Ruhezeit
save_notification_settings = Einstellungen speichern
notification_settings_saved = Einstellungen gespeichert
last_week_would_have_brought = Die letzte Woche mit diesen Einstellungen
preview_of_last_week = Benachrichtigungen: { $notifications }, E-Mails: { $mails }
not_an_hour = Eine Stunde des Tages wählen, oder bei der Ruhezeit beide leer lassen.
mail_at_once = Sofort
mail_hourly = Stündlich
mail_daily = Täglich
mail_never = Nie
reasons_assignments = Zuweisungen und Rollen
reasons_assignments_hint = Prüfpunkte, Rollen oder Verantwortung, die Sie bekommen oder abgeben
reasons_mentions = Erwähnungen
reasons_mentions_hint = Ihr Name nach einem @
reasons_comments = Kommentare
reasons_comments_hint = Zu allem, was Sie beobachten
reasons_items = Prüfpunkte
reasons_items_hint = Blockiert, nicht mehr blockiert oder markiert; alle Prüfpunkte Ihrer Rolle geklärt
reasons_signatures = Unterschriften
reasons_signatures_hint = Bitten um Unterschriften, Erinnerungen, veraltete Unterschriften und Einsprüche
reasons_exceptions = Ausnahmen und Zustimmungen
reasons_exceptions_hint = Solche, die auf Sie warten, beantwortet sind oder bald ablaufen
reasons_evidence = Nachweise
reasons_evidence_hint = Nachweis-Anfragen, ihre Antworten und Nachweise, die bald ungültig werden
reasons_decisions = Entscheidungen
reasons_decisions_hint = GO, HOLD, fortgesetzt, wieder geöffnet, gestartet, abgeschlossen, abgebrochen
reasons_dates = Termine
reasons_dates_hint = Was fällig, überfällig oder nahe ist

# Watching

watching = Beobachten
watch = Beobachten
mute = Stummschalten
as_usual = Standard
you_watch_it = Sie beobachten es
you_muted_it = Sie haben es stummgeschaltet
now_watched = Sie werden über alles benachrichtigt, was hier geschieht
now_muted = Stummgeschaltet: Sie werden nur über das benachrichtigt, was an Sie gerichtet ist
now_watched_as_usual = Es gilt wieder der Standard
you_watch_by_your_part_in_it = Standardmäßig werden Sie über Entscheidungen benachrichtigt und über alles, was mit Ihren Prüfpunkten und denen Ihrer Rollen geschieht.
you_watch_only_what_is_yours = Standardmäßig werden Sie nur über das benachrichtigt, was an Sie gerichtet ist.
narrowest_choice_decides = Die engste Auswahl gilt: ein Prüfpunkt vor seinem Teil, ein Teil vor dem Launch.
watch_settings = Beobachten oder stummschalten
not_one_of_the_choices = Eine der angebotenen Möglichkeiten wählen.
