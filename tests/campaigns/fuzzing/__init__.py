"""What the campaign ``fuzz`` stands on: small workbooks, mutators, a judge, and a guarded child process."""
