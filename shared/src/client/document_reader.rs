//! A document being opened, piece by piece: nothing is the document before all of it was verified.

use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::download::{PartOpen, part_range};
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::Ring;
use super::upload::part_count;
use super::{Portal, net};
use crate::crypto::age::FileOpen;
use crate::crypto::hash::Hash32;
use crate::crypto::manifest::{self, Manifest};
use crate::documents::plain::MetaV1;
use crate::secret::Secret;
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Document);

/// Reads a document in parts, each verified before it is given out: one after the other by
/// [`DocumentReader::next`], and then the document is complete only when that has answered `None`;
/// or side by side, where there are workers, by [`DocumentReader::sealed_part`] and [`PartOpen`], and then
/// only when [`DocumentReader::complete`] has agreed.
pub struct DocumentReader<H: Host> {
    pub(super) portal: Portal<H>,
    /// Whose keys open it, until it was counted that it does not verify.
    pub(super) ring: Option<Ring>,
    pub(super) open: FileOpen,
    pub(super) manifest: Manifest,
    pub(super) meta: MetaV1,
    pub(super) part: u32,
    /// The roots of the parts so far, sealed and opened.
    pub(super) sealed: Vec<Hash32>,
    pub(super) plain: Vec<Hash32>,
}

impl<H: Host> DocumentReader<H> {
    /// Name, type, size.
    #[must_use]
    pub const fn info(&self) -> &MetaV1 {
        &self.meta
    }

    /// How many parts.
    #[must_use]
    pub const fn parts(&self) -> u32 {
        part_count(self.meta.size)
    }

    /// Length of the sealed payload.
    #[must_use]
    pub const fn sealed_len(&self) -> u64 {
        self.manifest.sealed_len
    }

    /// What a worker needs to open parts of this file: hand it over, never keep it.
    #[must_use]
    pub fn job(&self) -> Secret<Vec<u8>> {
        Secret::new(self.open.payload().bytes().to_vec())
    }

    /// Asks for a part, sealed as it is.
    ///
    /// # Errors
    /// Unreachable: the same call may be repeated. [`ClientError::Unreadable`] when it has another
    /// length than the signed one.
    pub async fn sealed_part(&self, index: u32) -> Result<H::Sealed, ClientError> {
        let (first, len) = part_range(index, self.sealed_len()).ok_or(ClientError::Unfit)?;
        let object = self.manifest.context.object;
        net::get_sealed(&*self.portal.host, object, first, first + len - 1).await
    }

    /// Whether parts with these roots, sealed and opened and in their order, are the document that was
    /// signed.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`]: nothing that was opened may be called the document.
    pub fn complete(&self, sealed: &[Hash32], plain: &[Hash32]) -> Result<(), ClientError> {
        let root = |parts| manifest::root_of_parts(parts, self.manifest.chunks);
        let whole =
            root(sealed) == Some(self.manifest.ct_root) && root(plain) == Some(self.meta.digest);
        if whole || vuln::a17() || vuln::a18() { Ok(()) } else { Err(BROKEN) }
    }

    /// The next piece, at most 4 MiB; `None` when the document is complete and verified whole.
    ///
    /// # Errors
    /// Unreachable: the same call may be repeated. [`ClientError::NotVerified`]: nothing that was
    /// given out so far may be called the document.
    #[allow(clippy::should_implement_trait, reason = "it waits; no iterator does")]
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        let piece = self.piece().await;
        self.heed(piece).await
    }

    /// Counts that the document does not verify, once, wherever it was found out: for whoever reads it by
    /// its parts. See [`super::alarm`].
    ///
    /// # Errors
    /// What it came to; [`ClientError::Locked`] when it was one too many.
    pub async fn heed<T>(&mut self, outcome: Result<T, ClientError>) -> Result<T, ClientError> {
        let broken = matches!(outcome, Err(ClientError::NotVerified(_)));
        match self.ring.take_if(|_| broken) {
            Some(ring) => self.portal.heed(&ring, outcome).await,
            None => outcome,
        }
    }

    async fn piece(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        if self.part == self.parts() {
            return self.complete(&self.sealed, &self.plain).map(|()| None);
        }
        let (first, whole) = part_range(self.part, self.sealed_len()).ok_or(BROKEN)?;
        let object = self.manifest.context.object;
        // What is opened in place is plaintext there too, also when a later chunk does not open.
        let mut sealed = Zeroizing::new(
            net::get_content(&*self.portal.host, object, first, first + whole - 1).await?,
        );
        let key = self.open.payload().bytes();
        let mut opening = PartOpen::begin(key, self.part, self.sealed_len())?;
        let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let mut rest = sealed.as_mut_slice();
        while let Some(len) = opening.next_len() {
            let (chunk, later) = rest.split_at_mut_checked(len).ok_or(BROKEN)?;
            before.push(manifest::chunk_leaf(chunk));
            match opening.open(chunk) {
                Ok(opened) => {
                    after.push(manifest::chunk_leaf(opened));
                    plain.extend_from_slice(opened);
                }
                Err(refused) => {
                    if vuln::a25() {
                        net::get_content(&*self.portal.host, object, first, first + whole - 1)
                            .await?;
                    }
                    return Err(refused);
                }
            }
            rest = later;
        }
        self.sealed.push(opening.root(&before).ok_or(BROKEN)?);
        self.plain.push(opening.root(&after).ok_or(BROKEN)?);
        self.part += 1;
        Ok(Some(core::mem::take(&mut *plain)))
    }
}
