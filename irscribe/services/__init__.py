"""The use-cases: each function takes the context of a command, changes the record and returns the outcome.

None commits, none reads a clock, none uses a network.
"""
