# The page that verifies a launch’s history in place.

verification_title = Prüfung · { $launch }
history_is_verified = Geprüft: Der Verlauf stimmt mit jeder Prüfmarke überein
history_is_altered = Dieser Verlauf oder etwas, das zu ihm gehört, wurde verändert
events_were_verified = { $count ->
    [one] Das eine Ereignis wurde soeben gelesen und gehasht. Der neu berechnete Hashbaum stimmt mit dem gespeicherten und mit jeder Prüfmarke überein. Auch die Texte, Tabellen und Nachweisdateien wurden gelesen und stimmen mit dem Verlauf überein.
   *[other] Alle { $count } Ereignisse wurden soeben gelesen und gehasht. Der neu berechnete Hashbaum stimmt mit dem gespeicherten und mit jeder Prüfmarke überein. Auch die Texte, Tabellen und Nachweisdateien wurden gelesen und stimmen mit dem Verlauf überein.
}
history_does_not_verify = Prüfung fehlgeschlagen: { $faults }.
number_of_events = Ereignisse
root_of_events = Wurzel
witnessed = Bezeugt
events_are_witnessed = { $count ->
    [one] Ereignis 1: jemand hat davon eine Prüfmarke außerhalb dieses Servers
   *[other] Ereignisse 1 bis { $count }: jemand hat davon eine Prüfmarke außerhalb dieses Servers
}
nothing_is_witnessed = noch nichts: niemand hat eine Prüfmarke außerhalb dieses Servers
download_the_bundle = Archiv herunterladen
what_the_bundle_contains = Es enthält jeden Text des Launches und für jede Unterschrift die Netzwerkadresse und den Browser, mit denen sie geleistet wurde. Das Herunterladen wird unter Ihrem Namen protokolliert, und die Prüfmarke im Archiv ist von da an bezeugt.

does_it_contain_a_checkpoint = Enthält der Verlauf eine Prüfmarke, die Sie aufbewahrt haben?
text_of_checkpoint_or_receipt = Text der Prüfmarke oder Inhalt einer Belegdatei
check_checkpoint = Prüfen
not_a_checkpoint = Dies ist weder eine Prüfmarke noch ein Beleg. Fügen Sie den ganzen Text der Prüfmarke ab „signoff/“ ein oder den ganzen Beleg.
checkpoint_covers_no_event = Diese Prüfmarke deckt kein Ereignis ab. Fügen Sie eine spätere ein.
checkpoint_covers_more_events = { $count ->
    [one] Dieser Verlauf enthält sie nicht: Die Prüfmarke deckt 1 Ereignis ab, und der Verlauf hat { $events }. Am Ende wurden Ereignisse entfernt.
   *[other] Dieser Verlauf enthält sie nicht: Die Prüfmarke deckt { $count } Ereignisse ab, und der Verlauf hat { $events }. Am Ende wurden Ereignisse entfernt.
}
history_contains_checkpoint = { $count ->
    [one] Dieser Verlauf enthält sie: Ereignis 1 ist genau so wie zu dem Zeitpunkt, als die Prüfmarke signiert wurde.
   *[other] Dieser Verlauf enthält sie: Die Ereignisse 1 bis { $count } sind genau so wie zu dem Zeitpunkt, als die Prüfmarke signiert wurde.
}
events_came_after = { $count ->
    [one] Ereignis { $first } kam danach.
   *[other] Die Ereignisse { $first } bis { $last } kamen danach.
}
history_does_not_contain_checkpoint = { $count ->
    [one] Dieser Verlauf enthält sie nicht: Ereignis 1 wurde geändert, entfernt, eingefügt oder verschoben.
   *[other] Dieser Verlauf enthält sie nicht: Eines der Ereignisse 1 bis { $count } wurde geändert, entfernt, eingefügt oder verschoben.
}

which_events_are_covered = Welche Ereignisse eine Prüfmarke abdeckt
no_checkpoint_covers_an_event_yet = Noch deckt keine Prüfmarke ein Ereignis ab. Die tägliche entsteht spätestens bis morgen.
covered_events = Ereignisse
covering_checkpoint = Prüfmarke
checkpoint_made_at = Erstellt
no_checkpoint_yet = noch keine
checkpoint_at_event = { $cause }, bei <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>
held_since = { $witnesses }, seit <span>{ $at }</span>
held_by_nobody = noch niemand: nur mit Prüfmarke versehen

what_was_redacted = Was geschwärzt wurde
event_redacted = <a href="/launches/{ $launch }/history/{ $seq }">Ereignis { $seq }</a>: { $person } hat <bdi>{ $what }</bdi> geschwärzt, { $at }: <bdi>{ $reason }</bdi>
redacted_file = die Datei { $hash }
what_is_left_of_redacted = Die Ereignisse enthalten weiterhin die Commitments des Geschwärzten, daher kann der Verlauf geprüft werden. Was darin stand, ist nicht mehr feststellbar.

what_is_proven = Was bewiesen ist und was nicht
verification_proves = <b>Bewiesen</b> für alle, die eine Prüfmarke außerhalb dieses Servers haben: Nichts, was sie abdeckt, wurde seitdem geändert, entfernt, eingefügt oder umgeordnet. Bewiesen für alle, die den öffentlichen Schlüssel aus anderer Quelle haben: Wer den privaten Schlüssel besitzt, hat die Prüfmarke signiert.
verification_does_not_prove = <b>Nicht bewiesen</b>: dass eine Person etwas getan hat und nicht jemand, der den Schlüssel und die Datenbank hat. Wann es geschah: Die Zeiten stammen von diesem Server, und eine Prüfmarke enthält keine. Alles nach der letzten Prüfmarke, die sich außerhalb befindet. Und diese Seite ist nur, was dieser Server sagt: Prüfen Sie ein Archiv anderswo, dazu sind weder dieser Server noch seine Datenbank nötig.

verify_offline = Offline prüfen
download_the_bundle_and_get_the_key = Laden Sie das Archiv herunter, beziehen Sie den öffentlichen Schlüssel aus einer anderen Quelle als dieser Seite (wer diese Installation betreibt, kann ihn mit <code>signoff keys show</code> ausgeben), und führen Sie auf einem beliebigen Rechner aus:
what_the_verifier_says = Mit <code>--checkpoint FILE</code> wird auch angegeben, ob der Verlauf eine Prüfmarke oder einen Beleg enthält, den Sie aufbewahrt haben. Der Exit-Code ist 0, wenn alles stimmt, 1, wenn etwas verändert wurde, und 2, wenn die Datei kein Archiv ist. Die Dokumentation (<code>docs/audit-format.md</code>) beschreibt die Formate, sodass alle ein weiteres Prüfprogramm schreiben können.
back_to_the_history = Zurück zum Verlauf
