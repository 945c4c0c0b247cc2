//! Acts about identity papers, taken one by one.

use shared::crypto::keys::Kid;
use shared::crypto::manifest::Manifest;
use shared::journal::papers::{PapersKey, VERIFIES};
use shared::journal::statement::Granted;

use super::{policy, store};
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::error::Reply;
use crate::journal::policy::Firm;
use crate::journal::project::Stand;
use crate::journal::recovery;
use crate::journal::signer::Part;
use crate::journal::store::directory;
use crate::matters::acts::earlier_keys;
use crate::matters::policy::At;
use crate::matters::store::{can_be_granted, epoch_kid, seated};

/// Takes the key of the newest epoch's papers.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn begin(
    tx: &mut Tx,
    at: &At<'_>,
    stand: &Stand<'_>,
    firm: &Firm,
    act: PapersKey,
) -> Reply<()> {
    let mut earlier = earlier_keys(tx, at.matter, stand.place.seq).await?;
    earlier.extend(store::keys(tx, at.matter).await?);
    let newest = at.epochs.saturating_sub(1);
    let follows = epoch_kid(tx, at.matter, newest).await?;
    let begun = store::key(tx, at.matter, newest).await?.is_some();
    let facts = policy::Facts { firm: firm.fingerprint, follows, begun, earlier: &earlier };
    let permit = policy::may_begin(at, facts, act)?;
    Ok(store::begin(tx, at.matter, stand.leaf, &permit).await?)
}

/// Takes the gift of such a key. Nobody gets a seat by it, so the statement is all that is kept.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn grant(
    tx: &mut Tx,
    at: &At<'_>,
    stand: &Stand<'_>,
    firm: &Firm,
    act: Granted,
) -> Reply<()> {
    let to = act.recipient;
    let known = firm.recovery == Some(to) || can_hold(tx, at, stand, to).await?;
    let passes = stand.signer.part == Part::Root
        && recovery::passes(tx, at.matter, to, (stand.leaf, stand.now)).await?;
    let begun = store::key(tx, at.matter, act.epoch).await?.is_some();
    drop(policy::may_grant(at, (known, passes, begun), act)?);
    Ok(())
}

/// Whether somebody sits here and verifies.
async fn can_hold(tx: &mut Tx, at: &At<'_>, stand: &Stand<'_>, to: Kid) -> Result<bool, DbError> {
    let person = directory::signer(tx, to, stand.now).await?;
    Ok(person.is_some_and(|person| person.is_staff_with(VERIFIES))
        && seated(tx, to, at.matter).await?
        && can_be_granted(tx, to, at.matter, stand.now).await?)
}

/// Takes note of a paper that is being filed.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn file(tx: &mut Tx, stand: &Stand<'_>, manifest: &Manifest) -> Reply<()> {
    let context = &manifest.context;
    let key = store::key(tx, context.matter, context.epoch).await?;
    let permit = policy::may_file(stand.signer, key.as_ref(), manifest)?;
    Ok(store::file(tx, stand.leaf, manifest, &permit).await?)
}
