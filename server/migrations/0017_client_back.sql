-- Ways by which clients come back: a passkey's public half for a client's key, what its PRF opens, and what the
-- client's key said of both. One a key.
CREATE TABLE way_back (
    client BYTES PRIMARY KEY,
    matter BYTES NOT NULL,
    id BYTES NOT NULL UNIQUE,
    credential BYTES NOT NULL UNIQUE,
    state BYTES NOT NULL,
    slot BYTES NOT NULL,
    record BYTES NOT NULL,
    said BYTES NOT NULL,
    number BIGINT NOT NULL
);
