"""The contexts of a command and of an incident, with the incident that is meant, permission, and names of people."""
