//! Brings together what an export needs: the journal from the server, names and keys from the ring.

use alloc::string::String;
use alloc::vec::Vec;

use super::contents;
use super::evidence::{Evidence, Inclusion, Journal, Proof, StreamFile};
use super::index::{FORMAT, Firm, IndexV1, Matter, rfc3339};
use crate::client::error::{ClientError, Thing};
use crate::client::host::Host;
use crate::client::readable::label_words;
use crate::client::ring::{Keys, Ring};
use crate::client::{Portal, people, record};
use crate::crypto::age::identity::identity_string;
use crate::crypto::age::scrypt::seal_with_passphrase;
use crate::crypto::keys::{KemPublic, MatterKey};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{MAX_BODY, Namespace, Signed};
use crate::crypto::{cbor, fingerprint};
use crate::ids::MatterId;
use crate::journal::anchor::Log;
use crate::journal::statement::{MatterAct, Placed};
use crate::journal::stream::StreamId;
use crate::journal::wire::{Entry, From, MAX_LEAVES, ReadProof};
use crate::matters::plain::DescriptionV1;
use crate::secret::Secret;
use crate::time::Timestamp;

/// What only an unlocked ring can say.
pub(super) struct Gathered {
    /// The list of contents; answers' pages are noted later.
    pub(super) index: IndexV1,
    /// The matter's keys under the passphrase.
    pub(super) key_file: Vec<u8>,
    /// The newest key, to which list and pages are sealed.
    pub(super) to: KemPublic,
}

impl Gathered {
    pub(super) fn of(
        keys: &mut Keys,
        evidence: &Evidence,
        passphrase: &Secret<String>,
        now: Timestamp,
    ) -> Result<Self, ClientError> {
        let room = &evidence.room;
        let matter = room.matter();
        let epochs = u32::try_from(room.epochs.len()).map_err(|_| ClientError::Unfit)?;
        for epoch in 0..epochs {
            keys.matter_key(matter, epoch)?;
        }
        let firm = people::firm_name(keys)?;
        let names = people::names(keys);
        let key_of = |epoch: u32| keys.matter_keys.get(&(matter, epoch));
        let mut people = contents::people(room, &evidence.directory);
        for person in &mut people {
            let member = evidence.directory.member_by_kid(person.key);
            person.name = member.and_then(|member| names.get(&member.account).cloned());
        }
        let index = IndexV1 {
            format: FORMAT.into(),
            exported: rfc3339(now),
            exported_by: keys.kid,
            firm: Firm { name: firm, fingerprint: fingerprint::digits(evidence.directory.firm()) },
            matter: described(evidence, &key_of).ok_or(ClientError::NotVerified(Thing::Matter))?,
            people,
            submissions: contents::submissions(room),
            objects: contents::objects(room, &key_of),
        };
        let newest = epochs.checked_sub(1).and_then(key_of).ok_or(ClientError::Missing)?;
        let text = key_text(&index, (0..epochs).filter_map(key_of));
        // EXPOSE: both go into the sealed key file, which neither logs nor keeps them.
        let key_file = seal_with_passphrase(passphrase.expose(), text.expose().as_bytes())
            .map_err(|_| ClientError::Unfit)?;
        Ok(Self { index, key_file, to: newest.public() })
    }
}

/// The keys as age reads them, one line an epoch.
fn key_text<'a>(index: &IndexV1, keys: impl Iterator<Item = &'a MatterKey>) -> Secret<String> {
    // Room for all of it at once: growing would leave key bytes behind in memory.
    let mut text = String::with_capacity(64 * 1024);
    text.push_str(
        "# Underseal: the keys of one matter, oldest first. They open its whole export.\n",
    );
    text.push_str(&alloc::format!(
        "# matter {}, exported {}\n",
        index.matter.matter,
        index.exported
    ));
    for key in keys {
        let identity = identity_string(key.kem());
        // EXPOSE: it moves into the text, which is a secret itself.
        text.push_str(identity.expose());
        text.push('\n');
    }
    Secret::new(text)
}

/// What the matter's own signed record says it is called.
pub(super) fn described<'k>(
    evidence: &Evidence,
    key_of: contents::KeyOf<'_, 'k>,
) -> Option<Matter> {
    let room = &evidence.room;
    let sealed = room.record_of(RecordKind::Matter)?;
    let key = key_of(sealed.at.epoch)?;
    let firm = evidence.directory.firm();
    let description: DescriptionV1 =
        record::open(sealed, RecordKind::Matter, firm, room, key).ok()?;
    Some(Matter {
        matter: room.matter(),
        client: description.client,
        title: description.title,
        practice: description.practice,
        label: label_words(description.label).into(),
    })
}

impl<H: Host> Portal<H> {
    pub(super) async fn gather_journal(
        &self,
        ring: &Ring,
        matter: MatterId,
    ) -> Result<Journal, ClientError> {
        let log = ring.with(|keys| keys.directory.log())?;
        let matter_file = self.whole_stream(&log, StreamId::Matter(matter)).await?;
        let keyring = self.whole_stream(&log, StreamId::Keyring).await?;
        let access = self.whole_stream(&log, StreamId::Access(matter)).await?;
        let pin = self.prove_standing(&log).await?;
        let inclusion = Inclusion { size: pin.size, proofs: Vec::new() };
        let checkpoint = pin.note;
        let mut journal = Journal { keyring, matter: matter_file, access, checkpoint, inclusion };
        let leaves: Vec<u64> = journal.entries().map(|entry| entry.leaf).collect();
        for some in leaves.chunks(MAX_LEAVES) {
            let call = ReadProof { seen: 0, leaves: some.to_vec(), size: Some(pin.size) };
            // The export's own verification, before it is given out, holds them to the checkpoint.
            let found = self.call(&call).await?.inclusion;
            let proofs = some.iter().zip(found).map(|(leaf, hashes)| Proof { leaf: *leaf, hashes });
            journal.inclusion.proofs.extend(proofs);
        }
        Ok(journal)
    }

    async fn whole_stream(&self, log: &Log, stream: StreamId) -> Result<StreamFile, ClientError> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let from = From { stream, seq: entries.len() as u64 };
            let page = self.page(log, from, Thing::Journal).await?;
            entries.extend(page.entries.iter().map(slim));
            if !page.more {
                return Ok(StreamFile { stream, entries });
            }
        }
    }
}

/// A statement with those of its attachments that an export carries: headers and sealed metadata of
/// objects, and the matter's description. Key envelopes and secrets of invitations stay at home.
fn slim(entry: &Entry) -> Entry {
    let kept = match Signed::parse(&entry.statement.0) {
        Ok(signed) if signed.namespace() == Namespace::Manifest => true,
        Ok(signed) if signed.namespace() == Namespace::Matter => is_description(&signed),
        _ => false,
    };
    Entry {
        statement: entry.statement.clone(),
        leaf: entry.leaf,
        blind: entry.blind,
        arrived: entry.arrived,
        attachments: if kept { entry.attachments.clone() } else { Vec::new() },
    }
}

fn is_description(signed: &Signed) -> bool {
    let body: Result<Placed<MatterAct>, _> = cbor::decode_strict(signed.body(), MAX_BODY);
    body.is_ok_and(|body| matches!(body.act, MatterAct::Described(_)))
}
