//! An export opened from its zip file: every check that does not need a document's bytes is made
//! here, before anything is shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read as _, Write};
use std::path::Path;

use shared::client::export::evidence::{Inclusion, Journal, StreamFile};
use shared::client::export::flaw::Flaw;
use shared::client::export::index::{Object, name};
use shared::client::export::open::{Dossier, is_ours, parse_checksums};
use shared::crypto::hash::Hasher;
use shared::secret::Secret;

use crate::archive::Archive;
use crate::refusal::Refusal;

/// Largest file of the journal or list of contents.
const MAX_JSON: u64 = 1 << 30;
/// Largest of the small files.
const MAX_SMALL: u64 = 16 << 20;

impl From<Flaw> for Refusal {
    fn from(flaw: Flaw) -> Self {
        match flaw {
            Flaw::Passphrase => Self::cannot(flaw.to_string()),
            other => Self::broken(other.to_string()),
        }
    }
}

/// An export whose record, keys and list of contents verified.
pub struct Export {
    archive: Archive<BufReader<File>>,
    /// What it says.
    pub dossier: Dossier,
    sums: Sums,
    list: Vec<u8>,
}

impl Export {
    /// Opens an export.
    ///
    /// # Errors
    /// With the first thing that does not hold, or cannot be read.
    pub fn open(path: &Path, passphrase: &Secret<String>) -> Result<Self, Refusal> {
        let file = File::open(path)
            .map_err(|error| Refusal::cannot(format!("The export cannot be opened: {error}.")))?;
        let mut archive = Archive::open(BufReader::new(file))?;
        if let Some(foreign) = archive.names().find(|file| !is_ours(file)) {
            let shown = shared::client::readable::printable(foreign);
            return Err(Flaw::Extra(shown).into());
        }
        let (sums, list) = read_sums(&mut archive)?;
        let journal = read_journal(&mut archive)?;
        let key = archive.read(name::KEY, MAX_SMALL)?;
        let index = archive.read(name::INDEX, MAX_JSON)?;
        let dossier = Dossier::open(&journal, &key, &index, passphrase)?;
        let expected = dossier.files();
        let found: BTreeSet<String> = archive.names().map(str::to_owned).collect();
        if let Some(absent) = expected.difference(&found).next() {
            return Err(Flaw::Absent(absent.clone()).into());
        }
        if let Some(extra) = found.difference(&expected).next() {
            return Err(Flaw::Extra(extra.clone()).into());
        }
        Ok(Self { archive, dossier, sums, list })
    }

    /// Whether the person who made the export signed exactly this list of files.
    ///
    /// # Errors
    /// [`Flaw::Signature`] as a refusal.
    pub fn check_signature(&mut self) -> Result<(), Refusal> {
        let signature = self.archive.read(name::SIGNATURE, MAX_SMALL)?;
        Ok(self.dossier.check_signature(&self.list, &signature)?)
    }

    /// Whether every file is the one that `CHECKSUMS.sha256` lists.
    ///
    /// # Errors
    /// [`Flaw::Checksum`] as a refusal.
    pub fn check_sums(&mut self) -> Result<(), Refusal> {
        let mut piece = vec![0; 1 << 20];
        for (file, listed) in &self.sums {
            let mut hasher = Hasher::new();
            let mut stream = self.archive.stream(file)?;
            loop {
                let read = stream.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                hasher.update(piece.get(..read).unwrap_or_default());
            }
            if hasher.finish().to_string() != *listed {
                return Err(Flaw::Checksum(file.clone()).into());
            }
        }
        Ok(())
    }

