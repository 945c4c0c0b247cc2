//! The firm's own room: names and forms. Lawyers hold its key; administrators never do, and a lawyer
//! whom an administrator admitted waits outside until a lawyer lets them in.

use alloc::vec::Vec;

use super::error::{ClientError, Thing};
use super::host::Host;
use super::pen::Pen;
use super::ring::{Keys, Ring};
use super::{Portal, access, people, record};
use crate::crypto::keys::PublicBundle;
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::Namespace;
use crate::ids::{MatterId, RecordId};
use crate::journal::statement::{MatterAct, RecordRef};
use crate::journal::stream::StreamId;
use crate::keys::plain::PersonV1;
use crate::problem::Code;

impl<H: Host> Portal<H> {
    /// Reads the office room as far as this person may; tells whether they are in it. The first
    /// time, a person whom nobody could name there writes their name.
    ///
    /// # Errors
    /// When locked or unreachable, or something does not verify.
    pub(crate) async fn enter_office(&self, ring: &Ring) -> Result<bool, ClientError> {
        if !ring.opens_matters()? {
            return Ok(false);
        }
        let office = ring.with(Keys::office)?;
        match self.sync_rooms(ring, &[office]).await {
            // Absent and forbidden look alike: nobody let this person in yet.
            Err(ClientError::Refused(Code::NotFound)) => return Ok(false),
            other => other?,
        }
        match ring.with_mut(|keys| newest(keys).map(drop))? {
            // Nor does a key that does not open: somebody lets them in again.
            Err(ClientError::Missing | ClientError::NotVerified(Thing::Key)) => return Ok(false),
            other => other?,
        }
        if let Some(profile) = ring.with_mut(unwritten)? {
            self.write_profile(ring, office, &profile).await?;
        }
        Ok(true)
    }

    async fn write_profile(
        &self,
        ring: &Ring,
        office: MatterId,
        profile: &PersonV1,
    ) -> Result<(), ClientError> {
        let stream = StreamId::Matter(office);
        self.append(ring, &[stream], |keys, pen| {
            let (at, bytes) = seal_profile(keys, profile)?;
            pen.attach(bytes);
            let act = MatterAct::Described(at);
            pen.write(Namespace::Matter, stream, act, &keys.identity.signing, keys.kid).map(|_| ())
        })
        .await?;
        self.sync_rooms(ring, &[office]).await
    }
}

/// A person's name, sealed for the office room.
pub(crate) fn seal_profile(
    keys: &mut Keys,
    profile: &PersonV1,
) -> Result<(RecordRef, Vec<u8>), ClientError> {
    let (office, firm) = (keys.office(), keys.firm());
    let epoch = newest(keys)?;
    let key = keys.matter_key(office, epoch)?;
    let record = RecordId(profile.account.0);
    record::seal(profile, RecordKind::Profile, firm, office, (epoch, key), record)
}

/// The newest epoch of the firm's own room, its key opened.
pub(crate) fn newest(keys: &mut Keys) -> Result<u32, ClientError> {
    let office = keys.office();
    let room = keys.rooms.get(&office).ok_or(ClientError::Missing)?;
    let (newest, _) = room.epoch().ok_or(ClientError::Missing)?;
    keys.matter_key(office, newest).map(|_| newest)
}

/// Brings a newcomer into the office room: who may have its key gets it, and the name is written down.
pub(crate) fn welcome(
    keys: &mut Keys,
    pen: &mut Pen,
    to: Option<&PublicBundle>,
    profile: &PersonV1,
) -> Result<(), ClientError> {
    let (firm, office) = (keys.firm(), keys.office());
    let (at, bytes) = seal_profile(keys, profile)?;
    keys.open_epochs(office, (0..at.epoch).collect());
    let signer = (&keys.identity.signing, keys.kid);
    if let Some((bundle, kem)) = to.and_then(|bundle| Some((bundle, bundle.kem.as_ref()?))) {
        let room = keys.rooms.get(&office).ok_or(ClientError::Missing)?;
        for (epoch, epoch_key) in (0..).zip(&room.epochs) {
            // What does not open for the admitter is another's to give.
            let Some(key) = keys.matter_keys.get(&(office, epoch)) else { continue };
            let to = (bundle.kid(), kem);
            access::grant(pen, (firm, office, epoch), (key, epoch_key.kid()), to, signer)?;
        }
    }
    pen.attach(bytes);
    let act = MatterAct::Described(at);
    let stream = StreamId::Matter(office);
    pen.write(Namespace::Matter, stream, act, signer.0, signer.1).map(|_| ())
}

/// The caller's own name, where the office room has none that opens.
fn unwritten(keys: &mut Keys) -> Option<PersonV1> {
    let account = keys.account;
    if people::names(keys).contains_key(&account) {
        return None;
    }
    keys.profile.as_ref().map(|profile| PersonV1 { account, name: profile.name.clone() })
}
