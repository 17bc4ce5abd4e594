"""Play any policy on a past or an invented world, with the one stock equation."""
