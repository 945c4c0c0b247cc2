//! What libFuzzer does to each parser: any bytes are read without a panic, and whatever is read is written
//! back as the very same bytes, so that no two readers can see two things in them.

pub mod archive;
pub mod passwords;

use std::sync::OnceLock;

use minicbor::{Decode, Encode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::client::directory::{Directory, open_self_signed};
use shared::client::export::evidence::{Evidence, Inclusion, Journal, StreamFile};
use shared::client::export::index::IndexV1;
use shared::client::export::open::{is_ours, parse_checksums, stands};
use shared::client::memory::MemoryV1;
use shared::client::path::root_fingerprint;
use shared::client::proven;
use shared::client::read_back::read_back;
use shared::crypto::age::foreign::{Unlock, read_foreign};
use shared::crypto::age::header::{self, Header};
use shared::crypto::age::identity;
use shared::crypto::cbor::{BODY_CAP, decode_strict, encode};
use shared::crypto::hash::Hash32;
use shared::crypto::invite::Fragment;
use shared::crypto::keys::{KemKey, Kid, PublicBundle, SigningKey};
use shared::crypto::manifest::Manifest;
use shared::crypto::recovery::RecoveryCode;
use shared::crypto::sealed::{inspect_record, inspect_slot};
use shared::crypto::shares::Share;
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::wrapped;
use shared::encoding::{B64, from_base64url, to_base64url};
use shared::headers::{Wanted, announced_root, part, version, wanted};
use shared::ids::{InviteId, MatterId};
use shared::intake::answers::AnswersV1;
use shared::intake::check::{check_all, check_submitted};
use shared::intake::draft::{DraftV1, carry};
use shared::intake::form::FormV1;
use shared::intake::plain::SubmissionV1;
use shared::intake::seal;
use shared::intake::templates;
use shared::intake::value::Date;
use shared::journal::anchor::Leaf;
use shared::journal::checkpoint::Note;
use shared::journal::receipt::Receipt;
use shared::journal::recovery::RecoveryAct;
use shared::journal::release::{PolicyAct, Release};
use shared::journal::reroot::ByQuorum;
use shared::journal::review::ReviewAct;
use shared::journal::statement::{
    AccessAct, ClientJoined, EpochAct, FormPublished, KeyringAct, MatterAct, Placed, RootAct,
    SessionProof, place_of, variant_of,
};
use shared::journal::stream::StreamId;
use shared::journal::verdict::IdentityAct;
use shared::journal::wire::{Append, Entry, News, Proof, ReadStreams};
use shared::secret::Secret;
use shared::time::Timestamp;

/// A day on which forms are checked.
const TODAY: Timestamp = Timestamp(1_795_000_000_000);

fn body<T: Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8]) {
    if let Ok(value) = decode_strict::<T>(bytes, BODY_CAP) {
        assert_eq!(encode(&value), bytes);
    }
}

/// `USS1`, and the body that its namespace announces.
pub fn statement(bytes: &[u8]) {
    let _ = (place_of(bytes), variant_of(bytes));
    let _ = (root_fingerprint(bytes), open_self_signed(bytes));
    let _ = Directory::begin(bytes, Hash32([0; 32]));
    let Ok(signed) = Signed::parse(bytes) else { return };
    assert_eq!(signed.as_bytes(), bytes);
    let inner = signed.body();
    match signed.namespace() {
        Namespace::Root => body::<Placed<RootAct>>(inner),
        Namespace::Keyring => body::<Placed<KeyringAct>>(inner),
        Namespace::StaffBundle => body::<PublicBundle>(inner),
        Namespace::ClientBundle => body::<Placed<ClientJoined>>(inner),
        Namespace::EpochKey => body::<Placed<EpochAct>>(inner),
        Namespace::Manifest => body::<Placed<Manifest>>(inner),
        Namespace::Matter => body::<Placed<MatterAct>>(inner),
        Namespace::Form => body::<Placed<FormPublished>>(inner),
        Namespace::Receipt => body::<Receipt>(inner),
        Namespace::Session => body::<SessionProof>(inner),
        Namespace::Access => body::<Placed<AccessAct>>(inner),
        Namespace::Review => body::<Placed<ReviewAct>>(inner),
        Namespace::Policy => body::<Placed<PolicyAct>>(inner),
        Namespace::IdVerdict => body::<Placed<IdentityAct>>(inner),
        Namespace::Recovery => {
            body::<Placed<RecoveryAct>>(inner);
            let read = decode_strict::<Placed<RecoveryAct>>(inner, BODY_CAP);
            if let Ok(Placed { act: RecoveryAct::Rerooted(act), .. }) = read {
                body::<ByQuorum>(&act.quorum);
            }
        }
        _ => {}
    }
}

