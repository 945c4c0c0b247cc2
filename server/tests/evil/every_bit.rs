//! Every bit of what a small firm has stored, turned (rows A09 and A18): whoever opens it gets an error, and
//! a device shows what is true or an error.
//!
//! That is done with the functions that open and verify, with the keys of those who can. Then one bit of each
//! object is turned for a whole device, which begins anew each time. The server's own word, which nobody
//! signs, is left out: when a statement arrived.

use server::db::Value;
use shared::call::Call as _;
use shared::client::ClientError;
use shared::crypto::hash::Hash32;
use shared::crypto::opaque;
use shared::crypto::recovery::RecoveryCode;
use shared::crypto::sealed::SlotKind;
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::slots::{kek_from_opaque, kek_from_recovery, open_amk, open_secrets};
use shared::encoding::{from_base64url, to_base64url};
use shared::identity::wire::factors::FinishSecond;
use shared::ids::SlotId;

use crate::frame::lies::{content, each_entry};
use crate::frame::scene::{fresh, manifest_of, read, sealed, sign_in};
use crate::frame::{picture_of, plainly, tamper, twist};
use crate::harness::acts::PASSPHRASE;
use crate::harness::client::Twist;
use crate::small_firm::{Small, place_of_slot};

/// Turns bits of an object one at a time: no changed one may be taken.
fn every_bit(name: &str, honest: &[u8], accepts: impl Fn(&[u8]) -> bool) -> usize {
    assert!(accepts(honest), "{name} itself is refused");
    let mut turned = 0;
    for at in 0..honest.len() {
        for bit in 0..8 {
            let mut bytes = honest.to_vec();
            bytes[at] ^= 1 << bit;
            assert!(!accepts(&bytes), "{name}: bit {bit} of byte {at} is turned unseen");
            turned += 1;
        }
    }
    turned
}

#[test]
fn no_bit_of_a_statement_or_a_receipt_can_be_turned() {
    plainly(async {
        let small = Small::new().await;
        let mut turned = 0;
        for (id, entries) in &small.streams {
            for entry in entries {
                let honest = Signed::parse(&entry.statement.0).unwrap();
                let (key, signer) = (small.key_of(&honest, entry), honest.signer());
                turned += every_bit(&format!("{id} {}", entry.leaf), honest.as_bytes(), |bytes| {
                    let Ok(signed) = Signed::parse(bytes) else { return false };
                    let known = signed.signer() == signer;
                    known && signed.verify(signed.namespace(), &key).is_ok()
                });
            }
        }
        let log = small.directory.log().key;
        let mut read = small.firm.server.app.db.read().await.unwrap();
        let rows = read.fetch_all("SELECT receipt FROM statement LIMIT 6", &[]).await.unwrap();
        for row in rows {
            let receipt: Vec<u8> = row.get(0).unwrap();
            turned += every_bit("a receipt", &receipt, |bytes| {
                let signed = Signed::parse(bytes);
                signed.is_ok_and(|signed| signed.verify(Namespace::Receipt, &log).is_ok())
            });
        }
        assert!(turned > 100_000, "{turned}");
    });
}

/// What hangs on statements: every second of them, from this one on, so that two processors share the work.
fn of_attachments(first: usize) {
    plainly(async {
        let small = Small::new().await;
        let (mut turned, mut others, mut nth) = (0, 0, first);
        for (id, entries) in &small.streams {
            for entry in entries {
                for attached in &entry.attachments {
                    let honest = &attached.0;
                    if small.opens(*id, entry, honest, honest).is_none() {
                        others += 1;
                        continue;
                    }
                    nth += 1;
                    if nth % 2 == 0 {
                        continue;
                    }
                    let name = format!("an attachment of {id} {}", entry.leaf);
                    turned += every_bit(&name, honest, |bytes| {
                        small.opens(*id, entry, honest, bytes).unwrap()
                    });
                }
            }
        }
        // The colleague's key to the office, and the blob of the link that the client used.
        assert_eq!(others, 2);
        assert!(turned > 20_000, "{turned}");
    });
}

