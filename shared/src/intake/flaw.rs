//! What can be wrong with a form's definition, in sentences for whoever edits it.

use alloc::string::String;
use core::fmt;

/// A flaw in a definition and where it is: the id of a section, field, option or consent.
#[derive(Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub at: String,
    /// What.
    pub kind: FlawKind,
}

/// What is wrong with a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlawKind {
    /// See the sentence.
    #[error("The form needs at least one language, each named once.")]
    Languages,
    /// See the sentence.
    #[error("There is more here than a form can hold.")]
    TooMany,
    /// See the sentence.
    #[error("There is nothing here to answer.")]
    Nothing,
    /// See the sentence.
    #[error("An id is 1 to 32 small letters, digits and hyphens.")]
    BadId,
    /// See the sentence.
    #[error("Two things here have the same id.")]
    SameId,
    /// See the sentence.
    #[error("Words are missing in the form's first language.")]
    WordsMissing,
    /// See the sentence.
    #[error("These words are too long.")]
    WordsTooLong,
    /// See the sentence.
    #[error("These words contain invisible characters that could mislead a reader.")]
    WordsUnsafe,
    /// See the sentence.
    #[error("A bound here cannot be kept.")]
    Bounds,
    /// See the sentence.
    #[error("A group cannot contain a group, a signature or a consent.")]
    NotInGroup,
    /// See the sentence.
    #[error("Words to read cannot be required.")]
    NothingToRequire,
    /// See the sentence.
    #[error("The reason for asking is not in the form's list.")]
    NoPurpose,
    /// See the sentence.
    #[error("A condition looks at a question that does not come before it.")]
    NotBefore,
    /// See the sentence.
    #[error("A condition can never be met by the question it looks at.")]
    NeverMet,
    /// See the sentence.
    #[error("A condition is too complicated.")]
    Tangled,
    /// See the sentence.
    #[error("The form is too large; please shorten its texts.")]
    TooLarge,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.kind)
    }
}

// The id of a field may tell the area of law, so a log sees only the kind of flaw.
impl fmt::Debug for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flaw({:?})", self.kind)
    }
}

impl core::error::Error for Flaw {}
