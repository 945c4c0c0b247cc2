//! A small firm with one of everything that the server stores, and the keys of all who can open it.

use std::collections::BTreeMap;

use server::db::Value;
use shared::client::directory::Directory;
use shared::client::enrol::Post;
use shared::crypto::age::FileOpen;
use shared::crypto::invite::{Fragment, LinkKeys};
use shared::crypto::keys::{AccountKey, KemKey, Kid, MatterKey, VerifyKey};
use shared::crypto::manifest::Manifest;
use shared::crypto::recovery::RecoveryCode;
use shared::crypto::sealed::{RecordKind, SlotKind, inspect_record, open_record};
use shared::crypto::signed::Signed;
use shared::crypto::slots::{
    AccountSecrets, SlotContext, kek_from_recovery, open_amk, open_secrets,
};
use shared::crypto::wrapped::{self, WrapContext};
use shared::ids::{EnrolmentId, InviteId, MatterId, ObjectId, SlotId};
use shared::journal::statement::{ClientJoined, FormPublished, KeyringAct, MatterAct, RecordRef};
use shared::journal::stream::StreamId;
use shared::journal::wire::Entry;
use shared::secret::Secret;

use crate::frame::forge::{directory, said};
use crate::frame::journal::stream;
use crate::frame::scene::handed_in;
use crate::harness::NOW;
use crate::harness::acts::{COLLEAGUES, Firm, Tale, document, link_parts};
use crate::harness::client::Device;
use crate::harness::enter;
use crate::world::script::record_place;

/// A firm with one of everything, and all keys.
pub struct Small {
    pub firm: Firm,
    pub directory: Directory,
    pub streams: Vec<(StreamId, Vec<Entry>)>,
    pub object: ObjectId,
    pub document: Vec<u8>,
    links: [LinkKeys; 2],
    pub secrets: AccountSecrets,
    pub amk: AccountKey,
    pub slots: Vec<Slot>,
    pub sealed_secrets: Vec<u8>,
    pub record: Vec<u8>,
    rooms: BTreeMap<MatterId, MatterKey>,
}

impl Small {
    pub async fn new() -> Self {
        let firm = Firm::founded().await;
        let document = document(300);
        let object = handed_in(&firm, &Tale::USUAL, "lease.pdf", &document).await;
        let (_, client) = link_parts::<InviteId>(&firm.invite().await);
        let staff = firm.portal.invite_staff(&firm.ring, Post::Lawyer, 7).await.unwrap();
        let (enrolment, staff) = link_parts::<EnrolmentId>(&staff);
        let bo = Device::new(&firm.router, NOW);
        let word = Secret::new(COLLEAGUES.to_owned());
        enter::enrol(&bo, enrolment, &staff, ("Bo Lindqvist", "bo"), &word).await.unwrap();
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();

        let directory = directory(&firm).await;
        let mut streams = Vec::new();
        for id in [
            StreamId::Keyring,
            StreamId::Matter(directory.root().office),
            StreamId::Matter(firm.matter),
            StreamId::Forms,
        ] {
            streams.push((id, stream(&firm, id).await));
        }
        let (slots, sealed_secrets, record) = account_of(&firm).await;
        // EXPOSE: the founder's own words.
        let code = RecoveryCode::parse(firm.words.expose()).unwrap();
        let place = place_of_slot(&firm, slots[1].1, SlotKind::Recovery);
        let amk = open_amk(&kek_from_recovery(&code), &place, &slots[1].2).unwrap();
        let account = firm.ring.account().unwrap();
        let place = place_of_slot(&firm, SlotId(account.0), SlotKind::AccountKeys);
        let secrets = open_secrets(&amk, &place, &sealed_secrets).unwrap();
        let links = [client, staff].map(|link| {
            Fragment::parse(&link).unwrap_or_else(|_| panic!("a link")).secret.derive()
        });
        let mut small = Self {
            firm,
            directory,
            streams,
            object,
            document,
            links,
            secrets,
            amk,
            slots,
            sealed_secrets,
            record,
            rooms: BTreeMap::new(),
        };
        small.rooms = small.room_keys();
        small
    }

    fn me(&self) -> Kid {
        let account = self.firm.ring.account().unwrap();
        self.directory.member_by_account(account).unwrap().bundle.kid()
    }

    /// Opens an envelope of a matter's key with whichever of the founder's two keys it is for.
    fn seed(&self, matter: MatterId, bytes: &[u8], to: Kid) -> Option<[u8; 32]> {
        let place = WrapContext { firm: self.directory.firm(), matter, epoch: 0, purpose: 1 };
        let recovery = self.directory.recovery().unwrap().kid();
        let key: &KemKey = if to == recovery {
            self.secrets.recovery.as_ref().unwrap()
        } else {
            self.secrets.identity.kem.as_ref().unwrap()
        };
        let known = |kid| self.directory.member_by_kid(kid)?.bundle.verify_key;
        wrapped::open(bytes, to, key, &place, known).ok().map(|seed| *seed.seed())
    }

    fn room_keys(&self) -> BTreeMap<MatterId, MatterKey> {
        let mut keys = BTreeMap::new();
        for (id, entries) in &self.streams {
            let StreamId::Matter(matter) = *id else { continue };
            for attached in entries.iter().flat_map(|entry| &entry.attachments) {
                if wrapped::recipient_of(&attached.0) == Ok(self.me()) {
                    let seed = self.seed(matter, &attached.0, self.me()).unwrap();
                    keys.insert(matter, MatterKey::from_seed(&seed));
                }
            }
        }
        keys
    }

