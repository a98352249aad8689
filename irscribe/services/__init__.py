"""What can be done with a record: each function takes a turn or a case, changes the record, returns what to say.

None commits, none looks at a clock, none speaks to a network.
"""