#[test]
fn no_bit_of_what_is_attached_to_one_statement_can_be_turned() {
    of_attachments(0);
}

#[test]
fn no_bit_of_what_is_attached_to_the_other_can_be_turned() {
    of_attachments(1);
}

#[test]
fn no_bit_of_a_document_or_an_account_can_be_turned() {
    plainly(async {
        let small = Small::new().await;
        let (entry, manifest) = manifest_of(&small.firm, small.object).await;
        let header = entry.attachments.iter().find(|one| one.0.starts_with(b"age-")).unwrap();
        let file = small.open_file(&manifest, &header.0).unwrap();
        let chunk = sealed(&small.firm, small.object).await;
        let turned = every_bit("a chunk", &chunk, |bytes| {
            file.open_chunk(0, true, bytes, &mut Vec::new()).is_ok()
        });
        assert_eq!(turned, chunk.len() * 8);
        assert!(of_the_account(&small) > 2000);
    });
}

/// The slots that open by words and by passphrase, and the secrets.
fn of_the_account(small: &Small) -> usize {
    let firm = &small.firm;
    let account = firm.ring.account().unwrap();
    // EXPOSE: the founder's own words.
    let code = RecoveryCode::parse(firm.words.expose()).unwrap();
    let [(SlotKind::Opaque, _, _), (SlotKind::Recovery, _, _)] = small.slots.as_slice() else {
        panic!("two slots")
    };
    let device = small.secrets.device.as_ref().unwrap();
    // EXPOSE: both go into the key derivation.
    let passphrase = kek_from_opaque(&export_key(small), device.expose());
    let (kind, slot, sealed) = &small.slots[0];
    let place = place_of_slot(firm, *slot, *kind);
    let mut turned = every_bit("the slot of the passphrase", sealed, |bytes| {
        open_amk(&passphrase, &place, bytes).is_ok()
    });
    let words = kek_from_recovery(&code);
    let place = place_of_slot(firm, small.slots[1].1, SlotKind::Recovery);
    turned += every_bit("the slot of the words", &small.slots[1].2, |bytes| {
        open_amk(&words, &place, bytes).is_ok()
    });
    let place = place_of_slot(firm, SlotId(account.0), SlotKind::AccountKeys);
    turned
        + every_bit("the sealed keys", &small.sealed_secrets, |bytes| {
            open_secrets(&small.amk, &place, bytes).is_ok()
        })
}

/// What the founder's passphrase yields with the stored record.
fn export_key(small: &Small) -> Vec<u8> {
    let setup = &small.firm.server.app.secrets.opaque;
    let (state, message) = opaque::login_start(PASSPHRASE.as_bytes()).unwrap();
    let account = small.firm.ring.account().unwrap();
    let id = account.as_bytes();
    let (_, answer) = opaque::login_response(setup, Some(&small.record), &message, id).unwrap();
    // EXPOSE: the state goes back into the protocol.
    let done = opaque::login_finish(state.expose(), PASSPHRASE.as_bytes(), &answer);
    // EXPOSE: the founder's own.
    done.unwrap().1.expose().clone()
}

/// A bit in each part of the record of a passphrase: the person's public key, the mask, the nonce and the
/// seal of the envelope.
#[test]
fn a_passphrase_with_a_turned_record_signs_nobody_in() {
    plainly(async {
        let small = Small::new().await;
        let record = &small.record;
        for at in [0, 31, 40, 95, 100, 127, 130, record.len() - 1] {
            let mut turned = record.clone();
            turned[at] ^= 1 << (at % 8);
            let account = Value::from(small.firm.ring.account().unwrap());
            let sql = "UPDATE account SET record = $1 WHERE id = $2";
            tamper(&small.firm, sql, &[Value::from(&turned), account]).await;
            let portal = fresh(&small.firm).await;
            let refused = sign_in(&portal).await.err();
            let named = matches!(refused, Some(ClientError::SignIn | ClientError::Refused(_)));
            assert!(named, "byte {at}: {refused:?}");
        }
    });
}

