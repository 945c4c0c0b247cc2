//! The firm's forms: published as statements, their definitions sealed for the office.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::Portal;
use super::error::{ClientError, Thing};
use super::host::Host;
use super::posts::Spot;
use super::ring::{Keys, Ring};
use super::said::Speakers;
use super::{office, record};
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::keys::{Caps, Kid};
use crate::crypto::sealed::RecordKind;
use crate::crypto::signed::{Namespace, Signed};
use crate::ids::{FormId, RecordId};
use crate::intake::form::FormV1;
use crate::journal::anchor::Leaf;
use crate::journal::statement::{FormPublished, Placed};
use crate::journal::stream::{Head, StreamId};
use crate::journal::wire::{Entry, From};
use crate::time::Timestamp;

const BROKEN: ClientError = ClientError::NotVerified(Thing::Forms);

/// A version of a form.
pub struct PublishedForm {
    /// The form.
    pub form: FormId,
    /// Its version, from 1.
    pub version: u32,
    /// When it was published, as its publisher says.
    pub published: Timestamp,
    /// Who published it.
    pub(crate) by: Kid,
    /// What it asks; `None` when its record does not open, or is not what was signed.
    pub definition: Option<FormV1>,
}

impl<H: Host> Portal<H> {
    /// Publishes a form, or the next version of one.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] for a definition that is not coherent; when locked, or refused.
    pub async fn publish_form(
        &self,
        ring: &Ring,
        form: FormId,
        definition: &FormV1,
    ) -> Result<(), ClientError> {
        definition.check().map_err(|_| ClientError::Unfit)?;
        let version = self
            .all_forms(ring)
            .await?
            .iter()
            .filter(|known| known.form == form)
            .map(|known| known.version)
            .max()
            .unwrap_or(0)
            + 1;
        self.turn_owed(ring, ring.with(Keys::office)?).await?;
        self.append(ring, &[StreamId::Forms], |keys, pen| {
            let office = keys.office();
            let epoch = office::newest(keys)?;
            let key = keys.matter_keys.get(&(office, epoch)).ok_or(ClientError::Missing)?;
            let (at, bytes) = record::seal(
                definition,
                RecordKind::Form,
                keys.firm(),
                office,
                (epoch, key),
                RecordId::random(),
            )?;
            pen.attach(bytes);
            let act = FormPublished { form, version, form_hash: definition.hash(), definition: at };
            let signer = &keys.identity.signing;
            pen.write(Namespace::Form, StreamId::Forms, act, signer, keys.kid).map(|_| ())
        })
        .await?;
        Ok(())
    }

    /// The newest version of every form, oldest form first. One that does not open stands among them:
    /// an older version does not take its place.
    ///
    /// # Errors
    /// When locked, unreachable, or the stream does not verify.
    pub async fn forms(&self, ring: &Ring) -> Result<Vec<PublishedForm>, ClientError> {
        let mut newest: BTreeMap<FormId, PublishedForm> = BTreeMap::new();
        for form in self.all_forms(ring).await? {
            newest.insert(form.form, form);
        }
        let mut forms: Vec<_> = newest.into_values().collect();
        forms.sort_by_key(|form| form.published);
        Ok(forms)
    }

    /// The definition with this hash.
    pub(crate) async fn form_by_hash(
        &self,
        ring: &Ring,
        hash: Hash32,
    ) -> Result<FormV1, ClientError> {
        let all = self.all_forms(ring).await?;
        all.into_iter()
            .filter_map(|form| form.definition)
            .find(|definition| definition.hash() == hash)
            .ok_or(ClientError::Missing)
    }

    async fn all_forms(&self, ring: &Ring) -> Result<Vec<PublishedForm>, ClientError> {
        self.sync_directory(ring).await?;
        let (office, log) = ring.with(|keys| (keys.office(), keys.directory.log()))?;
        self.sync_rooms(ring, &[office]).await?;
        let mut head = Head::EMPTY;
        let (mut forms, mut speakers) = (Vec::new(), Speakers::default());
        loop {
            let from = From { stream: StreamId::Forms, seq: head.next };
            let page = self.page(&log, from, Thing::Forms).await?;
            for entry in &page.entries {
                let form = ring.with_mut(|keys| {
                    let form = read(keys, entry, &mut head)?;
                    speakers.hear(form.by, Leaf::of(entry), &keys.directory);
                    Ok::<_, ClientError>(form)
                })??;
                forms.push(form);
            }
            // What is refused is not remembered.
            if !page.more {
                self.hold_speakers(ring, &[&speakers], Thing::Forms).await?;
                self.remember_ends(log.firm, [(StreamId::Forms, head)]).await?;
                return Ok(forms);
            }
        }
    }
}

fn read(keys: &mut Keys, entry: &Entry, head: &mut Head) -> Result<PublishedForm, ClientError> {
    let signed = Signed::parse(&entry.statement.0).map_err(|_| BROKEN)?;
    let by = signed.signer();
    let signer = keys.directory.member_by_kid(by).ok_or(BROKEN)?;
    let may = signer.may_at(Caps::FORMS, entry.leaf) && keys.directory.counts(by, &Spot::of(entry));
    let key = signer.bundle.verify_key.filter(|_| may).ok_or(BROKEN)?;
    let body: Placed<FormPublished> = signed.body_as(Namespace::Form, &key).map_err(|_| BROKEN)?;
    if body.version != 1 || body.place.stream != StreamId::Forms {
        return Err(BROKEN);
    }
    *head = head.advance(&body.place, signed.digest()).map_err(|_| BROKEN)?;
    let FormPublished { form, version, form_hash, definition: at } = body.act;
    let office = keys.office();
    keys.matter_key(office, at.epoch)?;
    let key = keys.matter_keys.get(&(office, at.epoch)).ok_or(ClientError::Missing)?;
    let bytes = entry.attachments.iter().find(|bytes| sha256(&bytes.0) == at.hash);
    let bytes = bytes.map(|bytes| bytes.0.as_slice());
    let opened: Result<FormV1, _> =
        record::open_bytes(bytes, &at, RecordKind::Form, keys.firm(), office, key);
    let definition = opened.ok().filter(|definition| definition.hash() == form_hash);
    Ok(PublishedForm { form, version, published: body.place.time, by, definition })
}
