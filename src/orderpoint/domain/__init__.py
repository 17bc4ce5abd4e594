"""The nouns of the trade as frozen dataclasses, in the standard library alone."""
