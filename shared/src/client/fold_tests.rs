//! What a device refuses to fold although a server shows it: access given by those who may not,
//! documents filed by those who do not sit there.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::client::fold_firm::{Firm, NOW, Person};
use crate::client::said::Doubt;
use crate::crypto::hash::Hash32;
use crate::crypto::manifest::FileContext;
use crate::crypto::sealed::RecordKind;
use crate::ids::AccountId;
use crate::journal::statement::EndKind;
use crate::time::DAY;

#[test]
fn access_needs_a_seat_and_the_capability_and_a_recipient_with_a_key() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::MATTERS);
    let cy = firm.with(Role::Staff, Caps::ALL);
    let admin = firm.with(Role::Admin, Caps::ADMIT.union(Caps::GRANT));
    let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    let try_it = |by: &Person, to: &Person, bo_sits: bool| {
        let mut room = firm.room(&anna);
        assert!(!bo_sits || firm.grant(&mut room, &anna, &bo.bundle));
        firm.grant(&mut room, by, &to.bundle)
    };
    assert!(try_it(&anna, &bo, false));
    assert!(try_it(&anna, &cy, true));
    assert!(!try_it(&bo, &cy, true), "a seat is no capability");
    assert!(!try_it(&cy, &cy, false), "a capability is no seat");
    assert!(!try_it(&admin, &cy, false), "an administrator sits nowhere");
    assert!(!try_it(&anna, &admin, false), "an administrator holds no key");
    assert!(!try_it(&anna, &stranger, false), "a stranger is nobody");
    assert!(!try_it(&stranger, &cy, false));
}

#[test]
fn the_firm_files_documents_from_a_seat_and_in_no_clients_name() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let cy = firm.with(Role::Staff, Caps::ALL);
    let file = |by: &Person, client| firm.file(&mut firm.room(&anna), by, client);
    assert!(file(&anna, None));
    assert!(!file(&anna, Some(ClientId::random())));
    assert!(!file(&cy, None));
    let stranger = firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    assert!(!file(&stranger, None));
}

#[test]
fn two_clients_of_a_matter_have_two_names() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let mut room = firm.room(&anna);
    let client = firm.person(AccountId::random(), Role::Client, Caps::NONE);
    let twin = firm.person(client.account, Role::Client, Caps::NONE);
    let first = firm.invite(&mut room, &anna);
    let second = firm.invite(&mut room, &anna);
    assert!(firm.join(&mut room, first, &client, NOW));
    assert!(!firm.join(&mut room, second, &twin, NOW));
    let other = firm.person(AccountId::random(), Role::Client, Caps::NONE);
    assert!(firm.join(&mut room, second, &other, NOW));
}

#[test]
fn a_client_who_came_after_the_time_is_not_in_time() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    for (after, in_time) in [(0, true), (DAY, true), (3 * DAY, false)] {
        let mut room = firm.room(&anna);
        let client = firm.person(AccountId::random(), Role::Client, Caps::NONE);
        let invite = firm.invite(&mut room, &anna);
        assert!(firm.join(&mut room, invite, &client, NOW.plus(after)));
        let seen = room.clients.values().next().unwrap();
        assert_eq!(room.came_in_time(seen), in_time, "{after}");
    }
}

#[test]
fn the_newest_record_is_the_last_of_the_stream_and_none_is_left_out() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let mut room = firm.room(&anna);
    let newest = |room: &Room| room.record_of(RecordKind::Matter).unwrap().at.record.0[0];
    assert!(firm.describe(&mut room, &anna, 9, true));
    assert_eq!(newest(&room), 9);
    assert!(firm.describe(&mut room, &anna, 2, true));
    assert_eq!(newest(&room), 2);
    assert!(!firm.describe(&mut room, &anna, 5, false));
    assert_eq!(newest(&room), 2);
}

