//! A21 again, from the witnesses' side: a server that keeps a client's journal apart must do without the
//! words of the firm's people, or change them.

use shared::client::error::Thing;
use shared::client::intake::{Intake, SentV1, Standing};
use shared::client::store::DeviceStore as _;
use shared::client::{ClientError, Portal, Voucher, proven};
use shared::crypto::cbor::decode_strict;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{Kid, SigningKey};
use shared::journal::anchor::Pin;
use shared::journal::checkpoint::{Checkpoint, Note};
use shared::journal::wire::{Proof, ReadProof, Witnessed};
use shared::time::{DAY, HOUR, Timestamp};

use crate::frame::journal::Journal;
use crate::frame::scene::{answered, sign_in};
use crate::frame::{plainly, twist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, ask, filled, link_parts};
use crate::harness::client::Device;

const PROOF: &str = "/api/v1/journal/proof";

/// A client who has handed in, at her device.
struct Visit {
    device: Portal<Device>,
    intake: Intake<Device>,
}

impl Visit {
    async fn handed_in(firm: &Firm) -> Self {
        let (device, intake) = answered(firm).await;
        Self { device, intake }
    }

    async fn proved(&self) -> Result<SentV1, ClientError> {
        self.intake.prove_sent().await.map(Option::unwrap)
    }

    async fn standing(&self) -> Standing {
        self.proved().await.unwrap().standing()
    }

    /// What the server makes of its answers to questions for proof.
    fn twist(&self, mut change: impl FnMut(&mut Proof) + 'static) {
        *self.device.host().twist.borrow_mut() = Some(Box::new(move |path, _, answer| {
            let Ok(mut proof) = serde_json::from_slice::<Proof>(&answer) else { return answer };
            if path == PROOF {
                change(&mut proof);
            }
            serde_json::to_vec(&proof).unwrap()
        }));
    }

    fn honest(&self) {
        self.device.host().twist.borrow_mut().take();
    }
}

impl Firm {
    /// The lawyer's device stands witness, some time after it last did.
    async fn cosigns(&self, after: u64) -> Timestamp {
        let now = self.portal.host().now.get().plus(after);
        self.portal.host().now.set(now);
        self.portal.stand_witness(&self.ring).await.unwrap();
        Timestamp(now.0 / 1000 * 1000)
    }
}

/// When the lawyer's invitation says that the journal was verified.
fn invited() -> Option<Timestamp> {
    Some(Timestamp(NOW.0 / 1000 * 1000))
}

#[test]
fn a_receipt_says_when_somebody_of_the_firm_confirmed_it() {
    plainly(async {
        let firm = Firm::founded().await;
        let visit = Visit::handed_in(&firm).await;
        // Nobody but the server has seen it yet; its proof is kept all the same.
        let sent = visit.proved().await.unwrap();
        assert_eq!(sent.standing(), Standing::Unwitnessed(invited()));
        assert_eq!(proven::check(&sent.proven.unwrap()).unwrap().confirmed, None);
        let when = firm.cosigns(HOUR / 2).await;
        let sent = visit.proved().await.unwrap();
        assert_eq!(sent.standing(), Standing::Confirmed(when));
        // Whoever has the receipt alone can check that, too.
        let bytes = sent.proven.unwrap();
        let checked = proven::check(&bytes).unwrap();
        assert_eq!((checked.confirmed, checked.receipt.leaf), (Some(when), sent.number));
        // It is not asked for again, and stays after a reload.
        visit.twist(|_| panic!("nothing is left to ask"));
        assert_eq!(visit.standing().await, Standing::Confirmed(when));
    });
}

#[test]
fn a_server_that_withholds_the_words_is_named_and_asked_again() {
    plainly(async {
        let firm = Firm::founded().await;
        let visit = Visit::handed_in(&firm).await;
        let when = firm.cosigns(HOUR / 2).await;
        visit.twist(|proof| proof.witnessed.clear());
        assert_eq!(visit.standing().await, Standing::Unwitnessed(invited()));
        visit.honest();
        assert_eq!(visit.standing().await, Standing::Confirmed(when));
    });
}

