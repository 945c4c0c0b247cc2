//! A passkey for coming back is made, added to and taken away, on a device that holds the client's keys.

use alloc::vec::Vec;

use super::plain::{Beginning, HeldV1, VisitV1, back_key, pack};
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::intake::{Intake, KeptV1, SentV1};
use crate::client::passkey::MadePasskey;
use crate::crypto::back::{self, BackPlace};
use crate::crypto::cbor;
use crate::crypto::hash::sha256;
use crate::crypto::keys::RecordKey;
use crate::crypto::signed::{Namespace, Signed};
use crate::encoding::B64;
use crate::identity::back::{BackBy, BackSaid, MAX_RECORD};
use crate::identity::wire::back::{DropBack, KeepBack, RenewBack, StartNewBack};
use crate::identity::wire::factors::Ceremony;
use crate::ids::BackId;
use crate::intake::value::Language;
use crate::problem::Code;
use crate::time::Timestamp;

/// A passkey that is about to be made.
pub struct NewBack {
    /// Something for it to sign.
    pub ceremony: Ceremony,
    /// What it is to remember, as WebAuthn's user handle.
    pub handle: Vec<u8>,
    place: BackPlace,
}

/// A passkey that the browser just made.
pub struct MadeBack {
    /// As made.
    pub passkey: MadePasskey,
    /// Its credential id.
    pub credential: Vec<u8>,
}

/// A way back that this device knows of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackSeen {
    /// When the passkey was made.
    pub made: Timestamp,
    /// By what, if by no passkey.
    pub by: Option<BackBy>,
    /// Whether what this device holds of the invitation is in it.
    pub whole: bool,
}

/// What a way begins with.
pub(super) struct First<'a> {
    pub(super) place: BackPlace,
    pub(super) key: RecordKey,
    /// Names the passkey, or what the server keeps of the words' token.
    pub(super) credential: &'a [u8],
    pub(super) slot: &'a [u8],
    pub(super) by: Option<BackBy>,
}

impl<H: Host> Intake<H> {
    /// Begins to make a passkey by which this client comes back.
    ///
    /// # Errors
    /// Before the client joined; when the server cannot be reached, or its address can have no passkeys.
    pub async fn begin_back(&self) -> Result<NewBack, ClientError> {
        if !self.kept.borrow().confirmed {
            return Err(ClientError::Unfit);
        }
        let back = BackId::random();
        let ceremony = self.call(&StartNewBack { back }).await?;
        let place = BackPlace { firm: self.firm(), client: self.kid(), back };
        Ok(NewBack { ceremony, handle: place.handle(), place })
    }

    /// Keeps a passkey that was made for this: from now on it brings the client back, on whatever device. One that
    /// was made before, for the same key, does not any more.
    ///
    /// # Errors
    /// [`ClientError::NoKeysInPasskey`] where the passkey has no PRF: then nothing is kept.
    pub async fn keep_back(
        &self,
        new: &NewBack,
        made: &MadeBack,
        language: Language,
    ) -> Result<(), ClientError> {
        let prf = made.passkey.prf.as_ref().ok_or(ClientError::NoKeysInPasskey)?;
        let (place, key) = (new.place, RecordKey::generate());
        // EXPOSE: goes into the key derivation, which neither logs nor keeps it.
        let kek = back::kek_from_prf(prf.expose());
        let slot = back::seal_key(&kek, &place, &key).map_err(|_| ClientError::Unfit)?;
        let first = First { place, key, credential: &made.credential, slot: &slot, by: None };
        let held = self.first(first, language).await?;
        let (record, said) = self.speak(&held)?;
        let call = KeepBack {
            attempt: made.passkey.attempt.clone(),
            object: B64(made.passkey.object.clone()),
            client_data: B64(made.passkey.client_data.clone()),
            slot: B64(slot),
            record,
            said,
        };
        self.call(&call).await?;
        self.hold(&held).await
    }

    /// The way back that this device knows of.
    ///
    /// # Errors
    /// [`ClientError::Store`].
    pub async fn back(&self) -> Result<Option<BackSeen>, ClientError> {
        let Some(held) = self.held().await? else { return Ok(None) };
        let own = held.visits.iter().find(|one| one.invite == self.invite());
        let sent = own.and_then(|one| one.kept().ok()).and_then(|kept| kept.sent);
        let number = |sent: Option<SentV1>| sent.map(|sent| sent.number);
        let whole = own.is_some() && number(sent) == number(self.sent());
        Ok(Some(BackSeen { made: held.made, by: held.by, whole }))
    }