#[test]
fn a_client_goes_on_with_its_own_papers_only() {
    let context = |client, sender, previous: Option<u32>| FileContext {
        format: 1,
        firm: Hash32([1; 32]),
        client,
        matter: MatterId([2; 16]),
        epoch: 0,
        object: ObjectId::random(),
        version: 1 + u32::from(previous.is_some()),
        kind: crate::crypto::manifest::FileKind::Document,
        sender: Kid([sender; 32]),
        previous: previous.map(|_| Hash32([3; 32])),
    };
    let client = Some(ClientId([4; 16]));
    let first = context(client, 5, None);
    assert!(context(client, 5, Some(1)).follows(Some(&first)));
    assert!(!context(client, 6, Some(1)).follows(Some(&first)));
    // Colleagues do.
    let first = context(None, 5, None);
    assert!(context(None, 6, Some(1)).follows(Some(&first)));
}

#[test]
fn access_that_was_taken_back_is_none_until_it_is_given_again() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::ALL);
    let mut room = firm.room(&anna);
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    assert!(firm.file(&mut room, &bo, None));
    assert!(firm.rotate(&mut room, &anna, Some(&[bo.bundle.kid()])));
    assert!(!room.is_seated(bo.bundle.kid()) && room.was_seated(bo.bundle.kid()));
    assert_eq!(room.objects.len(), 1, "what was done before stands");
    // A device that kept the matter goes on with the same seats.
    let kept = crate::crypto::cbor::encode(&room);
    let mut room: Room = crate::crypto::cbor::decode_strict(&kept, 1 << 20).unwrap();
    room = room.resumed();
    for refused in [
        firm.file(&mut room, &bo, None),
        firm.describe(&mut room, &bo, 1, true),
        firm.grant(&mut room, &bo, &bo.bundle),
        firm.rotate(&mut room, &bo, None),
    ] {
        assert!(!refused);
    }
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    assert!(firm.file(&mut room, &bo, None));
    assert!(!firm.file_under(&mut room, &bo, None, 0), "staff knows the newest key");
    // The maker's seat ends in the same way.
    assert!(firm.rotate(&mut room, &bo, Some(&[anna.bundle.kid()])));
    assert!(!firm.file(&mut room, &anna, None));
    let kept = crate::crypto::cbor::encode(&room);
    let room: Room = crate::crypto::cbor::decode_strict(&kept, 1 << 20).unwrap();
    assert!(!room.resumed().is_seated(anna.bundle.kid()));
}

#[test]
fn access_is_taken_back_from_colleagues_who_have_it_by_those_who_may_give_it() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::ALL);
    let cy = firm.with(Role::Staff, Caps::MATTERS);
    let eva = firm.with(Role::Staff, Caps::ALL);
    let kid = |person: &Person| person.bundle.kid();
    let try_it = |by: &Person, from: &[Kid]| {
        let mut room = firm.room(&anna);
        assert!(firm.grant(&mut room, &anna, &bo.bundle));
        assert!(firm.grant(&mut room, &anna, &cy.bundle));
        firm.rotate(&mut room, by, Some(from))
    };
    let mut two = [kid(&bo), kid(&cy)];
    two.sort_by_key(|kid| kid.0);
    assert!(try_it(&anna, &two));
    let [first, second] = two;
    assert!(!try_it(&anna, &[second, first]), "out of order");
    assert!(!try_it(&anna, &[first, first]), "twice");
    assert!(!try_it(&anna, &[]), "nobody");
    assert!(!try_it(&anna, &[kid(&anna)]), "oneself");
    assert!(!try_it(&anna, &[kid(&eva)]), "somebody without a seat");
    assert!(!try_it(&cy, &[kid(&bo)]), "a seat is no capability");
    assert!(!try_it(&eva, &[kid(&bo)]), "a capability is no seat");
}

