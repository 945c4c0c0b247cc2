//! Acts at a matter, taken one by one: fetch the facts, ask the policy, write what it allowed.

use std::collections::BTreeSet;

use shared::crypto::cbor;
use shared::crypto::keys::PublicBundle;
use shared::crypto::signed::{MAX_BODY, Signed};
use shared::ids::MatterId;
use shared::journal::statement::{
    AccessAct, ClientJoined, EpochAct, Granted, MatterAct, Placed, Submitted,
};

use super::policy::{self, At, Invite};
use super::{papers, store};
use crate::db::Tx;
use crate::db::pool::DbError;
use crate::documents;
use crate::error::Reply;
use crate::journal::policy::Firm;
use crate::journal::project::Stand;
use crate::journal::recovery;
use crate::journal::signer::Part;
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
        MatterAct::Granted(act) => grant(tx, &at, stand, firm, act).await?,
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
        MatterAct::PapersKey(act) => papers::acts::begin(tx, &at, stand, firm, act).await?,
        MatterAct::PapersGranted(act) => papers::acts::grant(tx, &at, stand, firm, act).await?,
        MatterAct::Submitted(act) => submit(tx, &at, stand, act).await?,
        MatterAct::Decided(act) => {
            let here = store::submitted_here(tx, matter, act.submission).await?;
            let permit = policy::may_decide(&at, here, act)?;
            store::decide(tx, &permit).await?;
        }
    }
    Ok(())
}

async fn grant(
    tx: &mut Tx,
    at: &At<'_>,
    stand: &Stand<'_>,
    firm: &Firm,
    act: Granted,
) -> Reply<()> {
    if stand.signer.part == Part::Root {
        let passes = recovery::passes(tx, at.matter, act.recipient, (stand.leaf, stand.now))
            .await?
            && store::can_be_granted(tx, act.recipient, at.matter, stand.now).await?;
        let permit = policy::may_pass_seat(at, passes, act)?;
        return Ok(store::grant(tx, at.matter, &permit).await?);
    }
    let known = firm.recovery == Some(act.recipient)
        || store::can_be_granted(tx, act.recipient, at.matter, stand.now).await?;
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
    // The journal waits meanwhile: nothing more is read for somebody who may not.
    let proposed = policy::may_propose_epoch(&at, firm.fingerprint, act)?;
    let shown = match proposed.known() {
        Some(known) => store::owed::keyring_ended(tx, known, stand.leaf).await?,
        None => true,
    };
    let seated =
        if proposed.unseats() { store::seated_staff(tx, matter).await? } else { BTreeSet::new() };
    let mut earlier = earlier_keys(tx, matter, stand.place.seq).await?;
    earlier.extend(papers::store::keys(tx, matter).await?);
    let permit = policy::may_begin_epoch(proposed, shown, &seated, &earlier)?;
    Ok(store::begin_epoch(tx, &permit).await?)
}

/// The keys that a matter had before this place in its stream.
pub(super) async fn earlier_keys(
    tx: &mut Tx,
    matter: MatterId,
    before: u64,
) -> Result<Vec<PublicBundle>, DbError> {
    let read = |bytes: Vec<u8>| {
        let told = Signed::parse(&bytes).ok()?;
        let said: Placed<EpochAct> = cbor::decode_strict(told.body(), MAX_BODY).ok()?;
        Some(said.act.key)
    };
    let statements = store::epoch_statements(tx, matter, before).await?;
    // What the server took itself it can read.
    statements.into_iter().map(|bytes| read(bytes).ok_or(DbError::Shape)).collect()
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
    let mut invite = store::find_invite(tx, act.invite).await?;
    if store::owed::owes_key(tx, matter, stand.now).await? {
        // Whoever left may have read the link's secret.
        invite = invite.map(Invite::over);
    }
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
