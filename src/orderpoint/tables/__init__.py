"""The bulk shapes that cross rooms.

Frozen, checked at the door, arrays of one row for each item-location ("series").
"""
