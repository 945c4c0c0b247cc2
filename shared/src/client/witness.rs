//! Members of staff as witnesses of the journal: a desk says what it verified, and whoever asks for proof
//! is told who said so last (CRYPTO 10).
//!
//! A server could keep two journals, one for each device. A witness's word ties them together: it is
//! signed by a person of the firm, and stands under a checkpoint that the shown journal must continue.

use alloc::string::String;
use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::Portal;
use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::fork::{Side, Voucher};
use super::host::Host;
use super::pin::question;
use super::ring::Ring;
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::Kid;
use crate::journal::anchor::{self, Log, Pin, Unproven};
use crate::journal::checkpoint::{Checkpoint, Note, origin};
use crate::journal::cosignature::{CLOCKS, FRESH, Witness};
use crate::journal::wire::{Cosign, Proof};
use crate::time::Timestamp;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Journal);
/// The newest words of some thousand witnesses.
pub(super) const MAX_WORDS: usize = 1024 * 1024;
/// A desk stands witness at most so often, in milliseconds.
const EVERY: u64 = 10 * 60 * 1000;

/// What a witness said.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Word {
    /// Who.
    #[n(1)]
    pub(crate) witness: Kid,
    /// When, by the witness's own clock.
    #[n(2)]
    pub(crate) time: Timestamp,
    /// Of which checkpoint. Its note has the lines of the log and of this witness, and no others.
    #[n(3)]
    pub(crate) pin: Pin,
}

impl Word {
    /// Whether it speaks for the journal now: made within a day, and not in a time to come.
    pub(crate) const fn is_fresh(&self, now: Timestamp) -> bool {
        !self.time.is_before(now, FRESH + CLOCKS) && !now.is_before(self.time, CLOCKS)
    }

    /// Whether the same witness can have said it after that other word.
    fn follows(&self, former: &Self) -> bool {
        self.pin.size >= former.pin.size && self.time >= former.time
    }
}

/// The members whose keys a verified directory gives: of a client's, those whom its invitation leads to.
pub(crate) fn witnesses(directory: &Directory) -> Vec<Witness> {
    let witness = |kid, key| Witness { kid, key };
    let members = directory.members().filter(|member| directory.is_with_us(member));
    members
        .filter_map(|member| Some(witness(member.bundle.kid(), member.bundle.verify_key?)))
        .collect()
}

impl<H: Host> Portal<H> {
    /// Verifies what a server passes on of its witnesses: each of their checkpoints is continued by the
    /// one that was verified just now, and nobody's word goes back behind an earlier one of the same
    /// person, who never takes a word back.
    ///
    /// # Errors
    /// [`ClientError::Forked`]; [`ClientError::NotVerified`] for a word that its witness did not give.
    pub(crate) async fn words(
        &self,
        log: &Log,
        pin: &Pin,
        proof: &Proof,
        witnesses: &[Witness],
        before: &[Word],
    ) -> Result<Vec<Word>, ClientError> {
        match anchor::witnessed(proof, log, pin, witnesses) {
            Ok(_) => {}
            Err(Unproven::Forked) => {
                return Err(self.not_continued(log, pin, proof, witnesses).await);
            }
            Err(_) => return Err(BROKEN),
        }
        let words = read(log, proof, witnesses)?;
        // What was known when the question was asked: an answer that was given earlier need not have what
        // another tab heard since.
        for word in &words {
            let former = before.iter().find(|one| one.witness == word.witness);
            if let Some(former) = former.filter(|former| !word.follows(former)) {
                let by = Some(Voucher::Witness(word.witness));
                let (known, shown) =
                    (Side { note: &former.pin.note, by }, Side { note: &word.pin.note, by });
                return Err(self.forked(log, known, shown, pin).await);
            }
        }
        self.hear(log.firm, &words).await;
        Ok(words)
    }

    /// Keeps the newest word of each witness.
    async fn hear(&self, firm: Hash32, words: &[Word]) {
        if words.is_empty() {
            return;
        }
        let _alone = self.host.lock(&key(firm)).await;
        let mut newest = self.known_words(firm).await;
        for word in words {
            match newest.iter_mut().find(|one| one.witness == word.witness) {
                Some(one) if word.follows(one) => *one = word.clone(),
                Some(_) => {}
                None => newest.push(word.clone()),
            }
        }
        // A device that keeps nothing compares with nothing.
        let _ = self.host.save(&key(firm), &written(newest)).await;
    }

