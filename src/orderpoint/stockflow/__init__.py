"""The one stock equation, compiled: what is left, what leaves, what is short; for simulator, optimiser and backtest."""
