//! The door through which every act comes: statements are checked one after the other, each
//! against what those before it made, and all are kept or none.
//!
//! What is checked: the shape, the signer, the signature, the session it arrives on, the pairing of
//! namespace and stream, the place, the attachments, and whether the signer may (each feature's
//! `policy`). A signer's own clock is not: the time of arrival is the server's word, and a device
//! whose clock is wrong by a day must lose nothing.

use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::rng;
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::journal::cosignature::CLOCKS;
use shared::journal::receipt::Receipt;
use shared::journal::stream::Place;
use shared::journal::tree;
use shared::journal::wire::{Append, Appended};
use shared::problem::Code;
use shared::time::Timestamp;

use super::batch::{Attachments, Batch};
use super::project::{self, Kept};
use super::signer::Authority;
use super::store::{self, directory, tiles};
use super::{act, policy};
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::db::tx::Journaled;
use crate::error::{ApiError, Reply};
use crate::matters;
use crate::state::App;

/// What an append came to. Nothing is kept before [`Taken::commit`].
#[must_use]
pub struct Taken {
    appended: Appended,
    proof: Option<Journaled>,
}

impl Taken {
    /// Commits the transaction that the statements were taken in.
    ///
    /// # Errors
    /// When the database refuses; then nothing is kept.
    pub async fn commit(self, tx: Tx) -> Reply<Appended> {
        match self.proof {
            Some(proof) => tx.commit(proof).await?,
            None => tx.without_statement("the statements were kept before").await?,
        }
        Ok(self.appended)
    }

    /// The receipts, in the order of the statements.
    #[must_use]
    pub const fn appended(&self) -> &Appended {
        &self.appended
    }
}

/// Takes statements on somebody's word.
///
/// # Errors
/// When any of them does not hold up; then the transaction is to be dropped.
pub async fn append(tx: &mut Tx, app: &App, authority: Authority, call: &Append) -> Reply<Taken> {
    let mut batch = Batch::parse(call)?;
    tx.lock_journal().await?;
    if let Some(receipts) = repeated(tx, &batch.digests()).await? {
        for signed in &batch.statements {
            authority.covers(&project::signer_of(tx, signed, app.now()).await?)?;
        }
        return Ok(Taken { appended: Appended { receipts }, proof: None });
    }
    let founding = matches!(authority, Authority::Founding { .. });
    if founding && directory::firm(tx).await?.is_some() {
        return Err(policy::already_founded());
    }
    let (now, size) = (arrival(tx, app.now()).await?, tiles::size(tx).await?);
    let mut door = Door { app, authority, now, size, leaves: Vec::new() };
    let mut receipts = Vec::with_capacity(batch.statements.len());
    for signed in &batch.statements {
        receipts.push(B64(door.take(tx, signed, &mut batch.attachments).await?));
    }
    batch.attachments.finish()?;
    tiles::extend(tx, size, &door.leaves).await?;
    if founding {
        whole_firm(tx, &authority, now).await?;
    }
    Ok(Taken { appended: Appended { receipts }, proof: Some(Journaled::leaf_added()) })
}

/// When what comes now arrived: never before what stands in front of it, so that the journal's times run as
/// its leaves do. A clock is set right by a little now and then; one that was off by more than that says
/// what it says, and whoever reads the journal sees where.
async fn arrival(tx: &mut Tx, now: Timestamp) -> Reply<Timestamp> {
    let last = store::last_arrival(tx).await?;
    Ok(last.filter(|last| now < *last && !now.is_before(*last, CLOCKS)).unwrap_or(now))
}

/// The receipts of statements that are all kept already; `None` when all are new.
async fn repeated(tx: &mut Tx, digests: &[Hash32]) -> Reply<Option<Vec<B64>>> {
    let mut receipts = Vec::new();
    for digest in digests {
        receipts.extend(store::receipt_of(tx, *digest).await?.map(B64));
    }
    match receipts.len() {
        0 => Ok(None),
        known if known == digests.len() => Ok(Some(receipts)),
        _ => Err(project::moved()),
    }
}

/// A firm is founded with its founder, its recovery key and its office, or not at all.
async fn whole_firm(tx: &mut Tx, authority: &Authority, now: Timestamp) -> Reply<()> {
    let Authority::Founding { account } = authority else { return Ok(()) };
    let firm = directory::firm(tx).await?.ok_or(incomplete())?;
    let founder = directory::staff(tx, *account, now).await?.ok_or(incomplete())?;
    let seated = matters::store::seated(tx, founder.kid, firm.office).await?;
    let has_key = matters::store::epochs(tx, firm.office).await? > 0;
    if seated && has_key && firm.recovery.is_some() { Ok(()) } else { Err(incomplete()) }
}

struct Door<'a> {
    app: &'a App,
    authority: Authority,
    now: Timestamp,
    /// Of the tree before this call.
    size: u64,
    /// What this call adds to it.
    leaves: Vec<Hash32>,
}

impl Door<'_> {
    async fn take(
        &mut self,
        tx: &mut Tx,
        signed: &Signed,
        beside: &mut Attachments,
    ) -> Reply<Vec<u8>> {
        let signer = project::signer_of(tx, signed, self.now).await?;
        self.authority.covers(&signer)?;
        let next = project::read(tx, signed, signer).await?;
        let (at, receipt) = self.keep(tx, signed, &next.place).await?;
        let mut record = None;
        for name in act::names(&next.act) {
            let bytes = beside.take(&name)?;
            record = record.or_else(|| name.record_kind(bytes));
            store::attach(tx, at.leaf, name.hash, bytes).await?;
        }
        let kept = Kept { authority: &self.authority, at: &at, record };
        let log = self.app.secrets.log.public();
        project::project(tx, &log, &kept, next).await.map_err(taken_twice)?;
        Ok(receipt)
    }

    /// Keeps the statement with its receipt.
    async fn keep(
        &mut self,
        tx: &mut Tx,
        signed: &Signed,
        place: &Place,
    ) -> Reply<(Receipt, Vec<u8>)> {
        let at = Receipt {
            statement: signed.digest(),
            stream: place.stream,
            seq: place.seq,
            leaf: self.size + self.leaves.len() as u64,
            blind: Hash32(rng::random()),
            time: self.now,
        };
        let secrets = &self.app.secrets;
        let receipt =
            Signed::sign(Namespace::Receipt, &secrets.log, secrets.log_kid, &cbor::encode(&at))
                .map_err(ApiError::internal)?
                .into_bytes();
        store::insert(tx, &at, signed.as_bytes(), &receipt).await.map_err(|error| match error {
            DbError::Taken => project::moved(),
            other => other.into(),
        })?;
        self.leaves.push(tree::leaf_hash(at.statement, at.blind));
        Ok((at, receipt))
    }
}

const fn incomplete() -> ApiError {
    ApiError::invalid("The founding statements do not make a whole firm.")
}

// A row with the id of an act exists: the act says again what another statement said.
fn taken_twice(error: ApiError) -> ApiError {
    if error.code() == Code::AlreadyExists {
        ApiError::new(Code::AlreadyExists, "An id in the statement is taken by something else.")
    } else {
        error
    }
}
