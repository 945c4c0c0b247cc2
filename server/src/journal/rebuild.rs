//! Makes the projections again of the journal alone, and says where they were something else.
//!
//! What is kept, and cannot be made of anything: statements with their receipts, blinds and
//! attachments, accounts, what the invited handed in, parts of uploads. Every statement is read,
//! verified, allowed and projected as it was when it came ([`super::project`]); its receipt, under the
//! server's own key, says where it stands and when that was. On whose session it came is not written
//! down anywhere: the signature is what counts.

use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::{Namespace, Signed};
use shared::ids::AccountId;
use shared::journal::receipt::Receipt;
use shared::journal::statement::KeyringAct;
use shared::journal::tree;

use super::act::{self, Act};
use super::batch::Attachments;
use super::project::{self, Kept, Next};
use super::signer::{Authority, Part};
use super::store::{self, Row, cosignatures, projections, tiles};
use crate::db::pool::DbError;
use crate::db::{Db, Tx};
use crate::documents;
use crate::error::{ApiError, Reply};
use crate::secrets::ServerSecrets;

/// Statements that are read at once.
const PAGE: u32 = 256;

/// What a rebuilding came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many statements the journal has.
    pub statements: u64,
    /// What the tables had said otherwise; they say what the journal says now.
    pub differences: Vec<projections::Difference>,
}

/// Why nothing was rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The journal itself does not hold.
    #[error("The journal does not hold at leaf {leaf}. {why} Nothing was changed")]
    Leaf {
        /// Where.
        leaf: u64,
        /// What is wrong, in a sentence.
        why: String,
    },
    /// The server said more than it kept: to rebuild would take it back.
    #[error(
        "The journal has {statements} statements, and there was a tree of {said}. Statements are \
         missing. Nothing was changed"
    )]
    Shorter {
        /// How many there are.
        statements: u64,
        /// How many there were.
        said: u64,
    },
    /// The engine refused.
    #[error("The database cannot be read: {0}. Nothing was changed")]
    Db(#[from] DbError),
}

/// Rebuilds every projection in one transaction. Tables that were right are left as they are.
///
/// # Errors
/// [`Unreadable`]; then nothing is changed.
pub async fn rebuild(db: &Db, secrets: &ServerSecrets) -> Result<Rebuilt, Unreadable> {
    let mut tx = db.begin().await?;
    tx.lock_journal().await?;
    let said = tiles::size(&mut tx).await?.max(cosignatures::largest(&mut tx).await?);
    projections::set_aside(&mut tx).await?;
    let statements = replay(&mut tx, secrets).await?;
    if statements < said {
        return Err(Unreadable::Shorter { statements, said });
    }
    let differences = projections::compare(&mut tx).await?;
    if !differences.is_empty() {
        tx.without_statement("the tables say again what the journal says").await?;
    }
    Ok(Rebuilt { statements, differences })
}

async fn replay(tx: &mut Tx, secrets: &ServerSecrets) -> Result<u64, Unreadable> {
    let mut size = 0;
    loop {
        let page = store::kept(tx, size, PAGE).await?;
        let mut leaves = Vec::with_capacity(page.len());
        for (leaf, row) in (size..).zip(&page) {
            let hash = take(tx, secrets, leaf, row)
                .await
                .map_err(|error| Unreadable::Leaf { leaf, why: error.for_operators() })?;
            leaves.push(hash);
        }
        if leaves.is_empty() {
            return Ok(size);
        }
        tiles::extend(tx, size, &leaves).await?;
        size += leaves.len() as u64;
    }
}

/// Takes one statement as the door did; gives its leaf's hash.
async fn take(tx: &mut Tx, secrets: &ServerSecrets, leaf: u64, row: &Row) -> Reply<Hash32> {
    let log = secrets.log.public();
    let signed =
        Signed::parse(&row.body).map_err(|_| ApiError::invalid("The statement is malformed."))?;
    let at: Receipt = Signed::parse(&row.receipt)
        .ok()
        .and_then(|receipt| receipt.body_as(Namespace::Receipt, &log).ok())
        .ok_or(ApiError::invalid("The receipt is not under this server's key."))?;
    let as_received = row.leaf == leaf
        && row.digest == signed.digest()
        && Receipt {
            statement: row.digest,
            stream: at.stream,
            seq: row.seq,
            leaf,
            blind: row.blind,
            time: row.arrived,
        } == at
        && row.stream == at.stream.to_string();
    if !as_received {
        return Err(ApiError::invalid("The statement's row is not what its receipt says."));
    }
    let signer = project::signer_of(tx, &signed, at.time).await?;
    let next = project::read(tx, &signed, signer).await?;
    if next.place.stream != at.stream || next.place.seq != at.seq {
        return Err(ApiError::invalid("The statement's row is not what its receipt says."));
    }
    let record = attached(tx, leaf, &next.act).await?;
    if let Act::Filed(_, manifest) = &next.act {
        // What was uploaded became the object: it is begun again, to be filed again.
        let permit = documents::policy::was_begun(next.signer.kid, manifest);
        documents::store::begin(tx, &permit, at.time).await?;
    }
    let authority = on_whose_word(&next);
    project::project(tx, &log, &Kept { authority: &authority, at: &at, record }, next).await?;
    Ok(tree::leaf_hash(at.statement, at.blind))
}

/// Holds what is kept beside a statement to what its act names; gives the kind of the record among it.
async fn attached(tx: &mut Tx, leaf: u64, act: &Act) -> Reply<Option<RecordKind>> {
    let mut bodies = Vec::new();
    for (hash, body) in store::beside(tx, leaf).await? {
        if hash != sha256(&body) {
            return Err(ApiError::invalid(
                "An attachment does not have the hash that it is under.",
            ));
        }
        bodies.push(body);
    }
    let mut beside = Attachments::of(bodies)?;
    let mut record = None;
    for name in act::names(act) {
        let bytes = beside.take(&name)?;
        record = record.or_else(|| name.record_kind(bytes));
    }
    beside.finish()?;
    Ok(record)
}

/// The session on which a statement of this signer came in.
fn on_whose_word(next: &Next) -> Authority {
    match (next.signer.part, &next.act) {
        // The root has no account; its first statements found the firm with the founder's.
        (Part::Root, Act::Keyring(KeyringAct::Admitted(act))) if act.enrolment.is_none() => {
            Authority::Founding { account: act.account }
        }
        (Part::Root, Act::Root(_)) => Authority::Founding { account: AccountId([0; 16]) },
        (Part::Root, _) => Authority::Staff(AccountId([0; 16])),
        (Part::Staff { account, .. }, _) => Authority::Staff(account),
        (Part::Client { invite, .. }, Act::Joined(..)) => Authority::Redeeming { invite },
        (Part::Client { .. }, _) => Authority::Client(next.signer.kid),
    }
}
