"""Digests of bytes: what is the same has the same one."""

try:
    # What `hashlib` would give; that loads OpenSSL first, longer than the folder takes to be seen.
    from _blake2 import blake2b
except ImportError:  # another Python keeps it elsewhere
    from hashlib import blake2b


def digest_of(data: bytes, size: int = 16) -> bytes:
    """So many bytes that stand for all of the data."""
    return blake2b(data, digest_size=size).digest()
