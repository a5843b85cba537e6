"""The next edition of a certificate: corrected, or issued anew after a mistaken revocation."""
