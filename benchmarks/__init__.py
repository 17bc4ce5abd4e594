"""Speed, accuracy and money, each measured beside a peer and a limit: `python -m benchmarks`."""
