//! What the firm decides for all its people and matters: statements of the stream `policy`. Which release it
//! accepts is judged in [`super::release`].

pub mod policy;
pub mod store;

use shared::journal::release::PolicyAct;

use super::policy::Firm;
use super::project::Stand;
use super::release;
use crate::db::Tx;
use crate::error::Reply;
use crate::matters;

/// Takes an act of policy.
///
/// # Errors
/// When the policy refuses, or the database.
pub(super) async fn take(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: PolicyAct) -> Reply<()> {
    match act {
        // The statement is all that is kept of it.
        PolicyAct::ReleaseAccepted(accepted) => release::may_accept(stand.signer, &accepted),
        PolicyAct::Sessions(rules) => {
            let permit = policy::may_set_sessions(stand.signer, rules)?;
            Ok(store::set_sessions(tx, stand.leaf, &permit).await?)
        }
        // The statement is all that is kept of it: verdicts say when papers go.
        PolicyAct::Papers(rules) => {
            drop(policy::may_set_papers(stand.signer, rules)?);
            Ok(())
        }
        // What the kinds are is for those who open the firm's own room.
        PolicyAct::Kinds(at) => {
            let room = policy::Room {
                seated: matters::store::seated(tx, stand.signer.kid, firm.office).await?,
                epochs: matters::store::epochs(tx, firm.office).await?,
                record: stand.record,
            };
            drop(policy::may_name_kinds(stand.signer, room, at)?);
            Ok(())
        }
    }
}
