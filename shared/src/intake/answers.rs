//! What a person answers: an ordered map from the ids of fields to answers. No `Debug` and no
//! `Serialize`, and the words are overwritten when the map goes.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use minicbor::decode::Error as Bad;
use minicbor::encode::{Error as Full, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use zeroize::Zeroize;

use super::codec::{Unreadable, pack, unpack};
use super::value::{ApproxDate, Date};
use crate::ids::ObjectId;

/// No set of answers is longer than this when encoded.
pub const ANSWERS_BYTES: usize = 1024 * 1024;

/// Answers by the id of their field, ordered as deterministic CBOR orders its keys (shorter ids
/// first, then by their letters).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct AnswersV1(Vec<Entry>);

#[derive(Clone, PartialEq, Eq)]
struct Entry {
    id: String,
    answer: Answer,
}

/// One answer. Numbers are frozen: a new kind of answer takes a new one.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize)]
pub enum Answer {
    /// Short and long text, e-mail, phone.
    #[n(1)]
    Text(#[n(0)] String),
    /// A number, as an integer of its smallest step (see [`super::kind::Number::decimals`]).
    #[n(2)]
    Number(#[n(0)] i64),
    /// An amount in minor units: cents.
    #[n(3)]
    Money(#[n(0)] i64),
    /// A day.
    #[n(4)]
    Date(#[n(0)] Date),
    /// A day, a month or a year.
    #[n(5)]
    ApproxDate(#[n(0)] ApproxDate),
    /// Yes or no.
    #[n(6)]
    YesNo(#[n(0)] bool),
    /// The id of the one option chosen.
    #[n(7)]
    Choice(#[n(0)] String),
    /// The ids of the options chosen.
    #[n(8)]
    Choices(#[n(0)] Vec<String>),
    /// A person's name.
    #[n(9)]
    Name(#[n(0)] PersonName),
    /// A postal address.
    #[n(10)]
    Address(#[n(0)] Address),
    /// The items of a repeating group, each with answers to the group's fields.
    #[n(11)]
    Items(#[n(0)] Vec<AnswersV1>),
    /// Documents handed in.
    #[n(12)]
    Files(#[n(0)] Vec<FileRef>),
    /// A typed signature.
    #[n(13)]
    Signature(#[n(0)] Signature),
    /// A box ticked, or not.
    #[n(14)]
    Consent(#[n(0)] bool),
}

/// A person's name in its parts; at least one of given and family name.
#[derive(Clone, PartialEq, Eq, Default, Encode, Decode, Zeroize)]
#[cbor(map)]
pub struct PersonName {
    /// Given name.
    #[cbor(n(1), skip_if = "String::is_empty")]
    pub given: String,
    /// Middle names.
    #[cbor(n(2), skip_if = "String::is_empty")]
    pub middle: String,
    /// Family name, or names.
    #[cbor(n(3), skip_if = "String::is_empty")]
    pub family: String,
    /// Suffix.
    #[cbor(n(4), skip_if = "String::is_empty")]
    pub suffix: String,
}

impl PersonName {
    /// The parts, in order.
    #[must_use]
    pub fn parts(&self) -> [&str; 4] {
        [&self.given, &self.middle, &self.family, &self.suffix]
    }
    /// The name on one line.
    #[must_use]
    pub fn line(&self) -> String {
        joined(&self.parts(), " ")
    }
}

/// A postal address in its lines.
#[derive(Clone, PartialEq, Eq, Default, Encode, Decode, Zeroize)]
#[cbor(map)]
pub struct Address {
    /// Street and number, flat, post box; may have two lines.
    #[cbor(n(1), skip_if = "String::is_empty")]
    pub street: String,
    /// City or town.
    #[cbor(n(2), skip_if = "String::is_empty")]
    pub city: String,
    /// State, province, county.
    #[cbor(n(3), skip_if = "String::is_empty")]
    pub region: String,
    /// Postal code.
    #[cbor(n(4), skip_if = "String::is_empty")]
    pub postal_code: String,
    /// Country.
    #[cbor(n(5), skip_if = "String::is_empty")]
    pub country: String,
}

impl Address {
    /// The parts, in order.
    #[must_use]
    pub fn parts(&self) -> [&str; 5] {
        [&self.street, &self.city, &self.region, &self.postal_code, &self.country]
    }
    /// The address on one line.
    #[must_use]
    pub fn line(&self) -> String {
        joined(&self.parts(), ", ")
    }
}

fn joined(parts: &[&str], between: &str) -> String {
    let said: Vec<&str> = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
    said.join(between)
}

/// A document that belongs to an answer.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize)]
#[cbor(map)]
pub struct FileRef {
    /// The sealed object.
    #[n(1)]
    #[zeroize(skip)]
    pub object: ObjectId,
    /// Its name on the person's device.
    #[n(2)]
    pub name: String,
    /// Its size in bytes before sealing.
    #[n(3)]
    pub size: u64,
}

/// A full name typed as a signature, with the day.
#[derive(Clone, PartialEq, Eq, Encode, Decode, Zeroize)]
#[cbor(map)]
pub struct Signature {
    /// The full name as typed.
    #[n(1)]
    pub name: String,
    /// The day, where the person is.
    #[n(2)]
    pub date: Date,
}

impl Answer {
    /// Whether it says nothing yet: blank text, no option, no item, no file, a box not ticked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let blank = |parts: &[&str]| parts.iter().all(|p| p.trim().is_empty());
        match self {
            Self::Text(t) | Self::Choice(t) => blank(&[t]),
            Self::Choices(chosen) => chosen.is_empty(),
            Self::Name(name) => blank(&name.parts()),
            Self::Address(address) => blank(&address.parts()),
            Self::Items(items) => items.is_empty(),
            Self::Files(files) => files.is_empty(),
            Self::Signature(signature) => blank(&[&signature.name]),
            Self::Consent(ticked) => !ticked,
            Self::Number(_)
            | Self::Money(_)
            | Self::Date(_)
            | Self::ApproxDate(_)
            | Self::YesNo(_) => false,
        }
    }
}

impl AnswersV1 {
    /// No answers yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    fn find(&self, id: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|entry| (entry.id.len(), entry.id.as_str()).cmp(&(id.len(), id)))
    }

    /// The answer to a field.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Answer> {
        self.find(id).ok().and_then(|at| self.0.get(at)).map(|entry| &entry.answer)
    }

    /// The answer to a field, to be edited in place.
    pub fn get_mut(&mut self, id: &str) -> Option<&mut Answer> {
        let at = self.find(id).ok()?;
        self.0.get_mut(at).map(|entry| &mut entry.answer)
    }

    /// Sets the answer to a field; the words it replaces are overwritten.
    pub fn set(&mut self, id: &str, answer: Answer) {
        match self.find(id) {
            Ok(at) => {
                if let Some(entry) = self.0.get_mut(at) {
                    entry.answer.zeroize();
                    entry.answer = answer;
                }
            }
            Err(at) => self.0.insert(at, Entry { id: id.to_string(), answer }),
        }
    }

    /// Takes an answer back.
    pub fn remove(&mut self, id: &str) {
        if let Ok(at) = self.find(id) {
            self.0.remove(at).answer.zeroize();
        }
    }

    /// Each field's id with its answer, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|entry| (entry.id.as_str(), &entry.answer))
    }

    /// How many fields have an entry.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no field has an entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The items of a repeating group; none when nothing was added.
    #[must_use]
    pub fn items(&self, group: &str) -> &[Self] {
        match self.get(group) {
            Some(Answer::Items(items)) => items,
            _ => &[],
        }
    }

    /// Every document that the answers refer to, those inside groups too.
    #[must_use]
    pub fn files(&self) -> Vec<&FileRef> {
        let mut all = Vec::new();
        for (_, answer) in self.iter() {
            match answer {
                Answer::Files(files) => all.extend(files),
                Answer::Items(items) => items.iter().for_each(|item| all.extend(item.files())),
                _ => {}
            }
        }
        all
    }

    /// The one encoding.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        pack(self)
    }

    /// From the one encoding.
    ///
    /// # Errors
    /// When the bytes are too many, damaged or not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        unpack(bytes, ANSWERS_BYTES)
    }
}

impl Zeroize for AnswersV1 {
    fn zeroize(&mut self) {
        for entry in &mut self.0 {
            entry.id.zeroize();
            entry.answer.zeroize();
        }
        self.0.clear();
    }
}

impl Drop for AnswersV1 {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl<C> Encode<C> for AnswersV1 {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, ctx: &mut C) -> Result<(), Full<W::Error>> {
        e.map(self.0.len() as u64)?;
        for entry in &self.0 {
            e.str(&entry.id)?;
            entry.answer.encode(e, ctx)?;
        }
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for AnswersV1 {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, Bad> {
        let count = d.map()?.ok_or_else(|| Bad::message("a map of known length"))?;
        let mut answers = Self::new();
        for _ in 0..count {
            let id = d.str()?;
            // Order is part of the format: out of order, or twice, would be a second encoding.
            if answers.find(id) != Err(answers.0.len()) {
                return Err(Bad::message("fields out of order"));
            }
            let answer = Answer::decode(d, ctx)?;
            answers.0.push(Entry { id: id.to_string(), answer });
        }
        Ok(answers)
    }
}
