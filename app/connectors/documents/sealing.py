"""The organisation's electronic seal (PAdES) on a PDF, where a certificate is configured."""

from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from app.errors import PermanentFailure

FIELD = "Seal"


@dataclass(frozen=True, slots=True)
class Seal:
    """A PKCS#12 file with the certificate and key, and its password."""

    file: Path
    password: str = field(repr=False)


def seal(pdf: bytes, key: Seal) -> bytes:
    """The document with the seal appended (PAdES B-B). Raises PermanentFailure where the file or password is wrong."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    try:
        content = key.file.read_bytes()
    except OSError as failure:
        raise PermanentFailure(f"the seal's file cannot be read: {failure.strerror}", "no_seal") from None
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=key.password.encode())
    except ValueError:
        message = "the seal's file cannot be opened: SEAL_PASSWORD or SEAL_FILE is wrong"
        raise PermanentFailure(message, "no_seal") from None
    wanted = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    sealed = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), wanted, signer=signer, output=sealed)
    return sealed.getvalue()


def seal_holds(pdf: bytes) -> bool:
    """Whether the document bears a seal and is, byte for byte, what was sealed; who sealed is not judged."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.errors import ValidationInfoReadingError
    from pyhanko_certvalidator import ValidationContext

    try:
        found = PdfFileReader(BytesIO(pdf)).embedded_signatures
        nobody = ValidationContext(trust_roots=[], allow_fetching=False)
        judged = [validate_pdf_signature(one, signer_validation_context=nobody) for one in found]
    except (PdfError, ValidationInfoReadingError, ValueError, TypeError, KeyError):
        return False
    return bool(judged) and all(
        one.intact and one.valid and one.coverage == SignatureCoverageLevel.ENTIRE_FILE for one in judged
    )
