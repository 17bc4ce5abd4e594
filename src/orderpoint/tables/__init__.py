"""The bulk shapes that cross rooms: frozen, checked at the door, arrays of one row for each item-location ("series")."""
