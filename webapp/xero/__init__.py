"""A client of the Xero API. It knows no framework, no database and no business of ours."""
