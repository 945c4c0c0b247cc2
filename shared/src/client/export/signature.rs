//! The exporter's signature over the whole export. The journal proves every statement by itself; that
//! none was left off at the end, with its file, only somebody who saw the whole can say.

use minicbor::{Decode, Encode};

use super::evidence::Evidence;
use super::flaw::Flaw;
use crate::crypto::cbor;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::{Kid, SigningKey};
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::MatterId;

/// Namespace 19, never in a stream: these are the files of an export.
#[derive(Encode, Decode)]
#[cbor(map)]
struct ExportSigned {
    #[n(1)]
    version: u8,
    #[n(2)]
    matter: MatterId,
    /// SHA-256 of `CHECKSUMS.sha256`.
    #[n(3)]
    checksums: Hash32,
}

/// Signs the list of checksums; `None` when that is not possible.
pub(super) fn sign(
    key: &SigningKey,
    signer: Kid,
    matter: MatterId,
    checksums: &[u8],
) -> Option<Signed> {
    let body = ExportSigned { version: 1, matter, checksums: sha256(checksums) };
    Signed::sign(Namespace::Export, key, signer, &cbor::encode(&body)).ok()
}

/// Checks that the exporter signed exactly this list.
pub(super) fn check(
    evidence: &Evidence,
    exporter: Kid,
    checksums: &[u8],
    signature: &[u8],
) -> Result<(), Flaw> {
    let signed = Signed::parse(signature).map_err(|_| Flaw::Signature)?;
    let member = evidence.directory.member_by_kid(exporter).ok_or(Flaw::Signature)?;
    let key = member.bundle.verify_key.ok_or(Flaw::Signature)?;
    let body: ExportSigned =
        signed.body_as(Namespace::Export, &key).map_err(|_| Flaw::Signature)?;
    let stands = body.version == 1
        && signed.signer() == exporter
        && body.matter == evidence.room.matter()
        && body.checksums == sha256(checksums);
    if stands { Ok(()) } else { Err(Flaw::Signature) }
}
