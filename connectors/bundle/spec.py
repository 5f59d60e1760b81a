"""What the registry says about an app that arrives in bundles: who sends it, and to whom."""

from typing import Annotated

from pydantic import Field

from connectors.entry import Entry

SigningKey = Annotated[str, Field(pattern=r"^ed25519:[0-9a-f]{64}$")]


class Bundle(Entry):
    """The public halves of the keys of both sides, as `kota bundle keys` prints them.

    None of it is secret, and the same registry file serves on the laptop and in the city.
    """

    sender: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    """The village; its name stands in the names of the files."""
    sender_key: SigningKey
    """By this the city knows that a bundle is the village's."""
    city_key: SigningKey
    """By this the village knows that a receipt is the city's."""
    city_recipient: Annotated[str, Field(pattern=r"^age1[0-9a-z]{58}$")]
    """To this a bundle is encrypted: only the city can open it."""
