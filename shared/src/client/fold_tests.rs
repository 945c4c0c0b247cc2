//! What a device refuses to fold although a server shows it: access given by those who may not,
//! documents filed by those who do not sit there.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use crate::client::fold_firm::{Firm, Person};
use crate::crypto::keys::{Caps, Role};
use crate::ids::{AccountId, ClientId};

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
