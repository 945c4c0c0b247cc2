//! Pinned bytes: each file under `vectors/` is one input with its one outcome. They were made once;
//! a change that makes one of them end otherwise has changed a format, and needs a new number.
//!
//! A file has a line of explanation and fields `name: value`; bytes are hex. `expect` is `ok` or the
//! name of the error.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use shared::crypto::age::{FileOpen, identity, open_all};
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::error::{FormatError, OpenError, SignatureError};
use shared::crypto::fingerprint;
use shared::crypto::hash::{Hash32, sha256};
use shared::crypto::invite::Fragment;
use shared::crypto::keys::{
    AccountKey, KemKey, Kid, MatterKey, PublicBundle, SigningKey, VerifyKey,
};
use shared::crypto::manifest::{
    CheckpointSeen, FileContext, Manifest, chunk_leaf, part_root, plain_digest,
};
use shared::crypto::recovery::RecoveryCode;
use shared::crypto::sealed::{RecordKind, SlotKind, open_record};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::crypto::slots::{SlotContext, kek_from_opaque, open_amk, open_secrets};
use shared::crypto::wrapped::{WrapContext, open};
use shared::ids::{AccountId, InviteId, MatterId, SlotId};
use shared::journal::release::Release;
use shared::journal::statement::{EndKind, EnrolmentOffered, EpochAct, KeyringAct};
use shared::journal::verdict::{IdentityAct, Lessened};
use shared::time::Timestamp;

#[path = "vectors_acts/mod.rs"]
mod acts;
// What needs the client core stands apart: `cargo xtask mutants` builds without it.
#[path = "vectors_kept/mod.rs"]
mod kept;
#[path = "vectors_log/mod.rs"]
mod log;

/// One file.
struct Vector {
    name: String,
    fields: BTreeMap<String, String>,
}

impl Vector {
    fn text(&self, field: &str) -> &str {
        self.fields.get(field).unwrap_or_else(|| panic!("{} has no field {field}", self.name))
    }

    fn bytes(&self, field: &str) -> Vec<u8> {
        let digits = self.text(field).as_bytes();
        assert!(digits.len().is_multiple_of(2), "{}: {field}", self.name);
        digits
            .chunks_exact(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    fn fixed<const N: usize>(&self, field: &str) -> [u8; N] {
        self.bytes(field).try_into().unwrap()
    }

    fn number(&self, field: &str) -> u64 {
        self.text(field).parse().unwrap()
    }

    /// Compares the outcome with the expected one; gives the value only where it is `ok`.
    fn settle<T, E: Debug>(&self, outcome: Result<T, E>) -> Option<T> {
        let said = outcome.as_ref().map_or_else(|error| format!("{error:?}"), |_| "ok".to_owned());
        assert_eq!(said, self.text("expect"), "{}", self.name);
        outcome.ok()
    }
}

/// Runs every file of a folder; there must be exactly so many, one of them good at least.
fn each(purpose: &str, count: usize, check: impl Fn(&Vector)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(purpose);
    let mut files: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), count, "files in {}", folder.display());
    let mut good = 0;
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let fields = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let vector = Vector { name: path.display().to_string(), fields };
        good += usize::from(vector.text("expect") == "ok");
        check(&vector);
    }
    assert!(good > 0, "nothing in {} is good", folder.display());
}

#[test]
fn bundles() {
    each("bundle", 6, |v| {
        let read = decode_strict::<PublicBundle>(&v.bytes("bytes"), 4096);
        if let Some(bundle) = v.settle(read) {
            assert_eq!(bundle.kid().0, v.fixed("kid"));
            assert_eq!(encode(&bundle), v.bytes("bytes"));
            if v.fields.contains_key("signing seed") {
                let signing = SigningKey::from_seed(v.fixed("signing seed"));
                assert_eq!(bundle.verify_key, Some(signing.public()));
                assert_eq!(bundle.kem, Some(KemKey::from_seed(v.fixed("kem seed")).public()));
            }
        }
    });
}

