-- Reviews of who can open which matter: one at a time is open.
CREATE TABLE review (
    id BYTES PRIMARY KEY,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    closed BIGINT
);
