-- What identity papers are sealed to, which papers there are, and when each is to be shredded.

CREATE TABLE papers_key (
    matter BYTES NOT NULL,
    epoch BIGINT NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    bundle BYTES NOT NULL,
    PRIMARY KEY (matter, epoch)
);

-- Sealed is 1 where it is sealed to those who verify, 0 where it is a document that a verdict named.
CREATE TABLE paper (
    object BYTES PRIMARY KEY,
    matter BYTES NOT NULL,
    client BYTES NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    sealed BIGINT NOT NULL,
    shred BIGINT
);
CREATE INDEX paper_by_client ON paper (client);

-- Whose bytes are gone. No projection: the server's own word of what it did.
CREATE TABLE shredded (
    object BYTES PRIMARY KEY,
    time BIGINT NOT NULL
);
