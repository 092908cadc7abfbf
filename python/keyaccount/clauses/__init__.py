"""The plan's clauses, one module a group, named by subject."""
