"""Talk: what was said in a channel lately and during an incident, and how it is taken in."""