#[test]
fn statements() {
    each("signed", 10, |v| {
        let namespace = Namespace::from_u16(v.number("namespace").try_into().unwrap()).unwrap();
        let key = VerifyKey(v.fixed("key"));
        let read = Signed::parse(&v.bytes("bytes")).map_err(|error| format!("{error:?}"));
        let verified = read.and_then(|signed| {
            signed
                .body_as::<std::collections::BTreeMap<u8, u8>>(namespace, &key)
                .map(|_| signed)
                .map_err(|error: SignatureError| format!("{error:?}"))
        });
        let verified = verified.map_err(Plain);
        if let Some(signed) = v.settle(verified) {
            assert_eq!(signed.digest().0, v.fixed("digest"));
            assert_eq!(signed.body(), v.bytes("body"));
            let seed = SigningKey::from_seed(v.fixed("seed"));
            let again = Signed::sign(namespace, &seed, signed.signer(), signed.body()).unwrap();
            assert_eq!(again, signed, "signing is deterministic");
        }
    });
}

/// An error by its text, so that errors of two steps settle alike.
struct Plain(String);

impl Debug for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[test]
fn envelopes() {
    each("wrapped", 10, |v| {
        let context = WrapContext {
            firm: Hash32(v.fixed("firm")),
            matter: MatterId(v.fixed("matter")),
            epoch: v.number("epoch").try_into().unwrap(),
            purpose: v.number("purpose").try_into().unwrap(),
        };
        let recipient = KemKey::from_seed(v.fixed("recipient seed"));
        let signer = Kid(v.fixed("signer kid"));
        let known = |kid: Kid| (kid == signer).then(|| VerifyKey(v.fixed("signer key")));
        let my_kid = Kid(v.fixed("recipient kid"));
        let opened = open(&v.bytes("bytes"), my_kid, &recipient, &context, known);
        if let Some(seed) = v.settle(opened) {
            assert!(*seed.seed() == v.fixed("seed"));
            assert_eq!(seed.pub_kid().0, v.fixed("pub kid"));
            assert_eq!(seed.log_seq(), v.number("log seq"));
            assert_eq!(seed.signer(), signer);
        }
    });
}

#[test]
fn records() {
    each("record", 9, |v| {
        let epoch = v.number("epoch").try_into().unwrap();
        let key = MatterKey::from_seed(&v.fixed("matter seed"))
            .record_key(MatterId(v.fixed("matter")), epoch);
        let kind = RecordKind::from_u8(v.number("kind").try_into().unwrap()).unwrap();
        let opened =
            open_record(&key, kind, v.fixed("key ref"), &v.bytes("ctx"), &v.bytes("bytes"));
        if let Some(plaintext) = v.settle(opened) {
            assert!(*plaintext.expose() == v.bytes("plaintext"));
        }
    });
}

#[test]
fn slots() {
    each("slot", 7, |v| {
        let kek = kek_from_opaque(&v.bytes("export key"), &v.fixed("device secret"));
        let context = SlotContext {
            user: AccountId(v.fixed("user")),
            slot_id: SlotId(v.fixed("slot")),
            slot_type: SlotKind::Opaque as u8,
            amk_gen: v.number("amk generation").try_into().unwrap(),
            sec_version: v.number("security version").try_into().unwrap(),
        };
        let opened = open_amk(&kek, &context, &v.bytes("bytes"));
        if let Some(amk) = v.settle(opened) {
            let context = SlotContext { slot_type: SlotKind::AccountKeys as u8, ..context };
            let secrets = open_secrets(&amk, &context, &v.bytes("secrets")).ok().unwrap();
            assert_eq!(secrets.identity.signing.public().0, v.fixed("verify key"));
            let named = secrets.profile.map(|profile| (profile.name, profile.firm_name));
            let expected = v.fields.get("name").cloned().zip(v.fields.get("firm name").cloned());
            assert!(named == expected, "{}", v.name);
            // The device's secret is the one that the passphrase needed.
            let device = secrets.device.map(|device| *device.expose() == v.fixed("device secret"));
            assert!(device.unwrap_or(!v.name.ends_with("device.txt")), "{}", v.name);
        }
    });
}

