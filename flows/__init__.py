"""The guided reports and what becomes of them. Pure: no clock, no input or output, no other package of Signpost."""
