"""What goes wrong with a bundle or a receipt."""


class BundleError(Exception):
    """A bundle, a receipt or a key can't be used; one sentence that says why and what to do."""
