"""What a global model is told of a series, an origin and a step ahead; compiled, for all series at once."""
