-- How surely the firm knows each client, and which submissions were let out of quarantine.

CREATE TABLE client_identity (
    client BYTES PRIMARY KEY,
    matter BYTES NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    finding BIGINT NOT NULL,
    ways BIGINT NOT NULL,
    expires BIGINT
);

CREATE TABLE released (
    submission BYTES PRIMARY KEY,
    leaf BIGINT NOT NULL REFERENCES statement (leaf)
);
