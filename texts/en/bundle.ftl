# The page that verifies a launch’s history in place.

verification_title = Verification · { $launch }
history_is_verified = Verified: the history matches every checkpoint
history_is_altered = This history, or what belongs to it, was altered
events_were_verified = { $count ->
    [one] The one event was read and hashed just now. The recomputed hash tree matches the stored one and every checkpoint. The texts, tables and evidence files were read too, and match the history.
   *[other] All { $count } events were read and hashed just now. The recomputed hash tree matches the stored one and every checkpoint. The texts, tables and evidence files were read too, and match the history.
}
history_does_not_verify = Verification failed: { $faults }.
number_of_events = Events
root_of_events = Root
witnessed = Witnessed
events_are_witnessed = { $count ->
    [one] event 1: somebody has a checkpoint of it outside this server
   *[other] events 1 to { $count }: somebody has a checkpoint of them outside this server
}
nothing_is_witnessed = nothing yet: nobody has a checkpoint outside this server
download_the_bundle = Download the bundle
what_the_bundle_contains = It contains every text of the launch and, for each signature, the network address and the browser that it was made from. Downloading is logged under your name, and the checkpoint in the bundle is witnessed from then on.

does_it_contain_a_checkpoint = Does it contain a checkpoint that you kept?
text_of_checkpoint_or_receipt = Text of the checkpoint, or content of a receipt file
check_checkpoint = Check
not_a_checkpoint = This is not a checkpoint or a receipt. Paste the whole text of the checkpoint, from “signoff/” on, or the whole receipt.
checkpoint_covers_no_event = This checkpoint covers no event. Paste a later one.
checkpoint_covers_more_events = { $count ->
    [one] This history does not contain it: the checkpoint covers 1 event, and the history has { $events }. Events were removed from the end.
   *[other] This history does not contain it: the checkpoint covers { $count } events, and the history has { $events }. Events were removed from the end.
}
history_contains_checkpoint = { $count ->
    [one] This history contains it: event 1 is exactly what it was when the checkpoint was signed.
   *[other] This history contains it: events 1 to { $count } are exactly what they were when the checkpoint was signed.
}
events_came_after = { $count ->
    [one] Event { $first } came after it.
   *[other] Events { $first } to { $last } came after it.
}
history_does_not_contain_checkpoint = { $count ->
    [one] This history does not contain it: event 1 was changed, removed, inserted or moved.
   *[other] This history does not contain it: one of the events 1 to { $count } was changed, removed, inserted or moved.
}

which_events_are_covered = Which events are covered by a checkpoint
no_checkpoint_covers_an_event_yet = No checkpoint covers any event yet. The daily one is made by tomorrow at the latest.
covered_events = Events
covering_checkpoint = Checkpoint
checkpoint_made_at = Made
no_checkpoint_yet = none yet
checkpoint_at_event = { $cause }, at <a href="/launches/{ $launch }/history/{ $seq }">event { $seq }</a>
held_since = { $witnesses }, since <span>{ $at }</span>
held_by_nobody = nobody yet: checkpointed only

what_was_redacted = What was redacted
event_redacted = <a href="/launches/{ $launch }/history/{ $seq }">Event { $seq }</a>: { $person } redacted <bdi>{ $what }</bdi>, { $at }: <bdi>{ $reason }</bdi>
redacted_file = the file { $hash }
what_is_left_of_redacted = The events still contain the commitments of what was redacted, so the history can be verified. What it said can’t be known any more.

what_is_proven = What is proven, and what is not
verification_proves = <b>Proven</b> for anyone holding a checkpoint outside this server: nothing that it covers was changed, removed, inserted or reordered since. Proven for anyone who has the public key from somewhere else: the holder of the private key signed the checkpoint.
verification_does_not_prove = <b>Not proven</b>: that a person did something, and not somebody who has the key and the database. When it was done: the times are this server’s, and a checkpoint contains none. Anything after the last checkpoint that is held outside. And this page is only what this server says: verify a bundle somewhere else, which needs neither this server nor its database.

verify_offline = Verify offline
download_the_bundle_and_get_the_key = Download the bundle, take the public key from somewhere else than this page (whoever runs this installation can print it with <code>signoff keys show</code>), and on any machine run:
what_the_verifier_says = With <code>--checkpoint FILE</code> it also says whether the history contains a checkpoint or a receipt that you kept. The exit code is 0 if nothing is wrong, 1 if something was altered, and 2 if the file is not a bundle. The documentation (<code>docs/audit-format.md</code>) describes the formats, so that anyone can write another verifier.
back_to_the_history = Back to the history
