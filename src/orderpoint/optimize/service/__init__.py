"""What orders buy of service: curves of each series, and the frontier of money against service over all of them."""
