"""Other people's services: what they take, what they answer, and what went wrong in words."""
