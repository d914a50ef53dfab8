"""What is known of one site: rules that a person writes, lines that are learnt from its pages, words that are right.

`patterns` is the little language of rules, `rules` the TOML file of a site, `book` a folder of such files, `amend` what
they change in the proposals of a stage. `pages`, `recurrence` and `learning` find what repeats across pages.
"""