#[test]
fn a_word_about_another_checkpoint_is_none() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.cosigns(HOUR / 2).await;
        let before = firm.proof(0).await.witnessed.remove(0).note;
        let visit = Visit::handed_in(&firm).await;
        firm.cosigns(HOUR / 2).await;
        // What the lawyer said of a smaller journal, under the present one.
        let line = last_line(&before);
        visit.twist(move |proof| {
            let Some(Witnessed { note, .. }) = proof.witnessed.first_mut() else { return };
            *note = without_last_line(note) + &line;
        });
        let refused = visit.proved().await.err();
        assert_eq!(refused, Some(ClientError::NotVerified(Thing::Journal)));
        // A journal that the server signs for the witness's sake alone, and does not go on with.
        let log = SigningKey::from_seed(*firm.server.app.secrets.log.seed());
        visit.twist(move |proof| {
            let Some(Witnessed { note, .. }) = proof.witnessed.first_mut() else { return };
            let honest = Note::parse(note).unwrap().checkpoint;
            let other = Checkpoint { root: Hash32([7; 32]), ..honest };
            *note = other.sign(&log).unwrap() + &last_line(note);
        });
        let Some(ClientError::Forked(fork)) = visit.proved().await.err() else { panic!("no fork") };
        // The lawyer's line is about another checkpoint: the evidence blames nobody for this one.
        assert_eq!((fork.known_by, fork.shown_by), (Some(Voucher::Unknown), None));
        let said = ClientError::Forked(fork.clone()).evidence();
        assert!(said.contains("Passed on as cosigned, by nobody known here:"), "{said}");
        visit.honest();
        visit.device.acknowledge_fork(&fork).await.unwrap();
        assert!(matches!(visit.standing().await, Standing::Confirmed(_)));
    });
}

#[test]
fn a_stranger_is_no_witness() {
    plainly(async {
        let firm = Firm::founded().await;
        let visit = Visit::handed_in(&firm).await;
        // Somebody whom the server made up, with a key of its own.
        let stranger = SigningKey::generate();
        let firm_root = proven::check(&visit.proved().await.unwrap().proven.unwrap()).unwrap().firm;
        firm.cosigns(HOUR / 2).await;
        visit.twist(move |proof| {
            let Some(one) = proof.witnessed.first_mut() else { return };
            let checkpoint = Note::parse(&one.note).unwrap().checkpoint;
            let line = checkpoint.cosign(firm_root, Kid([5; 32]), &stranger, NOW).unwrap();
            one.note = without_last_line(&one.note) + &line;
        });
        assert_eq!(visit.standing().await, Standing::Unwitnessed(invited()));
    });
}

#[test]
fn an_old_word_counts_no_more() {
    plainly(async {
        let firm = Firm::founded().await;
        let visit = Visit::handed_in(&firm).await;
        let when = firm.cosigns(HOUR / 2).await;
        // Kept by the server, and shown two days later as if it were new.
        visit.device.host().now.set(NOW.plus(2 * DAY));
        assert_eq!(visit.standing().await, Standing::Unwitnessed(Some(when)));
        visit.device.host().now.set(NOW.plus(HOUR));
        assert_eq!(visit.standing().await, Standing::Confirmed(when));
    });
}

#[test]
fn nobody_takes_a_word_back() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.cosigns(HOUR / 4).await;
        let mut before = firm.proof(0).await.witnessed.remove(0);
        let (invite, fragment) = link_parts(&firm.invite().await);
        let newer = firm.cosigns(HOUR / 4).await;
        let device = Device::new(&firm.router, NOW);
        let intake = device.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.submit(&filled(&intake), &[]).await.unwrap();
        let visit = Visit { device, intake };
        // The lawyer has verified the journal, but not yet with this submission in it.
        assert_eq!(visit.standing().await, Standing::Unwitnessed(Some(newer)));
        let size = Note::parse(&before.note).unwrap().checkpoint.size;
        before.consistency = firm.proof(size).await.consistency;
        visit.twist(move |proof| proof.witnessed = vec![before.clone()]);
        let refused = visit.proved().await.err();
        let Some(ClientError::Forked(fork)) = refused else { panic!("{refused:?}") };
        let lawyer = Some(firm.lawyer().await);
        assert_eq!((fork.known_by, fork.shown_by), (lawyer, lawyer));
        let said = ClientError::Forked(fork).evidence();
        assert!(said.contains("Cosigned by a member of the firm, with the key "), "{said}");
    });
}

