"""What became of the reports of a time: counted, measured, drawn. Never who did how much."""
