"""The scorecard: the dialogue, the answers, the score."""
