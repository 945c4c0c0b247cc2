//! What a matter is called, as only those with a seat may read it.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use crate::journal::verdict::{Need, Ways};

/// A matter's description.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DescriptionV1 {
    /// The client, as the firm calls them.
    #[n(1)]
    pub client: String,
    /// What it is about, in a few words.
    #[n(2)]
    pub title: String,
    /// Practice area.
    #[n(3)]
    pub practice: String,
    /// Marks every view and print.
    #[n(4)]
    pub label: Label,
}

/// How the firm marks a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Label {
    /// The default: any client information is confidential.
    #[n(1)]
    Confidential,
    /// Confidential, and privileged.
    #[n(2)]
    Privileged,
    /// Never shared with a client.
    #[n(3)]
    Internal,
}

/// The firm's kinds of matter, as those in its own room may read them.
#[derive(Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct KindsV1 {
    /// In the order in which they are offered.
    #[n(1)]
    pub kinds: Vec<KindV1>,
}

/// A kind of matter: how surely the firm wants to know its clients.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct KindV1 {
    /// Its name: a matter's practice ([`DescriptionV1::practice`]) says of which kind it is.
    #[n(1)]
    pub name: String,
    /// What a matter of this kind needs from its beginning, and after how many days again.
    #[n(2)]
    pub need: Need,
    /// The papers that count.
    #[n(3)]
    pub papers: Papers,
    /// What its clients are asked, so that the firm knows them by the answers.
    #[n(4)]
    pub questions: Vec<QuestionV1>,
}

/// One of the firm's questions.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(test, derive(Debug))]
#[cbor(map)]
pub struct QuestionV1 {
    /// Made up at random: the answer stands in the client's form under it.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub id: [u8; 4],
    /// The question.
    #[n(2)]
    pub text: String,
    /// Whether the answer is a day.
    #[n(3)]
    pub day: bool,
}

/// What the firm expects a client of a matter to answer, as those with a seat may read it.
#[derive(Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct ExpectedV1 {
    /// Each answer under its question's id.
    #[n(1)]
    pub answers: Vec<ExpectedAnswerV1>,
}

/// See [`ExpectedV1`].
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ExpectedAnswerV1 {
    /// The question ([`QuestionV1::id`]).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub id: [u8; 4],
    /// What is expected.
    #[n(2)]
    pub text: String,
}

impl ExpectedV1 {
    /// Most letters of an answer.
    pub const LETTERS: usize = 200;
}

/// Identity papers, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Papers(#[n(0)] pub u8);

impl Papers {
    /// A passport.
    pub const PASSPORT: Self = Self(1);
    /// An identity card.
    pub const CARD: Self = Self(2);
    /// A driving licence.
    pub const LICENCE: Self = Self(4);
    /// A residence permit.
    pub const PERMIT: Self = Self(8);
    /// All of them.
    pub const ALL: Self = Self(15);
    /// Each alone.
    pub const EACH: [Self; 4] = [Self::PASSPORT, Self::CARD, Self::LICENCE, Self::PERMIT];

    /// Whether all of these are among them.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of these is among them.
    #[must_use]
    pub const fn has_any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What a paper may be whose machine-readable zone begins with this letter.
    #[must_use]
    pub const fn of_zone(letter: u8) -> Self {
        match letter {
            b'P' => Self::PASSPORT,
            b'A' | b'C' | b'I' => Self(Self::CARD.0 | Self::PERMIT.0),
            b'D' => Self::LICENCE,
            b'R' => Self::PERMIT,
            _ => Self(0),
        }
    }
}

impl KindsV1 {
    /// Most kinds.
    pub const MOST: usize = 24;

    /// Whether they are ones that a firm can work by: named apart, and each can be met.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let apart = self.kinds.iter().enumerate().all(|(at, kind)| {
            let before = self.kinds.iter().take(at);
            before.into_iter().all(|other| other.name.to_lowercase() != kind.name.to_lowercase())
        });
        apart && self.kinds.len() <= Self::MOST && self.kinds.iter().all(KindV1::is_sound)
    }

    /// The kind of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&KindV1> {
        self.kinds.iter().find(|kind| kind.name == name)
    }
}

impl KindV1 {
    /// Most questions.
    pub const MOST_QUESTIONS: usize = 8;
    /// Most letters of a name.
    pub const NAME: usize = 60;

    /// Whether a client can meet what it needs by what it offers.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let name = self.name.trim();
        let named = name == self.name && (1..=Self::NAME).contains(&name.chars().count());
        let asks = |way: Ways| self.need.enough.iter().any(|ways| ways.contains(way));
        let apart = self.questions.iter().enumerate().all(|(at, question)| {
            self.questions.iter().take(at).all(|other| other.id != question.id)
        });
        named
            && self.need.is_sound()
            && Papers::ALL.contains(self.papers)
            && (self.papers.0 != 0 || !asks(Ways::PAPER))
            && (!self.questions.is_empty() || !asks(Ways::QUESTIONS))
            && self.questions.len() <= Self::MOST_QUESTIONS
            && apart
            && self.questions.iter().all(QuestionV1::is_sound)
    }
}

impl QuestionV1 {
    /// Most letters.
    pub const LETTERS: usize = 200;

    fn is_sound(&self) -> bool {
        let text = self.text.trim();
        text == self.text && (1..=Self::LETTERS).contains(&text.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, enough: &[Ways]) -> KindV1 {
        let need = Need { enough: enough.to_vec(), again: None };
        KindV1 { name: name.into(), need, papers: Papers::PASSPORT, questions: Vec::new() }
    }

    fn asking(text: &str) -> QuestionV1 {
        QuestionV1 { id: [1; 4], text: text.into(), day: false }
    }

    #[test]
    fn a_kind_asks_only_for_what_it_offers() {
        assert!(kind("Family", &[Ways::PAPER]).is_sound());
        assert!(!KindV1 { papers: Papers(0), ..kind("Family", &[Ways::PAPER]) }.is_sound());
        assert!(!KindV1 { papers: Papers(16), ..kind("Family", &[]) }.is_sound());
        assert!(!kind("Family", &[Ways::QUESTIONS]).is_sound());
        let questions = alloc::vec![asking("Where did we meet?")];
        assert!(KindV1 { questions, ..kind("Family", &[Ways::QUESTIONS]) }.is_sound());
        let twice = alloc::vec![asking("Where?"), asking("When?")];
        assert!(!KindV1 { questions: twice, ..kind("Family", &[]) }.is_sound());
        for name in ["", " Family", &"x".repeat(61)] {
            assert!(!kind(name, &[]).is_sound(), "{name}");
        }
        assert!(!kind("Family", &[Ways::NONE]).is_sound());
    }

    #[test]
    fn kinds_are_named_apart() {
        let kinds =
            |names: &[&str]| KindsV1 { kinds: names.iter().map(|name| kind(name, &[])).collect() };
        assert!(kinds(&["Family", "Injury"]).is_sound());
        assert!(!kinds(&["Family", "family"]).is_sound());
        assert!(kinds(&[]).is_sound());
        assert!(kinds(&["Family"]).named("Family").is_some());
    }
}
