//! The blob behind a link, a client's or a colleague's. It is sealed under the link's secret, so that
//! the server can neither read nor make one; inside is the statement of somebody whom the firm root
//! admitted, so that whoever has the link alone can make none either.

use alloc::vec::Vec;

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use super::directory::Directory;
use super::error::{ClientError, Thing};
use super::path::root_fingerprint;
use crate::crypto::cbor;
use crate::crypto::invite::{Fragment, LinkSecret};
use crate::crypto::keys::{Caps, Kid, SigningKey};
use crate::crypto::sealed::{self, RecordKind};
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::time::{DAY, Timestamp};
use crate::vuln;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Invitation);

/// How far a device's clock may be off before an expiry that only it sees counts: the server's
/// refusal is the ordinary case, this the guard against a server that forgets.
pub(crate) const CLOCK_SLACK: u64 = 2 * DAY;

/// What stands in the statement.
pub(crate) trait Body: Encode<()> + for<'b> Decode<'b, ()> {
    /// Its kind of statement.
    const NAMESPACE: Namespace;
    /// What its maker must be allowed to do.
    const NEEDS: Caps;

    /// Which link it stands behind.
    fn link(&self) -> [u8; 16];

    /// Until when the link works.
    fn expires(&self) -> Timestamp;

    /// From the root statement to its maker's admission.
    fn path(&self) -> &[ByteVec];
}

/// A blob that opened and verified.
pub(crate) struct Opened<B> {
    pub(crate) body: B,
    /// Who made it.
    pub(crate) by: Kid,
    /// The people whom its path leads to.
    pub(crate) directory: Directory,
}

/// Signs a body and seals it under the link's secret.
pub(crate) fn seal<B: Body>(
    body: &B,
    secret: &LinkSecret,
    (key, kid): (&SigningKey, Kid),
) -> Result<Vec<u8>, ClientError> {
    let signed = Signed::sign(B::NAMESPACE, key, kid, &cbor::encode(body))
        .map_err(|_| ClientError::Unfit)?;
    let (link, kind) = (body.link(), RecordKind::Invitation);
    sealed::seal_record(&secret.derive().seal, kind, link, &context(link), signed.as_bytes())
        .map_err(|_| ClientError::Unfit)
}

/// Opens the blob behind a link and verifies it, from the fingerprint in the fragment down to its
/// maker's signature and capability.
pub(crate) fn open<B: Body>(
    fragment: &Fragment,
    link: [u8; 16],
    blob: &[u8],
    now: Timestamp,
) -> Result<Opened<B>, ClientError> {
    let key = fragment.secret.derive().seal;
    let statement = sealed::open_record(&key, RecordKind::Invitation, link, &context(link), blob)
        .map_err(|_| BROKEN)?;
    // EXPOSE: the statement is parsed here and goes nowhere else.
    let signed = Signed::parse(statement.expose()).map_err(|_| BROKEN)?;
    // Whose key verifies it is told by the path inside: nothing else of it counts before that.
    let body: B = cbor::decode_strict(signed.body(), MAX_BODY).map_err(|_| BROKEN)?;
    let directory = follow(body.path(), fragment).ok_or(BROKEN)?;
    let maker = directory.member_by_kid(signed.signer()).ok_or(BROKEN)?;
    let verify_key = maker.bundle.verify_key.ok_or(BROKEN)?;
    signed.verify(B::NAMESPACE, &verify_key).map_err(|_| BROKEN)?;
    if !maker.may(B::NEEDS) || body.link() != link {
        return Err(BROKEN);
    }
    if body.expires().is_before(now, CLOCK_SLACK) && !vuln::a38() {
        return Err(ClientError::LinkExpired);
    }
    Ok(Opened { body, by: signed.signer(), directory })
}

/// A link's id as its CBOR byte string: bound into the blob's key and ciphertext.
fn context(link: [u8; 16]) -> Vec<u8> {
    cbor::encode(&ByteArray::from(link))
}

fn follow(path: &[ByteVec], fragment: &Fragment) -> Option<Directory> {
    let (root, rest) = path.split_first()?;
    let firm = root_fingerprint(root).filter(|firm| fragment.is_of(*firm))?;
    let mut directory = Directory::begin(root, firm).ok()?;
    rest.iter().try_for_each(|statement| directory.follow(statement)).ok()?;
    Some(directory)
}
