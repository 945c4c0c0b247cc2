//! Reviews of who can open which matter: the acts of the stream `reviews`, taken one by one.
//!
//! The server knows who sits where, so it holds each matter's list to that ([`policy`]); whoever reads the
//! stream holds it to what they know ([`shared::client`]'s `reviews`). Rows in [`store`].

mod policy;
pub mod store;

use shared::journal::review::ReviewAct;

pub use self::policy::may_count;

use super::policy::Firm;
use super::project::Stand;
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::matters;

/// Takes an act of namespace 21.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn take(tx: &mut Tx, stand: &Stand<'_>, firm: &Firm, act: ReviewAct) -> Reply<()> {
    let open = store::open(tx).await?;
    match act {
        ReviewAct::Opened(act) => {
            let permit = policy::may_open(stand.signer, open, act)?;
            store::begin(tx, stand.leaf, &permit).await?;
        }
        ReviewAct::Reviewed(act) => {
            // Whoever a wall keeps out has no say, although their seat waits for the next key.
            if !matters::store::seated(tx, stand.signer.kid, act.matter).await? {
                return Err(ApiError::not_found());
            }
            let seated = matters::store::seated_staff(tx, act.matter).await?;
            // The statement is all that is kept of it.
            policy::may_review(stand.signer, open, firm.office, &seated, &act)?;
        }
        ReviewAct::Closed(act) => {
            let permit = policy::may_close(stand.signer, open, act)?;
            store::close(tx, stand.now, &permit).await?;
        }
    }
    Ok(())
}