    /// The newest word of each witness that this device heard.
    pub(crate) async fn known_words(&self, firm: Hash32) -> Vec<Word> {
        match self.host.load(&key(firm)).await {
            Ok(Some(bytes)) => cbor::decode_strict(&bytes, MAX_WORDS).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    async fn not_continued(
        &self,
        log: &Log,
        pin: &Pin,
        proof: &Proof,
        witnesses: &[Witness],
    ) -> ClientError {
        for one in &proof.witnessed {
            let Ok(old) = Pin::read(&one.note, log) else { continue };
            let alone = Proof { witnessed: alloc::vec![one.clone()], ..proof.clone() };
            if anchor::witnessed(&alone, log, pin, &[]) == Err(Unproven::Forked) {
                let who = cosigners(log.firm, &one.note, witnesses).unwrap_or_default();
                let by = who.first().map_or(Voucher::Unknown, |(kid, _)| Voucher::Witness(*kid));
                let known = Side { note: &old.note, by: Some(by) };
                let shown = Side { note: &pin.note, by: None };
                return self.forked(log, known, shown, pin).await;
            }
        }
        BROKEN
    }

    /// Stands witness: verifies the newest checkpoint from this device's own, compares it with what
    /// colleagues said, and cosigns it. Does nothing when that was done a short while ago.
    ///
    /// # Errors
    /// When locked, refused or unreachable; [`ClientError::Forked`], which this device keeps.
    pub async fn stand_witness(&self, ring: &Ring) -> Result<(), ClientError> {
        let now = self.host.now();
        let due = ring.with_mut(|keys| {
            let due = keys.witnessed.is_none_or(|last| last.plus(EVERY) <= now);
            keys.witnessed = if due { Some(now) } else { keys.witnessed };
            due
        })?;
        if !due {
            return Ok(());
        }
        self.sync_directory(ring).await?;
        let (log, colleagues) =
            ring.with(|keys| (keys.directory.log(), witnesses(&keys.directory)))?;
        let (known, heard) = (self.pinned(log.firm).await?, self.known_words(log.firm).await);
        let proof = self.call(&question(known.as_ref(), &[])).await?;
        let pin = self.advance(&log, known.as_ref(), &proof).await?;
        self.words(&log, &pin, &proof, &colleagues, &heard).await?;
        let line = self.cosignature(ring, &pin)?;
        self.call(&Cosign { size: pin.size, line }).await?;
        Ok(())
    }

    /// This person's line under a checkpoint that this device verified from its own.
    ///
    /// # Errors
    /// When locked.
    pub(crate) fn cosignature(&self, ring: &Ring, pin: &Pin) -> Result<String, ClientError> {
        let now = self.host.now();
        ring.with(|keys| {
            let firm = keys.firm();
            let checkpoint = Checkpoint { origin: origin(firm), size: pin.size, root: pin.root };
            checkpoint.cosign(firm, keys.kid, &keys.identity.signing, now)
        })?
        .map_err(|_| ClientError::Unfit)
    }

    /// Forgets what witnesses of the firm said.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub(crate) async fn forget_words(&self, firm: Hash32) -> Result<(), ClientError> {
        let _alone = self.host.lock(&key(firm)).await;
        Ok(self.host.remove(&key(firm)).await?)
    }
}

/// The words as they are kept. Where there are too many, those given longest ago go.
fn written(mut words: Vec<Word>) -> Vec<u8> {
    let length = |word: &Word| cbor::encode(word).len();
    // The array's own head takes nine bytes at most. Not sorted: that would weigh more than all of this.
    let mut all = 9 + words.iter().map(length).sum::<usize>();
    while all > MAX_WORDS {
        let oldest = words.iter().enumerate().min_by_key(|(_, word)| word.time);
        let Some((at, _)) = oldest else { break };
        all -= length(&words.swap_remove(at));
    }
    cbor::encode(&words)
}

/// The words of a proof, each checkpoint with who cosigned it.
fn read(log: &Log, proof: &Proof, witnesses: &[Witness]) -> Result<Vec<Word>, ClientError> {
    let mut words: Vec<Word> = Vec::new();
    for one in &proof.witnessed {
        let pin = Pin::read(&one.note, log).map_err(|_| BROKEN)?;
        let note = Note::parse(&one.note).map_err(|_| BROKEN)?;
        for witness in witnesses {
            let Some(time) = note.cosigned_by(log.firm, witness).map_err(|_| BROKEN)? else {
                continue;
            };
            let pin = Pin { note: note.of_witness(log.firm, &log.key, witness), ..pin.clone() };
            let witness = witness.kid;
            match words.iter_mut().find(|word| word.witness == witness) {
                Some(word) if word.time >= time => {}
                Some(word) => (word.time, word.pin) = (time, pin),
                None => words.push(Word { witness, time, pin }),
            }
        }
    }
    Ok(words)
}

/// Who of these cosigned a note, and when.
///
/// # Errors
/// [`ClientError::NotVerified`] for a line that is not what it claims to be.
pub(crate) fn cosigners(
    firm: Hash32,
    note: &str,
    witnesses: &[Witness],
) -> Result<Vec<(Kid, Timestamp)>, ClientError> {
    let note = Note::parse(note).map_err(|_| BROKEN)?;
    let mut found = Vec::new();
    for witness in witnesses {
        let time = note.cosigned_by(firm, witness).map_err(|_| BROKEN)?;
        found.extend(time.map(|time| (witness.kid, time)));
    }
    Ok(found)
}

fn key(firm: Hash32) -> String {
    alloc::format!("witness/{firm}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn too_many_words_are_forgotten_one_by_one_the_oldest_first() {
        let word = |number: u64| {
            let mut kid = [0; 32];
            kid[..8].copy_from_slice(&number.to_be_bytes());
            // As long as a checkpoint with the two lines is.
            let note = core::iter::repeat_n('n', 640).collect();
            let pin = Pin { size: number, root: Hash32([1; 32]), note };
            Word { witness: Kid(kid), time: Timestamp(number), pin }
        };
        let bytes = written((0..4000).map(word).collect());
        let kept: Vec<Word> = cbor::decode_strict(&bytes, MAX_WORDS).unwrap();
        assert!(kept.len() > 1000 && kept.len() < 4000, "{}", kept.len());
        assert!(bytes.len() > MAX_WORDS - 1024, "no more than had to go");
        let oldest = 4000 - kept.len() as u64;
        assert!(kept.iter().all(|word| word.time.0 >= oldest));
        // And again with one more.
        let bytes = written(kept.into_iter().chain([word(4000)]).collect());
        let kept: Vec<Word> = cbor::decode_strict(&bytes, MAX_WORDS).unwrap();
        assert!(kept.iter().any(|word| word.time.0 == 4000));
        assert!(kept.iter().all(|word| word.time.0 > oldest));
    }
}
