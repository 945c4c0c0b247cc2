//! Other people's implementations read what we write, and we read what they write: Rust `age`
//! 0.11.5, and npm `age-encryption` through Node.
//!
//! `age` 0.11.5 has no post-quantum recipient. Its header, MAC and stream code is checked all the
//! same: through its scrypt recipient, and through an identity and a recipient of its plug-in
//! traits that do the HPKE step with the `hpke` crate directly.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use age_core::format::{FileKey, Stanza};
use base64ct::{Base64Unpadded, Encoding as _};
use hpke::kem::XWing;
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use shared::crypto::age::foreign::{ForeignError, Unlock, read_foreign, write_foreign};
use shared::crypto::age::identity::{identity_string, recipient_string};
use shared::crypto::age::scrypt::seal_with_passphrase;
use shared::crypto::age::{CHUNK, seal_all};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{KemKey, KemPublic};
use shared::encoding::to_hex;

const TAG: &str = "mlkem768x25519";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const PASSPHRASE: &str = "four words of a passphrase \u{e9}";

/// Lengths at the edges of chunks, and one of several chunks.
fn texts() -> Vec<Vec<u8>> {
    [0, 1, 100, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 77]
        .into_iter()
        .map(|length| (0..length).map(|i| (i * 31 % 256) as u8).collect())
        .collect()
}

/// Our file as it lies in an export: header, nonce, chunks.
fn ours(key: &KemPublic, text: &[u8]) -> Vec<u8> {
    let (seal, chunks) = seal_all(Hash32([7; 32]), &[key], text).unwrap();
    [seal.header_and_nonce(), chunks].concat()
}

type Aead = hpke::aead::ChaCha20Poly1305;
type Kdf = hpke::kdf::HkdfSha256;

/// An X-Wing seed behind `age`'s own trait.
struct Seed([u8; 32]);

impl age::Identity for Seed {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let enc = Base64Unpadded::decode_vec(&stanza.args[0]).unwrap();
        let enc = <XWing as hpke::Kem>::EncappedKey::from_bytes(&enc).unwrap();
        let key = <XWing as hpke::Kem>::PrivateKey::from_bytes(&self.0).unwrap();
        let mode = OpModeR::Base;
        let opened =
            hpke::single_shot_open::<Aead, Kdf, XWing>(&mode, &key, &enc, INFO, &stanza.body, &[]);
        let file_key: [u8; 16] = opened.ok()?.try_into().unwrap();
        Some(Ok(FileKey::new(Box::new(file_key))))
    }
}

/// An X-Wing public key behind `age`'s own trait.
struct Public(KemPublic);

impl age::Recipient for Public {
    fn wrap_file_key(
        &self,
        file_key: &FileKey,
    ) -> Result<(Vec<Stanza>, std::collections::HashSet<String>), age::EncryptError> {
        use age::secrecy::ExposeSecret as _;
        let key = <XWing as hpke::Kem>::PublicKey::from_bytes(self.0.as_bytes()).unwrap();
        let (enc, body) = hpke::single_shot_seal_with_rng::<Aead, Kdf, XWing>(
            &OpModeS::Base,
            &key,
            INFO,
            file_key.expose_secret(),
            &[],
            &mut rand_core::UnwrapErr(getrandom::SysRng),
        )
        .unwrap();
        let args = vec![Base64Unpadded::encode_string(&enc.to_bytes())];
        Ok((vec![Stanza { tag: TAG.into(), args, body }], std::collections::HashSet::new()))
    }
}

fn rust_age_opens(file: &[u8], identity: &dyn age::Identity) -> Vec<u8> {
    let decryptor = age::Decryptor::new_buffered(file).unwrap();
    let mut text = Vec::new();
    decryptor.decrypt(std::iter::once(identity)).unwrap().read_to_end(&mut text).unwrap();
    text
}

fn rust_age_seals(recipient: &dyn age::Recipient, text: &[u8]) -> Vec<u8> {
    let encryptor = age::Encryptor::with_recipients(std::iter::once(recipient)).unwrap();
    let mut file = Vec::new();
    let mut writer = encryptor.wrap_output(&mut file).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap();
    file
}

#[test]
fn rust_age_reads_our_files_and_ignores_the_context() {
    let key = KemKey::generate();
    for text in texts() {
        let file = ours(&key.public(), &text);
        assert!(rust_age_opens(&file, &Seed(*key.seed())) == text, "{} bytes", text.len());
    }
}

#[test]
fn we_read_what_rust_age_writes() {
    let key = KemKey::generate();
    for text in texts() {
        let file = rust_age_seals(&Public(key.public()), &text);
        let opened = read_foreign(&file, &[Unlock::Key(&key)]).unwrap();
        assert!(*opened.expose() == text, "{} bytes", text.len());
    }
}

