//! What can go wrong, named for who can act on it. No variant carries a byte of any secret, and
//! causes that an attacker could tell apart to his profit share one variant.

/// The bytes are not an object of the expected format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// The bytes are longer than this format allows.
    #[error("the object is larger than its format allows")]
    TooLong,
    /// The bytes end early or go on too long.
    #[error("the object has the wrong length")]
    Length,
    /// The magic or a fixed field is not what this format begins with.
    #[error("the object is of another kind")]
    Magic,
    /// A suite or version this build does not know.
    #[error("the object has the unknown version {0}; a newer build may be able to read it")]
    VersionUnknown(u8),
    /// The encoding is not the one canonical encoding.
    #[error("the object is not in canonical form")]
    NotCanonical,
    /// A field has a value outside its range.
    #[error("a field of the object has an impossible value")]
    Value,
}

/// A signed statement was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The statement belongs to another namespace than the one expected here.
    #[error("the statement is of another kind than expected here")]
    WrongNamespace,
    /// The signature does not hold under the signer's key.
    #[error("the signature is not valid")]
    Invalid,
    /// The signature holds, the body is not of the expected shape.
    #[error("the signed body is malformed: {0}")]
    Body(#[from] FormatError),
}

/// A sealed thing did not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is sealed to a key that is not at hand: ask for access.
    #[error("it is sealed to a key that is not on this device")]
    KeyMissing,
    /// It was altered, or the key is the wrong one: stop.
    #[error("it was altered or the key does not fit")]
    Tampered,
    /// It is of a newer kind: update.
    #[error("it has the unknown version {0}; a newer build may be able to read it")]
    VersionUnknown(u8),
    /// It is genuine, and belongs somewhere else.
    #[error("it belongs to another place")]
    WrongPlace,
    /// Its signer is not known, or the signature does not hold.
    #[error("its sender is not known")]
    UntrustedKey,
    /// It is not an object of this format.
    #[error("it is malformed: {0}")]
    Format(FormatError),
}

impl From<FormatError> for OpenError {
    fn from(error: FormatError) -> Self {
        match error {
            FormatError::VersionUnknown(version) => Self::VersionUnknown(version),
            other => Self::Format(other),
        }
    }
}
