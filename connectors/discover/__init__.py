"""Draft an app's registry file from what its database says and shows: `kota sources discover`."""
