"""What becomes of things: deadlines, notices, disposal by four eyes, auctions."""
