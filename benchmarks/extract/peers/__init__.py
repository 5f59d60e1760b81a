"""What each contender runs, in its own environment: but for kota_app, they import no kota."""