#[test]
fn what_somebody_signed_counts_up_to_the_end_of_their_time_with_the_firm() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::ALL);
    let mut room = firm.room(&anna);
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    assert!(firm.file(&mut room, &bo, None));
    let before = firm.leaf.get();
    assert!(firm.act_by(&anna, &firm.ended(&bo, EndKind::Suspended)));
    for refused in [
        firm.file(&mut room, &bo, None),
        firm.describe(&mut room, &bo, 1, true),
        firm.grant(&mut room, &bo, &anna.bundle),
        firm.rotate(&mut room, &bo, None),
    ] {
        assert!(!refused);
    }
    assert!(firm.directory.is_ended(bo.bundle.kid()));
    assert!(
        firm.directory.recipient(bo.bundle.kid(), firm.matter).is_err(),
        "nobody gives them a key"
    );
    // Nobody joins by a link that they may have read, until the matter has a new key.
    let client = firm.person(AccountId::random(), Role::Client, Caps::NONE);
    let invite = firm.invite(&mut room, &anna);
    assert!(!firm.join(&mut room, invite, &client, NOW));
    // What stands before the end counts, whenever it is read.
    let now = firm.leaf.replace(before - 1);
    assert!(firm.file(&mut room, &bo, None));
    firm.leaf.set(now);
    assert!(firm.rotate(&mut room, &anna, Some(&[bo.bundle.kid()])));
    // Somebody who comes back speaks again, and holds no seat.
    assert!(firm.act_by(&anna, &firm.restored(&bo)));
    assert!(!firm.file(&mut room, &bo, None));
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    assert!(firm.file(&mut room, &bo, None));
}

#[test]
fn where_somebody_who_left_spoke_last_is_to_be_proven() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::ALL);
    let mut room = firm.room(&anna);
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    assert!(firm.file(&mut room, &bo, None));
    assert!(firm.file(&mut room, &bo, None));
    let last = firm.leaf.get() - 1;
    assert!(firm.file(&mut room, &anna, None));
    let open = |room: &Room, firm: &Firm| match room.speakers.doubt(&firm.directory) {
        Doubt::Unproven(leaves) => leaves,
        Doubt::Late | Doubt::Anew => panic!("nothing is wrong"),
    };
    assert!(open(&room, &firm).is_empty(), "nobody left");
    assert!(firm.act_by(&anna, &firm.ended(&bo, EndKind::Suspended)));
    let asked = open(&room, &firm);
    assert_eq!(asked.iter().map(|leaf| leaf.index).collect::<Vec<_>>(), [last]);
    room.speakers.settle(&asked);
    assert!(open(&room, &firm).is_empty(), "it was proven");
    // Kept as it is, and asked again after another end.
    let kept = crate::crypto::cbor::encode(&room);
    let mut room: Room = crate::crypto::cbor::decode_strict(&kept, 1 << 20).unwrap();
    room = room.resumed();
    assert!(open(&room, &firm).is_empty());
    assert!(firm.act_by(&anna, &firm.restored(&bo)));
    assert!(firm.file(&mut room, &bo, None));
    assert!(firm.act_by(&anna, &firm.ended(&bo, EndKind::Left)));
    assert_eq!(open(&room, &firm).len(), 1);
}

#[test]
fn a_matter_that_was_read_before_an_end_was_known_is_read_anew_where_that_matters() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::ALL);
    let mut room = firm.room(&anna);
    assert!(firm.grant(&mut room, &anna, &bo.bundle));
    let early = firm.leaf.replace(firm.leaf.get() + 1);
    // Heard before the end, which stands in front of it.
    assert!(firm.file(&mut room, &bo, None));
    firm.leaf.set(early);
    assert!(firm.act_by(&anna, &firm.ended(&bo, EndKind::Left)));
    assert!(matches!(room.speakers.doubt(&firm.directory), Doubt::Late));
}

#[test]
fn an_epoch_that_knows_more_of_the_keyring_than_was_shown_is_not_gone_on_with() {
    let mut firm = Firm::new();
    let anna = firm.with(Role::Staff, Caps::ALL);
    let bo = firm.with(Role::Staff, Caps::ALL);
    let head = firm.directory.head();
    let with = |known: Head| {
        let mut room = firm.room(&anna);
        assert!(firm.grant(&mut room, &anna, &bo.bundle));
        firm.rotate_knowing(&mut room, &anna, Some(&[bo.bundle.kid()]), Some(known))
    };
    assert!(with(head));
    assert!(with(Head { next: head.next - 1, last: Hash32([4; 32]) }), "further than that");
    assert!(!with(Head { next: head.next + 1, ..head }), "more of it");
    assert!(!with(Head { last: Hash32([4; 32]), ..head }), "another one");
}
