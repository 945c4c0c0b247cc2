//! Opening a matter.

use alloc::vec::Vec;

use super::error::ClientError;
use super::host::Host;
use super::pen::Pen;
use super::ring::Ring;
use super::{Portal, access, record, walls};
use crate::crypto::hash::Hash32;
use crate::crypto::keys::{KemPublic, Kid, MatterKey, SigningKey};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::Namespace;
use crate::ids::{MatterId, RecordId, WallId};
use crate::journal::statement::{EpochAct, MatterAct};
use crate::journal::stream::StreamId;
use crate::journal::verdict::IdentityAct;
use crate::matters::plain::DescriptionV1;

/// The first acts of a matter: created, a key, grants.
pub(crate) struct Opening<'a> {
    pub(crate) firm: Hash32,
    pub(crate) matter: MatterId,
    pub(crate) key: &'a MatterKey,
}

impl Opening<'_> {
    pub(crate) fn write(
        &self,
        pen: &mut Pen,
        (key, kid): (&SigningKey, Kid),
        recipients: &[(Kid, &KemPublic)],
    ) -> Result<(), ClientError> {
        let stream = StreamId::Matter(self.matter);
        pen.write(Namespace::Matter, stream, MatterAct::Created(self.matter), key, kid)?;
        let epoch_key = self.key.bundle(self.matter, self.firm, pen.now(), None);
        let pub_kid = epoch_key.kid();
        let act =
            EpochAct { matter: self.matter, epoch: 0, key: epoch_key, unseated: None, known: None };
        pen.write(Namespace::EpochKey, stream, act, key, kid)?;
        for (recipient, kem) in recipients {
            let to = (*recipient, *kem);
            access::grant(pen, (self.firm, self.matter, 0), (self.key, pub_kid), to, (key, kid))?;
        }
        Ok(())
    }
}

impl<H: Host> Portal<H> {
    /// Opens a matter: its key is made here, and granted to its maker and to the firm's recovery
    /// key. It needs of its clients what matters of its kind do. Whoever is kept from the client's other matters,
    /// as far as the caller reads them, is kept from this one in the same moment.
    ///
    /// # Errors
    /// When locked, or refused.
    pub async fn create_matter(
        &self,
        ring: &Ring,
        description: &DescriptionV1,
    ) -> Result<MatterId, ClientError> {
        let matter = MatterId::random();
        let key = MatterKey::generate();
        let stream = StreamId::Matter(matter);
        let need = self.need_of_kind(ring, &description.practice).await?;
        let kept: Vec<(WallId, Kid)> = self
            .kept_from_client(ring, &description.client)
            .await?
            .into_iter()
            .map(|kid| (WallId::random(), kid))
            .collect();
        let also: &[StreamId] = if kept.is_empty() { &[] } else { &[StreamId::Keyring] };
        self.append(ring, also, |keys, pen| {
            let firm = keys.firm();
            let own = keys.identity.kem.as_ref().ok_or(ClientError::Missing)?.public();
            let escrow = keys.directory.recovery();
            let mut recipients = alloc::vec![(keys.kid, &own)];
            if let Some(bundle) = escrow {
                recipients.push((bundle.kid(), bundle.kem.as_ref().ok_or(ClientError::Missing)?));
            }
            let signer = (&keys.identity.signing, keys.kid);
            Opening { firm, matter, key: &key }.write(pen, signer, &recipients)?;
            let (at, bytes) = record::seal(
                description,
                RecordKind::Matter,
                firm,
                matter,
                (0, &key),
                RecordId::random(),
            )?;
            pen.attach(bytes);
            pen.write(Namespace::Matter, stream, MatterAct::Described(at), signer.0, signer.1)?;
            if let Some(need) = &need {
                let act = IdentityAct::Needed(need.clone());
                pen.write(Namespace::IdVerdict, stream, act, signer.0, signer.1)?;
            }
            walls::raise_all(keys, pen, matter, &kept)
        })
        .await?;
        if !kept.is_empty() {
            self.sync_directory(ring).await?;
        }
        Ok(matter)
    }
}
