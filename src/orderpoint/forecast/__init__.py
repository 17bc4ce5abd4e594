"""From sales to distributions of demand."""
