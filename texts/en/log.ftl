# The history of a launch and the audit log: what both pages have.

kind = Kind
person = Person
anyone = Anyone
all_items = All items
item = Item
text = Text
from_day = From
to_day = To
filter = Filter
all_kinds = All
kinds_of_launches = Launches
kinds_of_installation = Accounts and security
kinds_of_everything = Everything
matches_found = { $count ->
    [one] 1 match
   *[other] { $count } matches
}
matches_on_this_page = { $count ->
    [one] 1 match on this page
   *[other] { $count } matches on this page
}
search_took_too_long = The search took too long
add_a_less_common_word = These words are in too many texts to be searched in four seconds. Add a less common word.
nothing_searched = Nothing was searched
a_filter_value_is_wrong = One of the filter values above is wrong. Change it as it says there.
a_filter_value_is_unknown = The address asks for a kind, a person, an item or a place that does not exist here. Choose above, or show everything.
nothing_here = Nothing here
csv_for_spreadsheets = CSV, for spreadsheets
json_lines_for_programs = JSON Lines, for programs
what_was_signed = What was signed
what_the_decision_was_based_on = What it was based on

# Groups of kinds

kinds_items = Items
kinds_evidence = Evidence
kinds_comments = Comments
kinds_waivers = Waivers
kinds_signatures = Signatures
kinds_decisions = Decisions
kinds_people = People
kinds_settings = Settings
kinds_refusals = Refusals
kinds_exports = Exports
kinds_sign_ins = Sign-ins
kinds_accounts = Accounts
kinds_credentials = Passwords and second factors
kinds_checklists = Checklists
kinds_keys = Keys and statements
