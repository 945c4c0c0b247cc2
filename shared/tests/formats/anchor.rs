//! What a device demands of the journal before it believes a page.

use shared::crypto::hash::{Hash32, sha256, sha256_of};
use shared::crypto::keys::{Kid, SigningKey};
use shared::crypto::manifest::CheckpointSeen;
use shared::encoding::B64;
use shared::journal::anchor::{Leaf, Log, Pin, Unproven, advance, stands, verify, witnessed};
use shared::journal::checkpoint::{Checkpoint, origin};
use shared::journal::cosignature::Witness;
use shared::journal::tree;
use shared::journal::wire::{Entry, MAX_WITNESSED, Proof, Witnessed};
use shared::time::Timestamp;

const FIRM: Hash32 = Hash32([0xf1; 32]);

/// A firm's journal, all of it in memory.
struct Journal {
    key: SigningKey,
    entries: Vec<Entry>,
}

impl Journal {
    fn of(size: u8) -> Self {
        let entry = |i: u8| Entry {
            statement: B64(vec![i; 5]),
            leaf: i.into(),
            blind: Hash32([i ^ 0xaa; 32]),
            arrived: 0,
            attachments: Vec::new(),
        };
        Self { key: SigningKey::generate(), entries: (0..size).map(entry).collect() }
    }

    fn log(&self) -> Log {
        Log { firm: FIRM, key: self.key.public() }
    }

    fn leaf(&self, at: u64) -> Leaf {
        Leaf::of(&self.entries[usize::try_from(at).unwrap()])
    }

    fn node(&self, level: u8, index: u64) -> Hash32 {
        let leaves: Vec<Hash32> =
            (index << level..(index + 1) << level).map(|at| self.leaf(at).hash).collect();
        tree::root_of(&leaves)
    }

    fn checkpoint(&self, size: u64) -> Checkpoint {
        let root = tree::root(size, |level, index| self.node(level, index));
        Checkpoint { origin: origin(FIRM), size, root }
    }

    fn pin(&self, size: u64) -> Pin {
        Pin::read(&self.checkpoint(size).sign(&self.key).unwrap(), &self.log()).unwrap()
    }

    fn consistency(&self, old: u64, new: u64) -> Vec<Hash32> {
        tree::consistency(old, new, |level, index| self.node(level, index))
    }

    fn proof(&self, seen: u64, size: u64, leaves: &[u64]) -> Proof {
        let path = |at: &u64| tree::inclusion(*at, size, |level, index| self.node(level, index));
        Proof {
            note: self.checkpoint(size).sign(&self.key).unwrap(),
            consistency: self.consistency(seen, size),
            inclusion: leaves.iter().map(path).collect(),
            witnessed: Vec::new(),
        }
    }

    /// The checkpoint of this size, cosigned, with what a tree of `now` leaves shows of it.
    fn cosigned(&self, size: u64, now: u64, by: &[(&Member, u64)]) -> Witnessed {
        let checkpoint = self.checkpoint(size);
        let mut note = checkpoint.sign(&self.key).unwrap();
        for (member, seconds) in by {
            let at = Timestamp(seconds * 1000);
            note += &checkpoint.cosign(FIRM, member.kid, &member.key, at).unwrap();
        }
        Witnessed { note, consistency: self.consistency(size, now) }
    }
}

/// A member of staff.
struct Member {
    kid: Kid,
    key: SigningKey,
}

impl Member {
    fn new(number: u8) -> Self {
        Self { kid: Kid([number; 32]), key: SigningKey::generate() }
    }

    fn witness(&self) -> Witness {
        Witness { kid: self.kid, key: self.key.public() }
    }
}

#[test]
fn a_page_is_believed_when_each_of_its_statements_stands_under_the_checkpoint() {
    let journal = Journal::of(11);
    let leaves: Vec<Leaf> = [2, 10].map(|at| journal.leaf(at)).into();
    // A leaf is made of the statement's digest and its blind, and of nothing else.
    let digest = sha256(&[2; 5]);
    assert_eq!(leaves[0].index, 2);
    assert_eq!(leaves[0].hash, sha256_of(&[&[0], &digest.0, &[2 ^ 0xaa; 32]]));
    let good = journal.proof(0, 11, &[2, 10]);
    let pin = verify(&good, &journal.log(), None, &leaves).unwrap();
    assert_eq!(pin, journal.pin(11));
    assert_eq!((pin.size, &pin.note), (11, &good.note));
    let seen = CheckpointSeen::from(&pin);
    assert_eq!((seen.size, seen.root), (11, journal.checkpoint(11).root));
    // An empty page needs no path.
    assert!(verify(&journal.proof(0, 11, &[]), &journal.log(), None, &[]).is_ok());

    let refused = |proof: &Proof, leaves: &[Leaf]| {
        assert_eq!(verify(proof, &journal.log(), None, leaves), Err(Unproven::Absent));
    };
    // One statement without a path, one path without a statement, and two that changed places.
    refused(&journal.proof(0, 11, &[2]), &leaves);
    refused(&good, &leaves[..1]);
    refused(&journal.proof(0, 11, &[10, 2]), &leaves);
    // A statement that is none of the journal's, and one of it at another place.
    for lie in [Leaf { hash: Hash32([9; 32]), ..leaves[1] }, Leaf { index: 9, ..leaves[1] }] {
        refused(&good, &[leaves[0], lie]);
        refused(&good, &[lie, leaves[1]]);
    }
}

