//! Why the program stops: one clear sentence, and an exit code that a script can tell apart.

use std::fmt;

/// A refusal. `Display` gives the sentence.
#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The export does not verify: it was changed, or is not one. Exit code 1.
    Broken(String),
    /// It could not be tried: wrong passphrase, no such file, no room. Exit code 2.
    Cannot(String),
}

impl Refusal {
    /// A [`Refusal::Broken`] with its sentence.
    pub fn broken(sentence: impl Into<String>) -> Self {
        Self::Broken(sentence.into())
    }

    /// A [`Refusal::Cannot`] with its sentence.
    pub fn cannot(sentence: impl Into<String>) -> Self {
        Self::Cannot(sentence.into())
    }

    /// The exit code.
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self {
            Self::Broken(_) => 1,
            Self::Cannot(_) => 2,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(sentence) | Self::Cannot(sentence) => f.write_str(sentence),
        }
    }
}

impl std::error::Error for Refusal {}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::Cannot(format!("The file cannot be read or written: {error}."))
    }
}
