"""The rules that come with gatekeeper, one folder for each family."""
