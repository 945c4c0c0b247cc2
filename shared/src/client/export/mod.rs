//! A matter leaves the house: one zip that opens without us (CRYPTO P9), written as a stream.
//!
//! Everything that a person wrote stays sealed to the matter's key; the key goes along under a
//! passphrase. [`index`] is the list of contents and the names of files, [`evidence`] the journal's
//! part and what it proves, [`contents`] works out from it what must be there, [`page`] shows
//! answers as text, [`open`] reads an export back and believes nothing. `docs/EXPORT.md` is the
//! specification.

mod contents;
pub mod evidence;
pub mod flaw;
mod gather;
pub mod index;
pub mod open;
mod page;
mod readme;
mod signature;

pub use contents::KeyOf;

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use self::evidence::{Evidence, Journal};
use self::gather::Gathered;
use self::index::{IndexV1, name};
use super::error::{ClientError, Thing};
use super::host::Host;
use super::ring::Ring;
use super::room::Filed;
use super::zip::{ExportSink, ZipWriter};
use super::{Portal, net};
use crate::crypto::age::foreign::write_foreign;
use crate::crypto::age::{SEALED_CHUNK, SEALED_PART};
use crate::crypto::keys::KemPublic;
use crate::crypto::manifest;
use crate::ids::MatterId;
use crate::journal::statement::Verb;
use crate::secret::Secret;

/// How often a piece is asked for again when the network fails: an export can take an hour.
const TRIES: usize = 4;

impl<H: Host> Portal<H> {
    /// Writes a matter as one zip into the sink, and says so in the journal first.
    ///
    /// # Errors
    /// When locked or unreachable; [`ClientError::Unfit`] for an empty passphrase;
    /// [`ClientError::NotVerified`] when something of the matter does not verify: then what was
    /// written so far is no export; [`ClientError::Locked`] where that happened once too often. The sink's own
    /// error.
    pub async fn export<S: ExportSink>(
        &self,
        ring: &Ring,
        matter: MatterId,
        passphrase: &Secret<String>,
        sink: &mut S,
    ) -> Result<(), ClientError> {
        let mut closed = false;
        let written = self.write_export(ring, matter, passphrase, sink, &mut closed).await;
        // Counted once, however it ended, where the answers did not open.
        if closed { written } else { self.heed(ring, written).await }
    }

    /// Writes it, and notes whether answers did not open.
    async fn write_export<S: ExportSink>(
        &self,
        ring: &Ring,
        matter: MatterId,
        passphrase: &Secret<String>,
        sink: &mut S,
        closed: &mut bool,
    ) -> Result<(), ClientError> {
        self.sync_directory(ring).await?;
        self.enter_office(ring).await?;
        self.sync_rooms(ring, &[matter]).await?;
        self.record_access(ring, matter, None, Verb::Exported).await?;
        let journal = self.gather_journal(ring, matter).await?;
        let evidence = journal.verify().map_err(|_| ClientError::NotVerified(Thing::Journal))?;
        let now = self.host.now();
        let mut gathered =
            ring.with_mut(|keys| Gathered::of(keys, &evidence, passphrase, now))??;
        let pages = self.pages(ring, &evidence, &mut gathered.index, closed).await?;

        let sealed_length = |filed: &Filed| filed.manifest.sealed_len;
        sink.expect(evidence.room.objects.values().map(sealed_length).sum());
        let mut zip = ZipWriter::new(sink, now);
        let index = &gathered.index;
        let example = index.objects.iter().find(|object| object.kind == "document");
        let example = example.and_then(|object| object.file.as_deref());
        let page = pages.first().map(|(file, _)| file.as_str());
        let readme = readme::readme(&index.exported, example, page);
        zip.entry(name::README, readme.as_bytes()).await?;
        zip.entry(name::KEY, &gathered.key_file).await?;
        let list = serde_json::to_vec_pretty(index).map_err(|_| ClientError::Unfit)?;
        zip.entry(name::INDEX, &sealed(&gathered.to, &list)?).await?;
        for (file, page) in &pages {
            zip.entry(file, &sealed(&gathered.to, page.as_bytes())?).await?;
        }
        // Whoever opens the export cannot ask the journal any more. Many objects saw one checkpoint.
        let seen =
            evidence.room.objects.values().filter_map(|filed| filed.manifest.checkpoint_seen);
        for seen in seen.collect::<BTreeSet<_>>() {
            self.hold_seen(ring, &seen).await?;
        }
        self.write_objects(&mut zip, index, &evidence, &journal).await?;
        write_journal(&mut zip, &journal).await?;
        let sums = zip.checksums();
        zip.entry(name::CHECKSUMS, sums.as_bytes()).await?;
        let signed = ring.with(|keys| {
            signature::sign(&keys.identity.signing, keys.kid, matter, sums.as_bytes())
        })?;
        zip.entry(name::SIGNATURE, signed.ok_or(ClientError::Unfit)?.as_bytes()).await?;
        zip.finish().await
    }