/// An offer keeps its own link's secret, for its maker alone.
#[test]
fn offers() {
    each("offer", 7, |v| {
        let offer: EnrolmentOffered = decode_strict(&v.bytes("offer"), MAX_BODY).unwrap();
        assert_eq!(encode(&offer), v.bytes("offer"));
        assert_eq!(offer.enrolment.0, v.fixed("enrolment"));
        let key = AccountKey::from_bytes(v.fixed("account key")).record_key();
        let kind = RecordKind::InviteSecret;
        let opened = open_record(&key, kind, offer.enrolment.0, &v.bytes("ctx"), &offer.kept);
        // What can be seen from outside is refused by the server as well.
        let misplaced = opened.as_ref().err() == Some(&OpenError::WrongPlace);
        assert_eq!(offer.keeps_its_secret(), !misplaced, "{}", v.name);
        if let Some(plaintext) = v.settle(opened) {
            assert!(*plaintext.expose() == v.bytes("plaintext"));
        }
    });
}

/// Whose seats end where a key epoch begins.
#[test]
fn epochs() {
    each("epoch", 8, |v| {
        let act: EpochAct = decode_strict(&v.bytes("act"), MAX_BODY).unwrap();
        assert_eq!((encode(&act), u64::from(act.epoch)), (v.bytes("act"), v.number("epoch")));
        let leaving = act.leaving(Kid(v.fixed("signer"))).ok_or(FormatError::Value);
        if let Some(leaving) = v.settle(leaving) {
            assert_eq!(leaving.len() as u64, v.number("unseated"));
        }
    });
}

/// Whose time with the firm ends, and whose goes on.
#[test]
fn leavings() {
    each("leaving", 8, |v| {
        let act = decode_strict::<KeyringAct>(&v.bytes("act"), MAX_BODY);
        if let Some(act) = v.settle(act) {
            assert_eq!(encode(&act), v.bytes("act"));
            let (account, kid, kind) = match act {
                KeyringAct::Ended(act) if act.kind == EndKind::Left => {
                    (act.account, act.kid, "left")
                }
                KeyringAct::Ended(act) => (act.account, act.kid, "suspended"),
                KeyringAct::Restored(act) => (act.account, act.kid, "restored"),
                other => panic!("{other:?}"),
            };
            assert_eq!((account.0, kid.0), (v.fixed("account"), v.fixed("kid")));
            assert_eq!(kind, v.text("kind"));
        }
    });
}

/// What the firm says of a client, at an instant.
#[test]
fn verdicts() {
    each("verdict", 29, |v| {
        let at = Timestamp(v.number("at"));
        let sound = |act: &IdentityAct| match act {
            IdentityAct::Found(verdict) => verdict.is_sound(at),
            IdentityAct::Needed(need) | IdentityAct::NeededLess(Lessened { need, .. }) => {
                need.is_sound()
            }
            IdentityAct::Released(_) | IdentityAct::KeyEnded(_) => true,
            IdentityAct::Asked(asked) => asked.is_sound(),
        };
        let act = decode_strict::<IdentityAct>(&v.bytes("act"), MAX_BODY);
        let act = act.and_then(|act| if sound(&act) { Ok(act) } else { Err(FormatError::Value) });
        if let Some(act) = v.settle(act) {
            assert_eq!(encode(&act), v.bytes("act"));
        }
    });
}

#[test]
fn spoken_numbers() {
    each("spoken", 1, |v| {
        let (firm, blob) = (Hash32(v.fixed("firm")), Hash32(v.fixed("blob")));
        let (lawyer, client) = (Kid(v.fixed("lawyer")), Kid(v.fixed("client")));
        assert_eq!(fingerprint::spoken(firm, lawyer, client, blob), v.text("digits"));
        assert_eq!(shared::crypto::spoken::words(v.text("digits")), v.text("words"));
    });
}

#[test]
fn recovery_codes() {
    each("recovery", 4, |v| {
        if let Some(code) = v.settle(RecoveryCode::parse(v.text("words"))) {
            assert!(*code.auth_token().expose() == v.fixed("auth"));
            assert_eq!(code.words().expose(), v.text("words"));
        }
    });
}

