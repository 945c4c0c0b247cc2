//! A document being opened, piece by piece: nothing is the document before all of it was verified.

use alloc::vec::Vec;

use zeroize::Zeroize as _;

use super::download::{PartOpen, part_range};
use super::error::{ClientError, Thing};
use super::host::Host;
use super::upload::part_count;
use super::{Portal, net};
use crate::crypto::age::FileOpen;
use crate::crypto::hash::{Hash32, Hasher};
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
    pub(super) open: FileOpen,
    pub(super) manifest: Manifest,
    pub(super) meta: MetaV1,
    pub(super) part: u32,
    pub(super) roots: Vec<Hash32>,
    pub(super) digest: Option<Hasher>,
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

    /// Whether parts with these roots, in their order, are the document that was signed, and this is
    /// the digest of what was in it.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`]: nothing that was opened may be called the document.
    pub fn complete(&self, roots: &[Hash32], digest: Hash32) -> Result<(), ClientError> {
        let whole = manifest::root_of_parts(roots, self.manifest.chunks)
            == Some(self.manifest.ct_root)
            && digest == self.meta.digest;
        if whole || vuln::a17() || vuln::a18() { Ok(()) } else { Err(BROKEN) }
    }

    /// The next piece, at most 4 MiB; `None` when the document is complete and verified whole.
    ///
    /// # Errors
    /// Unreachable: the same call may be repeated. [`ClientError::NotVerified`]: nothing that was
    /// given out so far may be called the document.
    #[allow(clippy::should_implement_trait, reason = "it waits; no iterator does")]
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        if self.part == self.parts() {
            let Some(digest) = self.digest.take() else { return Ok(None) };
            return self.complete(&self.roots, digest.finish()).map(|()| None);
        }
        let (first, whole) = part_range(self.part, self.sealed_len()).ok_or(BROKEN)?;
        let object = self.manifest.context.object;
        let mut sealed =
            net::get_content(&*self.portal.host, object, first, first + whole - 1).await?;
        let key = self.open.payload().bytes();
        let mut opening = PartOpen::begin(key, self.part, self.sealed_len())?;
        let mut plain = Vec::with_capacity(sealed.len());
        let (mut leaves, mut rest) = (Vec::new(), sealed.as_mut_slice());
        while let Some(len) = opening.next_len() {
            let (chunk, later) = rest.split_at_mut_checked(len).ok_or(BROKEN)?;
            leaves.push(manifest::chunk_leaf(chunk));
            match opening.open(chunk) {
                Ok(opened) => plain.extend_from_slice(opened),
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
        self.roots.push(opening.root(&leaves).ok_or(BROKEN)?);
        // What was opened in place is plaintext there too.
        sealed.zeroize();
        if let Some(digest) = &mut self.digest {
            digest.update(&plain);
        }
        self.part += 1;
        Ok(Some(plain))
    }
}
