# The page of a person's calendar.

your_calendar = Your calendar
what_your_calendar_has = Your calendar program can show the targets of the launches that you may see, the due days of your items, and the days by which items after a launch are due.
address_of_your_calendar = Address
calendar_address_exists = You have an address. Made:
calendar_address_is_secret = Whoever has the address can read these dates and names. Keep it as you keep a password; if somebody else has it, make a new one, and the old one stops working.
no_calendar_address_yet = You have no address yet. Make one, and subscribe to it in your calendar program.
make_calendar_address = Make an address
renew_calendar_address = Make a new address
remove_calendar_address = Remove the address
new_calendar_address = New address
calendar_address_made = Your address is made. Copy it now: it is shown only this once. Subscribe to it in your calendar program.
calendar_address_removed = Your calendar has no address any more.
subscribe_to_calendar = Subscribe in your calendar program
dates_in_your_calendar_program = Dates in your calendar program
dates_in_your_calendar_program_hint = Your calendar program shows targets, due days of your items, and what is due after a launch. It reads them at an address of your own.

# The calendar itself.

calendar_feed_name = Launches on { $host }
calendar_target = { $launch }: launch
calendar_target_description = { $time } ({ $stage })
calendar_item_due = Due: { $item }
calendar_item_description = Launch: { $launch }
calendar_window_end = { $launch }: items after the launch are due
calendar_window_description = { $unresolved ->
    [one] { $window }: 1 item is not resolved.
   *[other] { $window }: { $unresolved } items are not resolved.
}
