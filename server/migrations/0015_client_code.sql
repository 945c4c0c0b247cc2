-- One-time codes: the newest that each client was asked for, what came back, and how the mail fares that
-- brings one. No address is here, nor a code.

CREATE TABLE code_asked (
    client BYTES PRIMARY KEY,
    matter BYTES NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    record BYTES NOT NULL,
    channel BIGINT NOT NULL,
    ends BIGINT NOT NULL
);

CREATE TABLE code_answer (
    object BYTES PRIMARY KEY,
    client BYTES NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    time BIGINT NOT NULL
);

CREATE INDEX code_answer_client ON code_answer (client);

CREATE TABLE code_mail (
    record BYTES PRIMARY KEY,
    ends BIGINT NOT NULL,
    state BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    heard BIGINT NOT NULL,
    next BIGINT NOT NULL
);
