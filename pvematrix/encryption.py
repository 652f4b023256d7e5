"""What the database keeps unreadable without a key from the environment: second factors' keys."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def _cipher() -> MultiFernet:
    keys = (
        salted_hmac("pvematrix.encryption", "", secret=key, algorithm="sha256").digest()
        for key in settings.SECOND_FACTOR_KEYS
    )
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in keys])


def encrypt(text: str) -> str:
    """Return the text encrypted with the first of SECOND_FACTOR_KEYS."""
    return _cipher().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text again; cryptography's InvalidToken if none of the keys fits."""
    return _cipher().decrypt(token.encode()).decode()


def encrypt_anew(token: str) -> str:
    """Return the token encrypted with the first of SECOND_FACTOR_KEYS; InvalidToken as above."""
    return _cipher().rotate(token.encode()).decode()
