//! The C2SP/CCTV test kit for age, 143 files: each must end as it says, with exactly the plaintext
//! that it says.
//!
//! The files come from the npm package `cctv-age`, written out one a file by
//! `shared/tests/interop/unpack.mjs`; `UNDERSEAL_CCTV` names their folder.
#![allow(clippy::unwrap_used, reason = "in a test, what is not there is a failure")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use shared::crypto::age::foreign::{ForeignError, Unlock, read_foreign};
use shared::crypto::age::identity::parse_identity;
use shared::crypto::hash::sha256;
use shared::crypto::keys::KemKey;
use shared::secret::Secret;

#[test]
fn the_reader_ends_every_vector_for_keys_as_it_says() {
    ends_as_it_says(|vector| !is_long(vector) && vector.one("passphrase").is_none(), 80);
}

// The slow ones by themselves: hundreds of chunks, and what is made slow to try.

#[test]
fn the_reader_ends_every_long_vector_as_it_says() {
    ends_as_it_says(is_long, 3);
}

#[test]
fn the_reader_ends_every_vector_for_passphrases_as_it_says() {
    ends_as_it_says(|vector| !is_long(vector) && vector.one("passphrase").is_some(), 20);
}

fn is_long(vector: &Vector<'_>) -> bool {
    vector.file.len() > 16 * 1024
}

/// What this product does not read (armor, tagged hardware keys) is counted, so that the part that is
/// read cannot shrink unseen.
fn ends_as_it_says(mine: fn(&Vector<'_>) -> bool, at_least: usize) {
    let Some(folder) = folder() else { return };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(
        files.len() >= 140,
        "UNDERSEAL_CCTV names {}, which holds {} files where the test kit has 143: run `npm ci` and \
         `node unpack.mjs` in shared/tests/interop",
        folder.display(),
        files.len()
    );
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for path in &files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(path).unwrap();
        let vector = Vector::parse(&bytes);
        if !mine(&vector) {
            continue;
        }
        match run(&vector) {
            Ok(kind) => *counts.entry(kind).or_default() += 1,
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    assert!(wrong.is_empty(), "{} vectors ended otherwise:\n{}", wrong.len(), wrong.join("\n"));
    assert!(counts.get("run").is_some_and(|run| *run >= at_least), "{counts:?}");
}

#[expect(clippy::print_stderr, reason = "a skipped suite must be seen")]
fn folder() -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os("UNDERSEAL_CCTV") {
        return Some(folder.into());
    }
    assert!(
        std::env::var("CCTV_OPTIONAL").as_deref() == Ok("1"),
        "UNDERSEAL_CCTV is not set, so the age test kit cannot run: `cargo xtask test shared` sets it \
         after `npm ci`; CCTV_OPTIONAL=1 skips it"
    );
    eprintln!("SKIPPED: the age test kit, because UNDERSEAL_CCTV is not set and CCTV_OPTIONAL=1");
    None
}

/// A vector: its fields, and the age file behind the empty line.
struct Vector<'a> {
    fields: Vec<(&'a str, &'a str)>,
    file: &'a [u8],
}

impl<'a> Vector<'a> {
    fn parse(bytes: &'a [u8]) -> Self {
        let at = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let fields = std::str::from_utf8(&bytes[..at])
            .unwrap()
            .lines()
            .map(|line| line.split_once(": ").unwrap())
            .collect();
        Self { fields, file: &bytes[at + 2..] }
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn one(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }
}

fn run(vector: &Vector<'_>) -> Result<&'static str, String> {
    if vector.one("armored").is_some() {
        return Ok("armored, not read here");
    }
    let unpacked;
    let file = match vector.one("compressed") {
        None => vector.file,
        Some("zlib") => {
            unpacked = inflate(vector.file);
            &unpacked
        }
        Some(other) => return Err(format!("unknown compression {other}")),
    };
    let (mut keys, mut plain) = (Vec::<KemKey>::new(), Vec::<Secret<[u8; 32]>>::new());
    for identity in vector.all("identity") {
        if identity.starts_with("AGE-SECRET-KEY-PQ-1") {
            keys.push(parse_identity(identity).map_err(|error| error.to_string())?);
        } else if identity.starts_with("AGE-SECRET-KEY-1") {
            plain.push(Secret::new(x25519_identity(identity)));
        } else {
            return Ok("hardware keys, not read here");
        }
    }
    let passphrases: Vec<&str> = vector.all("passphrase").collect();
    let with: Vec<Unlock<'_>> = (keys.iter().map(Unlock::Key))
        .chain(plain.iter().map(Unlock::X25519))
        .chain(passphrases.iter().map(|text| Unlock::Passphrase(text)))
        .collect();
    let (outcome, plaintext) = match read_foreign(file, &with) {
        Ok(opened) => ("success", Some(opened.expose().clone())),
        Err(ForeignError::Header(_)) => ("header failure", None),
        Err(ForeignError::NoMatch) => ("no match", None),
        Err(ForeignError::Mac) => ("HMAC failure", None),
        Err(ForeignError::Payload { verified }) => ("payload failure", Some(verified)),
    };
    let expected = vector.one("expect").unwrap();
    if outcome != expected {
        return Err(format!("expected {expected}, got {outcome}"));
    }
    if let Some(hash) = vector.one("payload") {
        let plaintext = plaintext.unwrap_or_default();
        let ours = shared::encoding::to_hex(&sha256(&plaintext).0);
        if ours != hash {
            return Err(format!("plaintext hash {ours}, expected {hash}"));
        }
    }
    Ok("run")
}

fn inflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut out = Vec::new();
    flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut out).unwrap();
    out
}

fn x25519_identity(text: &str) -> [u8; 32] {
    let (hrp, bytes) = bech32::decode(text).unwrap();
    assert_eq!(hrp.to_string().to_lowercase(), "age-secret-key-");
    bytes.try_into().unwrap()
}
