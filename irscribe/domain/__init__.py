"""What an incident is, in plain values and functions: standard library only, no clock, no disk."""
