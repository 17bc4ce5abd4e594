"""From demand, stock, supply and costs to decisions, each with its reason and its money."""
