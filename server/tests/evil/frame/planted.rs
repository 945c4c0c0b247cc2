//! A file as only its sender should be able to make it: sealed to the matter, whole and in form.

use shared::crypto::age::seal_all;
use shared::crypto::cbor::encode;
use shared::crypto::hash::sha256;
use shared::crypto::keys::PublicBundle;
use shared::crypto::manifest::{
    FileContext, Manifest, chunks_of_plain, plain_digest, recipients_hash, sealed_len,
};
use shared::documents::plain::MetaV1;

use crate::harness::NOW;
use crate::world::file::{Sealed, root};

/// Seals a file for a matter's key, which everybody can.
pub fn planted(context: FileContext, key: &PublicBundle, name: &str, plain: &[u8]) -> Sealed {
    let kem = key.kem.as_ref().unwrap();
    let (seal, bytes) = seal_all(context.hash(), &[kem], plain).unwrap();
    let meta = MetaV1 {
        name: name.into(),
        mime: "application/pdf".into(),
        size: plain.len() as u64,
        modified: NOW.0,
        digest: plain_digest(plain),
        form_hash: None,
        note: None,
    };
    let header = seal.header_and_nonce();
    let meta = seal.seal_meta(&encode(&meta)).unwrap();
    let manifest = Manifest {
        format: 1,
        header_hash: sha256(&header),
        sealed_len: sealed_len(plain.len() as u64),
        chunks: chunks_of_plain(plain.len() as u64),
        ct_root: root(&bytes),
        meta_hash: sha256(&meta),
        recipients_hash: recipients_hash(&[key.kid()]),
        time: NOW,
        seq_seen: 0,
        checkpoint_seen: None,
        context,
    };
    Sealed { object: manifest.context.object, bytes, header, meta, manifest }
}
