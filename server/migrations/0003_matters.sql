-- Who sits at which matter, which keys it has, and how far its invitations and submissions are.

CREATE TABLE matter (
    id BYTES PRIMARY KEY,
    creator BYTES NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE epoch (
    matter BYTES NOT NULL REFERENCES matter (id),
    number BIGINT NOT NULL,
    kid BYTES NOT NULL,
    PRIMARY KEY (matter, number)
);

CREATE TABLE seat (
    kid BYTES NOT NULL,
    matter BYTES NOT NULL REFERENCES matter (id),
    PRIMARY KEY (kid, matter)
);

CREATE TABLE invite (
    id BYTES PRIMARY KEY,
    matter BYTES NOT NULL REFERENCES matter (id),
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    auth_hash BYTES NOT NULL,
    blob_hash BYTES NOT NULL,
    expires BIGINT NOT NULL,
    used_by BYTES
);

CREATE TABLE submission (
    id BYTES PRIMARY KEY,
    matter BYTES NOT NULL REFERENCES matter (id),
    client BYTES NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    decision BIGINT
);
