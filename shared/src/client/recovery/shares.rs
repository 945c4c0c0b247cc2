//! The recovery key is cut into shares by whoever holds it, and each share is looked at now and then.

use alloc::string::String;
use alloc::vec::Vec;

use super::pass::Quorum;
use crate::client::Portal;
use crate::client::directory::Directory;
use crate::client::error::{ClientError, Thing};
use crate::client::host::Host;
use crate::client::pen::Pen;
use crate::client::ring::{Keys, Ring};
use crate::crypto::keys::{KemPublic, Kid, SigningKey};
use crate::crypto::shares::{BadSheet, Share};
use crate::crypto::signed::Namespace;
use crate::crypto::wrapped::{self, Signer, WrapContext};
use crate::journal::recovery::{
    ESCROW_PURPOSE, HeldShare, RecoveryAct, SHARE_PURPOSE, ShareNamed, ShareTested, SharesNamed,
};
use crate::journal::stream::StreamId;
use crate::problem::Code;
use crate::secret::Secret;

/// A share that does not stand in the keyring: wrong, exchanged, or of an earlier cutting.
pub(super) const WRONG: ClientError = ClientError::NotVerified(Thing::Share);

/// Who is to have a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareFor {
    /// The person with these keys, on their own devices.
    Person(Kid),
    /// Whoever keeps the paper.
    Sheet,
}

/// A share on paper.
pub struct Sheet {
    /// Its number.
    pub number: u8,
    /// Sixteen groups of five characters.
    pub text: Secret<String>,
}

impl Sheet {
    /// What stands on it.
    pub(super) fn of(share: &Share) -> Self {
        Self { number: share.number(), text: share.sheet() }
    }
}

impl<H: Host> Portal<H> {
    /// Cuts the firm's recovery key into shares, of which `threshold` give it back, and says so in the
    /// keyring; those of an earlier cutting are void. Gives the sheets, which this device keeps until somebody says
    /// that they are on paper ([`Portal::sheets_on_paper`]), and gives again until then
    /// ([`Portal::unprinted_sheets`]).
    ///
    /// # Errors
    /// [`ClientError::Missing`] for everybody whose account does not keep the firm's keys;
    /// [`ClientError::Unfit`] when the shares cannot be cut so, or somebody cannot have one;
    /// [`ClientError::StepUp`]; otherwise as usual.
    pub async fn name_shares(
        &self,
        ring: &Ring,
        threshold: u8,
        seats: &[ShareFor],
    ) -> Result<Vec<Sheet>, ClientError> {
        let firm_keys = self.firm_keys(ring).await?;
        self.cut(ring, &firm_keys, threshold, seats).await
    }

    /// The same by whoever has the firm's keys in hand.
    pub(super) async fn cut(
        &self,
        ring: &Ring,
        firm_keys: &Quorum,
        threshold: u8,
        seats: &[ShareFor],
    ) -> Result<Vec<Sheet>, ClientError> {
        self.cut_by(ring, firm_keys, threshold, seats, |keys, pen, named| {
            say(keys, pen, RecoveryAct::SharesNamed(named), Some(&firm_keys.root))
        })
        .await
    }

    /// The same where the shares are named in an act of the caller's.
    pub(super) async fn cut_by(
        &self,
        ring: &Ring,
        firm_keys: &Quorum,
        threshold: u8,
        seats: &[ShareFor],
        name: impl Fn(&Keys, &mut Pen, SharesNamed) -> Result<(), ClientError>,
    ) -> Result<Vec<Sheet>, ClientError> {
        let count = u8::try_from(seats.len()).map_err(|_| ClientError::Unfit)?;
        self.sync_directory(ring).await?;
        let shares = ring.with(|keys| {
            let generation = next_generation(keys)?;
            let key = &firm_keys.recovery;
            Share::split(key, keys.firm(), generation, threshold, count).ok_or(ClientError::Unfit)
        })??;
        let on_paper = shares.iter().zip(seats).filter(|(_, seat)| **seat == ShareFor::Sheet);
        let on_paper: Vec<&Share> = on_paper.map(|(share, _)| share).collect();
        self.keep_sheets(ring, &on_paper).await?;
        let keyring = [StreamId::Keyring];
        let sent = self.append(ring, &keyring, |keys, pen| {
            if shares.first().map(Share::generation) != Some(next_generation(keys)?) {
                return Err(ClientError::Refused(Code::Stale));
            }
            let act = named(keys, pen, firm_keys, (threshold, seats), &shares)?;
            name(keys, pen, act)
        });
        let sent = sent.await;
        let known = self.sync_directory(ring).await;
        // An answer that was lost or altered says nothing of whether they count now: the keyring does.
        let stands = ring.with(|keys| shares.iter().all(|share| is_named(keys, share).is_ok()))?;
        if !stands {
            if known.is_ok() && !on_paper.is_empty() {
                self.sheets_on_paper().await?;
            }
            sent?;
            known?;
            return Err(WRONG);
        }
        Ok(on_paper.into_iter().map(Sheet::of).collect())
    }

