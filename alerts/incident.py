"""An incident: a trouble from the first run that saw it until the first that does not."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from alerts.trouble import Kind, Trouble

Event = Literal["opened", "closed"]
Channel = Literal["mail", "webhook"]


class Delivery(BaseModel):
    """A message that is to be sent, or was."""

    model_config = ConfigDict(frozen=True)

    event: Event
    channel: Channel
    sent_at: datetime | None = None
    attempts: int = 0
    error: str | None = None
    """Why it could not be sent the last time."""


class Incident(BaseModel):
    """What is kept of it."""

    model_config = ConfigDict(frozen=True)

    number: str
    """Names it in messages: ``extract_failed-laksa-20261201T001200Z``."""
    key: str
    kind: Kind
    app: str | None
    area_name: str | None = None
    since: datetime
    """When it broke, which may be before anybody looked."""
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    what: list[str]
    marts: list[str]
    deliveries: list[Delivery] = []

    @property
    def waiting(self) -> list[Delivery]:
        """Messages that have not been sent."""
        return [delivery for delivery in self.deliveries if delivery.sent_at is None]

    def with_delivery(self, old: Delivery, new: Delivery) -> "Incident":
        """The same with one message in another state."""
        deliveries = [new if delivery is old else delivery for delivery in self.deliveries]
        return self.model_copy(update={"deliveries": deliveries})


def follow(
    known: Sequence[Incident],
    troubles: Sequence[Trouble],
    channels: Sequence[Channel],
    now: datetime,
) -> list[Incident]:
    """The incidents after a look at what is wrong now: opened, brought up to date, closed.

    One message when it opens and one when it is over, whatever happened in between. Where the
    first could not be sent in time, the second alone tells all of it.
    """
    wrong = {trouble.key: trouble for trouble in troubles}
    open_now = {incident.key for incident in known if incident.closed_at is None}
    followed = [_followed(incident, wrong, channels, now) for incident in known]
    return followed + [
        _opened(trouble, channels, now) for key, trouble in wrong.items() if key not in open_now
    ]


def _opened(trouble: Trouble, channels: Sequence[Channel], now: datetime) -> Incident:
    return Incident(
        number=f"{trouble.key.replace(':', '-')}-{now:%Y%m%dT%H%M%SZ}",
        key=trouble.key,
        kind=trouble.kind,
        app=trouble.app,
        area_name=trouble.area_name,
        since=trouble.since,
        opened_at=now,
        updated_at=now,
        what=trouble.what,
        marts=trouble.marts,
        deliveries=[Delivery(event="opened", channel=channel) for channel in channels],
    )


def _followed(
    incident: Incident, wrong: Mapping[str, Trouble], channels: Sequence[Channel], now: datetime
) -> Incident:
    if incident.closed_at is not None:
        return incident
    trouble = wrong.get(incident.key)
    if trouble is not None:
        return _still_open(incident, trouble, channels, now)
    told = [delivery for delivery in incident.deliveries if delivery.sent_at is not None]
    over = [Delivery(event="closed", channel=channel) for channel in channels]
    return incident.model_copy(
        update={"updated_at": now, "closed_at": now, "deliveries": [*told, *over]}
    )


def _still_open(
    incident: Incident, trouble: Trouble, channels: Sequence[Channel], now: datetime
) -> Incident:
    """With what is known today; a channel that was set up since is told as well."""
    known = {delivery.channel for delivery in incident.deliveries}
    more = [Delivery(event="opened", channel=one) for one in channels if one not in known]
    is_same = (trouble.what, trouble.marts) == (incident.what, incident.marts)
    return incident.model_copy(
        update={
            "updated_at": incident.updated_at if is_same else now,
            "what": trouble.what,
            "marts": trouble.marts,
            "deliveries": [*incident.deliveries, *more],
        }
    )
