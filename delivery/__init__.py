"""Reports brought to people: a dashboard as PDF by e-mail, and dashboards that are warm."""
