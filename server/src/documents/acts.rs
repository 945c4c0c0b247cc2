//! The one act about objects: a manifest files what was uploaded.

use shared::crypto::manifest::Manifest;
use shared::ids::MatterId;
use shared::problem::Code;

use super::{policy, store};
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::journal::append::Stand;
use crate::journal::policy::Firm;
use crate::matters;

/// Files an object.
///
/// # Errors
/// When the policy refuses, or the database.
pub async fn file(
    tx: &mut Tx,
    stand: &Stand<'_>,
    firm: &Firm,
    matter: MatterId,
    manifest: Manifest,
) -> Reply<()> {
    let object = manifest.context.object;
    let at = matters::acts::at(tx, stand, matter).await?;
    at.files()?;
    if store::object(tx, object).await?.is_some() {
        return Err(ApiError::new(Code::AlreadyExists, "The object is filed already."));
    }
    let upload = store::upload(tx, object).await?;
    let roots: Vec<_> = store::parts(tx, object).await?.iter().map(|part| part.root).collect();
    let permit = policy::may_file(&at, firm.fingerprint, upload, &roots, manifest)?;
    Ok(store::file(tx, stand.leaf, &permit).await?)
}