#[test]
fn links() {
    each("link", 6, |v| {
        if let Some(fragment) = v.settle(Fragment::parse(v.text("fragment"))) {
            assert!(*fragment.secret.bytes() == v.fixed("secret"));
            assert!(fragment.is_of(Hash32(v.fixed("firm"))));
            let keys = fragment.secret.derive();
            assert!(*keys.auth.expose() == v.fixed("auth"));
            let invite = InviteId(v.fixed("invite"));
            let blob = Hash32(v.fixed("blob hash"));
            assert!(keys.check_ci_mac(&v.fixed("mac"), &v.bytes("bundle"), invite, blob));
        }
    });
}

/// Header, then chunks, then metadata; the first that fails names its place.
fn read_file(v: &Vector) -> Result<(Vec<u8>, Vec<u8>), Plain> {
    let key = MatterKey::from_seed(&v.fixed("matter seed"));
    let header = FileOpen::new(&v.bytes("header"), Hash32(v.fixed("ctx hash")), key.kem());
    let open = header.map_err(|error| Plain(format!("{error:?}")))?;
    let place = |place: &'static str| move |error: OpenError| Plain(format!("{place} {error:?}"));
    let plaintext = open_all(&open, &v.bytes("chunks")).map_err(place("chunks"))?;
    let meta = open.open_meta(&v.bytes("meta")).map_err(place("meta"))?;
    Ok((plaintext.expose().clone(), meta.expose().clone()))
}

#[test]
fn files() {
    each("file", 11, |v| {
        if let Some((plaintext, meta)) = v.settle(read_file(v)) {
            assert_eq!(plaintext, v.bytes("plaintext"));
            assert_eq!(meta, v.bytes("meta plaintext"));
            let context: FileContext = decode_strict(&v.bytes("context"), 4096).unwrap();
            assert_eq!(context.hash().0, v.fixed("ctx hash"));
            assert_eq!(part_root(&[chunk_leaf(&v.bytes("chunks"))]).0, v.fixed("ct root"));
            assert_eq!(plain_digest(&plaintext).0, v.fixed("digest"));
            let key = MatterKey::from_seed(&v.fixed("matter seed"));
            assert_eq!(identity::identity_string(key.kem()).expose(), v.text("identity"));
        }
    });
}

#[test]
fn manifests() {
    each("manifest", 4, |v| {
        let manifest: Manifest = decode_strict(&v.bytes("bytes"), MAX_BODY).unwrap();
        let sound = if manifest.is_sound() { Ok(manifest) } else { Err(Plain("unsound".into())) };
        if let Some(manifest) = v.settle(sound) {
            assert_eq!(manifest.context.hash().0, v.fixed("ctx hash"));
            assert_eq!(encode(&manifest), v.bytes("bytes"));
            if v.fields.contains_key("seen size") {
                let (size, root) = (v.number("seen size"), Hash32(v.fixed("seen root")));
                assert_eq!(manifest.checkpoint_seen, Some(CheckpointSeen { size, root }));
            }
        }
    });
}

#[test]
fn fingerprints() {
    each("fingerprint", 1, |v| {
        assert_eq!(fingerprint::digits(Hash32(v.fixed("digest"))), v.text("digits"));
        assert_eq!(v.text("expect"), "ok");
    });
}

#[test]
fn releases() {
    each("release", 8, |v| {
        let bytes = v.bytes("bytes");
        let key = VerifyKey(v.fixed("key"));
        if let Some(release) = v.settle(Release::open(&bytes, &key)) {
            assert_eq!(release.files.len() as u64, v.number("files"));
            assert_eq!(release.files.last().unwrap().path, v.text("last"));
            assert_eq!(sha256(&bytes).0, v.fixed("digest"));
        }
    });
}

#[test]
fn no_vector_is_left_out_and_none_is_empty() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut folders: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let run = "alarm back back-words bundle ceremony checkpoint cosignature epoch file fingerprint fork \
        leaving link manifest memory offer offer-blob papers policy post receipt record recovery release \
        review sheet signed slot spoken verdict verified wrapped";
    let run: Vec<&str> = run.split(' ').collect();
    assert_eq!(folders, run);
}
