//! Acts of namespace 11, taken one by one.

use shared::ids::MatterId;
use shared::journal::cosignature::are_alike;
use shared::journal::papers::VERIFIES;
use shared::journal::verdict::{IdentityAct, Verdict};

use super::policy::{self, Known};
use super::{codes, store};
use crate::db::Tx;
use crate::documents;
use crate::error::{ApiError, Reply};
use crate::journal::project::Stand;
use crate::matters::policy::At;
use crate::matters::{self, papers};

/// Takes an act about who a client is.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn take(tx: &mut Tx, stand: &Stand<'_>, matter: MatterId, act: IdentityAct) -> Reply<()> {
    let at = matters::acts::at(tx, stand, matter).await?;
    if act.shred().is_some() {
        may_shred(&at, stand)?;
    }
    match act {
        IdentityAct::Found(verdict) => found(tx, &at, stand, verdict).await,
        // What waits by it is for the devices of the firm to say.
        IdentityAct::Needed(need) => {
            let before = store::need(tx, matter).await?;
            let permit = policy::may_need(&at, before.as_ref(), need)?;
            Ok(store::set_need(tx, matter, stand.leaf, &permit).await?)
        }
        IdentityAct::NeededLess(act) => {
            let permit = policy::may_need_less(&at, stand.record, act)?;
            Ok(store::set_need(tx, matter, stand.leaf, &permit).await?)
        }
        IdentityAct::Released(submission) => {
            let here = matters::store::submitted_here(tx, matter, submission).await?;
            let permit = policy::may_release(&at, here, submission)?;
            Ok(store::release(tx, stand.leaf, &permit).await?)
        }
        IdentityAct::Asked(asked) => {
            let accepted = store::accepted(tx, matter, asked.client).await?;
            let permit = codes::may_ask(&at, accepted, stand.record, asked)?;
            Ok(store::codes::ask(tx, matter, (stand.leaf, stand.now), &permit).await?)
        }
        IdentityAct::KeyEnded(act) => {
            let here = store::speaks(tx, matter, act.client).await?;
            let said = (stand.record, stand.place.time);
            let permit = policy::may_end_key(&at, here, said, act)?;
            papers::store::shred_of_ended(tx, &permit).await?;
            Ok(store::end_key(tx, &permit).await?)
        }
    }
}

/// Only those who verify say when papers go, and by no clock that is far off: what is shredded is gone.
fn may_shred(at: &At<'_>, stand: &Stand<'_>) -> Reply<()> {
    at.seat_with(VERIFIES)?;
    if !are_alike(stand.place.time, stand.now) {
        return Err(ApiError::invalid("The device's clock is more than an hour off."));
    }
    Ok(())
}

async fn found(tx: &mut Tx, at: &At<'_>, stand: &Stand<'_>, verdict: Verdict) -> Reply<()> {
    let sealed = match verdict.paper {
        Some(paper) => papers::store::is_sealed(tx, paper).await?,
        None => false,
    };
    if sealed {
        // Of what only those who verify can open, nobody else says that they looked.
        at.seat_with(VERIFIES)?;
    }
    let paper_is_own = match verdict.paper {
        Some(paper) => documents::store::filed_by(tx, at.matter, verdict.client, paper).await?,
        None => true,
    };
    let known = Known {
        accepted: store::accepted(tx, at.matter, verdict.client).await?,
        before: store::finding(tx, verdict.client).await?,
        paper_is_own,
        code_came: store::codes::came(tx, verdict.client).await?,
        record: stand.record,
        time: stand.place.time,
    };
    let permit = policy::may_find(at, known, verdict)?;
    papers::store::shred(tx, at.matter, stand.leaf, &permit).await?;
    if codes::ends(&permit) {
        store::codes::end(tx, &permit).await?;
    }
    Ok(store::find(tx, at.matter, stand.leaf, &permit).await?)
}
