-- How long staff stay signed in, as the firm said last; what each matter needs to know of its clients, as its
-- act has it.

CREATE TABLE session_rules (
    id BIGINT PRIMARY KEY,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    idle_minutes BIGINT NOT NULL,
    absolute_hours BIGINT NOT NULL
);

CREATE TABLE matter_need (
    matter BYTES PRIMARY KEY,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    need BYTES NOT NULL
);
