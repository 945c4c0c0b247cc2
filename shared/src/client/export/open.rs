//! Reads an export back, believing nothing that is not signed. No files here and no I/O: whoever
//! calls brings bytes, and gets verified bytes or a [`Flaw`].

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::contents;
use super::evidence::{Evidence, Journal};
use super::flaw::Flaw;
use super::gather::described;
use super::index::{FORMAT, IndexV1, Object, name};
use super::page;
use super::signature;
use crate::client::read;
use crate::client::room::Filed;
use crate::crypto::age::foreign::{Unlock, read_foreign};
use crate::crypto::age::identity::parse_identity;
use crate::crypto::age::{FileOpen, SEALED_CHUNK, SEALED_PART};
use crate::crypto::fingerprint;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::MatterKey;
use crate::crypto::manifest::{self, Manifest};
use crate::intake::form::FormV1;
use crate::secret::Secret;

/// An export whose journal, keys and list of contents verified.
pub struct Dossier {
    evidence: Evidence,
    keys: Vec<MatterKey>,
    index: IndexV1,
}

impl Dossier {
    /// Opens an export: verifies the journal, opens the keys with the passphrase, and compares the
    /// list of contents with what the journal says must be there.
    ///
    /// # Errors
    /// With the first thing that does not hold.
    pub fn open(
        journal: &Journal,
        key_file: &[u8],
        index_file: &[u8],
        passphrase: &Secret<String>,
    ) -> Result<Self, Flaw> {
        let evidence = journal.verify()?;
        let keys = open_keys(key_file, passphrase)?;
        let announced = evidence.room.epochs.iter().map(|bundle| bundle.kem.clone());
        if !announced.eq(keys.iter().map(|key| Some(key.public()))) {
            return Err(Flaw::Keys);
        }
        let list = open_stock(index_file, &keys).ok_or(Flaw::IndexSealed)?;
        // EXPOSE: the list goes straight into its type.
        let index: IndexV1 = serde_json::from_slice(list.expose()).map_err(|_| Flaw::Index)?;
        if stands(&index, &evidence, &keys) {
            Ok(Self { evidence, keys, index })
        } else {
            Err(Flaw::Index)
        }
    }

    /// The list of contents: what it says of objects, submissions and the matter was compared with
    /// the signed record; names of people and of the firm are the exporter's word.
    #[must_use]
    pub const fn index(&self) -> &IndexV1 {
        &self.index
    }

    /// What the journal proves.
    #[must_use]
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Every file that the export has, [`name::CHECKSUMS`] and [`name::SIGNATURE`] included. One more or less is a flaw.
    #[must_use]
    pub fn files(&self) -> BTreeSet<String> {
        let fixed = [
            name::README,
            name::KEY,
            name::INDEX,
            name::CHECKSUMS,
            name::SIGNATURE,
            name::KEYRING,
            name::MATTER,
            name::ACCESS,
            name::CHECKPOINT,
            name::INCLUSION,
        ];
        let objects =
            self.index.objects.iter().flat_map(|one| one.file.iter().chain([&one.manifest]));
        let pages = self.index.submissions.iter().filter_map(|one| one.readable.as_ref());
        fixed.into_iter().map(ToString::to_string).chain(objects.chain(pages).cloned()).collect()
    }

    /// Whether the exporter signed this list of checksums, and so all the files.
    ///
    /// # Errors
    /// [`Flaw::Signature`].
    pub fn check_signature(&self, checksums: &[u8], signature: &[u8]) -> Result<(), Flaw> {
        signature::check(&self.evidence, self.index.exported_by, checksums, signature)
    }

    /// Whether a manifest file holds the statement that the matter's record holds.
    ///
    /// # Errors
    /// [`Flaw::Manifest`].
    pub fn check_manifest(&self, object: &Object, bytes: &[u8]) -> Result<(), Flaw> {
        let stands = self.filed(object).is_some_and(|filed| filed.digest == sha256(bytes));
        if stands { Ok(()) } else { Err(Flaw::Manifest(object.manifest.clone())) }
    }

