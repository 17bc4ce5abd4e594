"""From files as they are to checked tables, and on to the bulk shapes that forecasts and policies read."""