/// `USK1`.
pub fn envelope(bytes: &[u8]) {
    let _ = wrapped::recipient_of(bytes);
}

/// `USR1` and `USU1`.
pub fn record(bytes: &[u8]) {
    let _ = (inspect_record(bytes), inspect_slot(bytes));
}

/// Public bundles and manifests.
pub fn bundle(bytes: &[u8]) {
    body::<PublicBundle>(bytes);
    if let Ok(manifest) = decode_strict::<Manifest>(bytes, BODY_CAP) {
        let _ = manifest.is_sound();
    }
}

/// The header of an age file of ours.
pub fn age_header(bytes: &[u8]) {
    let _ = Header::parse(bytes);
    let _ = header::inspect(bytes);
}

/// A whole age file of anybody's. Passphrases are left out: one try is a second of work.
pub fn age_foreign(bytes: &[u8]) {
    let key = KemKey::from_seed([7; 32]);
    let _ = read_foreign(bytes, &[Unlock::Key(&key)]);
}

/// Recipients and identities as text: each has one spelling.
pub fn age_keys(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    if let Ok(key) = identity::parse_identity(text) {
        // EXPOSE: a key of the fuzzer's.
        assert_eq!(identity::identity_string(&key).expose(), text);
    }
    if let Ok(key) = identity::parse_recipient(text) {
        assert_eq!(identity::recipient_string(&key), text);
    }
}

/// Signed notes.
pub fn checkpoint(bytes: &[u8]) {
    if let Ok(text) = core::str::from_utf8(bytes) {
        let _ = Note::parse(text);
    }
}

/// The fragment of a link, recovery words, ids, streams and base64.
pub fn link(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    if let Ok(fragment) = Fragment::parse(text) {
        let mut firm = [0; 32];
        firm[..fragment.firm.len()].copy_from_slice(&fragment.firm);
        // EXPOSE: a link of the fuzzer's.
        assert_eq!(Fragment::format(&fragment.secret, Hash32(firm)).expose(), text);
    }
    let _ = RecoveryCode::parse(text);
    let _ = Share::parse(&Secret::new(text.to_owned()), Hash32([7; 32]));
    if let Ok(id) = text.parse::<MatterId>() {
        assert_eq!(id.to_string(), text);
    }
    let _ = text.parse::<InviteId>();
    if let Ok(stream) = text.parse::<StreamId>() {
        assert_eq!(stream.to_string(), text);
    }
    if let Some(bytes) = from_base64url(text) {
        assert_eq!(to_base64url(&bytes), text);
    }
}

/// A receipt with its proof.
pub fn receipt(bytes: &[u8]) {
    let _ = proven::check(bytes);
}

/// What is read of JSON is written and read again the same.
fn again<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let value: T = serde_json::from_slice(bytes).ok()?;
    let text = serde_json::to_vec(&value).unwrap_or_default();
    let same: T = serde_json::from_slice(&text).expect("what was written can be read");
    assert_eq!(serde_json::to_vec(&same).unwrap_or_default(), text);
    Some(value)
}

/// The journal's calls and answers as JSON.
pub fn wire(bytes: &[u8]) {
    let _ = again::<Append>(bytes);
    let _ = again::<ReadStreams>(bytes);
    let _ = again::<News>(bytes);
    let _ = again::<Proof>(bytes);
    let _ = again::<B64>(bytes);
    if let Some(entry) = again::<Entry>(bytes) {
        let _ = Leaf::of(&entry);
    }
}

/// The files of an export: any one of them, or the five of its journal with a line of `%` between.
pub fn export(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    let files: Vec<&str> = text.split("\n%\n").collect();
    for file in &files {
        let _ = again::<StreamFile>(file.as_bytes());
        let _ = again::<Inclusion>(file.as_bytes());
        if let (Some(index), Some(evidence)) = (again::<IndexV1>(file.as_bytes()), a_journal()) {
            let _ = stands(&index, evidence, &[]);
        }
        let _ = parse_checksums(file);
        let _ = is_ours(file);
    }
    if let Some(journal) = journal(&files) {
        let _ = journal.verify();
    }
}

