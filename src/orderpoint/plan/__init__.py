"""One planning run: demand, decisions, risks and the proof, as tables that `report` shows and `app` writes."""
