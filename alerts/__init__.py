"""Who is told when something breaks, once, and once more when it is over."""
