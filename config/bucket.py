"""Photos in an S3-compatible store. Loaded only where S3_BUCKET is set (config/settings.py)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import IO, Any, ParamSpec, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

CONNECT_S = 2.0
ANSWER_S = 5.0
P = ParamSpec("P")
R = TypeVar("R")

# botocore's own patience is three minutes, longer than any visitor's. Checksums that only Amazon
# knows are left out: older stores of others refuse them.
_CONFIG = Config(
    connect_timeout=CONNECT_S,
    read_timeout=ANSWER_S,
    retries={"total_max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    s3={"addressing_style": "path"},
    max_pool_connections=32,
)


class BucketUnavailable(ConnectionError):
    """The store does not answer, or refuses us. Like a disk's trouble an OSError."""


@contextmanager
def _as_a_disk_says_it() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(error.response["Error"].get("Code", "404")) from None
        raise BucketUnavailable(str(error)) from error
    except (BotoCoreError, Boto3Error) as error:
        raise BucketUnavailable(str(error)) from error


def _spoken(method: Callable[P, R]) -> Callable[P, R]:
    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        with _as_a_disk_says_it():
            return method(*args, **kwargs)

    return call


class Bucket(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """django-storages with our patience, a disk's errors, and pictures read at once.

    Names are exact and never change their content. Nothing is public and no address of the bucket
    leaves this process.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **options,
            client_config=_CONFIG,
            default_acl=None,
            file_overwrite=True,
            use_threads=False,  # a photo is one part
        )

    def _open(self, name: str, mode: str = "rb") -> IO[bytes]:
        """All of the file by one request; django-storages would ask twice."""
        key = self._normalize_name(name)
        with _as_a_disk_says_it():
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=key)
            return ContentFile(answer["Body"].read(), name=name)

    _save = _spoken(S3Storage._save)
    delete = _spoken(S3Storage.delete)
    exists = _spoken(S3Storage.exists)
    listdir = _spoken(S3Storage.listdir)
    size = _spoken(S3Storage.size)
    get_modified_time = _spoken(S3Storage.get_modified_time)

    def url(self, name: str, *args: Any, **kwargs: Any) -> str:
        """A presigned address would let anybody who has it see a photo that is not public."""
        raise NotImplementedError("Photos are handed out by our views, never by their bucket.")