#[test]
fn rust_age_reads_what_we_write_without_a_context() {
    let key = KemKey::generate();
    for text in [&b""[..], b"index", &[7; CHUNK + 1]] {
        let file = write_foreign(&[&KemKey::generate().public(), &key.public()], text).unwrap();
        assert!(rust_age_opens(&file, &Seed(*key.seed())) == text, "{} bytes", text.len());
        let opened = read_foreign(&file, &[Unlock::Key(&key)]).unwrap();
        assert!(*opened.expose() == text, "{} bytes", text.len());
        let stranger = KemKey::generate();
        let refused = read_foreign(&file, &[Unlock::Key(&stranger)]).err();
        assert_eq!(refused, Some(ForeignError::NoMatch));
    }
    assert!(write_foreign(&[], b"for nobody").is_err());
}

#[test]
fn rust_age_and_we_agree_on_passphrases() {
    use age::secrecy::SecretString;
    let secret = || SecretString::from(PASSPHRASE.to_owned());
    let file = seal_with_passphrase(PASSPHRASE, b"matter key").unwrap();
    let mut identity = age::scrypt::Identity::new(secret());
    // The crate's own ceiling is what this machine does in 16 seconds; ours is a constant.
    identity.set_max_work_factor(18);
    assert_eq!(rust_age_opens(&file, &identity), b"matter key");
    let mut recipient = age::scrypt::Recipient::new(secret());
    recipient.set_work_factor(12);
    let file = rust_age_seals(&recipient, b"matter key");
    let opened = read_foreign(&file, &[Unlock::Passphrase(PASSPHRASE)]).unwrap();
    assert_eq!(opened.expose(), b"matter key");
    assert!(read_foreign(&file, &[Unlock::Passphrase("another")]).is_err());
}

/// Whether Node has been given its packages. Without them these tests fail, unless
/// `INTEROP_OPTIONAL=1` says that they need not run.
#[expect(clippy::print_stderr, reason = "a skipped suite must be seen")]
fn typage_is_here() -> bool {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/node_modules/age-encryption");
    if folder.exists() {
        return true;
    }
    assert!(
        std::env::var("INTEROP_OPTIONAL").as_deref() == Ok("1"),
        "npm age-encryption is not installed: run `npm ci` in shared/tests/interop (`cargo xtask test \
         shared` does), or set INTEROP_OPTIONAL=1 to go without"
    );
    eprintln!("SKIPPED: npm age-encryption, because it is not installed and INTEROP_OPTIONAL=1");
    false
}

/// Runs typage: fields in, bytes out.
fn typage(command: &str, fields: &[&[u8]]) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    let mut child = Command::new("node")
        .args(["typage.mjs", command])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines: Vec<String> = fields.iter().map(|field| to_hex(field)).collect();
    child.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "typage {command} failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let digits = text.trim().as_bytes();
    digits
        .chunks_exact(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

#[test]
fn typage_reads_our_files_and_our_keys() {
    if !typage_is_here() {
        return;
    }
    let key = KemKey::generate();
    let identity = identity_string(&key);
    let recipient = typage("recipient", &[identity.expose().as_bytes()]);
    assert_eq!(recipient, recipient_string(&key.public()).into_bytes());
    for text in texts() {
        let file = ours(&key.public(), &text);
        let opened = typage("open-key", &[identity.expose().as_bytes(), &file]);
        assert!(opened == text, "{} bytes", text.len());
    }
    let plain = write_foreign(&[&key.public()], b"index").unwrap();
    assert_eq!(typage("open-key", &[identity.expose().as_bytes(), &plain]), b"index");
    let file = seal_with_passphrase(PASSPHRASE, b"matter key").unwrap();
    assert_eq!(typage("open-passphrase", &[PASSPHRASE.as_bytes(), &file]), b"matter key");
}

#[test]
fn we_read_what_typage_writes() {
    if !typage_is_here() {
        return;
    }
    let key = KemKey::generate();
    let recipient = recipient_string(&key.public());
    for text in texts() {
        let file = typage("seal-key", &[recipient.as_bytes(), &text]);
        let opened = read_foreign(&file, &[Unlock::Key(&key)]).unwrap();
        assert!(*opened.expose() == text, "{} bytes", text.len());
    }
    let file = typage("seal-passphrase", &[PASSPHRASE.as_bytes(), b"matter key"]);
    let opened = read_foreign(&file, &[Unlock::Passphrase(PASSPHRASE)]).unwrap();
    assert_eq!(opened.expose(), b"matter key");
}
