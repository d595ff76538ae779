"""Taking over the stock of an old system from a table file: read, check, write all or nothing."""
