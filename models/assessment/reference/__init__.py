"""The four curricula with their branches, and the schools of the demo. Nothing here reads the database."""
