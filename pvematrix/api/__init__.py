"""The register as data for other people's programs: `/api/v1/`, read-only, described by OpenAPI."""
