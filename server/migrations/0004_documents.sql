-- Uploads under way, objects that are filed, and the stored parts of both.

CREATE TABLE upload (
    object BYTES PRIMARY KEY,
    matter BYTES NOT NULL,
    signer BYTES NOT NULL,
    sealed_len BIGINT NOT NULL,
    begun BIGINT NOT NULL
);
CREATE INDEX upload_by_signer ON upload (signer);

-- A row here is what makes a stored blob count. Parts keep their rows when the upload is filed.
CREATE TABLE part (
    object BYTES NOT NULL,
    idx BIGINT NOT NULL,
    len BIGINT NOT NULL,
    sha256 BYTES NOT NULL,
    root BYTES NOT NULL,
    blob TEXT NOT NULL UNIQUE,
    PRIMARY KEY (object, idx)
);

CREATE TABLE object (
    id BYTES PRIMARY KEY,
    matter BYTES NOT NULL REFERENCES matter (id),
    sender BYTES NOT NULL,
    leaf BIGINT NOT NULL REFERENCES statement (leaf),
    sealed_len BIGINT NOT NULL,
    ct_root BYTES NOT NULL
);
