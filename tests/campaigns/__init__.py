"""Long test engines: each counts what it tried, can be stopped and resumed, and replays one number."""
