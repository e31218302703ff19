"""Sources and sinks: the only folder that opens files."""
