//! A10: the server says that an object is of an older suite, of the time when nothing was signed.

use shared::crypto::keys::Role;
use shared::crypto::signed::Namespace;

use crate::frame::forge::own_recovery_key;
use crate::frame::journal::Journal;
use crate::frame::scene::{described, fresh, sign_in};
use crate::frame::{attempt, twist};

const ROW: &str = "A10";

/// A second recovery key in the root's name, of suite 0. No device of ours knows such a suite, so it
/// does not even count as a statement of the stream that was asked for.
#[test]
fn a_statement_of_an_older_suite_is_none() {
    attempt(ROW, "NotVerified(Journal)", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let thief = stage.attacker(Role::Staff);
        let mut forged = own_recovery_key(&firm, &thief).await;
        forged[0].statement.0[6] = 0;

        let portal = fresh(&firm).await;
        let journal = Journal::of(&firm).await.add(forged.remove(0));
        twist(&portal, journal.twist());
        let ring = sign_in(&portal).await?;
        let made = portal.create_matter(&ring, &described(stage.tale.title)).await;
        stage.robbed(made).await
    });
}

/// Suites 0, 2 and 255 of every format are unknown by name; a file without its context stanza is none of
/// ours; a slot of another security version does not open.
#[test]
fn every_format_knows_one_suite() {
    use shared::crypto::age::header::inspect;
    use shared::crypto::age::{FileOpen, FileSeal};
    use shared::crypto::error::{FormatError, OpenError};
    use shared::crypto::hash::Hash32;
    use shared::crypto::keys::{AccountKey, Identity, Kek, Kid, MatterKey};
    use shared::crypto::sealed::{
        RecordKind, SlotKind, inspect_record, inspect_slot, open_record, seal_record,
    };
    use shared::crypto::signed::Signed;
    use shared::crypto::slots::{SlotContext, open_amk, seal_amk};
    use shared::crypto::wrapped::{self, Signer, WrapContext};
    use shared::ids::{AccountId, MatterId, SlotId};
    crate::frame::without_faults();

    let me = Identity::generate(Role::Staff);
    let (kid, kem) = (Kid([1; 32]), me.kem.as_ref().unwrap());
    let statement = Signed::sign(Namespace::Matter, &me.signing, kid, b"body").unwrap();
    let place =
        WrapContext { firm: Hash32([2; 32]), matter: MatterId([3; 16]), epoch: 0, purpose: 1 };
    let signer = Signer { key: &me.signing, kid };
    let envelope = wrapped::seal((kid, &kem.public()), &place, signer, &[4; 32], kid, 0).unwrap();
    let key = MatterKey::generate();
    let record = key.record_key(place.matter, 0);
    let sealed = seal_record(&record, RecordKind::Matter, [5; 16], b"", b"text").unwrap();
    let kek = Kek::from_bytes([6; 32]);
    let context = SlotContext {
        user: AccountId([7; 16]),
        slot_id: SlotId([8; 16]),
        slot_type: SlotKind::Opaque as u8,
        amk_gen: 1,
        sec_version: 1,
    };
    let slot = seal_amk(&kek, &context, &AccountKey::generate()).unwrap();
    let file = FileSeal::new(Hash32([9; 32]), &[&key.public()]).unwrap();
    let header = file.header_and_nonce();
    let open = FileOpen::new(&header, Hash32([9; 32]), key.kem()).unwrap();
    let meta = file.seal_meta(b"name").unwrap();
    for suite in [0, 2, 255] {
        let with = |bytes: &[u8], at: usize| {
            let mut bytes = bytes.to_vec();
            bytes[at] = suite;
            bytes
        };
        let unknown = FormatError::VersionUnknown(suite);
        assert_eq!(Signed::parse(&with(statement.as_bytes(), 6)).err(), Some(unknown));
        assert_eq!(wrapped::recipient_of(&with(&envelope, 4)).err(), Some(unknown));
        assert_eq!(inspect_record(&with(&sealed, 4)).err(), Some(unknown));
        assert_eq!(inspect_slot(&with(&slot, 4)).err(), Some(unknown));
        let unknown = Some(OpenError::VersionUnknown(suite));
        let known = |kid| (kid == Kid([1; 32])).then(|| me.signing.public());
        let opened = wrapped::open(&with(&envelope, 4), kid, kem, &place, known);
        assert_eq!(opened.err(), unknown);
        let kind = RecordKind::Matter;
        let opened = open_record(&record, kind, [5; 16], b"", &with(&sealed, 4));
        assert_eq!(opened.err(), unknown);
        assert_eq!(open_amk(&kek, &context, &with(&slot, 4)).err(), unknown);
        assert_eq!(open.open_meta(&with(&meta, 4)).err(), unknown);
    }
    for sec_version in [0, 2] {
        let older = SlotContext { sec_version, ..context };
        assert_eq!(open_amk(&kek, &older, &slot).err(), Some(OpenError::Tampered));
    }
    let text = String::from_utf8_lossy(&header).into_owned();
    let stanza = text.lines().nth(1).unwrap();
    assert!(stanza.starts_with("-> underseal/ctx "));
    let at = header.windows(stanza.len()).position(|some| some == stanza.as_bytes()).unwrap();
    let without = [&header[..at], &header[at + stanza.len() + 2..]].concat();
    assert_eq!(inspect(&without).err(), Some(FormatError::Value));
    let older = [b"age-encryption.org/v0\n", &header[22..]].concat();
    assert_eq!(inspect(&older).err(), Some(FormatError::Magic));
}
