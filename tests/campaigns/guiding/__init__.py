"""What the campaign ``guided`` stands on: a mutator that knows workbooks, oracles, and a process to guide."""