/// The words are the evidence; what a firm goes on with after a backup is the journal that was proven.
#[test]
fn a_restored_backup_is_the_newest_journal_that_was_proven_and_not_an_old_word() {
    plainly(async {
        let firm = Firm::founded().await;
        let mut words = Vec::new();
        for _ in 0..3 {
            firm.cosigns(HOUR / 4).await;
            words.extend(firm.proof(0).await.witnessed);
            firm.invite().await;
        }
        let mut before = words.remove(0);
        let size = Note::parse(&before.note).unwrap().checkpoint.size;
        before.consistency = firm.proof(size).await.consistency;
        let newest = Note::parse(&firm.proof(0).await.note).unwrap().checkpoint;
        let host = firm.portal.host();
        *host.twist.borrow_mut() = Some(Box::new(move |path, _, answer| {
            let Ok(mut proof) = serde_json::from_slice::<Proof>(&answer) else { return answer };
            if path == PROOF {
                proof.witnessed = vec![before.clone()];
            }
            serde_json::to_vec(&proof).unwrap()
        }));
        host.now.set(host.now.get().plus(HOUR / 4));
        let refused = firm.portal.stand_witness(&firm.ring).await.err();
        let Some(ClientError::Forked(fork)) = refused else { panic!("{refused:?}") };
        assert!(Note::parse(&fork.shown).unwrap().checkpoint.size < newest.size);
        host.twist.borrow_mut().take();
        firm.portal.accept_restored(&fork).await.unwrap();
        let keys = host.keys("pin/").await.unwrap();
        let pin = host.load(&keys[0]).await.unwrap().unwrap();
        let pin: Pin = decode_strict(&pin, 1 << 16).unwrap();
        assert_eq!((pin.size, pin.root), (newest.size, newest.root));
        // With the server honest again, everything goes on.
        let again = host.reload();
        let ring = sign_in(&again).await.unwrap();
        again.matter(&ring, firm.matter).await.unwrap();
    });
}

/// A device that was led apart finds it out by the next invitation, and says whose word that is.
#[test]
fn an_invitation_that_knows_another_journal_is_named_as_such() {
    plainly(async {
        let firm = Firm::founded().await;
        let visit = Visit::handed_in(&firm).await;
        let mut apart = Journal::of(&firm).await;
        apart.leaves.push(Hash32([5; 32]));
        twist(&visit.device, apart.twist());
        visit.proved().await.unwrap();
        visit.honest();
        let (invite, fragment) = link_parts(&firm.invite().await);
        let intake = visit.device.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.submit(&filled(&intake), &[]).await.unwrap();
        let refused = intake.prove_sent().await.err();
        let Some(ClientError::Forked(fork)) = refused else { panic!("{refused:?}") };
        assert_eq!((fork.known_by, fork.shown_by), (None, Some(Voucher::Invitation)));
        let said = ClientError::Forked(fork).evidence();
        assert!(said.contains("Given in the invitation, by its lawyer:"), "{said}");
    });
}

#[test]
fn a_desk_cosigns_nothing_that_does_not_continue_what_it_knew() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.cosigns(HOUR / 4).await;
        let said = firm.proof(0).await.witnessed.remove(0).note;
        firm.invite().await;
        let log = SigningKey::from_seed(*firm.server.app.secrets.log.seed());
        let twist = move |path: &str, _: &[u8], answer: Vec<u8>| {
            let Ok(mut proof) = serde_json::from_slice::<Proof>(&answer) else { return answer };
            if path == PROOF {
                let honest = Note::parse(&proof.note).unwrap().checkpoint;
                proof.note = Checkpoint { root: Hash32([7; 32]), ..honest }.sign(&log).unwrap();
            }
            serde_json::to_vec(&proof).unwrap()
        };
        let host = firm.portal.host();
        *host.twist.borrow_mut() = Some(Box::new(twist));
        host.now.set(host.now.get().plus(HOUR / 4));
        let refused = firm.portal.stand_witness(&firm.ring).await.err();
        let Some(ClientError::Forked(fork)) = refused else { panic!("{refused:?}") };
        host.twist.borrow_mut().take();
        firm.portal.acknowledge_fork(&fork).await.unwrap();
        assert_eq!(firm.proof(0).await.witnessed.remove(0).note, said);
    });
}

impl Firm {
    /// The lawyer, as a witness.
    async fn lawyer(&self) -> Voucher {
        Voucher::Witness(self.portal.people(&self.ring).await.unwrap()[0].kid)
    }

    /// What the honest server answers to the lawyer.
    async fn proof(&self, seen: u64) -> Proof {
        ask(&self.portal, &ReadProof { seen, leaves: Vec::new(), size: None }).await
    }
}

fn last_line(note: &str) -> String {
    note.lines().last().unwrap().to_owned() + "\n"
}

fn without_last_line(note: &str) -> String {
    note.strip_suffix(last_line(note).as_str()).unwrap().to_owned()
}
