"""Files from an S3-compatible server."""

import random
import time
from pathlib import Path

import httpx
import pytest

from connectors.reader import SourceError
from tests.connectors.files.bucket import Bucket, aws
from tests.connectors.files.drop import Drop
from tests.connectors.files.servers import HOST, BreakingLine, free_port, s3_server
from tests.connectors.files.zips import write_zip

pytestmark = pytest.mark.integration

BIG = random.Random(7).randbytes(3_000_000)  # noqa: S311
POLICY = """{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/masuk/closed.csv"}
]}"""


def test_s3_gives_files_once_and_resumes_where_the_line_broke(drop: Drop, bucket: Bucket) -> None:
    bucket.put("a.csv", b"one")
    bucket.put("2024/", b"")
    bucket.put("2024/büg ?#%2F.csv", BIG)
    bucket.put("empty.csv", b"")
    with BreakingLine(bucket.port, after_bytes=400_000, cuts_left=99) as line:
        drop.uri = bucket.uri().replace(str(bucket.port), str(line.port))
        first = drop.find()
        assert sorted(first.files) == [
            ("2024/büg ?#%2F.csv", "new", BIG),
            ("a.csv", "new", b"one"),
            ("empty.csv", "new", b""),
        ]
        assert line.cuts >= 5
        assert drop.find(since=first.after).files == []
    time.sleep(1.0)  # the server keeps times in whole seconds
    bucket.put("a.csv", b"two")
    drop.uri = bucket.uri()
    second = drop.find(since=first.after)
    assert second.files == [("a.csv", "changed", b"two")]


def test_a_zip_in_s3_is_read(drop: Drop, bucket: Bucket, tmp_path: Path) -> None:
    bucket.put("all.zip", write_zip(tmp_path / "x.zip", {"x/a.csv": b"one"}).read_bytes())
    drop.uri = bucket.uri()
    assert drop.find("*.zip!**/*.csv").files == [("all.zip!x/a.csv", "new", b"one")]


def test_s3_says_what_is_wrong(drop: Drop, bucket: Bucket) -> None:
    for change, sentence in (
        ((bucket.name, "nowhere"), "has no bucket nowhere"),
        ((str(bucket.port), str(free_port())), "can't be reached by S3"),
        ((f"/{bucket.name}/masuk", ""), "names no bucket"),
    ):
        drop.uri = bucket.uri().replace(*change)
        with pytest.raises(SourceError, match=sentence):
            drop.find()


def test_s3_checks_the_key_and_goes_on_after_a_file_it_may_not_read(
    drop: Drop, tmp_path: Path
) -> None:
    with s3_server(tmp_path) as port:
        client, iam = aws("s3", port), aws("iam", port)
        client.create_bucket(Bucket="bucket")
        bucket = Bucket(port, client, "bucket")
        bucket.put("a.csv", b"one")
        bucket.put("closed.csv", b"two")
        iam.create_user(UserName="dinas")
        key = iam.create_access_key(UserName="dinas")["AccessKey"]
        iam.put_user_policy(UserName="dinas", PolicyName="most", PolicyDocument=POLICY)
        httpx.post(
            f"http://{HOST}:{port}/moto-api/reset-auth", content=b"0", trust_env=False
        ).raise_for_status()

        drop.uri = bucket.uri(key["AccessKeyId"], key["SecretAccessKey"])
        found = drop.find()
        assert found.files == [("a.csv", "new", b"one")]
        assert found.notes == ["pasar: closed.csv can't be read: permission denied"]
        drop.uri = bucket.uri(key["AccessKeyId"], "not-this")
        with pytest.raises(SourceError, match="refuses the access key or secret") as raised:
            drop.find()
        assert "not-this" not in str(raised.value)