    /// Reads a sealed file through, checks it whole against what its sender signed, and writes the
    /// opened bytes. They may be kept only when this succeeds.
    ///
    /// # Errors
    /// When it is not the file that was signed, or cannot be read or written.
    pub fn read_object(&mut self, object: &Object, out: &mut impl Write) -> Result<(), Refusal> {
        let manifest = self.archive.read(&object.manifest, MAX_SMALL)?;
        self.dossier.check_manifest(object, &manifest)?;
        // An identity paper stays with those who verify: what was said of it is all that is here.
        let Some(file) = &object.file else { return Ok(()) };
        let header_len = self.dossier.header_len(object, self.archive.len(file)?)?;
        let mut stream = self.archive.stream(file)?;
        let mut header = vec![0; header_len];
        stream.read_exact(&mut header)?;
        let mut reader = self.dossier.read(object, &header)?;
        while let Some(len) = reader.next_len() {
            let mut sealed = vec![0; len];
            stream.read_exact(&mut sealed)?;
            out.write_all(&reader.open_part(&sealed)?)?;
        }
        out.flush()?;
        Ok(reader.finish()?)
    }

    /// A submission's page to print, compared with the answers that were handed in.
    ///
    /// # Errors
    /// When it shows anything else.
    pub fn read_page(&mut self, number: usize) -> Result<Option<Secret<Vec<u8>>>, Refusal> {
        let index = self.dossier.index();
        let Some(listed) = index.submissions.get(number) else { return Ok(None) };
        let Some(file) = listed.readable.clone() else { return Ok(None) };
        let answers = index.objects.iter().find(|object| object.object == listed.answers);
        let answers = answers.cloned().ok_or(Flaw::Index)?;
        let mut plain = Vec::new();
        self.read_object(&answers, &mut plain)?;
        let plain = Secret::new(plain);
        let sealed = self.archive.read(&file, MAX_SMALL)?;
        // EXPOSE: compared with the page here.
        self.dossier.check_page(number, plain.expose(), &sealed)?;
        Ok(self.dossier.open_page(&sealed))
    }
}

type Sums = BTreeMap<String, String>;

/// The checksums by file, and the list as it stands.
fn read_sums(archive: &mut Archive<BufReader<File>>) -> Result<(Sums, Vec<u8>), Refusal> {
    let list = archive.read(name::CHECKSUMS, MAX_SMALL)?;
    let text = std::str::from_utf8(&list).map_err(|_| Flaw::Malformed(name::CHECKSUMS.into()))?;
    let lines = parse_checksums(text)?;
    let count = lines.len();
    let sums: Sums = lines.into_iter().collect();
    let listed: BTreeSet<&str> = sums.keys().map(String::as_str).collect();
    let found: BTreeSet<&str> =
        archive.names().filter(|file| ![name::CHECKSUMS, name::SIGNATURE].contains(file)).collect();
    if let Some(absent) = listed.difference(&found).next() {
        return Err(Flaw::Absent((*absent).to_owned()).into());
    }
    if let Some(extra) = found.difference(&listed).next() {
        return Err(Flaw::Extra((*extra).to_owned()).into());
    }
    if count == sums.len() {
        Ok((sums, list))
    } else {
        Err(Flaw::Malformed(name::CHECKSUMS.into()).into())
    }
}

fn read_journal(archive: &mut Archive<BufReader<File>>) -> Result<Journal, Refusal> {
    let checkpoint = archive.read(name::CHECKPOINT, MAX_SMALL)?;
    Ok(Journal {
        keyring: read_json::<StreamFile>(archive, name::KEYRING)?,
        matter: read_json::<StreamFile>(archive, name::MATTER)?,
        access: read_json::<StreamFile>(archive, name::ACCESS)?,
        inclusion: read_json::<Inclusion>(archive, name::INCLUSION)?,
        checkpoint: String::from_utf8(checkpoint).map_err(|_| Flaw::Checkpoint)?,
    })
}

fn read_json<T: serde::de::DeserializeOwned>(
    archive: &mut Archive<BufReader<File>>,
    file: &str,
) -> Result<T, Refusal> {
    let bytes = archive.read(file, MAX_JSON)?;
    serde_json::from_slice(&bytes).map_err(|_| Flaw::Malformed(file.to_owned()).into())
}
