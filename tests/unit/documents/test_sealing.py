"""The organisation's seal: PAdES, told by another program, and broken by the smallest change."""

import io
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.connectors import documents
from app.errors import PermanentFailure
from tests.unit.documents import paper

pytestmark = pytest.mark.skipif(documents.available() is not None, reason="PDF cannot be made: Pango is missing")
PASSWORD = "secret of the seal"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PKCS#12 that signs itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "COOMET Secretariat")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("seal") / "seal.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"seal", key, made, None, BestAvailableEncryption(PASSWORD.encode()))
    )
    return path


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return documents.render("<h1>Лист</h1>", language="ru", title="Лист", assets={})


def signature(pdf: bytes, folder: Path) -> str:
    path = folder / "sealed.pdf"
    path.write_bytes(pdf)
    told = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
    return told.stdout


def test_a_sealed_document_is_valid_and_still_tagged(certificate: Path, pdf: bytes, tmp_path: Path) -> None:
    sealed = documents.seal(pdf, documents.Seal(certificate, PASSWORD))
    told = signature(sealed, tmp_path)
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "COOMET Secretariat" in told
    assert sealed.startswith(pdf)
    assert paper.text(sealed) == "Лист"
    assert "H1" in paper.tags(sealed)


def test_a_changed_byte_breaks_the_seal(certificate: Path, pdf: bytes, tmp_path: Path) -> None:
    sealed = bytearray(documents.seal(pdf, documents.Seal(certificate, PASSWORD)))
    at = sealed.find(b"/MediaBox")
    sealed[at + 1 : at + 9] = b"mediaBox"
    assert "Signature is Valid" not in signature(bytes(sealed), tmp_path)


def test_s57_the_program_itself_tells_a_seal_that_holds_from_one_that_does_not(certificate: Path, pdf: bytes) -> None:
    """A changed byte, something added after the seal, no seal at all, no document: none of them holds."""
    sealed = documents.seal(pdf, documents.Seal(certificate, PASSWORD))
    changed = sealed.replace(b"/MediaBox", b"/mediaBox", 1)
    writer = pypdf.PdfWriter(io.BytesIO(sealed), incremental=True)
    writer.add_metadata({"/Author": "Somebody else"})
    added = io.BytesIO()
    writer.write(added)
    assert documents.seal_holds(sealed)
    assert not documents.seal_holds(changed)
    assert added.getvalue().startswith(sealed)
    assert not documents.seal_holds(added.getvalue())
    assert not documents.seal_holds(pdf)
    assert not documents.seal_holds(b"no document")


@pytest.mark.parametrize("how", ["password", "file", "content"])
def test_a_seal_that_does_not_fit_is_told_without_its_password(
    certificate: Path, pdf: bytes, tmp_path: Path, how: str
) -> None:
    (tmp_path / "broken.p12").write_bytes(b"no certificate")
    wrong = {
        "password": documents.Seal(certificate, "wrong"),
        "file": documents.Seal(tmp_path / "none.p12", PASSWORD),
        "content": documents.Seal(tmp_path / "broken.p12", PASSWORD),
    }[how]
    with pytest.raises(PermanentFailure, match="seal") as refused:
        documents.seal(pdf, wrong)
    assert refused.value.code == "no_seal"
    assert PASSWORD not in str(refused.value)
    assert PASSWORD not in repr(wrong)
