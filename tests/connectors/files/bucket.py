"""A bucket of an S3 server, and who puts objects into it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import boto3

from tests.connectors.files.servers import HOST


@dataclass
class Bucket:
    """A bucket of the S3 server."""

    port: int
    client: Any
    name: str

    def put(self, name: str, content: bytes) -> None:
        """An object under the prefix that the connection names."""
        self.client.put_object(Bucket=self.name, Key=f"masuk/{name}", Body=content)

    def uri(self, user: str = "access", password: str = "secret") -> str:  # noqa: S107
        """The connection to it."""
        account = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"s3://{account}@{HOST}:{self.port}/{self.name}/masuk?tls=0"


def aws(service: str, port: int) -> Any:
    """A client of the server, as who may do everything."""
    return boto3.client(
        service,
        endpoint_url=f"http://{HOST}:{port}",
        region_name="us-east-1",
        aws_access_key_id="access",
        aws_secret_access_key="secret",
    )