    /// The answers as pages to print, by file; notes them in the index.
    async fn pages(
        &self,
        ring: &Ring,
        evidence: &Evidence,
        index: &mut IndexV1,
        closed: &mut bool,
    ) -> Result<Vec<(String, String)>, ClientError> {
        let matter = evidence.room.matter();
        let mut pages = Vec::new();
        for number in 0..index.submissions.len() {
            let said = &evidence.room.submissions[&index.submissions[number].submission];
            // What waits until the client is known goes along sealed, and is opened by nobody here.
            if evidence.room.waits(said) {
                continue;
            }
            let answers = index.submissions[number].answers;
            let opened = self.read_answers(ring, matter, answers).await;
            let hash = said.submitted.form_hash;
            // Asked for whether or not the answers opened: the server sees what is asked.
            let form = self.form_by_hash(ring, hash).await;
            let plain = match opened {
                Ok(opened) => opened,
                Err(seen @ ClientError::NotVerified(Thing::Seen)) => return Err(seen),
                // Answers that do not open go along sealed; a page of them would be made up.
                Err(failed @ ClientError::NotVerified(_)) => {
                    // Counted before anything more is asked for: a server that fails then is counted, too.
                    if !core::mem::replace(closed, true)
                        && let Err(ClientError::Locked) =
                            self.heed(ring, Err::<(), _>(failed)).await
                    {
                        return Err(ClientError::Locked);
                    }
                    continue;
                }
                Err(ClientError::Missing) => continue,
                Err(other) => return Err(other),
            };
            let form = form?;
            let Some(page) = page::page(index, evidence, number, &form, &plain) else { continue };
            let Some(file) = page::file(index, number) else { continue };
            index.submissions[number].form = Some(form.to_bytes().into());
            index.submissions[number].readable = Some(file.clone());
            pages.push((file, page));
        }
        Ok(pages)
    }

    async fn write_objects<S: ExportSink>(
        &self,
        zip: &mut ZipWriter<'_, S>,
        index: &IndexV1,
        evidence: &Evidence,
        journal: &Journal,
    ) -> Result<(), ClientError> {
        for object in &index.objects {
            let filed = evidence.room.objects.get(&object.object).ok_or(ClientError::Missing)?;
            if let Some(file) = &object.file {
                self.write_object(zip, file, filed).await?;
            }
            // The stream was verified whole: a number is a place in it.
            let at = usize::try_from(filed.seq).map_err(|_| ClientError::Unfit)?;
            let entry = journal.matter.entries.get(at).ok_or(ClientError::Missing)?;
            zip.entry(&object.manifest, &entry.statement.0).await?;
        }
        Ok(())
    }

    /// Streams one sealed file, part by part, and checks it against its manifest on the way: what
    /// the sender signed goes into the zip, or the export fails.
    async fn write_object<S: ExportSink>(
        &self,
        zip: &mut ZipWriter<'_, S>,
        file: &str,
        filed: &Filed,
    ) -> Result<(), ClientError> {
        let manifest = &filed.manifest;
        let broken = ClientError::NotVerified(Thing::Document);
        let header = filed.header.as_deref().ok_or_else(|| broken.clone())?;
        zip.begin(file, header.len() as u64 + manifest.sealed_len).await?;
        zip.write(header).await?;
        let mut roots = Vec::new();
        let mut first = 0;
        while first < manifest.sealed_len {
            let last = (first + SEALED_PART as u64).min(manifest.sealed_len) - 1;
            let part = self.content(filed, first, last).await?;
            let leaves: Vec<_> = part.chunks(SEALED_CHUNK).map(manifest::chunk_leaf).collect();
            roots.push(manifest::part_root(&leaves));
            zip.write(&part).await?;
            first = last + 1;
        }
        if manifest::root_of_parts(&roots, manifest.chunks) != Some(manifest.ct_root) {
            return Err(broken);
        }
        zip.end().await?;
        Ok(())
    }

    async fn content(&self, filed: &Filed, first: u64, last: u64) -> Result<Vec<u8>, ClientError> {
        let object = filed.manifest.context.object;
        let mut tries = 1;
        loop {
            match net::get_content(&*self.host, object, first, last).await {
                Err(ClientError::Unreachable) if tries < TRIES => tries += 1,
                other => return other,
            }
        }
    }
}

/// A stock age file for the matter's key.
fn sealed(to: &KemPublic, plaintext: &[u8]) -> Result<Vec<u8>, ClientError> {
    write_foreign(&[to], plaintext).map_err(|_| ClientError::Unfit)
}

async fn write_journal<S: ExportSink>(
    zip: &mut ZipWriter<'_, S>,
    journal: &Journal,
) -> Result<(), ClientError> {
    let files = [
        (name::KEYRING, serde_json::to_vec_pretty(&journal.keyring)),
        (name::MATTER, serde_json::to_vec_pretty(&journal.matter)),
        (name::ACCESS, serde_json::to_vec_pretty(&journal.access)),
        (name::INCLUSION, serde_json::to_vec_pretty(&journal.inclusion)),
    ];
    for (file, json) in files {
        zip.entry(file, &json.map_err(|_| ClientError::Unfit)?).await?;
    }
    zip.entry(name::CHECKPOINT, journal.checkpoint.as_bytes()).await
}
