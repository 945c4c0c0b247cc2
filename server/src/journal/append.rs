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
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::{Namespace, Signed};
use shared::encoding::B64;
use shared::journal::receipt::Receipt;
use shared::journal::statement::{Admitted, KeyringAct};
use shared::journal::stream::Place;
use shared::journal::tree;
use shared::journal::wire::{Append, Appended};
use shared::problem::Code;
use shared::time::Timestamp;

use super::act::{self, Act};
use super::batch::{Attachments, Batch};
use super::policy::{self, Firm};
use super::release;
use super::signer::{Authority, Signer};
use super::store::{self, directory, nodes};
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::db::tx::Journaled;
use crate::error::{ApiError, Reply};
use crate::state::App;
use crate::{documents, matters};

/// A statement that is being taken: who signed it, where it stands, and when it came.
pub struct Stand<'a> {
    /// On whose word.
    pub authority: &'a Authority,
    /// Who signed.
    pub signer: &'a Signer,
    /// Its place in its stream.
    pub place: Place,
    /// Its leaf in the tree.
    pub leaf: u64,
    /// The server's time.
    pub now: Timestamp,
    /// The kind of the record that its act names, where it names one.
    pub record: Option<RecordKind>,
}

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
            authority.covers(&signer_of(tx, signed).await?)?;
        }
        return Ok(Taken { appended: Appended { receipts }, proof: None });
    }
    let founding = matches!(authority, Authority::Founding { .. });
    if founding && directory::firm(tx).await?.is_some() {
        return Err(policy::already_founded());
    }
    let mut door = Door { app, authority, now: app.now(), size: nodes::size(tx).await? };
    let mut receipts = Vec::with_capacity(batch.statements.len());
    for signed in &batch.statements {
        receipts.push(B64(door.take(tx, signed, &mut batch.attachments).await?));
    }
    batch.attachments.finish()?;
    if founding {
        whole_firm(tx, &authority).await?;
    }
    Ok(Taken { appended: Appended { receipts }, proof: Some(Journaled::leaf_added()) })
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
        _ => Err(moved()),
    }
}

/// A firm is founded with its founder, its recovery key and its office, or not at all.
async fn whole_firm(tx: &mut Tx, authority: &Authority) -> Reply<()> {
    let Authority::Founding { account } = authority else { return Ok(()) };
    let firm = directory::firm(tx).await?.ok_or(incomplete())?;
    let founder = directory::staff(tx, *account).await?.ok_or(incomplete())?;
    let seated = matters::store::seated(tx, founder.kid, firm.office).await?;
    let has_key = matters::store::epochs(tx, firm.office).await? > 0;
    if seated && has_key && firm.recovery.is_some() { Ok(()) } else { Err(incomplete()) }
}

/// The key a statement says it is signed with: known to the firm, or brought along.
async fn signer_of(tx: &mut Tx, signed: &Signed) -> Reply<Signer> {
    match act::brought_signer(signed)? {
        Some(signer) => Ok(signer),
        None => directory::signer(tx, signed.signer())
            .await?
            .ok_or(ApiError::invalid("The statement is signed by nobody this firm knows.")),
    }
}

struct Door<'a> {
    app: &'a App,
    authority: Authority,
    now: Timestamp,
    size: u64,
}

