//! Sheets that nobody has on paper yet: kept sealed on the device that cut them, from before the keyring names them
//! until somebody says that they are printed. So neither an answer that is lost or altered nor a page that ends
//! leaves a firm whose shares nobody has.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::shares::{Sheet, is_named};
use crate::client::Portal;
use crate::client::error::{ClientError, Thing};
use crate::client::host::Host;
use crate::client::ring::{Keys, Ring};
use crate::crypto::cbor;
use crate::crypto::hash::Hash32;
use crate::crypto::sealed::{self, RecordKind};
use crate::crypto::shares::Share;
use crate::ids::AccountId;

/// The name in the device's store.
const KEPT: &str = "recovery/sheets";

/// Where the record belongs: `{1: firm, 2: account}`.
#[derive(Encode)]
#[cbor(map)]
struct KeptPlace {
    #[n(1)]
    firm: Hash32,
    #[n(2)]
    account: AccountId,
}

/// `{1: generation, 2: [{1: number, 2: share}]}`.
#[derive(Encode, Decode)]
#[cbor(map)]
struct KeptV1 {
    #[n(1)]
    generation: u16,
    #[n(2)]
    sheets: Vec<KeptSheet>,
}

#[derive(Encode, Decode, Zeroize, ZeroizeOnDrop)]
#[cbor(map)]
struct KeptSheet {
    #[n(1)]
    number: u8,
    #[cbor(n(2), with = "minicbor::bytes")]
    share: [u8; 32],
}

impl<H: Host> Portal<H> {
    /// The sheets that this device cut and nobody has on paper yet, where the keyring names them.
    ///
    /// # Errors
    /// When locked, the server cannot be reached, or the device cannot read what it keeps.
    pub async fn unprinted_sheets(&self, ring: &Ring) -> Result<Vec<Sheet>, ClientError> {
        let Some(kept) = self.host.load(KEPT).await? else { return Ok(Vec::new()) };
        self.sync_directory(ring).await?;
        let (shares, void) = ring.with(|keys| {
            let kept = open(keys, &kept)?;
            let newest = keys.directory.ceremonies().shares().map_or(0, |(one, _)| one.generation);
            let shares: Vec<Share> = kept.shares(keys.firm()).collect();
            let named = shares.iter().all(|share| is_named(keys, share).is_ok());
            // Of shares that are not named yet nobody can say that they will not be.
            let void = !named && newest >= kept.generation;
            Ok::<_, ClientError>((if named { shares } else { Vec::new() }, void))
        })??;
        if void {
            self.host.remove(KEPT).await?;
        }
        Ok(shares.iter().map(Sheet::of).collect())
    }

    /// Somebody has the sheets on paper: this device forgets them.
    ///
    /// # Errors
    /// When the device cannot.
    pub async fn sheets_on_paper(&self) -> Result<(), ClientError> {
        Ok(self.host.remove(KEPT).await?)
    }

    /// Keeps these until they are on paper.
    pub(super) async fn keep_sheets(
        &self,
        ring: &Ring,
        sheets: &[&Share],
    ) -> Result<(), ClientError> {
        let Some(first) = sheets.first() else { return Ok(()) };
        let kept = KeptV1 {
            generation: first.generation(),
            sheets: sheets
                .iter()
                .map(|one| KeptSheet { number: one.number(), share: *one.bytes() })
                .collect(),
        };
        let sealed = ring.with(|keys| {
            let (id, body) = (keys.account.0, Zeroizing::new(cbor::encode(&kept)));
            let key = keys.amk.record_key();
            sealed::seal_record(&key, RecordKind::DeviceState, id, &place(keys), &body)
                .map_err(|_| ClientError::NotVerified(Thing::Account))
        })??;
        Ok(self.host.save(KEPT, &sealed).await?)
    }
}

impl KeptV1 {
    fn shares(&self, firm: Hash32) -> impl Iterator<Item = Share> {
        self.sheets.iter().map(move |one| Share::of(firm, self.generation, one.number, one.share))
    }
}

fn open(keys: &Keys, kept: &[u8]) -> Result<KeptV1, ClientError> {
    const BROKEN: ClientError = ClientError::NotVerified(Thing::Account);
    let (id, key) = (keys.account.0, keys.amk.record_key());
    let body = sealed::open_record(&key, RecordKind::DeviceState, id, &place(keys), kept);
    let body = body.map_err(|_| BROKEN)?;
    // EXPOSE: the shares go straight into their type.
    cbor::decode_strict(body.expose(), kept.len()).map_err(|_| BROKEN)
}

fn place(keys: &Keys) -> Vec<u8> {
    cbor::encode(&KeptPlace { firm: keys.firm(), account: keys.account })
}
