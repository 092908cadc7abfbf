"""A deterministic simulation of a company's years: seeded steps, and what must hold after each."""
