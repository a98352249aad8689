"""The scorecard: asking, answering, evidence."""
