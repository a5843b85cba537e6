"""The register of certificates: searching and narrowing it, and one record with its history."""
