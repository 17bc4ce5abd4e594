"""Use cases: what a user asks for, from reading to writing. The only room that writes."""
