"""The plain values and functions of an incident: standard library only, without a clock and without files."""
