"""What a school's policy says and what a message means. Pure after loading; it knows no other package of Signpost."""
