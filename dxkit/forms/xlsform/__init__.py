"""A record form on the phones of a field team: out as an XLSForm, back from ODK or KoboToolbox."""