/// One bit of each object, for a device of the founder's that begins anew each time.
#[test]
fn a_device_shows_what_is_true_or_an_error() {
    plainly(async {
        let small = Small::new().await;
        let firm = &small.firm;
        let (object, honest) = (small.object, small.document.clone());
        let truth = picture_of(&firm.portal, &firm.ring).await;
        let mut lies: Vec<(String, Twist)> = Vec::new();
        let mut nth = 0;
        for (id, entries) in &small.streams {
            for entry in entries {
                nth += 37;
                let (leaf, at) = (entry.leaf, nth % entry.statement.0.len());
                lies.push((
                    format!("{id} {leaf}"),
                    each_entry(move |entry| {
                        if entry.leaf == leaf {
                            entry.statement.0[at] ^= 1 << (at % 8);
                        }
                    }),
                ));
                for which in 0..entry.attachments.len() {
                    nth += 37;
                    let at = nth % entry.attachments[which].0.len();
                    lies.push((
                        format!("attached to {id} {leaf}"),
                        each_entry(move |entry| {
                            if entry.leaf == leaf {
                                entry.attachments[which].0[at] ^= 1 << (at % 8);
                            }
                        }),
                    ));
                }
            }
        }
        let blind = small.streams[2].1[1].leaf;
        lies.push((
            "a blind".into(),
            each_entry(move |entry| {
                if entry.leaf == blind {
                    entry.blind = Hash32(entry.blind.0.map(|byte| byte ^ 4));
                }
            }),
        ));
        let mut chunk = sealed(firm, object).await;
        chunk[100] ^= 8;
        lies.push(("a chunk".into(), content(object, chunk)));
        lies.push(("the sealed keys".into(), in_account(|said| &mut said["secrets"])));
        lies.push(("a slot".into(), in_account(|said| &mut said["slots"][0]["sealed"])));
        for (name, lie) in lies {
            let portal = fresh(firm).await;
            twist(&portal, lie);
            let Ok(ring) = sign_in(&portal).await else { continue };
            for (thing, shown) in picture_of(&portal, &ring).await {
                match (truth.get(&thing), shown) {
                    (Some(Ok(before)), Ok(now)) => {
                        // A name that does not open is left out, and so is a document's.
                        let same = *before == now;
                        assert!(same || is_less(before, &now), "{name}: {thing} is {now}");
                    }
                    (None, Ok(now)) => panic!("{name}: {thing} is {now}"),
                    _ => {}
                }
            }
            if let Ok(shown) = read((&portal, &ring), firm.matter, object).await {
                assert!(shown == honest, "{name}");
            }
        }
    });
}

/// Whether the same is shown, marked as not proven: a person or a seat without the name, a client who is
/// not known as genuine.
fn is_less(before: &str, now: &str) -> bool {
    let unnamed = match (now.strip_prefix("None"), before.split_once("\")")) {
        (Some(now), Some((name, before))) => name.starts_with("Some(") && now == before,
        _ => false,
    };
    unnamed || before.replace("genuine true", "genuine false") == now
}

/// A bit of a field of the account, as it is opened with a passphrase.
fn in_account(field: impl Fn(&mut serde_json::Value) -> &mut serde_json::Value + 'static) -> Twist {
    Box::new(move |path, _, answer| {
        if path != FinishSecond::ROUTE {
            return answer;
        }
        let mut said: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        let field = field(&mut said);
        let mut bytes = from_base64url(field.as_str().unwrap()).unwrap();
        let at = bytes.len() - 40;
        bytes[at] ^= 1;
        *field = to_base64url(&bytes).into();
        serde_json::to_vec(&said).unwrap()
    })
}
