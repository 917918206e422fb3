"""Formats that are exchanged with other systems: CAP, Atom, Excel and iCalendar, from bytes and back."""
