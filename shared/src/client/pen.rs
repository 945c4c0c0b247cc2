//! Writes statements: links each to its stream, signs it, keeps its attachments, and checks the
//! receipts that come back.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::error::{ClientError, Thing};
use super::proven;
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::{Kid, SigningKey, VerifyKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::encoding::B64;
use crate::journal::receipt::Receipt;
use crate::journal::statement::{Placed, place_of};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Append, Appended};
use crate::time::Timestamp;

/// Acts about to be appended together.
pub(crate) struct Pen {
    heads: BTreeMap<StreamId, Head>,
    now: Timestamp,
    statements: Vec<Signed>,
    attachments: Vec<Vec<u8>>,
}

impl Pen {
    /// Begins with the heads of the streams to be written to; a stream not named is empty.
    pub(crate) fn new(now: Timestamp, heads: impl IntoIterator<Item = (StreamId, Head)>) -> Self {
        Self {
            heads: heads.into_iter().collect(),
            now,
            statements: Vec::new(),
            attachments: Vec::new(),
        }
    }

    /// The instant that the acts claim.
    pub(crate) const fn now(&self) -> Timestamp {
        self.now
    }

    /// The number that the next statement of a stream will take.
    pub(crate) fn next_seq(&self, stream: StreamId) -> u64 {
        self.heads.get(&stream).map_or(0, |head| head.next)
    }

    /// Where the streams end with what was written.
    pub(crate) fn ends(&self) -> impl Iterator<Item = (StreamId, Head)> {
        self.heads.iter().map(|(stream, head)| (*stream, *head))
    }

    /// Keeps bytes that an act names by this hash.
    pub(crate) fn attach(&mut self, bytes: Vec<u8>) -> Hash32 {
        let hash = sha256(&bytes);
        self.attachments.push(bytes);
        hash
    }

    /// Signs an act as the next statement of a stream; gives the statement's bytes.
    pub(crate) fn write<A>(
        &mut self,
        namespace: Namespace,
        stream: StreamId,
        act: A,
        key: &SigningKey,
        signer: Kid,
    ) -> Result<&Signed, ClientError>
    where
        Placed<A>: minicbor::Encode<()>,
    {
        let head = self.heads.get(&stream).copied().unwrap_or(Head::EMPTY);
        let body = Placed { version: 1, place: head.place(stream, self.now), act };
        let signed = Signed::sign(namespace, key, signer, &cbor::encode(&body))
            .map_err(|_| ClientError::Unfit)?;
        // The server's word for a stream that is not read.
        let next = head.next.checked_add(1).ok_or(ClientError::Unreadable)?;
        let next = Head { next, last: signed.digest() };
        self.heads.insert(stream, next);
        self.statements.push(signed);
        self.statements.last().ok_or(ClientError::Unfit)
    }

    /// What to send.
    pub(crate) fn append(&self) -> Append {
        Append {
            statements: self.statements.iter().map(|s| B64(s.as_bytes().to_vec())).collect(),
            attachments: self.attachments.iter().map(|bytes| B64(bytes.clone())).collect(),
        }
    }

    /// Checks that every statement has its receipt under the firm's log key.
    pub(crate) fn check(
        &self,
        reply: &Appended,
        log: &VerifyKey,
    ) -> Result<Vec<Receipt>, ClientError> {
        if reply.receipts.len() != self.statements.len() {
            return Err(ClientError::NotVerified(Thing::Receipt));
        }
        self.statements
            .iter()
            .zip(&reply.receipts)
            .map(|(statement, receipt)| read_receipt(&receipt.0, statement, log))
            .collect()
    }
}

/// Checks the receipts of an append that was signed before and is sent again.
///
/// # Errors
/// [`ClientError::NotVerified`] when a receipt is missing, another statement's or not the log's.
pub(crate) fn check_again(
    append: &Append,
    reply: &Appended,
    log: &VerifyKey,
) -> Result<Vec<Receipt>, ClientError> {
    let broken = ClientError::NotVerified(Thing::Receipt);
    if reply.receipts.len() != append.statements.len() {
        return Err(broken);
    }
    let one = |(statement, receipt): (&B64, &B64)| {
        let statement = Signed::parse(&statement.0).map_err(|_| broken.clone())?;
        read_receipt(&receipt.0, &statement, log)
    };
    append.statements.iter().zip(&reply.receipts).map(one).collect()
}

/// Reads a receipt for a statement.
///
/// # Errors
/// [`ClientError::NotVerified`] when it is another statement's or not the log's, or says that the statement
/// stands elsewhere than where it was written.
pub(crate) fn read_receipt(
    bytes: &[u8],
    statement: &Signed,
    log: &VerifyKey,
) -> Result<Receipt, ClientError> {
    let receipt = proven::read(bytes, log)?;
    let place = place_of(statement.as_bytes());
    let ours = receipt.statement == statement.digest()
        && place.is_some_and(|place| (place.stream, place.seq) == (receipt.stream, receipt.seq));
    if ours { Ok(receipt) } else { Err(ClientError::NotVerified(Thing::Receipt)) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::ids::MatterId;
    use crate::journal::release::{AcceptedRelease, PolicyAct};

    #[test]
    fn a_receipt_is_for_this_statement_where_it_was_written() {
        let (log, signer) = (SigningKey::generate(), SigningKey::generate());
        let accepted = AcceptedRelease { key: signer.public(), release: Hash32([4; 32]) };
        let head = Head { next: 7, last: Hash32([1; 32]) };
        let mut pen = Pen::new(Timestamp(5), [(StreamId::Policy, head)]);
        let act = PolicyAct::ReleaseAccepted(accepted);
        let statement =
            pen.write(Namespace::Policy, StreamId::Policy, act, &signer, Kid([2; 32])).unwrap();
        let good = Receipt {
            statement: statement.digest(),
            stream: StreamId::Policy,
            seq: 7,
            leaf: 30,
            blind: Hash32([3; 32]),
            time: Timestamp(6),
        };
        let read = |receipt: &Receipt| {
            let kid = Kid::of_key(&log.public());
            let signed = Signed::sign(Namespace::Receipt, &log, kid, &cbor::encode(receipt));
            read_receipt(signed.unwrap().as_bytes(), statement, &log.public())
        };
        assert_eq!(read(&good), Ok(good.clone()));
        let elsewhere = StreamId::Matter(MatterId([1; 16]));
        for other in [
            Receipt { seq: 6, ..good.clone() },
            Receipt { seq: 8, ..good.clone() },
            Receipt { stream: StreamId::Forms, ..good.clone() },
            Receipt { stream: elsewhere, ..good.clone() },
            Receipt { statement: Hash32([9; 32]), ..good },
        ] {
            assert_eq!(read(&other), Err(ClientError::NotVerified(Thing::Receipt)));
        }
    }
}