#[test]
fn one_statement_stands_by_its_own_path_only() {
    let journal = Journal::of(7);
    let (pin, proof) = (journal.pin(7), journal.proof(0, 7, &[3, 4]));
    assert!(stands(&pin, journal.leaf(3), Some(&proof.inclusion[0])));
    assert!(!stands(&pin, journal.leaf(3), Some(&proof.inclusion[1])));
    assert!(!stands(&pin, journal.leaf(5), Some(&proof.inclusion[0])));
    assert!(!stands(&pin, journal.leaf(3), None));
    assert!(!stands(&journal.pin(6), journal.leaf(3), Some(&proof.inclusion[0])));
}

#[test]
fn a_device_goes_on_only_to_a_checkpoint_that_continues_its_own() {
    let journal = Journal::of(9);
    let log = journal.log();
    let go = |proof: &Proof, known: Option<u64>| {
        advance(proof, &log, known.map(|size| journal.pin(size)).as_ref())
    };
    assert_eq!(go(&journal.proof(5, 9, &[]), Some(5)), Ok(journal.pin(9)));
    assert_eq!(go(&journal.proof(9, 9, &[]), Some(9)), Ok(journal.pin(9)));
    assert_eq!(go(&journal.proof(0, 9, &[]), None), Ok(journal.pin(9)));
    // Without its proof, with another's, and backwards.
    assert_eq!(go(&journal.proof(0, 9, &[]), Some(5)), Err(Unproven::Forked));
    assert_eq!(go(&journal.proof(4, 9, &[]), Some(5)), Err(Unproven::Forked));
    assert_eq!(go(&journal.proof(0, 5, &[]), Some(9)), Err(Unproven::Forked));
    // A device that knows none has nothing that could be continued.
    assert_eq!(go(&journal.proof(5, 9, &[]), None), Err(Unproven::Forked));
    // The same log signs another past.
    let other = Journal { entries: Journal::of(10).entries.split_off(1), ..Journal::of(0) };
    let other = Journal { key: SigningKey::from_seed(*journal.key.seed()), ..other };
    assert_eq!(go(&other.proof(5, 9, &[]), Some(5)), Err(Unproven::Forked));
    assert!(advance(&other.proof(5, 9, &[]), &log, Some(&other.pin(5))).is_ok());
}

#[test]
fn a_checkpoint_of_another_firm_or_key_is_no_pin() {
    let journal = Journal::of(3);
    let note = journal.checkpoint(3).sign(&journal.key).unwrap();
    assert!(Pin::read(&note, &journal.log()).is_ok());
    let others = [
        Log { firm: Hash32([0xf2; 32]), ..journal.log() },
        Log { key: SigningKey::generate().public(), ..journal.log() },
    ];
    for log in &others {
        assert_eq!(Pin::read(&note, log), Err(Unproven::Checkpoint));
        let proof = journal.proof(0, 3, &[]);
        assert_eq!(advance(&proof, log, None), Err(Unproven::Checkpoint));
        assert_eq!(verify(&proof, log, None, &[]), Err(Unproven::Checkpoint));
    }
}

#[test]
fn the_newest_word_of_a_known_witness_counts() {
    let journal = Journal::of(12);
    let (anna, ben, stranger) = (Member::new(1), Member::new(2), Member::new(3));
    let witnesses = [anna.witness(), ben.witness()];
    let told = |shown: Vec<Witnessed>| {
        let proof = Proof { witnessed: shown, ..journal.proof(0, 12, &[]) };
        witnessed(&proof, &journal.log(), &journal.pin(12), &witnesses)
    };
    assert_eq!(told(vec![]), Ok(None));
    assert_eq!(told(vec![journal.cosigned(12, 12, &[])]), Ok(None));
    assert_eq!(told(vec![journal.cosigned(12, 12, &[(&stranger, 90)])]), Ok(None));
    assert_eq!(told(vec![journal.cosigned(7, 12, &[(&anna, 50)])]), Ok(Some(Timestamp(50_000))));
    let by_all = [(&anna, 40), (&stranger, 90), (&ben, 60)];
    let shown = vec![journal.cosigned(9, 12, &by_all), journal.cosigned(7, 12, &[(&anna, 50)])];
    assert_eq!(told(shown), Ok(Some(Timestamp(60_000))));
}

#[test]
fn a_witness_of_another_past_or_a_spoilt_line_is_refused() {
    let journal = Journal::of(12);
    let anna = Member::new(1);
    let told = |shown: Vec<Witnessed>| {
        let proof = Proof { witnessed: shown, ..journal.proof(0, 12, &[]) };
        witnessed(&proof, &journal.log(), &journal.pin(12), &[anna.witness()])
    };
    let good = journal.cosigned(7, 12, &[(&anna, 50)]);
    let forked = Witnessed { consistency: journal.consistency(6, 12), ..good.clone() };
    assert_eq!(told(vec![forked]), Err(Unproven::Forked));
    let larger = Journal::of(13);
    let larger = Journal { key: SigningKey::from_seed(*journal.key.seed()), ..larger };
    assert_eq!(told(vec![larger.cosigned(13, 13, &[(&anna, 50)])]), Err(Unproven::Forked));
    // Anna's line from one checkpoint under another.
    let line = good.note.rsplit_once("\n\u{2014}").unwrap().1;
    let moved = format!("{}\u{2014}{line}", journal.cosigned(8, 12, &[]).note);
    let spoilt = Witnessed { note: moved, consistency: journal.consistency(8, 12) };
    assert_eq!(told(vec![spoilt]), Err(Unproven::Checkpoint));
    let stranger = Journal::of(7);
    assert_eq!(told(vec![stranger.cosigned(7, 7, &[(&anna, 50)])]), Err(Unproven::Checkpoint));
    // So many and no more are looked at.
    assert_eq!(told(vec![good.clone(); MAX_WITNESSED]), Ok(Some(Timestamp(50_000))));
    assert_eq!(told(vec![good; MAX_WITNESSED + 1]), Err(Unproven::Checkpoint));
}