    /// The key under which a statement of this signer's is verified.
    pub fn key_of(&self, signed: &Signed, entry: &Entry) -> VerifyKey {
        if signed.signer() == Kid::of_root(self.directory.firm()) {
            return self.directory.root().root;
        }
        if let Some(member) = self.directory.member_by_kid(signed.signer()) {
            return member.bundle.verify_key.unwrap();
        }
        let joined = |entry: &Entry| Some(said::<ClientJoined>(entry)?.act.bundle);
        let all = self.streams.iter().flat_map(|(_, entries)| entries).chain([entry]);
        let mut clients = all.filter_map(joined);
        clients.find(|one| one.kid() == signed.signer()).unwrap().verify_key.unwrap()
    }

    fn opens_record(
        &self,
        matter: MatterId,
        at: &RecordRef,
        kind: RecordKind,
        bytes: &[u8],
    ) -> bool {
        let place = record_place(self.directory.firm(), matter, at.record);
        let key = self.rooms[&matter].record_key(matter, 0);
        open_record(&key, kind, at.record.0, &place, bytes).is_ok()
    }

    fn opens_blob(&self, link: [u8; 16], bytes: &[u8]) -> bool {
        let place = shared::crypto::cbor::encode(&minicbor::bytes::ByteArray::from(link));
        let kind = RecordKind::Invitation;
        self.links.iter().any(|keys| open_record(&keys.seal, kind, link, &place, bytes).is_ok())
    }

    pub fn open_file(&self, manifest: &Manifest, header: &[u8]) -> Option<FileOpen> {
        let context = &manifest.context;
        FileOpen::new(header, context.hash(), self.rooms[&context.matter].kem()).ok()
    }

    /// Whether whoever may open an attachment opens this; `None` for what is for others alone.
    pub fn opens(&self, id: StreamId, entry: &Entry, honest: &[u8], bytes: &[u8]) -> Option<bool> {
        let record = inspect_record(honest).ok().map(|(kind, _)| kind);
        let office = self.directory.root().office;
        if let Some(body) = said::<FormPublished>(entry) {
            return Some(self.opens_record(office, &body.act.definition, RecordKind::Form, bytes));
        }
        if let Some(body) = said::<KeyringAct>(entry) {
            let KeyringAct::Invited(offer) = body.act else { return None };
            return Some(self.opens_blob(offer.enrolment.0, bytes));
        }
        let StreamId::Matter(matter) = id else { return None };
        if let Some(body) = said::<Manifest>(entry) {
            if honest.starts_with(b"USM1") {
                let header = entry.attachments.iter().find(|one| one.0.starts_with(b"age-"))?;
                let file = self.open_file(&body.act, &header.0)?;
                return Some(file.open_meta(bytes).is_ok());
            }
            // The nonce behind the header's MAC shows in whatever is opened with it.
            let meta = entry.attachments.iter().find(|one| one.0.starts_with(b"USM1"))?;
            let file = self.open_file(&body.act, bytes);
            return Some(file.is_some_and(|file| file.open_meta(&meta.0).is_ok()));
        }
        match said::<MatterAct>(entry)?.act {
            MatterAct::Granted(granted) => {
                let recovery = self.directory.recovery()?.kid();
                let ours = [self.me(), recovery].contains(&granted.recipient);
                ours.then(|| self.seed(matter, bytes, granted.recipient).is_some())
            }
            MatterAct::Described(at) => Some(self.opens_record(matter, &at, record?, bytes)),
            MatterAct::Invited(act) if record == Some(RecordKind::InviteSecret) => {
                Some(self.opens_record(matter, &act.secret, RecordKind::InviteSecret, bytes))
            }
            // Of two links this test has the second.
            MatterAct::Invited(act) if self.opens_blob(act.invite.0, honest) => {
                Some(self.opens_blob(act.invite.0, bytes))
            }
            _ => None,
        }
    }
}

pub fn place_of_slot(firm: &Firm, slot_id: SlotId, kind: SlotKind) -> SlotContext {
    let user = firm.ring.account().unwrap();
    SlotContext { user, slot_id, slot_type: kind as u8, amk_gen: 1, sec_version: 1 }
}

/// A slot as it is stored.
type Slot = (SlotKind, SlotId, Vec<u8>);

/// The founder's slots, by kind, sealed secrets, and the record of the passphrase.
async fn account_of(firm: &Firm) -> (Vec<Slot>, Vec<u8>, Vec<u8>) {
    let id = [Value::from(firm.ring.account().unwrap())];
    let mut read = firm.server.app.db.read().await.unwrap();
    let sql = "SELECT kind, id, sealed FROM slot WHERE account = $1 ORDER BY kind";
    let slot = |row: &server::db::Row| {
        let kind = SlotKind::from_u8(row.get::<u64>(0).unwrap() as u8).unwrap();
        (kind, SlotId(row.get::<Vec<u8>>(1).unwrap().try_into().unwrap()), row.get(2).unwrap())
    };
    let slots = read.fetch_all(sql, &id).await.unwrap().iter().map(slot).collect();
    let sql = "SELECT secrets, record FROM account WHERE id = $1";
    let row = read.fetch_optional(sql, &id).await.unwrap().unwrap();
    (slots, row.get(0).unwrap(), row.get(1).unwrap())
}
