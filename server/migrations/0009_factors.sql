-- Ways in besides the passphrase. State is what WebAuthn's check needs of a passkey: its public key,
-- its counter. The slot is the one that its PRF opens; none for one that only proves.
CREATE TABLE passkey (
    id BYTES PRIMARY KEY,
    account BYTES NOT NULL REFERENCES account (id),
    slot BYTES,
    state BYTES NOT NULL,
    device TEXT NOT NULL,
    added BIGINT NOT NULL,
    used BIGINT NOT NULL
);
CREATE INDEX passkey_of_account ON passkey (account);
-- An authenticator app: from the nonce and a secret of the server's the shared secret is made. Step is
-- the newest that was used; none at or before it is taken again.
CREATE TABLE authenticator (
    account BYTES PRIMARY KEY REFERENCES account (id),
    nonce BYTES NOT NULL,
    step BIGINT NOT NULL,
    added BIGINT NOT NULL
);
-- Something for a passkey to sign, until when. Only a hash of what names it.
CREATE TABLE ceremony (
    hash BYTES PRIMARY KEY,
    kind BIGINT NOT NULL,
    account BYTES,
    state BYTES NOT NULL,
    expires BIGINT NOT NULL
);

-- A session is named to its owner, with the browser's two words for itself and the neighbourhood of
-- its last use. Stepped is when a factor was last shown. Whoever was signed in signs in again.
DROP TABLE session;
CREATE TABLE session (
    hash BYTES PRIMARY KEY,
    id BYTES NOT NULL UNIQUE,
    account BYTES REFERENCES account (id),
    kid BYTES,
    device TEXT NOT NULL,
    network TEXT NOT NULL,
    opened BIGINT NOT NULL,
    stepped BIGINT NOT NULL,
    used BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE INDEX session_of_account ON session (account);
