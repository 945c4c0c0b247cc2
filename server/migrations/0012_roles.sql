-- What a person is at the firm; NULL where only their keys say it. Until when (the last moment), and the one
-- matter of a third party.
ALTER TABLE signer ADD COLUMN post BIGINT;
ALTER TABLE signer ADD COLUMN until BIGINT;
ALTER TABLE signer ADD COLUMN only_matter BYTES;

-- Conflict walls: whose key, from which matter, and whether one was lifted.
CREATE TABLE wall (
    id BYTES PRIMARY KEY,
    kid BYTES NOT NULL,
    matter BYTES NOT NULL,
    lifted BIGINT NOT NULL
);
CREATE INDEX wall_by_kid ON wall (kid, matter);

-- The post that an invitation of staff offers, with its bounds.
ALTER TABLE enrolment_offer ADD COLUMN post BIGINT;
ALTER TABLE enrolment_offer ADD COLUMN until BIGINT;
ALTER TABLE enrolment_offer ADD COLUMN only_matter BYTES;
