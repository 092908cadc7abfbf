"""Mutation testing: small changes of the core's source, each of which a test must notice."""
