//! The kinds of answer a question can take. Numbers of variants and fields are frozen once
//! released: a new kind takes a new number.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::form::Field;
use super::value::Text;

/// What kind of answer a question takes.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
pub enum Kind {
    /// One line of at most so many characters.
    #[n(1)]
    Short(#[n(0)] u16),
    /// Several lines of at most so many characters.
    #[n(2)]
    Long(#[n(0)] u16),
    /// An e-mail address.
    #[n(3)]
    Email,
    /// A telephone number.
    #[n(4)]
    Phone,
    /// A postal address.
    #[n(5)]
    Address,
    /// A number.
    #[n(6)]
    Number(#[n(0)] Number),
    /// An amount of money.
    #[n(7)]
    Money(#[n(0)] Money),
    /// A day.
    #[n(8)]
    Date(#[n(0)] When),
    /// A day, a month or a year, as far as it is remembered.
    #[n(9)]
    ApproxDate(#[n(0)] When),
    /// Yes or no.
    #[n(10)]
    YesNo,
    /// One of some options.
    #[n(11)]
    Choice(#[n(0)] Vec<ChoiceOption>),
    /// Any of some options.
    #[n(12)]
    Choices(#[n(0)] Choices),
    /// A person's name.
    #[n(13)]
    Name,
    /// No question: words to read.
    #[n(14)]
    Statement,
    /// Documents.
    #[n(15)]
    Upload(#[n(0)] Upload),
    /// Questions that repeat: one item for each child, each witness.
    #[n(16)]
    Group(#[n(0)] Group),
    /// A full name typed as a signature, with the day.
    #[n(17)]
    Signature,
    /// A box to tick.
    #[n(18)]
    Consent,
}

/// See [`Kind::Number`].
#[derive(Clone, PartialEq, Eq, Encode, Decode, Default)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Number {
    /// The least allowed, in its smallest step.
    #[n(1)]
    pub min: Option<i64>,
    /// The greatest allowed, in its smallest step.
    #[n(2)]
    pub max: Option<i64>,
    /// Digits after the point: with 1, the answer 75 means 7.5.
    #[cbor(n(3), skip_if = "is_zero")]
    pub decimals: u8,
    /// What is counted: days, per cent.
    #[n(4)]
    pub unit: Option<Text>,
}

/// See [`Kind::Money`].
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Money {
    /// Three capital letters (ISO 4217); none means the currency of where the firm is.
    #[n(1)]
    pub currency: Option<String>,
    /// Digits of its minor unit: 2 for cents.
    #[n(2)]
    pub digits: u8,
}

/// Where a day may lie, seen from the day of answering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum When {
    /// Anywhere.
    #[n(0)]
    Any,
    /// Today or before: a birth, an accident.
    #[n(1)]
    Past,
    /// Today or later: a hearing.
    #[n(2)]
    Future,
}

/// One option of a choice.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
pub struct ChoiceOption {
    /// Its id, unique among the options.
    #[n(0)]
    pub id: String,
    /// Its words.
    #[n(1)]
    pub label: Text,
}

/// See [`Kind::Choices`].
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Choices {
    /// The options.
    #[n(1)]
    pub options: Vec<ChoiceOption>,
    /// How many at least, once any is chosen.
    #[n(2)]
    pub min: Option<u8>,
    /// How many at most.
    #[n(3)]
    pub max: Option<u8>,
}

/// See [`Kind::Upload`].
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Upload {
    /// Whether more than one may be handed in.
    #[cbor(n(1), skip_if = "is_false")]
    pub several: bool,
    /// What the picker suggests; empty for anything. Advice: no file is refused for its kind.
    #[cbor(n(2), skip_if = "Vec::is_empty")]
    pub accepts: Vec<FileKind>,
    /// How to do it well.
    #[n(3)]
    pub hint: Option<Text>,
    /// Whether it is for identity papers, which are sealed to those of the firm who verify.
    #[cbor(n(4), skip_if = "is_false")]
    pub identity: bool,
}

/// Kinds of files, as people speak of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum FileKind {
    /// Photos and scans.
    #[n(1)]
    Photo,
    /// PDF.
    #[n(2)]
    Pdf,
    /// Text documents.
    #[n(3)]
    Document,
    /// Spreadsheets.
    #[n(4)]
    Sheet,
    /// Sound.
    #[n(5)]
    Audio,
    /// Film.
    #[n(6)]
    Video,
}

/// See [`Kind::Group`].
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct Group {
    /// What one item is called: "Child".
    #[n(1)]
    pub item: Text,
    /// How many at least, once the group is shown; 0 for none.
    #[cbor(n(2), skip_if = "is_zero")]
    pub min: u8,
    /// How many at most.
    #[n(3)]
    pub max: u8,
    /// The questions of each item.
    #[n(4)]
    pub fields: Vec<Field>,
}

impl FileKind {
    /// What a file input's `accept` says for it.
    #[must_use]
    pub const fn accept(self) -> &'static str {
        match self {
            Self::Photo => "image/*",
            Self::Pdf => "application/pdf",
            Self::Document => ".doc,.docx,.odt,.rtf,.txt",
            Self::Sheet => ".xls,.xlsx,.ods,.csv",
            Self::Audio => "audio/*",
            Self::Video => "video/*",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the derive passes a reference")]
pub(super) fn is_false(value: &bool) -> bool {
    !*value
}
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the derive passes a reference")]
pub(super) fn is_zero(value: &u8) -> bool {
    *value == 0
}
