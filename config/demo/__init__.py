"""The demo region: Kreis Bergstraße with made-up town halls, staff, reports and found things."""
