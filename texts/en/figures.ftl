# Figures over time.

figures_of_launches_you_see = Of the launches that you may see.
figure_as_a_table = As a table
more_rows_of_figure = { $count ->
    [one] 1 more is not shown.
   *[other] { $count } more are not shown.
}
only_nearest_launches_are_counted = What is open now is counted in the { $count } launches whose target is nearest. Choose a tag to count others.
figure_time_to_go = Time from start to GO
figure_time_to_go_explained = The median of the days from making a launch to its last GO, by the month of the GO, over the last 12 months.
no_go_in_a_year = No GO was declared in the last 12 months.
month_of_figure = Month
median_days = Days (median)
days_long = { $days ->
    [0] less than a day
    [one] 1 day
   *[other] { $days } days
}
number_of_launches = { $count ->
    [one] 1 launch
   *[other] { $count } launches
}
days_of_launches = { $days }, { $launches }
figure_blocked_items = Blocked items by part
figure_blocked_items_explained = Items that are marked as blocked in launches that are not over, by how long they have been.
no_blocked_items = No item is blocked.
part_of_checklist = Part
items_without_part = Without a part
blocked_under_3_days = under 3 days
blocked_under_7_days = 3 to 6 days
blocked_under_30_days = 7 to 29 days
blocked_for_longer = 30 days and more
figure_stale_signatures = Stale signatures
figure_stale_signatures_explained = Roles whose GO no longer counts, because something in its scope changed after it was signed, by launch.
no_stale_signatures = No signature is stale.
signature_of_role_heading = Role
days_since_signed = Days since it was signed
figure_late_items = Late items
figure_late_items_explained = Items that are not resolved although their day has passed, by launch.
no_late_items = No item is late.
days_past_due = Days late
figure_waivers = Waivers running out
figure_waivers_explained = Waivers in force that run out within { $days } days, by launch. After that, their items block the launch again.
no_waivers_run_out = No waiver runs out soon.
days_left_of_waiver = Days left
