//! Acts at a matter, taken one by one: fetch the facts, ask the policy, write what it allowed.

use shared::crypto::cbor;
use shared::crypto::signed::{MAX_BODY, Signed};
use shared::ids::MatterId;
use shared::journal::statement::{
    AccessAct, ClientJoined, EpochAct, Granted, MatterAct, Placed, Submitted,
};

use super::policy::{self, At};
use super::store;
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::documents;
use crate::error::Reply;
use crate::journal::policy::Firm;
use crate::journal::project::Stand;
use crate::journal::store::directory;

/// The signer at a matter, with the facts that most policies ask for.
///
/// # Errors
/// When the database refuses.
pub async fn at<'a>(
    tx: &mut Tx,
    stand: &'a Stand<'_>,
    matter: MatterId,
) -> Result<At<'a>, DbError> {
    Ok(At {
        signer: stand.signer,
        matter,
        seated: store::seated(tx, stand.signer.kid, matter).await?,
        epochs: store::epochs(tx, matter).await?,
    })
}

/// Takes an act of namespace 8.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn take(
    tx: &mut Tx,
    stand: &Stand<'_>,
    firm: &Firm,
    matter: MatterId,
    act: MatterAct,
) -> Reply<()> {
    if let MatterAct::Created(named) = act {
        let permit = policy::may_create(stand.signer, matter, stand.place.seq, named)?;
        return Ok(store::create(tx, &permit, stand.signer.kid, stand.now).await?);
    }
    let at = at(tx, stand, matter).await?;
    match act {
        MatterAct::Created(_) => {}
        MatterAct::Granted(act) => grant(tx, &at, firm, act).await?,
        // The record itself is an attachment; there is nothing to project.
        MatterAct::Described(act) => drop(policy::may_describe(&at, stand.record, act)?),
        MatterAct::Invited(act) => {
            let permit = policy::may_invite(&at, act)?;
            store::invite(tx, matter, stand.leaf, &permit).await?;
        }
        MatterAct::Accepted(act) => {
            let came_by = store::came_by(tx, matter, act.client).await?;
            let permit = policy::may_accept(&at, came_by, act)?;
            store::accept(tx, &permit).await?;
        }
        MatterAct::Submitted(act) => submit(tx, &at, stand, act).await?,
        MatterAct::Decided(act) => {
            let here = store::submitted_here(tx, matter, act.submission).await?;
            let permit = policy::may_decide(&at, here, act)?;
            store::decide(tx, &permit).await?;
        }
    }
    Ok(())
}

async fn grant(tx: &mut Tx, at: &At<'_>, firm: &Firm, act: Granted) -> Reply<()> {
    let known = firm.recovery == Some(act.recipient)
        || store::can_be_granted(tx, act.recipient, at.matter).await?;
    let permit = policy::may_grant(at, known, act)?;
    Ok(store::grant(tx, at.matter, &permit).await?)
}

async fn submit(tx: &mut Tx, at: &At<'_>, stand: &Stand<'_>, act: Submitted) -> Reply<()> {
    let kid = stand.signer.kid;
    let mut all = true;
    for object in act.documents.iter().chain([&act.answers]) {
        all = all && documents::store::filed_by(tx, at.matter, kid, *object).await?;
    }
    let permit = policy::may_submit(at, all, act)?;
    Ok(store::submit(tx, at.matter, kid, stand.leaf, &permit).await?)
}

/// Takes the beginning of a key epoch.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn begin_epoch(
    tx: &mut Tx,
    stand: &Stand<'_>,
    firm: &Firm,
    matter: MatterId,
    act: EpochAct,
) -> Reply<()> {
    let at = at(tx, stand, matter).await?;
    let mut all_seated = true;
    for kid in act.unseated.iter().flatten() {
        all_seated = all_seated && store::staff_seated(tx, *kid, matter).await?;
    }
    let mut earlier = Vec::new();
    for bytes in store::epoch_statements(tx, matter, stand.place.seq).await? {
        let told = Signed::parse(&bytes).ok();
        // What the server took itself it can read.
        let said: Placed<EpochAct> = told
            .and_then(|told| cbor::decode_strict(told.body(), MAX_BODY).ok())
            .ok_or(DbError::Shape)?;
        earlier.push(said.act.key);
    }
    let permit = policy::may_begin_epoch(&at, firm.fingerprint, all_seated, &earlier, act)?;
    Ok(store::begin_epoch(tx, &permit).await?)
}

/// Takes a client's coming.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn join(
    tx: &mut Tx,
    stand: &Stand<'_>,
    firm: &Firm,
    matter: MatterId,
    act: ClientJoined,
) -> Reply<()> {
    let invite = store::find_invite(tx, act.invite).await?;
    let mut taken = false;
    for client in store::clients(tx, matter).await? {
        let known = documents::acts::client_id(tx, matter, client).await?;
        taken = taken || known.0 == act.bundle.subject;
    }
    let (firm, now) = (firm.fingerprint, stand.now);
    let permit = policy::may_join(matter, firm, invite.as_ref(), taken, now, act)?;
    Ok(directory::join(tx, stand.leaf, matter, &permit).await?)
}

/// Takes a note of what somebody opened.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn note_access(
    tx: &mut Tx,
    stand: &Stand<'_>,
    matter: MatterId,
    act: AccessAct,
) -> Reply<()> {
    let at = at(tx, stand, matter).await?;
    let here = match act.object {
        Some(object) => documents::store::filed_in(tx, matter, object).await?,
        None => true,
    };
    drop(policy::may_note_access(&at, here, act)?);
    Ok(())
}
