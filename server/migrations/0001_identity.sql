-- The server's own secrets, and counters of tries.
CREATE TABLE server_state (
    name TEXT PRIMARY KEY,
    value BYTES NOT NULL
);
CREATE TABLE counter (
    kind BIGINT NOT NULL,
    subject BYTES NOT NULL,
    hour BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (kind, subject, hour)
);

-- A person of staff: a sign-in name, what OPAQUE keeps, and sealed bytes. Whether the person is
-- admitted is the keyring's word, not this table's.
CREATE TABLE account (
    id BYTES PRIMARY KEY,
    handle TEXT NOT NULL UNIQUE,
    record BYTES NOT NULL,
    secrets BYTES NOT NULL,
    recovery_hash BYTES NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE slot (
    account BYTES NOT NULL REFERENCES account (id),
    id BYTES NOT NULL,
    place BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    sealed BYTES NOT NULL,
    PRIMARY KEY (account, id)
);

-- What an invited person handed in, for whoever admits.
CREATE TABLE enrolled (
    enrolment BYTES PRIMARY KEY,
    account BYTES NOT NULL REFERENCES account (id),
    bundle BYTES NOT NULL,
    mac BYTES NOT NULL,
    name BYTES NOT NULL
);

-- Only hashes of what opens a session; used and expires are instants.
CREATE TABLE session (
    hash BYTES PRIMARY KEY,
    account BYTES REFERENCES account (id),
    kid BYTES,
    used BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE attempt (
    hash BYTES PRIMARY KEY,
    handle TEXT NOT NULL,
    account BYTES,
    state BYTES NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE challenge (
    hash BYTES PRIMARY KEY,
    expires BIGINT NOT NULL
);
