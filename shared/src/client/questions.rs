//! Knowing a client by answers: what the firm expects is sealed in the matter, the client's answers are sealed
//! like all of theirs, and a person looks at both. No server ever has anything to compare.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::Portal;
use super::error::ClientError;
use super::host::Host;
use super::record;
use super::ring::{Keys, Ring};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::Namespace;
use crate::identity::alike::{self, Likeness};
use crate::ids::{MatterId, RecordId, SubmissionId};
use crate::intake::answers::Answer;
use crate::intake::questions::question_of;
use crate::intake::value::Language;
use crate::journal::statement::{MatterAct, Verb};
use crate::journal::stream::StreamId;
use crate::matters::plain::{ExpectedV1, KindV1};

/// One of the firm's questions, with what the client said and what the firm expects.
pub struct Asked {
    /// Which.
    pub id: [u8; 4],
    /// As the client read it.
    pub question: String,
    /// What the client answered.
    pub answer: Option<String>,
    /// What the firm expects, where somebody noted it.
    pub expected: Option<String>,
    /// How the two compare: a proposal, which a person decides about.
    pub like: Option<Likeness>,
}

impl<H: Host> Portal<H> {
    /// Notes what the firm expects a client of this matter to answer, in place of what was noted before.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] for too many, or too long ones; when locked, or refused.
    pub async fn expect_answers(
        &self,
        ring: &Ring,
        matter: MatterId,
        expected: &ExpectedV1,
    ) -> Result<(), ClientError> {
        let long =
            |text: &String| text.trim().is_empty() || text.chars().count() > ExpectedV1::LETTERS;
        let many = expected.answers.len() > KindV1::MOST_QUESTIONS;
        if many || expected.answers.iter().any(|one| long(&one.text)) {
            return Err(ClientError::Unfit);
        }
        let stream = StreamId::Matter(matter);
        self.append(ring, &[stream], |keys, pen| {
            let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
            let (epoch, _) = room.epoch().ok_or(ClientError::Missing)?;
            let (firm, kind) = (keys.firm(), RecordKind::Expected);
            let key = keys.matter_key(matter, epoch)?;
            let id = RecordId::random();
            let (at, bytes) = record::seal(expected, kind, firm, matter, (epoch, key), id)?;
            pen.attach(bytes);
            let (act, key) = (MatterAct::Described(at), &keys.identity.signing);
            pen.write(Namespace::Matter, stream, act, key, keys.kid).map(drop)
        })
        .await?;
        self.sync_rooms(ring, &[matter]).await
    }

    /// What the firm expects a client of this matter to answer; nothing where nobody noted anything.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::NotVerified`] when what was noted does not open.
    pub async fn expected_answers(
        &self,
        ring: &Ring,
        matter: MatterId,
    ) -> Result<ExpectedV1, ClientError> {
        self.sync_rooms(ring, &[matter]).await?;
        ring.with_mut(|keys| expected(keys, matter))?
    }

    /// The firm's questions in a submission, with what the firm expects. They are read also where the rest of
    /// the answers waits: nothing else of them is given.
    ///
    /// # Errors
    /// As [`Portal::open_answers`], and of what is expected as [`Portal::expected_answers`].
    pub async fn asked(
        &self,
        ring: &Ring,
        matter: MatterId,
        submission: SubmissionId,
    ) -> Result<Vec<Asked>, ClientError> {
        let expected = self.expected_answers(ring, matter).await?;
        let (form, filled, object) = self.read_submission(ring, matter, submission).await?;
        self.record_access(ring, matter, Some(object), Verb::Opened).await?;
        let asked = form.fields().filter_map(|(_, field)| Some((question_of(field)?, field)));
        let asked = asked.map(|(id, field)| {
            let answer = filled.answers.get(&field.id).and_then(said);
            let expected = expected.answers.iter().find(|one| one.id == id);
            let expected = expected.map(|one| one.text.clone());
            let both = answer.as_deref().zip(expected.as_deref());
            let like = both.map(|(answer, expected)| alike::compare(answer, expected));
            let question = field.label.read(Language::English).to_string();
            Asked { id, question, answer, expected, like }
        });
        Ok(asked.collect())
    }
}

fn expected(keys: &mut Keys, matter: MatterId) -> Result<ExpectedV1, ClientError> {
    let (firm, kind) = (keys.firm(), RecordKind::Expected);
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let Some(epoch) = room.record_of(kind).map(|record| record.at.epoch) else {
        return Ok(ExpectedV1::default());
    };
    keys.matter_key(matter, epoch)?;
    let room = keys.rooms.get(&matter).ok_or(ClientError::Missing)?;
    let key = keys.matter_keys.get(&(matter, epoch)).ok_or(ClientError::Missing)?;
    let sealed = room.record_of(kind).ok_or(ClientError::Missing)?;
    record::open(sealed, kind, firm, room, key)
}

fn said(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Text(text) => Some(text.clone()),
        Answer::Date(day) => Some(day.to_string()),
        _ => None,
    }
}