/// An export's journal from its five files.
fn journal(files: &[&str]) -> Option<Journal> {
    let [keyring, matter, access, checkpoint, inclusion] = files else { return None };
    let stream = |file: &str| serde_json::from_str::<StreamFile>(file).ok();
    Some(Journal {
        keyring: stream(keyring)?,
        matter: stream(matter)?,
        access: stream(access)?,
        checkpoint: (*checkpoint).to_owned(),
        inclusion: serde_json::from_str(inclusion).ok()?,
    })
}

/// What the first of the seeds proves: lists of contents are compared with it.
fn a_journal() -> Option<&'static Evidence> {
    static EVIDENCE: OnceLock<Evidence> = OnceLock::new();
    Some(EVIDENCE.get_or_init(|| {
        let text = include_str!("../corpus/export/journal");
        let files: Vec<&str> = text.split("\n%\n").collect();
        let verified = journal(&files).expect("five files").verify();
        verified.unwrap_or_else(|_| panic!("the seed holds"))
    }))
}

/// A list of the app's files, as whoever made the release signed it.
pub fn release(bytes: &[u8]) {
    let Ok(signed) = Signed::parse(bytes) else { return };
    let key = SigningKey::from_seed([7; 32]);
    // The fuzzer has no key to sign with, so what it makes of the list is signed here.
    let kid = Kid::of_key(&key.public());
    let list = Signed::sign(Namespace::Release, &key, kid, signed.body());
    if let Ok(list) = list {
        let _ = Release::open(list.as_bytes(), &key.public());
    }
}

/// What a program without a store remembers: written again, it is the same.
pub fn memory(bytes: &[u8]) {
    if let Ok(memory) = MemoryV1::read(bytes) {
        assert_eq!(memory.write(), bytes);
    }
}

/// What a device keeps: the first byte is the kind of the record.
pub fn device(bytes: &[u8]) {
    if let Some((kind, record)) = bytes.split_first() {
        let _ = read_back(*kind, record);
    }
}

/// Headers and addresses as a server reads them: whatever is read stays within what there is, and was
/// written in the one way.
pub fn headers(bytes: &[u8]) {
    let Ok(text) = core::str::from_utf8(bytes) else { return };
    if let Some(root) = announced_root([text]) {
        assert_eq!(to_base64url(&root.0), text);
    }
    for length in [0, 1, 1000, u64::MAX] {
        if let Wanted::Span(from, until) = wanted(text, length) {
            assert!(from < until && until <= length);
        }
    }
    if let Some(version) = version(text) {
        assert_eq!(format!("\"{version}\""), text);
    }
    if let Some(part) = part(text) {
        assert_eq!(part.to_string(), text);
    }
}

/// A form, and what it asks of no answers at all.
pub fn form(bytes: &[u8]) {
    let Ok(form) = FormV1::from_bytes(bytes) else { return };
    assert_eq!(form.to_bytes(), bytes);
    let today = Date::at(TODAY, 0);
    // Only coherent forms are shown; none may hang or panic, coherent or not.
    let _ = form.check();
    let _ = check_all(&form, &AnswersV1::default(), today);
}

/// Answers, drafts and submissions, against a form of ours.
pub fn answers(bytes: &[u8]) {
    let today = Date::at(TODAY, 0);
    let form = ours();
    if let Ok(answers) = AnswersV1::from_bytes(bytes) {
        assert_eq!(answers.to_bytes(), bytes);
        let _ = check_all(form, &answers, today);
        let _ = check_submitted(form, &answers, today);
    }
    if let Ok(draft) = DraftV1::from_bytes(bytes) {
        assert_eq!(draft.to_bytes(), bytes);
        let _ = carry(&draft, form);
    }
    for submission in [SubmissionV1::from_bytes(bytes), seal::unpack(bytes)].into_iter().flatten() {
        let _ = submission.check(form);
    }
}

/// The first of our templates.
fn ours() -> &'static FormV1 {
    static FORM: OnceLock<FormV1> = OnceLock::new();
    FORM.get_or_init(|| {
        let first = templates::all().into_iter().next();
        (first.expect("there are templates").build)()
    })
}
