"""How fast, and at what cost, tables come out of legacy apps: kota and its peers in one run."""
