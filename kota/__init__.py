"""The command line and the settings; every other room imports only the settings from here."""
