# The search over everything.

search_for = Search for
launches_items_comments_evidence = Launches, items, comments, evidence
all_results = All
results_launches = Launches
results_items = Items
results_comments = Comments
results_evidence = Evidence
comment_on = Comment on
only_similar_words_found = No exact results. These have similar words.
all_results_of_kind = <span>All { $total }</span><span class="visually-hidden">: { $kind }</span>
results_range = { $from }–{ $to } of { $total }
withdrawn = withdrawn
no_more_results = No more results
there_are_fewer_pages = There are fewer pages than this.
show_the_first_page = Show the first page
no_results_of_this_kind = No results of this kind
results_are_of_another_kind = All results are of another kind.
show_all_results = Show all results
no_results = No results
no_results_for = No results for “{ $query }”.
no_such_kind_of_results = There is no such kind. All results are shown.
no_such_page_of_results = There is no such page. The nearest one is shown.
see_the_launches = See the launches
first_page = First page
next_page = Next
write_at_least_one_word = Write at least one word to search for.
search_takes_too_long = This search takes too long. Write a longer or a less common word.

# Examples, and what each finds

example_both_words = ledger rollback
search_both_words = both words, in a launch's name or summary, an item's title or guidance, a comment, or the name, address or text of evidence
example_words_together = "load test"
search_words_together = these words together
example_one_of_them = test or trial
search_one_of_them = either word
example_one_without_the_other = test -load
search_one_without_the_other = the first word without the second
parts_of_words_are_found = Parts of words are found too. If nothing has the words, similar words are found.

# The command palette.

go_to = Go to
go_to_key = Go to (Ctrl K)
rights_of_people = Rights
go_to_placeholder = Page, launch, item or person
find = Find