    /// Adds what this device holds of the invitation to the way back, without another touch.
    ///
    /// # Errors
    /// [`ClientError::Missing`] where there is none here; [`Code::Stale`] where another device added to it
    /// since, or the server knows it no more.
    pub async fn renew_back(&self, language: Language) -> Result<(), ClientError> {
        let mut held = self.held().await?.ok_or(ClientError::Missing)?;
        // Only the key for which the passkey was registered may say what belongs to it.
        if held.client != self.kid() {
            return Err(ClientError::Refused(Code::Stale));
        }
        held.take(self.visit(language)?);
        held.number += 1;
        let (record, said) = self.speak(&held)?;
        self.call(&RenewBack { record, said }).await?;
        self.hold(&held).await
    }

    /// The passkey, or the words, bring nobody back any more.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn drop_back(&self) -> Result<(), ClientError> {
        self.call(&DropBack {}).await?;
        let key = back_key(self.firm(), self.matter());
        Ok(self.portal.host.remove(&key).await?)
    }

    /// The first record of a way.
    pub(super) async fn first(
        &self,
        first: First<'_>,
        language: Language,
    ) -> Result<HeldV1, ClientError> {
        let First { place, key, credential, slot, by } = first;
        let mut visits = self.held().await?.map_or_else(Vec::new, |held| held.visits.clone());
        let own = self.visit(language)?;
        visits.retain(|one| one.invite != own.invite);
        visits.push(own);
        let beginning = Beginning {
            place,
            matter: self.matter(),
            number: 1,
            credential: sha256(credential),
            slot: sha256(slot),
            made: self.portal.host.now(),
            visits,
            by,
        };
        Ok(HeldV1::new(beginning, &key))
    }

    async fn held(&self) -> Result<Option<HeldV1>, ClientError> {
        let key = back_key(self.firm(), self.matter());
        let bytes = self.portal.host.load(&key).await?;
        bytes.map(|bytes| HeldV1::read(&bytes)).transpose()
    }

    pub(super) async fn hold(&self, held: &HeldV1) -> Result<(), ClientError> {
        let key = back_key(self.firm(), self.matter());
        match self.portal.host.save(&key, &zeroize::Zeroizing::new(cbor::encode(held))).await {
            Err(_) if !self.keeps() => Ok(()),
            other => Ok(other?),
        }
    }

    fn visit(&self, language: Language) -> Result<VisitV1, ClientError> {
        // What has seeds in it has no copies but through its encoding.
        let bytes = zeroize::Zeroizing::new(cbor::encode(&*self.kept.borrow()));
        let mut kept = KeptV1::read(&bytes)?;
        if let Some(sent) = &mut kept.sent {
            sent.proven = None;
        }
        Ok(VisitV1 {
            invite: self.invite(),
            kept: cbor::encode(&kept).into(),
            firm_name: self.firm_name().into(),
            lawyer_name: self.lawyer_name().into(),
            form: self.form().title.read(language).into(),
            spoken: self.spoken_code(),
            expires: self.expires(),
        })
    }

    /// Seals what is held, and signs that it is this.
    pub(super) fn speak(&self, held: &HeldV1) -> Result<(B64, B64), ClientError> {
        let record = back::seal(&held.key(), &held.place(), held.number, &pack(held))
            .map_err(|_| ClientError::Unfit)?;
        if record.len() > MAX_RECORD {
            return Err(ClientError::Refused(Code::TooLarge));
        }
        let body = BackSaid {
            version: 1,
            firm: held.firm,
            back: held.back,
            number: held.number,
            credential: held.credential,
            slot: held.slot,
            record: sha256(&record),
            time: self.portal.host.now(),
            by: held.by,
        };
        let (key, kid) = (&self.identity.signing, self.kid());
        let said = Signed::sign(Namespace::Back, key, kid, &cbor::encode(&body))
            .map_err(|_| ClientError::Unfit)?;
        Ok((B64(record), B64(said.as_bytes().to_vec())))
    }
}
