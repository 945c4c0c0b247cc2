//! An [`Append`] as it is taken apart before anything is asked of the database: statements that
//! parse, attachments under their hashes, and the tally that every one is named and every name met.

use std::collections::BTreeMap;

use shared::crypto::age::header;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::signed::Signed;
use shared::crypto::{sealed, wrapped};
use shared::journal::wire::{Append, MAX_ATTACHMENT, MAX_STATEMENTS};
use shared::problem::Code;

use super::act::{Kind, Name};
use crate::error::ApiError;

/// An act names at most two attachments.
const MAX_ATTACHMENTS: usize = 2 * MAX_STATEMENTS;

/// Statements that parsed, in order.
pub struct Batch {
    /// Not verified yet.
    pub statements: Vec<Signed>,
    /// What came beside them.
    pub attachments: Attachments,
}

impl Batch {
    /// Takes a call apart.
    ///
    /// # Errors
    /// When there are too many statements or attachments, one is too large, or one is malformed.
    pub fn parse(call: &Append) -> Result<Self, ApiError> {
        if call.statements.is_empty() || call.statements.len() > MAX_STATEMENTS {
            return Err(ApiError::bad_request("An append has 1 to 64 statements."));
        }
        let statements = call
            .statements
            .iter()
            .map(|bytes| {
                Signed::parse(&bytes.0).map_err(|_| ApiError::invalid("A statement is malformed."))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { statements, attachments: Attachments::parse(call)? })
    }

    /// The statements' digests, in order.
    #[must_use]
    pub fn digests(&self) -> Vec<Hash32> {
        self.statements.iter().map(Signed::digest).collect()
    }
}

/// Attachments by hash, each with whether an act named it.
pub struct Attachments(BTreeMap<Hash32, (Vec<u8>, bool)>);

impl Attachments {
    fn parse(call: &Append) -> Result<Self, ApiError> {
        if call.attachments.len() > MAX_ATTACHMENTS {
            return Err(ApiError::bad_request("An append has at most 128 attachments."));
        }
        Self::of(call.attachments.iter().map(|bytes| bytes.0.clone()))
    }

    /// Attachments, none of them named yet.
    ///
    /// # Errors
    /// When one is too large, or there twice.
    pub fn of(bodies: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, ApiError> {
        let mut map = BTreeMap::new();
        for bytes in bodies {
            if bytes.len() > MAX_ATTACHMENT {
                return Err(ApiError::new(Code::TooLarge, "An attachment is larger than 256 KiB."));
            }
            if map.insert(sha256(&bytes), (bytes, false)).is_some() {
                return Err(ApiError::invalid("An attachment is sent twice."));
            }
        }
        Ok(Self(map))
    }

    /// The attachment that an act names, which is named from now on.
    ///
    /// # Errors
    /// When it was not sent, or is not what the act says it is.
    pub fn take(&mut self, name: &Name) -> Result<&[u8], ApiError> {
        let (bytes, named) = self
            .0
            .get_mut(&name.hash)
            .ok_or(ApiError::invalid("A statement names an attachment that is not there."))?;
        *named = true;
        if fits(name.kind, bytes) {
            Ok(bytes)
        } else {
            Err(ApiError::invalid("An attachment is not of the kind that its statement says."))
        }
    }

    /// Checks at the end that nothing came along unnamed.
    ///
    /// # Errors
    /// When an attachment is left over.
    pub fn finish(self) -> Result<(), ApiError> {
        if self.0.values().all(|(_, named)| *named) {
            Ok(())
        } else {
            Err(ApiError::invalid("An attachment is named by no statement."))
        }
    }
}

fn fits(kind: Kind, bytes: &[u8]) -> bool {
    match kind {
        Kind::Envelope(recipient) => wrapped::recipient_of(bytes).is_ok_and(|to| to == recipient),
        Kind::Record(record) => {
            sealed::inspect_record(bytes).is_ok_and(|(_, reference)| reference == record.0)
        }
        Kind::Header(context) => {
            header::inspect(bytes).is_ok_and(|shape| shape.ctx_hash == context)
        }
        Kind::Opaque => !bytes.is_empty(),
    }
}
