//! Sealed files as an attacker's own program writes them: headers put together from any stanzas, with
//! any MAC. What it needs of CRYPTO 9 is written down here once more.

use shared::crypto::age::file::FileSeal;
use shared::crypto::hash::{Hash32, sha256, sha256_of};
use shared::crypto::keys::KemPublic;

use super::cipher::Under;

/// HMAC-SHA-256.
pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let pad = |with: u8| -> Vec<u8> {
        (0..64).map(|at| key.get(at).copied().unwrap_or(0) ^ with).collect()
    };
    assert!(key.len() <= 64);
    let inner = sha256_of(&[&pad(0x36), message]);
    sha256_of(&[&pad(0x5c), &inner.0]).0
}

/// HKDF-SHA-256.
pub fn hkdf<const N: usize>(ikm: &[u8], salt: &[u8], info: &[u8]) -> [u8; N] {
    let key = hmac(salt, ikm);
    let (mut out, mut last) = (Vec::new(), Vec::new());
    for round in 1.. {
        last = hmac(&key, &[last.as_slice(), info, &[round]].concat()).to_vec();
        out.extend_from_slice(&last);
        if out.len() >= N {
            break;
        }
    }
    out.truncate(N);
    out.try_into().unwrap()
}

/// A file key with one recipient's stanza, out of a file that was begun for it.
pub struct Begun {
    pub file_key: [u8; 16],
    pub stanza: String,
}

/// What an interrupted upload keeps (CRYPTO 9).
#[derive(minicbor::Decode)]
#[cbor(map)]
struct Resume {
    #[cbor(n(1), with = "minicbor::bytes")]
    header: Vec<u8>,
    #[cbor(n(3), with = "minicbor::bytes")]
    file_key: [u8; 16],
}

impl Begun {
    pub fn new(to: &KemPublic) -> Self {
        let seal = FileSeal::new(Hash32([0; 32]), &[to]).unwrap();
        // EXPOSE: the attacker's own file.
        let resume: Resume = minicbor::decode(seal.export_resume().expose()).unwrap();
        let header = String::from_utf8(resume.header).unwrap();
        let stanza = header.split_once("-> mlkem768x25519").unwrap().1;
        let stanza = stanza.split_once("---").unwrap().0;
        Self { file_key: resume.file_key, stanza: format!("-> mlkem768x25519{stanza}") }
    }
}

/// Header and nonce for a context from these stanzas, with the MAC of one file key.
pub fn header(context: Hash32, stanzas: &[&str], maced_by: &[u8; 16], nonce: &[u8; 16]) -> Vec<u8> {
    let context = unpadded(&context.0);
    let mut text = format!("age-encryption.org/v1\n-> underseal/ctx {context}\n\n");
    stanzas.iter().for_each(|stanza| text.push_str(stanza));
    text.push_str("---");
    let mac = hmac(&hkdf::<32>(maced_by, &[], b"header"), text.as_bytes());
    text.push_str(&format!(" {}\n", unpadded(&mac)));
    [text.as_bytes(), nonce].concat()
}

/// The key of a file's chunks.
pub fn payload_key(file_key: &[u8; 16], nonce: &[u8; 16]) -> [u8; 32] {
    hkdf(file_key, nonce, b"payload")
}

/// Sealed metadata (`USM1`).
pub fn meta(file_key: &[u8; 16], nonce: &[u8; 16], context: Hash32, plaintext: &[u8]) -> Vec<u8> {
    let salt = sha256(plaintext).0;
    let info = [b"underseal/v1/meta\0".as_slice(), &context.0].concat();
    let okm: [u8; 64] = hkdf(file_key, &[nonce.as_slice(), &salt].concat(), &info);
    let head = [b"USM1\x01".as_slice(), &salt, &okm[32..]].concat();
    let aad = [head.as_slice(), &context.0].concat();
    let mut padded = [plaintext, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(256), 0);
    let under = Under { key: okm[..32].try_into().unwrap(), nonce: [0; 12], aad: &aad };
    [head.as_slice(), &under.seal(&padded)].concat()
}

/// Base64 as age writes it.
pub fn unpadded(bytes: &[u8]) -> String {
    shared::encoding::to_base64(bytes).trim_end_matches('=').to_owned()
}

/// The bytes of it.
pub fn from_base64(text: &str) -> Vec<u8> {
    let url = text.replace('+', "-").replace('/', "_");
    shared::encoding::from_base64url(&url).unwrap()
}
