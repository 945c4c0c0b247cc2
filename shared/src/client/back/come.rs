//! One touch on any device: the server gives slot and record, the passkey opens them.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::plain::{BACKS, BROKEN, BackV1, Beginning, HeldV1, VisitV1, back_key, unpack};
use crate::client::Portal;
use crate::client::error::ClientError;
use crate::client::host::Host;
use crate::client::intake::{EarlierV1, FiledDocument, KeptV1, SentV1, earlier_key, kept_key};
use crate::client::passkey::Signed as Signature;
use crate::crypto::back::{self, BackPlace};
use crate::crypto::cbor;
use crate::crypto::keys::{Kek, Kid};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::encoding::B64;
use crate::identity::back::{BackBy, BackSaid};
use crate::identity::wire::back::{BackOpened, FinishBack, StartBack};
use crate::identity::wire::factors::Ceremony;
use crate::ids::InviteId;
use crate::time::Timestamp;
use crate::vuln;

/// A passkey that signed, and what it remembers.
pub struct Touched {
    /// What it signed and gave.
    pub signed: Signature,
    /// WebAuthn's user handle.
    pub handle: Vec<u8>,
}

/// One invitation that the client comes back to.
pub struct VisitSeen {
    /// Which; its page goes on where the client left off.
    pub invite: InviteId,
    /// The form's title.
    pub form: String,
    /// Who will read it.
    pub lawyer_name: String,
    /// The number to be compared by voice.
    pub spoken: String,
    /// Until when its link can be opened.
    pub expires: Timestamp,
    /// What was sent, if it was.
    pub sent: Option<SentV1>,
    /// Documents that were delivered.
    pub filed: Vec<FiledDocument>,
}

/// A client who came back, with a session of the key for which the way was made.
pub struct Returned<H: Host> {
    portal: Portal<H>,
    held: HeldV1,
}

impl<H: Host> Portal<H> {
    /// Something for any client's passkey of this server to sign.
    ///
    /// # Errors
    /// When the server cannot be reached, or its address can have no passkeys.
    pub async fn begin_return(&self) -> Result<Ceremony, ClientError> {
        self.call(&StartBack {}).await
    }

    /// Comes back by what a passkey signed and gave. Nothing is kept on the device.
    ///
    /// # Errors
    /// [`ClientError::SignIn`] for a passkey that the server does not know, or of a key that the firm ended;
    /// [`ClientError::NoKeysInPasskey`] without a PRF; [`ClientError::NotVerified`] when what the server gives is
    /// not this passkey's, not this firm's, not what the client's key said, or older than what this device knows.
    pub async fn return_by_passkey(
        &self,
        attempt: B64,
        touched: Touched,
    ) -> Result<Returned<H>, ClientError> {
        let Touched { signed: Signature { assertion, prf }, handle } = touched;
        let prf = prf.ok_or(ClientError::NoKeysInPasskey)?;
        let credential = assertion.credential.0.clone();
        let opened = self.call(&FinishBack { attempt, assertion }).await?;
        // EXPOSE: goes into the key derivation, which neither logs nor keeps it.
        let kek = back::kek_from_prf(prf.expose());
        let shown = Shown { kek, credential: &credential, by: None };
        self.returned(&opened, &shown, |place| place.is_remembered(&handle)).await
    }

    /// Opens what the server gives to whoever showed a passkey, or words, of a place that they remember.
    pub(super) async fn returned(
        &self,
        opened: &BackOpened,
        shown: &Shown<'_>,
        remembers: impl Fn(&BackPlace) -> bool,
    ) -> Result<Returned<H>, ClientError> {
        let held = open(opened, shown, remembers)?;
        self.is_newest(&held).await?;
        Ok(Returned { portal: self.clone(), held })
    }

    /// A device that knows the way already takes nothing older of it.
    async fn is_newest(&self, held: &HeldV1) -> Result<(), ClientError> {
        for key in self.host.keys(BACKS).await? {
            let Some(bytes) = self.host.load(&key).await? else { continue };
            let Ok(known) = HeldV1::read(&bytes) else { continue };
            if known.back == held.back && known.number > held.number && !vuln::a08() {
                return Err(BROKEN);
            }
        }
        Ok(())
    }
}

/// By what somebody comes back.
pub(super) struct Shown<'a> {
    /// Opens the slot.
    pub(super) kek: Kek,
    /// Names the passkey, or what the server keeps of the words' token.
    pub(super) credential: &'a [u8],
    /// What must have been said that it is.
    pub(super) by: Option<BackBy>,
}

