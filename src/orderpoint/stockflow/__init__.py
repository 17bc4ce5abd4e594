"""The one stock equation, compiled: what is left, what leaves, and what is short; alike for simulator, optimiser and backtest."""
