"""terra's surface as a table, and how much of it pyterra covers."""
