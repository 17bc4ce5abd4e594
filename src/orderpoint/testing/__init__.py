"""Contract suites that others can run on their own forecasters, policies and stores."""
