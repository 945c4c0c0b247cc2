-- The journal: statements as they came, the tree over them, and what they say about the firm.

CREATE TABLE stream (
    name TEXT PRIMARY KEY,
    next BIGINT NOT NULL,
    last BYTES NOT NULL,
    changed BIGINT NOT NULL
);

CREATE TABLE statement (
    leaf BIGINT PRIMARY KEY,
    stream TEXT NOT NULL,
    seq BIGINT NOT NULL,
    digest BYTES NOT NULL UNIQUE,
    body BYTES NOT NULL,
    blind BYTES NOT NULL,
    arrived BIGINT NOT NULL,
    receipt BYTES NOT NULL,
    UNIQUE (stream, seq)
);

-- Sealed bytes that a statement names by hash.
CREATE TABLE attachment (
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    hash BYTES NOT NULL,
    body BYTES NOT NULL,
    PRIMARY KEY (leaf, hash)
);

-- Roots of complete subtrees: node (level, idx) covers 2^level leaves from idx * 2^level on.
CREATE TABLE node (
    level BIGINT NOT NULL,
    idx BIGINT NOT NULL,
    hash BYTES NOT NULL,
    PRIMARY KEY (level, idx)
);

-- One row, from the root statement.
CREATE TABLE firm (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    fingerprint BYTES NOT NULL,
    root_key BYTES NOT NULL,
    office BYTES NOT NULL,
    recovery BYTES
);

-- Every key that may sign: kind 1 staff, 2 client. A client belongs to one matter and came by one
-- invitation; its level is how surely staff knows it, NULL before acceptance.
CREATE TABLE signer (
    kid BYTES PRIMARY KEY,
    kind BIGINT NOT NULL,
    verify_key BYTES NOT NULL,
    caps BIGINT NOT NULL,
    can_open BIGINT NOT NULL,
    account BYTES UNIQUE,
    matter BYTES,
    invite BYTES,
    level BIGINT
);

-- Invitations of staff, from the keyring.
CREATE TABLE enrolment_offer (
    id BYTES PRIMARY KEY,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    auth_hash BYTES NOT NULL,
    blob_hash BYTES NOT NULL,
    expires BIGINT NOT NULL,
    role BIGINT NOT NULL,
    caps BIGINT NOT NULL,
    admitted BYTES
);

-- Versions of forms; the definitions are sealed attachments.
CREATE TABLE form (
    id BYTES NOT NULL,
    version BIGINT NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    PRIMARY KEY (id, version)
);