impl Door<'_> {
    async fn take(
        &mut self,
        tx: &mut Tx,
        signed: &Signed,
        beside: &mut Attachments,
    ) -> Reply<Vec<u8>> {
        let signer = signer_of(tx, signed).await?;
        self.authority.covers(&signer)?;
        let (place, act) = act::read(signed, &signer.key)?;
        store::head(tx, place.stream)
            .await?
            .advance(&place, signed.digest())
            .map_err(|_| moved())?;
        let leaf = self.size;
        let receipt = self.keep(tx, signed, &place).await?;
        let mut record = None;
        for name in act::names(&act) {
            let bytes = beside.take(&name)?;
            record = record.or_else(|| name.record_kind(bytes));
            store::attach(tx, leaf, name.hash, bytes).await?;
        }
        let (authority, now) = (&self.authority, self.now);
        let stand = Stand { authority, signer: &signer, place, leaf, now, record };
        self.project(tx, &stand, act).await.map_err(taken_twice)?;
        Ok(receipt)
    }

    /// Adds the leaf and signs the receipt.
    async fn keep(&mut self, tx: &mut Tx, signed: &Signed, place: &Place) -> Reply<Vec<u8>> {
        let at = Receipt {
            statement: signed.digest(),
            stream: place.stream,
            seq: place.seq,
            leaf: self.size,
            blind: Hash32(rng::random()),
            time: self.now,
        };
        let secrets = &self.app.secrets;
        let receipt =
            Signed::sign(Namespace::Receipt, &secrets.log, secrets.log_kid, &cbor::encode(&at))
                .map_err(ApiError::internal)?
                .into_bytes();
        store::insert(tx, &at, signed.as_bytes(), &receipt).await.map_err(|error| match error {
            DbError::Taken => moved(),
            other => other.into(),
        })?;
        nodes::push(tx, at.leaf, tree::leaf_hash(at.statement, at.blind)).await?;
        self.size += 1;
        Ok(receipt)
    }

    /// Hands the act to its feature.
    async fn project(&self, tx: &mut Tx, stand: &Stand<'_>, act: Act) -> Reply<()> {
        let firm = directory::firm(tx).await?;
        if let Act::Root(act) = act {
            let log = self.app.secrets.log.public();
            let permit = policy::may_found(stand.authority, firm.as_ref(), act, &log)?;
            return Ok(directory::found(tx, &permit).await?);
        }
        let firm = firm.ok_or(ApiError::invalid("There is no firm here yet."))?;
        match act {
            Act::Root(_) => Ok(()),
            Act::Keyring(act) => keyring(tx, stand, &firm, act).await,
            Act::Joined(matter, act) => matters::acts::join(tx, stand, &firm, matter, act).await,
            Act::Epoch(matter, act) => {
                matters::acts::begin_epoch(tx, stand, &firm, matter, act).await
            }
            Act::Filed(matter, act) => documents::acts::file(tx, stand, &firm, matter, act).await,
            Act::Matter(matter, act) => matters::acts::take(tx, stand, &firm, matter, act).await,
            Act::Access(matter, act) => matters::acts::note_access(tx, stand, matter, act).await,
            // The statement is all that is kept of it.
            Act::Policy(act) => release::may_accept(stand.signer, &act),
            Act::Form(act) => {
                let newest = directory::newest_form(tx, act.form).await?;
                let permit = policy::may_publish(stand.signer, newest, act)?;
                Ok(directory::publish(tx, stand.leaf, &permit).await?)
            }
        }
    }
}

async fn keyring(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: KeyringAct) -> Reply<()> {
    match act {
        KeyringAct::Admitted(act) => admit(tx, stand, firm, act).await?,
        KeyringAct::RecoveryKey(bundle) => {
            let permit = policy::may_name_recovery(stand.signer, firm, bundle)?;
            directory::name_recovery(tx, &permit).await?;
        }
        KeyringAct::Invited(offer) => {
            let permit = policy::may_offer(stand.signer, offer)?;
            directory::offer(tx, stand.leaf, &permit).await?;
        }
    }
    Ok(())
}

async fn admit(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: Admitted) -> Reply<()> {
    let offer = match act.enrolment {
        Some(enrolment) => directory::offered(tx, enrolment).await?,
        None => None,
    };
    let permit = policy::may_admit(stand.authority, stand.signer, firm, &act, offer.as_ref())?;
    Ok(directory::admit(tx, &permit).await?)
}

/// The stream a statement of the call stands in moved on.
#[must_use]
pub const fn moved() -> ApiError {
    ApiError::new(Code::StreamMoved, "The stream moved on: read its end and sign again.")
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
