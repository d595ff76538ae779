"""What finders report from home, and how it becomes an intake."""
