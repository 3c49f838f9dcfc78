"""A person with all that one can sign in with: a password, an app's codes, codes to keep, a passkey."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.support.organisation import Organisation

PASSWORD = "molen wind kaas 42"


def secure(organisation: Organisation, person: str = "anna") -> tuple[str, str]:
    """Give a person all of it: their e-mail address, and the passkey's id. Nobody holds the passkey's other half."""
    user = organisation.user(person)
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.save()
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)
        kind = Authenticator.Type.WEBAUTHN
        Authenticator.objects.create(user=user, type=kind, data={"name": "Laptop", "credential": _registered()})
    passkey = Authenticator.objects.get(user=user, type=Authenticator.Type.WEBAUTHN)
    return user.email, str(passkey.pk)


def _registered() -> dict[str, Any]:
    """What a device answers when a passkey is made."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(bytes(16), b"a passkey's name", key)
    flags = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.ATTESTED
    known = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 0, credential)
    client = CollectedClientData.create(CollectedClientData.TYPE.CREATE, bytes(32), "http://localhost")
    name = websafe_encode(credential.credential_id)
    return {
        "id": name, "rawId": name, "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", known, {})),
        },
    }  # fmt: skip
