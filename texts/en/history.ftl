# The history of a launch, one event, and the comparison of two events.

verify = Verify
ways_to_read_the_history = Ways to read the history
view_as_of = View as of…
date_and_time = Date and time
or_press_the_clock_of_an_event = Or press the clock of an event in the list.
in_zone = In { $zone }.
view_launch_as_of = View launch
after_event = After event
with_after_event = with after event
compare = Compare
export = Export
choose_the_first_moment = Choose the first of the two events in the list.
choose_the_second_moment = The first is event { $event }. Choose the second in the list; filters and pages stay available.
choose_another_first_event = Choose another first event
compare_with_now = Compare with now
stop_choosing = Stop choosing
compare_from_event = Compare from #{ $event }
compare_with_event = Compare with #{ $event }
first_moment = First: #{ $event }
choose_in_the_history = Choose in the history
events_from_to = { $total ->
    [one] 1 event
   *[other] { $from }–{ $to } of { $total } events
}
history_export_is_logged = The whole history, with old and new values. Exporting is logged under your name and creates a checkpoint.
no_event_matches = No events match the filter.
show_the_whole_history = Show the whole history
launch_did_not_exist_yet = The launch did not exist then; it was created on { $at }.
there_is_no_such_event = There is no such event. Events are numbered from 1 to { $last }.

history_title = History · { $launch }
event_title = Event { $seq } · { $launch }
compare_title = Compare · { $launch }
compare_two_moments = Compare two moments
differences_between_events = { $count ->
    [one] 1 difference between the launch <a href="/launches/{ $launch }/as-of/{ $earlier }">as of event { $earlier }</a>, { $earlier_at }, and <a href="/launches/{ $launch }/as-of/{ $later }">as of event { $later }</a>, { $later_at }. Readiness is computed for each at its own time.
   *[other] { $count } differences between the launch <a href="/launches/{ $launch }/as-of/{ $earlier }">as of event { $earlier }</a>, { $earlier_at }, and <a href="/launches/{ $launch }/as-of/{ $later }">as of event { $later }</a>, { $later_at }. Readiness is computed for each at its own time.
}
launch_itself = The launch
no_difference = No differences
both_moments_are_the_same = Every item is the same at both events.
choose_other_events = Choose other events in the history
signatures = Signatures

event_number = Event { $number }
view_launch_as_of_this_event = View launch as of this event
what_it_changed = What it changed
when = When
in_utc = In UTC
request = Request
as_stored = As stored
event_bytes_are_leaf = These exact bytes (canonical JSON, RFC 8785) are leaf { $index } of the launch’s hash tree (RFC 6962). Texts are replaced by commitments, so that a text can be redacted without changing what was hashed.
leaf_hash = Leaf hash
number_of = { $number } of { $total }
the_whole_history = The whole history
