"""Clients of other services: their requests, their answers, and a sentence for each error."""
