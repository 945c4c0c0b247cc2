//! The one act about objects: a manifest files what was uploaded.

use shared::crypto::cbor;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::Kid;
use shared::crypto::manifest::{FileKind, Manifest};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::ids::{ClientId, MatterId};
use shared::journal::statement::{ClientJoined, Placed};
use shared::problem::Code;

use super::policy::Facts;
use super::{policy, store};
use crate::db::Tx;
use crate::error::{ApiError, Reply};
use crate::journal::policy::Firm;
use crate::journal::project::Stand;
use crate::journal::signer::Part;
use crate::journal::store::directory;
use crate::matters::clients::store::codes;
use crate::matters::{self, clients, papers};

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
    let client = match stand.signer.part {
        Part::Client { .. } => Some(client_id(tx, matter, stand.signer.kid).await?),
        Part::Root | Part::Staff { .. } => None,
    };
    let before = match manifest.context.previous {
        Some(digest) => manifest_of(tx, matter, digest).await?.map(|before| before.context),
        None => None,
    };
    if manifest.context.kind == FileKind::Code {
        let asked = codes::asked(tx, manifest.context.sender, stand.now).await?;
        let permit = clients::codes::may_answer(asked, stand.now, &manifest)?;
        codes::answer(tx, &manifest, (stand.leaf, stand.now), &permit).await?;
    }
    if manifest.context.kind == FileKind::Identification {
        papers::acts::file(tx, stand, &manifest).await?;
    }
    let facts = Facts { firm: firm.fingerprint, client, before, upload, part_roots: &roots };
    let permit = policy::may_file(&at, facts, manifest)?;
    Ok(store::file(tx, stand.leaf, &permit).await?)
}

/// Who a client is, as its own bundle says.
pub async fn client_id(tx: &mut Tx, matter: MatterId, kid: Kid) -> Reply<ClientId> {
    let joined = directory::joining(tx, matter, kid).await?;
    joined
        .and_then(|bytes| act_in::<ClientJoined>(&bytes))
        .map(|joined| ClientId(joined.bundle.subject))
        .ok_or_else(|| ApiError::internal("a client's joining is not in its matter's stream"))
}

/// The manifest that a digest names, if it is one of this matter.
async fn manifest_of(tx: &mut Tx, matter: MatterId, digest: Hash32) -> Reply<Option<Manifest>> {
    let statement = store::statement(tx, matter, digest).await?;
    let is_manifest = |bytes: &Vec<u8>| {
        Signed::parse(bytes).is_ok_and(|signed| signed.namespace() == Namespace::Manifest)
    };
    Ok(statement.filter(is_manifest).and_then(|bytes| act_in(&bytes)))
}

/// The act of a statement that was taken, and so verified, before.
fn act_in<A>(statement: &[u8]) -> Option<A>
where
    Placed<A>: minicbor::Encode<()> + for<'b> minicbor::Decode<'b, ()>,
{
    let signed = Signed::parse(statement).ok()?;
    cbor::decode_strict::<Placed<A>>(signed.body(), MAX_BODY).ok().map(|body| body.act)
}
