//! Somebody of the firm hands documents in to a matter where they sit.
//!
//! Nothing of an unfinished document is kept on the device: a file's key in its storage would be
//! there while the account's own keys are locked. A document that was cut off begins anew, under a
//! fresh key.

use super::Portal;
use super::error::ClientError;
use super::filing::{FiledDocument, Filing, Signing, write_manifest};
use super::host::Host;
use super::ring::Ring;
use super::room::Room;
use super::upload::Plan;
use crate::call::Call;
use crate::crypto::hash::Hash32;
use crate::crypto::keys::PublicBundle;
use crate::crypto::manifest::{FileContext, FileKind};
use crate::ids::{MatterId, ObjectId};
use crate::journal::stream::StreamId;
use crate::problem::Code;

/// A person of the firm at a matter.
pub struct StaffFiling<H: Host> {
    portal: Portal<H>,
    ring: Ring,
    matter: MatterId,
}

impl<H: Host> Clone for StaffFiling<H> {
    fn clone(&self) -> Self {
        Self { portal: self.portal.clone(), ring: self.ring.clone(), matter: self.matter }
    }
}

impl<H: Host> Portal<H> {
    /// Documents of the firm's own for a matter.
    #[must_use]
    pub fn filing(&self, ring: &Ring, matter: MatterId) -> StaffFiling<H> {
        StaffFiling { portal: self.clone(), ring: ring.clone(), matter }
    }
}

impl<H: Host> StaffFiling<H> {
    async fn is_filed(&self, object: ObjectId) -> Result<bool, ClientError> {
        self.portal.sync_rooms(&self.ring, &[self.matter]).await?;
        self.ring.with(|keys| {
            let here = |room: &Room| room.objects.contains_key(&object);
            keys.rooms.get(&self.matter).is_some_and(here)
        })
    }
}

impl<H: Host> Filing<H> for StaffFiling<H> {
    fn portal(&self) -> &Portal<H> {
        &self.portal
    }

    async fn ready(&self) -> Result<(), ClientError> {
        self.portal.sync_directory(&self.ring).await?;
        self.portal.sync_rooms(&self.ring, &[self.matter]).await
    }

    fn place(
        &self,
        object: ObjectId,
        kind: FileKind,
    ) -> Result<(FileContext, PublicBundle), ClientError> {
        self.ring.with(|keys| {
            let room = keys.rooms.get(&self.matter).ok_or(ClientError::Missing)?;
            let (epoch, key) = room.epoch().ok_or(ClientError::Missing)?;
            let context = FileContext {
                format: 1,
                firm: keys.firm(),
                client: None,
                matter: self.matter,
                epoch,
                object,
                version: 1,
                kind,
                sender: keys.kid,
                previous: None,
            };
            Ok((context, key.clone()))
        })?
    }

    async fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, ClientError> {
        self.portal.call(call).await
    }

    async fn session_ended(&self) -> Result<(), ClientError> {
        Err(ClientError::Refused(Code::Unauthenticated))
    }

    async fn keep_plan(&self, _: &Plan) -> Result<(), ClientError> {
        Ok(())
    }

    async fn forget_plan(&self, _: ObjectId) -> Result<(), ClientError> {
        Ok(())
    }

    async fn file(
        &self,
        plan: &Plan,
        digest: Hash32,
        _: &FiledDocument,
    ) -> Result<(), ClientError> {
        // The answer may have been lost: the matter itself says whether the document is in it.
        if self.is_filed(plan.object()).await? {
            return Ok(());
        }
        let stream = StreamId::Matter(self.matter);
        self.portal
            .append(&self.ring, &[stream], |keys, pen| {
                let room = keys.rooms.get(&self.matter).ok_or(ClientError::Missing)?;
                let epoch = plan.context().epoch as usize;
                let sealed_to = room.epochs.get(epoch).ok_or(ClientError::Missing)?.kid();
                let signer = (&keys.identity.signing, keys.kid);
                write_manifest(pen, plan, digest, &Signing { signer, sealed_to, form_hash: None })
            })
            .await
            .map(drop)
    }
}
