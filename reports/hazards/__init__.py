"""Dangers: alarms that ring until somebody answers, and the record of who did."""
