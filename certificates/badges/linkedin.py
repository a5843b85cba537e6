"""The address that opens LinkedIn's "add licence or certification" form with everything filled in."""

from urllib.parse import urlencode

from certificates.badges.credentials import TITLES
from certificates.content import CertificateContent

_FORM = "https://www.linkedin.com/profile/add"


def linkedin_url(
    content: CertificateContent, *, organization_name: str = "", organization_id: int | None = None
) -> str:
    """Return the address for a certificate; the verify page is its credential URL.

    The organisation is its LinkedIn number, or its name where there is none. Raises ValueError without both.
    """
    if organization_id is None and not organization_name:
        raise ValueError("LinkedIn needs the organisation's number or its name.")
    fields = {
        "startTask": "CERTIFICATION_NAME",
        "name": f"{TITLES[content.kind]}: {content.achievement}",
        **(
            {"organizationId": organization_id}
            if organization_id
            else {"organizationName": organization_name}
        ),
        "issueYear": content.issued_on.year,
        "issueMonth": content.issued_on.month,
    }
    if content.valid_until:
        fields |= {"expirationYear": content.valid_until.year, "expirationMonth": content.valid_until.month}
    return f"{_FORM}?{urlencode(fields | {'certUrl': content.verify_url, 'certId': content.number})}"
