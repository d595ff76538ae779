"""What can be reported where, what is asked then, and which words mean it."""