    /// How many bytes of a sealed file stand before its chunks, when the whole has this length.
    ///
    /// # Errors
    /// [`Flaw::Object`] when no such file has this length.
    pub fn header_len(&self, object: &Object, file_len: u64) -> Result<usize, Flaw> {
        self.filed(object)
            .and_then(|filed| file_len.checked_sub(filed.manifest.sealed_len))
            .and_then(|len| usize::try_from(len).ok())
            .filter(|len| *len <= crate::crypto::age::header::MAX_HEADER)
            .ok_or_else(|| Flaw::Object(object.manifest.clone()))
    }

    /// Begins to read an object whose file begins with this header.
    ///
    /// # Errors
    /// [`Flaw::Object`] when the header is not the signed one, or does not open.
    pub fn read(&self, object: &Object, header: &[u8]) -> Result<ObjectReader, Flaw> {
        let name = object.file.as_ref().ok_or_else(|| Flaw::Object(object.manifest.clone()))?;
        let broken = || Flaw::Object(name.clone());
        let filed = self.filed(object).ok_or_else(broken)?;
        let manifest = filed.manifest.clone();
        if crate::crypto::hash::sha256(header) != manifest.header_hash {
            return Err(broken());
        }
        let key = self.keys.get(manifest.context.epoch as usize).ok_or_else(broken)?;
        Ok(ObjectReader {
            name: name.clone(),
            opened: read::unseal(filed, key).ok().map(|(file, meta)| (file, meta.digest)),
            manifest,
            index: 0,
            sealed: Vec::new(),
            plain: Vec::new(),
        })
    }

    /// Whether a submission's page shows the answers that were handed in.
    ///
    /// # Errors
    /// [`Flaw::Readable`].
    pub fn check_page(&self, number: usize, answers: &[u8], file: &[u8]) -> Result<(), Flaw> {
        let Some(listed) = self.index.submissions.get(number) else { return Err(Flaw::Index) };
        let Some(readable) = &listed.readable else { return Ok(()) };
        let broken = || Flaw::Readable(readable.clone());
        let form = listed.form.as_ref().ok_or_else(broken)?;
        let form = FormV1::from_bytes(&form.0).map_err(|_| broken())?;
        let expected = page::page(&self.index, &self.evidence, number, &form, answers);
        let shown = self.open_page(file).ok_or_else(broken)?;
        // EXPOSE: compared here and dropped.
        let same = expected.is_some_and(|page| page.as_bytes() == shown.expose().as_slice());
        if same { Ok(()) } else { Err(broken()) }
    }

    /// Opens a page of answers.
    #[must_use]
    pub fn open_page(&self, file: &[u8]) -> Option<Secret<Vec<u8>>> {
        open_stock(file, &self.keys)
    }

    fn filed(&self, object: &Object) -> Option<&Filed> {
        self.evidence.room.objects.get(&object.object)
    }
}

/// Whether a list of contents says of objects, submissions and the matter what the signed record says.
#[must_use]
pub fn stands(index: &IndexV1, evidence: &Evidence, keys: &[MatterKey]) -> bool {
    let room = &evidence.room;
    let key_of = |epoch: u32| keys.get(epoch as usize);
    let mut submissions = contents::submissions(room);
    for (number, (expected, listed)) in submissions.iter_mut().zip(&index.submissions).enumerate() {
        expected.form.clone_from(&listed.form);
        expected.readable = listed.form.as_ref().and_then(|_| page::file(index, number));
    }
    let mut people = contents::people(room, &evidence.directory);
    for (expected, listed) in people.iter_mut().zip(&index.people) {
        expected.name.clone_from(&listed.name);
        // Exports from before it was listed say less.
        if listed.verified.is_none() {
            expected.verified = None;
        }
    }
    index.format == FORMAT
        && index.firm.fingerprint == fingerprint::digits(evidence.directory.firm())
        && room.is_seated(index.exported_by)
        && described(evidence, &key_of).as_ref() == Some(&index.matter)
        && index.objects == contents::objects(room, &key_of)
        && index.submissions == submissions
        && index.people == people
}

/// Opens the key file: comments and one identity a line.
fn open_keys(file: &[u8], passphrase: &Secret<String>) -> Result<Vec<MatterKey>, Flaw> {
    // EXPOSE: the passphrase goes into the key derivation, which neither logs nor keeps it.
    let text = read_foreign(file, &[Unlock::Passphrase(passphrase.expose())])
        .map_err(|_| Flaw::Passphrase)?;
    // EXPOSE: each line is parsed into a key here.
    let text = core::str::from_utf8(text.expose()).map_err(|_| Flaw::Keys)?;
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| parse_identity(line).map(|key| MatterKey::from_seed(key.seed())))
        .collect::<Result<_, _>>()
        .map_err(|_| Flaw::Keys)
}

