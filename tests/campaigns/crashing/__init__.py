"""What the campaign ``crashes`` stands on: commands in their folders, trials and their judge, real kills."""
