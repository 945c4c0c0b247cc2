//! The root of before says nothing once there is a new one, and a stranger follows it on a path.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::client::fold_firm::Firm;
use crate::client::pen::Pen;
use crate::crypto::keys::{Caps, KemKey, PublicBundle, Role, SigningKey};
use crate::crypto::shares::Share;
use crate::crypto::signed::Namespace;
use crate::crypto::wrapped::{self, Signer, WrapContext};
use crate::encoding::B64;
use crate::ids::{AccountId, EnrolmentId};
use crate::journal::recovery::{ESCROW_PURPOSE, RecoveryAct, ShareNamed, SharesNamed};
use crate::journal::statement::KeyringAct;
use crate::journal::stream::StreamId;

struct Cut {
    firm: Firm,
    recovery: KemKey,
    shares: Vec<Share>,
}

impl Cut {
    /// A firm of one lawyer, whose recovery key is on three sheets.
    fn new() -> Self {
        let mut firm = Firm::new();
        firm.with(Role::Staff, Caps::ALL);
        let recovery = KemKey::generate();
        let bundle =
            recovery.bundle(Role::Recovery, [5; 16], firm.id, crate::client::fold_firm::NOW);
        assert!(firm.act(KeyringAct::RecoveryKey(bundle)));
        let (shares, named) = cut(&firm, &recovery, &firm.root, 1);
        assert!(say(&mut firm, RecoveryAct::SharesNamed(named)));
        Self { firm, recovery, shares }
    }

    /// Makes this the root.
    fn reroot(&mut self, root: SigningKey) -> bool {
        let (shares, named) =
            cut(&self.firm, &self.recovery, &root, self.shares[0].generation() + 1);
        let act = Rerooted::by(self.firm.id, &root, named, &self.shares[..2]);
        let done = say(&mut self.firm, RecoveryAct::Rerooted(act));
        (self.firm.root, self.shares) = (root, shares);
        done
    }
}

fn bundle(firm: &Firm) -> PublicBundle {
    firm.directory.recovery().unwrap().clone()
}

fn cut(
    firm: &Firm,
    recovery: &KemKey,
    root: &SigningKey,
    generation: u16,
) -> (Vec<Share>, SharesNamed) {
    let shares = Share::split(recovery, firm.id, generation, 2, 3).unwrap();
    let (kid, kem) = (bundle(firm).kid(), recovery.public());
    let matter = firm.directory.root().office;
    let place = WrapContext {
        firm: firm.id,
        matter,
        epoch: u32::from(generation),
        purpose: ESCROW_PURPOSE,
    };
    let of_root = Kid::of_root(firm.id);
    let signer = Signer { key: root, kid: of_root };
    let sealed = wrapped::seal((kid, &kem), &place, signer, root.seed(), of_root, 1).unwrap();
    let named = |share: &Share| ShareNamed {
        commitment: share.commitment(),
        held: None,
        voice: Some(share.voice()),
    };
    let all = shares.iter().map(named).collect();
    (shares, SharesNamed { generation, recovery: kid, threshold: 2, shares: all, root: sealed })
}

/// What the root says next of recovery.
fn say(firm: &mut Firm, act: RecoveryAct) -> bool {
    let mut pen = Pen::new(firm.clock.get(), [(StreamId::Keyring, firm.directory.head())]);
    let kid = Kid::of_root(firm.id);
    let written = pen.write(Namespace::Recovery, StreamId::Keyring, act, &firm.root, kid);
    let statement = B64(written.unwrap().as_bytes().to_vec());
    let entry = firm.entry(statement, firm.clock.get(), vec![]);
    firm.directory.apply(&entry).is_ok()
}

#[test]
fn the_root_of_before_says_nothing_more() {
    let mut cut = Cut::new();
    let first = SigningKey::from_seed(*cut.firm.root.seed());
    let person = cut.firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    let again = KeyringAct::Invited(person.offered(EnrolmentId([9; 16])));
    assert!(cut.reroot(SigningKey::generate()));
    assert_eq!(cut.firm.directory.rerooted().count(), 1);
    let second = core::mem::replace(&mut cut.firm.root, first);
    assert!(!cut.firm.act(again.clone()), "by the root of before");
    cut.firm.root = second;
    assert!(cut.firm.act(again));
    // Nor is it ever the root again.
    let first = SigningKey::from_seed([1; 32]);
    assert!(cut.reroot(SigningKey::from_seed([1; 32])));
    assert!(cut.reroot(SigningKey::generate()));
    assert!(!cut.reroot(first));
}

#[test]
fn each_place_has_its_root() {
    let mut cut = Cut::new();
    let first = *cut.firm.directory.root_key();
    assert!(cut.reroot(SigningKey::generate()));
    let (leaf, directory) = (cut.firm.leaf.get() - 1, &cut.firm.directory);
    assert_eq!(*directory.root_key_at(leaf), first, "the statement itself is by the one before");
    assert_eq!(directory.root_key_at(leaf + 1), directory.root_key());
    assert_ne!(*directory.root_key(), first);
    assert_eq!(directory.root_keys().count(), 2);
    let root = Kid::of_root(cut.firm.id);
    assert_eq!(directory.root_changes_before(root, leaf), Some(0));
    assert_eq!(directory.root_changes_before(root, leaf + 1), Some(1));
    assert!(
        directory.root_changes_after(root, leaf) && !directory.root_changes_after(root, leaf + 1)
    );
    assert_eq!(directory.root_changes_before(Kid([1; 32]), leaf), None);
}

#[test]
fn a_path_shows_the_roots_that_it_needs() {
    let mut cut = Cut::new();
    let founder = cut.firm.directory.members().next().unwrap().bundle.kid();
    assert!(cut.reroot(SigningKey::generate()));
    assert_eq!(cut.firm.directory.path_to(founder).unwrap().len(), 2, "the first root let her in");
    // Somebody whom the second root let in, by an offer of its own.
    let later = cut.firm.person(AccountId::random(), Role::Staff, Caps::ALL);
    assert!(cut.firm.admit(&later));
    assert!(cut.reroot(SigningKey::generate()));
    let path = cut.firm.directory.path_to(later.bundle.kid()).unwrap();
    assert_eq!(path.len(), 3);
    let mut stranger = cut.firm.directory_of();
    path[1..].iter().for_each(|one| stranger.follow(one).unwrap());
    assert!(stranger.member_by_kid(later.bundle.kid()).is_some());
    // Without the root in between nobody follows it.
    let mut stranger = cut.firm.directory_of();
    assert!(stranger.follow(&path[2]).is_err());
    // And a path takes nothing else of recovery.
    let (_, named) = super::tests::cut(&cut.firm, &cut.recovery, &cut.firm.root, 9);
    let mut pen = Pen::new(cut.firm.clock.get(), []);
    let (act, kid) = (RecoveryAct::SharesNamed(named), Kid::of_root(cut.firm.id));
    let other =
        pen.write(Namespace::Recovery, StreamId::Keyring, act, &cut.firm.root, kid).unwrap();
    assert!(cut.firm.directory_of().follow(other.as_bytes()).is_err());
}
