"""What the registry gives out: registrations with their totals as PDF, xlsx and csv (spec: assessment.md 5)."""
