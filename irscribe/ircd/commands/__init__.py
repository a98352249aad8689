"""The commands by topic; each is a function of the network, the client that sent the message, and the message."""
