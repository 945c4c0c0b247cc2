//! Somebody of the firm hands documents in to a matter where they sit.
//!
//! Nothing of an unfinished document is kept on the device: a file's key in its storage would be
//! there while the account's own keys are locked. A document that was cut off begins anew, under a
//! fresh key.

use super::Portal;
use super::error::{ClientError, Thing};
use super::filing::{FiledDocument, Filing, Signing, write_manifest};
use super::host::Host;
use super::ring::{Keys, Ring};
use super::room::Filed;
use super::upload::Plan;
use crate::call::Call;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::{Kid, PublicBundle};
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
    async fn is_filed(&self, plan: &Plan) -> Result<bool, ClientError> {
        self.portal.sync_rooms(&self.ring, &[self.matter]).await?;
        let root = plan.root().ok_or(ClientError::Refused(Code::UploadIncomplete))?;
        let header = sha256(&plan.seal()?.header_and_nonce());
        self.ring.with(|keys| {
            let room = keys.rooms.get(&self.matter).ok_or(ClientError::Missing)?;
            room.objects
                .get(&plan.object())
                .map(|filed| is_ours(filed, keys.kid, root, header))
                .map_or(Ok(false), |ours| ours.map(|()| true))
        })?
    }
}

/// What stands under the document's id in the matter is this very document, from this person.
/// Anybody's else would pass for one that was handed in.
fn is_ours(filed: &Filed, by: Kid, root: Hash32, header: Hash32) -> Result<(), ClientError> {
    let manifest = &filed.manifest;
    let same = filed.sender == by && manifest.ct_root == root && manifest.header_hash == header;
    if same { Ok(()) } else { Err(ClientError::NotVerified(Thing::Document)) }
}

impl<H: Host> Filing<H> for StaffFiling<H> {
    fn portal(&self) -> &Portal<H> {
        &self.portal
    }

    async fn ready(&self) -> Result<(), ClientError> {
        self.portal.turn_owed(&self.ring, self.matter).await
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

    async fn file(&self, plan: &Plan, _: &FiledDocument) -> Result<(), ClientError> {
        // The answer may have been lost: the matter itself says whether the document is in it.
        if self.is_filed(plan).await? {
            return Ok(());
        }
        let stream = StreamId::Matter(self.matter);
        let firm = self.ring.with(Keys::firm)?;
        let seen = self.portal.pinned(firm).await?;
        self.portal
            .append(&self.ring, &[stream], |keys, pen| {
                let room = keys.rooms.get(&self.matter).ok_or(ClientError::Missing)?;
                let (epoch, key) = room.epoch().ok_or(ClientError::Missing)?;
                if plan.context().epoch != epoch {
                    // Somebody's access was taken back meanwhile, who has the key that it is sealed to.
                    return Err(ClientError::Refused(Code::Stale));
                }
                let sealed_to = key.kid();
                let signer = (&keys.identity.signing, keys.kid);
                let seen = seen.clone();
                let signing = Signing { signer, sealed_to, form_hash: None, seen };
                write_manifest(pen, plan, &signing)
            })
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::client::fold_firm::{Firm, HEADER, ROOT};
    use crate::crypto::keys::{Caps, Role};

    #[test]
    fn anything_else_under_the_documents_id_is_not_taken_for_it() {
        let mut firm = Firm::new();
        let anna = firm.with(Role::Staff, Caps::ALL);
        let mut room = firm.room(&anna);
        assert!(firm.file(&mut room, &anna, None));
        let filed = room.objects.values().next().unwrap();
        let kid = anna.bundle.kid();
        assert!(is_ours(filed, kid, ROOT, HEADER).is_ok());
        let broken = Err(ClientError::NotVerified(Thing::Document));
        assert_eq!(is_ours(filed, Kid([7; 32]), ROOT, HEADER), broken);
        assert_eq!(is_ours(filed, kid, Hash32([7; 32]), HEADER), broken);
        assert_eq!(is_ours(filed, kid, ROOT, Hash32([7; 32])), broken);
    }
}
