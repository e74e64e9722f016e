"""What a school's policy says and what a message means. Pure after loading; it knows no other package of Signpost."""

import os

# A sentence is a few small sums: a second thread costs more than it saves, and takes the core that somebody else's answer needs.
# It has to be said before numpy is first imported, which is why it stands here and not in the encoder; whoever runs this and
# knows better may say otherwise.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
