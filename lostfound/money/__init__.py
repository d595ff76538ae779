"""Money in custody: counted by two, booked without holes, closed every day."""