fn open(
    opened: &BackOpened,
    shown: &Shown<'_>,
    remembers: impl Fn(&BackPlace) -> bool,
) -> Result<HeldV1, ClientError> {
    let signed = Signed::parse(&opened.said.0).map_err(|_| BROKEN)?;
    // Read before the key is known that signed it: what it says is held to the passkey, then to that key.
    let said: BackSaid = cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?;
    let place = BackPlace { firm: said.firm, client: signed.signer(), back: said.back };
    let (slot, record) = (&opened.slot.0, &opened.record.0);
    let fits =
        remembers(&place) && said.is_of(shown.credential, slot, record) && said.by == shown.by;
    if !fits && !vuln::a08() {
        return Err(BROKEN);
    }
    let key = back::open_key(&shown.kek, &place, slot).map_err(|_| BROKEN)?;
    let plain = back::open(&key, &place, said.number, record).map_err(|_| BROKEN)?;
    // EXPOSE: read into its type.
    let BackV1 { matter, made, visits, .. } = unpack(plain.expose())?;
    let own = own_key(&visits, place)?;
    let key_of = own.identity().signing.public();
    if own.bundle.verify_key != Some(key_of) || signed.verify(Namespace::Back, &key_of).is_err() {
        return Err(BROKEN);
    }
    let beginning = Beginning {
        place,
        matter,
        number: said.number,
        credential: said.credential,
        slot: said.slot,
        made,
        visits,
        by: said.by,
    };
    Ok(HeldV1::new(beginning, &key))
}

/// The invitation whose key the passkey was registered for.
fn own_key(visits: &[VisitV1], place: BackPlace) -> Result<KeptV1, ClientError> {
    for visit in visits {
        let kept = visit.kept()?;
        if kept.bundle.kid() == place.client && kept.bundle.firm == place.firm {
            return Ok(kept);
        }
    }
    Err(BROKEN)
}

impl<H: Host> Returned<H> {
    /// The key that came back.
    #[must_use]
    pub const fn client(&self) -> Kid {
        self.held.client
    }

    /// What the firm is called.
    #[must_use]
    pub fn firm_name(&self) -> &str {
        self.held.visits.last().map_or("", |visit| &visit.firm_name)
    }

    /// The invitations, the newest first.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] when one is none.
    pub fn visits(&self) -> Result<Vec<VisitSeen>, ClientError> {
        let seen = self.held.visits.iter().rev().map(|visit| {
            let kept = visit.kept()?;
            Ok(VisitSeen {
                invite: visit.invite,
                form: visit.form.clone(),
                lawyer_name: visit.lawyer_name.clone(),
                spoken: visit.spoken.clone(),
                expires: visit.expires,
                sent: kept.sent,
                filed: kept.filed,
            })
        });
        seen.collect()
    }

    /// Keeps on this device what it takes to go on here: from now on it is one of the client's devices. What the
    /// device holds of an invitation already stays as it is, but where another device handed in since.
    ///
    /// # Errors
    /// [`ClientError::Store`] when the device keeps nothing.
    pub async fn go_on_here(&self) -> Result<(), ClientError> {
        let (host, held) = (&self.portal.host, &self.held);
        let mut newest: Option<EarlierV1> = None;
        for visit in &held.visits {
            let sent = visit.kept()?.sent;
            let done = sent.is_some();
            if let Some(sent) = sent {
                let earlier =
                    EarlierV1 { invite: visit.invite, number: sent.number, time: sent.time };
                newest = newest.filter(|known| known.time > earlier.time).or(Some(earlier));
            }
            let key = kept_key(visit.invite);
            let here = host.load(&key).await?.map(|bytes| KeptV1::read(&bytes)).transpose()?;
            if here.is_none_or(|here| done && here.sent.is_none()) {
                host.save(&key, &visit.kept).await?;
            }
        }
        if let Some(earlier) = newest {
            let key = earlier_key(held.firm, held.matter);
            host.save(&key, &cbor::encode(&earlier)).await?;
        }
        let key = back_key(held.firm, held.matter);
        Ok(host.save(&key, &Zeroizing::new(cbor::encode(held))).await?)
    }

    /// The session ends: for whoever leaves a device that is not theirs.
    ///
    /// # Errors
    /// When the server cannot be reached.
    pub async fn leave(self) -> Result<(), ClientError> {
        self.portal.call(&crate::identity::wire::SignOut {}).await.map(drop)
    }
}