    /// Looks at a share: the caller's own, or one that was typed from its sheet. Where it is the one that
    /// the keyring names, that is said there; nothing else of it leaves the device.
    ///
    /// # Errors
    /// [`ClientError::NotVerified`] of the share when it is another; [`ClientError::Missing`] when the caller
    /// has none; otherwise as usual.
    pub async fn test_share(&self, ring: &Ring, typed: Option<&Share>) -> Result<u8, ClientError> {
        self.sync_directory(ring).await?;
        let mut tested = 0;
        self.append(ring, &[StreamId::Keyring], |keys, pen| {
            let (generation, number) = looked_at(keys, typed)?;
            tested = number;
            say(keys, pen, RecoveryAct::Tested(ShareTested { generation, number }), None)
        })
        .await?;
        self.sync_directory(ring).await?;
        Ok(tested)
    }

    /// Reads a sheet of this firm as it was typed.
    ///
    /// # Errors
    /// When locked; inside, which group was misread.
    pub fn read_sheet(
        &self,
        ring: &Ring,
        typed: &Secret<String>,
    ) -> Result<Result<Share, BadSheet>, ClientError> {
        ring.with(|keys| Share::parse(typed, keys.firm()))
    }
}

fn next_generation(keys: &Keys) -> Result<u16, ClientError> {
    let before = keys.directory.ceremonies().shares();
    let generation = before.map_or(0, |(shares, _)| shares.generation);
    generation.checked_add(1).ok_or(ClientError::Unfit)
}

/// Says something of recovery, as oneself or as the root.
pub(super) fn say(
    keys: &Keys,
    pen: &mut Pen,
    act: RecoveryAct,
    root: Option<&SigningKey>,
) -> Result<(), ClientError> {
    let (key, kid) = match root {
        Some(root) => (root, Kid::of_root(keys.firm())),
        None => (&keys.identity.signing, keys.kid),
    };
    pen.write(Namespace::Recovery, StreamId::Keyring, act, key, kid).map(drop)
}

/// Where an envelope of the cutting belongs: the office stands for the firm.
pub(super) fn place(directory: &Directory, generation: u16, purpose: u8) -> WrapContext {
    let (firm, matter) = (directory.firm(), directory.root().office);
    WrapContext { firm, matter, epoch: u32::from(generation), purpose }
}

fn named(
    keys: &Keys,
    pen: &Pen,
    firm_keys: &Quorum,
    (threshold, seats): (u8, &[ShareFor]),
    shares: &[Share],
) -> Result<SharesNamed, ClientError> {
    let root_kid = Kid::of_root(keys.firm());
    let signer = Signer { key: &firm_keys.root, kid: root_kid };
    let seq = pen.next_seq(StreamId::Keyring);
    let generation = shares.first().map_or(0, Share::generation);
    let seal = |to: (Kid, &KemPublic), purpose, seed: &[u8; 32], of: Kid| {
        let context = place(&keys.directory, generation, purpose);
        wrapped::seal(to, &context, signer, seed, of, seq).map_err(|_| ClientError::Unfit)
    };
    let mut all = Vec::with_capacity(shares.len());
    for (share, seat) in shares.iter().zip(seats) {
        let commitment = share.commitment();
        let held = match seat {
            ShareFor::Sheet => None,
            ShareFor::Person(holder) => {
                let kem = keys.directory.recipient(*holder, keys.office())?;
                let (to, of) = ((*holder, kem), Kid(commitment.0));
                let envelope = seal(to, SHARE_PURPOSE, share.bytes(), of)?;
                Some(HeldShare { holder: *holder, envelope })
            }
        };
        all.push(ShareNamed { commitment, held, voice: Some(share.voice()) });
    }
    let bundle = keys.directory.recovery().ok_or(ClientError::Missing)?;
    let recovery = bundle.kid();
    let kem = bundle.kem.as_ref().ok_or(ClientError::Unfit)?;
    let root = seal((recovery, kem), ESCROW_PURPOSE, firm_keys.root.seed(), root_kid)?;
    Ok(SharesNamed { generation, recovery, threshold, shares: all, root })
}

fn looked_at(keys: &Keys, typed: Option<&Share>) -> Result<(u16, u8), ClientError> {
    match typed {
        Some(share) => {
            is_named(keys, share)?;
            Ok((share.generation(), share.number()))
        }
        None => my_share(keys).map(|share| (share.generation(), share.number())),
    }
}

/// Whether a share is the one that the keyring names.
pub(super) fn is_named(keys: &Keys, share: &Share) -> Result<(), ClientError> {
    let (shares, _) = keys.directory.ceremonies().shares().ok_or(ClientError::Missing)?;
    let named = shares.share(share.number()).map(|named| named.commitment);
    let same = shares.generation == share.generation() && named == Some(share.commitment());
    if same { Ok(()) } else { Err(WRONG) }
}

/// The caller's own share.
pub(super) fn my_share(keys: &Keys) -> Result<Share, ClientError> {
    let (shares, _) = keys.directory.ceremonies().shares().ok_or(ClientError::Missing)?;
    let number = shares.held_by(keys.kid).ok_or(ClientError::Missing)?;
    let held = shares.share(number).and_then(|one| one.held.as_ref());
    let held = held.ok_or(ClientError::Missing)?;
    let kem = keys.identity.kem.as_ref().ok_or(ClientError::Missing)?;
    let context = place(&keys.directory, shares.generation, SHARE_PURPOSE);
    let root = Kid::of_root(keys.firm());
    let opened = wrapped::open(&held.envelope, keys.kid, kem, &context, |kid| {
        (kid == root).then(|| *keys.directory.root_key())
    });
    let opened = opened.map_err(|_| WRONG)?;
    let share = Share::of(keys.firm(), shares.generation, number, *opened.seed());
    is_named(keys, &share)?;
    Ok(share)
}
