"""From a resident's first tap to a report in the house."""
