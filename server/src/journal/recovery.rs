//! Recovery by the firm's officers, as the journal has it: what was said is folded anew each time that
//! somebody says more, with the rules that devices fold by (`shared::journal::ceremony`). It is said rarely.

use std::collections::BTreeMap;

use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, VerifyKey};
use shared::crypto::signed::{MAX_BODY, Signed};
use shared::ids::MatterId;
use shared::journal::ceremony::{Ceremonies, Facts, When};
use shared::journal::recovery::{RecoveryAct, SharesNamed};
use shared::journal::statement::{Admitted, Placed, RootAct};
use shared::journal::stream::Place;
use shared::time::Timestamp;

use super::permit::Permit;
use super::policy::Firm;
use super::project::Stand;
use super::signer::Part;
use super::store::{directory, posts, recovery as store};
use crate::db::Conn;
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::error::{ApiError, Reply};
use crate::matters;

/// Takes an act of namespace 14.
///
/// # Errors
/// When it may not be said, or the database refuses.
pub async fn take(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: &RecoveryAct) -> Reply<()> {
    let so_far = folded(tx, stand.leaf).await?;
    let by = stand.signer.kid;
    let at = When { time: stand.place.time, arrived: stand.now, leaf: stand.leaf };
    let mut people = BTreeMap::new();
    for kid in so_far.asks(act, by) {
        people.extend(
            directory::standing(tx, kid, at.later()).await?.map(|standing| (kid, standing)),
        );
    }
    let roots = match act {
        RecoveryAct::Rerooted(_) => roots(tx, stand.leaf).await?,
        _ => Vec::new(),
    };
    let facts = Facts { firm: firm.fingerprint, recovery: firm.recovery, roots, people };
    let by = (by, stand.signer.part == Part::Root);
    so_far.may(act, by, &at, &facts).map_err(|unfit| ApiError::invalid(unfit.0))?;
    if let RecoveryAct::Rerooted(act) = act {
        directory::reroot(tx, &Permit::allow(act.root)).await?;
    }
    Ok(())
}

/// Whether a seat of this matter passes to this key, by what was said before this leaf.
///
/// # Errors
/// When the database refuses.
pub async fn passes(
    tx: &mut Tx,
    matter: MatterId,
    to: Kid,
    (leaf, now): (u64, Timestamp),
) -> Result<bool, DbError> {
    let so_far = folded(tx, leaf).await?;
    for lost in so_far.pass_to(to, leaf) {
        let open = matters::store::seated(tx, lost, matter).await?;
        // A post that is over opens nothing any more, and so passes nothing on.
        if open && !posts::is_over(tx, lost, now).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether this person passes a seat at this matter on, and no wall keeps them from it.
///
/// # Errors
/// When the database refuses.
pub async fn conducts(conn: &mut Conn, kid: Kid, matter: MatterId) -> Result<bool, DbError> {
    if posts::walled(conn, kid, matter).await? {
        return Ok(false);
    }
    for lost in folded(conn, u64::MAX).await?.conducted_by(kid) {
        if matters::store::seated(conn, lost, matter).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether these keys came back by shares, by what was said before this leaf.
///
/// # Errors
/// When the database refuses.
pub async fn returned(conn: &mut Conn, act: &Admitted, leaf: u64) -> Result<bool, DbError> {
    Ok(folded(conn, leaf).await?.has_returned(act.account, &act.bundle))
}

/// The shares that count.
///
/// # Errors
/// When the database refuses.
pub async fn shares(conn: &mut Conn) -> Result<Option<SharesNamed>, DbError> {
    Ok(folded(conn, u64::MAX).await?.shares().map(|(shares, _)| shares.clone()))
}

/// Whoever passes somebody's seats on may know where they are.
///
/// # Errors
/// Absent and forbidden look alike.
pub async fn may_see_seats(conn: &mut Conn, kid: Kid, lost: Kid) -> Reply<Permit<Kid>> {
    let theirs = folded(conn, u64::MAX).await?.conducted_by(kid).any(|one| one == lost);
    if theirs { Ok(Permit::allow(lost)) } else { Err(ApiError::not_found()) }
}

/// Every key that was the root before this leaf.
async fn roots(conn: &mut Conn, before: u64) -> Result<Vec<VerifyKey>, DbError> {
    let first = Signed::parse(&store::first(conn).await?).map_err(|_| DbError::Shape)?;
    let body: Placed<RootAct> =
        cbor::decode_strict(first.body(), MAX_BODY).map_err(|_| DbError::Shape)?;
    let mut roots = vec![body.act.root];
    for said in store::said(conn, before).await? {
        if let RecoveryAct::Rerooted(act) = act_of(&said)?.2 {
            roots.push(act.root);
        }
    }
    Ok(roots)
}

fn act_of(said: &store::Said) -> Result<(Kid, Place, RecoveryAct), DbError> {
    let signed = Signed::parse(&said.body).map_err(|_| DbError::Shape)?;
    let body: Placed<RecoveryAct> =
        cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| DbError::Shape)?;
    Ok((signed.signer(), body.place, body.act))
}

/// What was said before this leaf. What the server took itself it can read.
async fn folded(conn: &mut Conn, before: u64) -> Result<Ceremonies, DbError> {
    let mut so_far = Ceremonies::default();
    for said in store::said(conn, before).await? {
        let (by, place, act) = act_of(&said)?;
        let at = When { time: place.time, arrived: said.arrived, leaf: said.leaf };
        so_far.take(act, by, Hash32([0; 32]), at);
    }
    Ok(so_far)
}