fn open_stock(file: &[u8], keys: &[MatterKey]) -> Option<Secret<Vec<u8>>> {
    let keys: Vec<Unlock> = keys.iter().map(|key| Unlock::Key(key.kem())).collect();
    read_foreign(file, &keys).ok()
}

/// Reads one sealed file part by part. What came out is the sender's document only once
/// [`ObjectReader::finish`] has said so. A file whose metadata do not open gives out nothing, and is
/// still compared with what its sender signed.
pub struct ObjectReader {
    name: String,
    opened: Option<(FileOpen, Hash32)>,
    manifest: Manifest,
    index: u64,
    /// The roots of the parts so far, sealed and opened.
    sealed: Vec<Hash32>,
    plain: Vec<Hash32>,
}

impl ObjectReader {
    /// How many sealed bytes the next part has; `None` when all were read.
    #[must_use]
    pub fn next_len(&self) -> Option<usize> {
        let done = self.index * SEALED_CHUNK as u64;
        let rest = self.manifest.sealed_len.checked_sub(done).filter(|rest| *rest > 0)?;
        usize::try_from(rest.min(SEALED_PART as u64)).ok()
    }

    /// Opens the next part.
    ///
    /// # Errors
    /// [`Flaw::Object`].
    pub fn open_part(&mut self, sealed: &[u8]) -> Result<Vec<u8>, Flaw> {
        let mut plain = Vec::with_capacity(sealed.len());
        let (mut before, mut after) = (Vec::new(), Vec::new());
        if Some(sealed.len()) != self.next_len() {
            return Err(self.broken());
        }
        for chunk in sealed.chunks(SEALED_CHUNK) {
            let last = self.index + 1 == self.manifest.chunks;
            before.push(manifest::chunk_leaf(chunk));
            if let Some((file, _)) = &self.opened {
                let from = plain.len();
                file.open_chunk(self.index, last, chunk, &mut plain).map_err(|_| self.broken())?;
                after.push(manifest::chunk_leaf(plain.get(from..).unwrap_or_default()));
            }
            self.index += 1;
        }
        self.sealed.push(manifest::part_root(&before));
        self.plain.push(manifest::part_root(&after));
        Ok(plain)
    }

    /// Whether everything that was read is the document that its sender signed.
    ///
    /// # Errors
    /// [`Flaw::Object`].
    pub fn finish(self) -> Result<(), Flaw> {
        let root = |parts: &[Hash32]| manifest::root_of_parts(parts, self.manifest.chunks);
        let whole = root(&self.sealed) == Some(self.manifest.ct_root)
            && self.opened.as_ref().is_none_or(|(_, said)| root(&self.plain) == Some(*said));
        if whole { Ok(()) } else { Err(self.broken()) }
    }

    fn broken(&self) -> Flaw {
        Flaw::Object(self.name.clone())
    }
}

/// The names of files as `CHECKSUMS.sha256` lists them, with their digests in hex.
///
/// # Errors
/// [`Flaw::Malformed`].
pub fn parse_checksums(text: &str) -> Result<Vec<(String, String)>, Flaw> {
    let broken = || Flaw::Malformed(name::CHECKSUMS.into());
    text.strip_suffix('\n')
        .ok_or_else(broken)?
        .split('\n')
        .map(|line| {
            let (digest, file) = line.split_once("  ").ok_or_else(broken)?;
            let canonical = crate::encoding::read_hex::<32>(digest).is_some();
            if canonical { Ok((file.to_string(), digest.to_string())) } else { Err(broken()) }
        })
        .collect()
}

/// How an export's sealed file name is recognised; unpackers' tricks are not names of ours.
#[must_use]
pub fn is_ours(file: &str) -> bool {
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
    match file.split_once('/') {
        None => plain(file) && !file.starts_with('.'),
        Some((folder, rest)) => {
            matches!(folder, "documents" | "answers" | "manifests" | "journal")
                && plain(rest)
                && !rest.is_empty()
                && !rest.starts_with('.')
        }
    }
}
