//! A21: rollback, fork, split view. The server keeps its own log key, so it can sign any journal; what
//! it cannot do is show two of them to one device, or one without what it showed before.

use shared::client::error::Thing;
use shared::client::intake::Intake;
use shared::client::matters::Closed;
use shared::client::{ClientError, Fork};
use shared::crypto::hash::Hash32;
use shared::journal::checkpoint::Checkpoint;
use shared::journal::statement::place_of;
use shared::journal::stream::StreamId;
use shared::journal::wire::{News, ReadProof, ReadStreams};

use shared::secret::Secret;

use crate::frame::journal::{Journal, PROOF, STREAMS, checkpoint, leaves};
use crate::frame::scene::{elsewhere, reloaded};
use crate::frame::{attempt, plainly, refused, twist, untwist};
use crate::harness::NOW;
use crate::harness::acts::{Firm, PASSPHRASE, filled, hand_in, link_parts};
use crate::harness::client::Device;
use crate::harness::enter;

const ROW: &str = "A21";

fn fork<T>(outcome: Result<T, ClientError>) -> Fork {
    match outcome.err() {
        Some(ClientError::Forked(fork)) => *fork,
        other => panic!("{other:?}"),
    }
}

/// An invitation went out; the server would have it that it never did.
#[test]
fn a_device_is_not_taken_back_to_yesterday() {
    attempt(ROW, "Forked", async |stage| {
        let firm = stage.firm().await;
        let yesterday = leaves(&firm).await;
        firm.invite().await;
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        stage.truth(&firm).await;
        let (device, ring) = reloaded(&firm.portal).await;
        let mut journal = Journal::of(&firm).await;
        journal.leaves = yesterday;
        twist(&device, journal.twist());
        let view = device.matter(&ring, firm.matter).await?;
        if view.invites.is_empty() { Ok(()) } else { refused("the invitation is there") }
    });
}

/// The server signs another journal for this device alone, with something else in its past.
#[test]
fn a_device_is_not_led_onto_a_branch_of_its_own() {
    attempt(ROW, "Forked", async |stage| {
        let firm = stage.firm().await;
        stage.truth(&firm).await;
        let (device, ring) = reloaded(&firm.portal).await;
        let branch = Journal::of(&firm).await.with_another_past();
        twist(&device, branch.twist());
        let view = device.matter(&ring, firm.matter).await?;
        if view.statements > 0 { Ok(()) } else { refused("nothing is shown") }
    });
}

/// The journal is the true one and every statement shown stands in it: the newest is kept back.
#[test]
fn what_a_device_saw_last_is_not_kept_back() {
    attempt(ROW, "NotVerified(Matter)", async |stage| {
        let firm = stage.firm().await;
        firm.invite().await;
        firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        stage.truth(&firm).await;
        let (device, ring) = reloaded(&firm.portal).await;
        let last = leaves(&firm).await.len() as u64 - 1;
        twist(&device, Journal::of(&firm).await.leave_out(last).twist());
        let view = device.matter(&ring, firm.matter).await?;
        if view.invites.is_empty() { Ok(()) } else { refused("the invitation is there") }
    });
}

#[test]
fn a_journal_of_yesterday_is_refused() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let yesterday = leaves(&firm).await;
        firm.invite().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let mut journal = Journal::of(&firm).await;
        journal.leaves = yesterday;
        twist(&firm.portal, journal.twist());
        let fork = fork(firm.portal.matters(&firm.ring).await);
        assert!(checkpoint(&fork.shown).size < checkpoint(&fork.known).size);
    });
}

#[test]
fn another_past_is_refused_and_convicts_the_server() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        twist(&firm.portal, Journal::of(&firm).await.with_another_past().twist());
        let fork = fork(firm.portal.matters(&firm.ring).await);
        // Two checkpoints under one signature, of one size: they cannot both be true.
        let same_size = fork.same_size.clone().unwrap();
        let (known, same) = (checkpoint(&fork.known), checkpoint(&same_size));
        assert_eq!((&known.origin, known.size), (&same.origin, same.size));
        assert_ne!(known.root, same.root);
        let log = firm.server.app.secrets.log.public();
        for note in [&fork.known, &fork.shown] {
            Checkpoint::open(note, &known.origin, &log).unwrap();
        }
        // The device stays with what it knew.
        untwist(&firm.portal);
        firm.portal.acknowledge_fork(&fork).await.unwrap();
        firm.portal.matters(&firm.ring).await.unwrap();
    });
}

#[test]
fn a_fork_is_shown_after_a_reload_until_somebody_has_read_it() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        twist(&firm.portal, Journal::of(&firm).await.with_another_past().twist());
        let found = fork(firm.portal.matters(&firm.ring).await);
        // The server is honest again, and the page is new: the evidence is still there.
        untwist(&firm.portal);
        let again = firm.portal.host().reload();
        let passphrase = Secret::new(PASSPHRASE.into());
        assert_eq!(fork(enter::enter(&again, "clara", &passphrase).await), found);
        again.acknowledge_fork(&found).await.unwrap();
        let ring = enter::enter(&again, "clara", &passphrase).await.unwrap();
        again.matter(&ring, firm.matter).await.unwrap();
        // Read is not accepted: the same journal is refused again.
        twist(&again, Journal::of(&firm).await.with_another_past().twist());
        fork(again.matters(&ring).await);
    });
}

#[test]
fn a_restored_backup_is_taken_on_deliberately_and_nothing_else_with_it() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let backup = leaves(&firm).await;
        firm.invite().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let of_backup = || async {
            let mut journal = Journal::of(&firm).await;
            journal.leaves.clone_from(&backup);
            journal
        };
        let twists = [of_backup().await, of_backup().await.with_another_past()];
        let [restored, other] = twists.map(Journal::twist);
        let again = firm.portal.host().reload();
        twist(&again, restored);
        let passphrase = Secret::new(PASSPHRASE.into());
        let found = fork(enter::enter(&again, "clara", &passphrase).await);
        let (known, shown) = found.sizes().unwrap();
        assert!(shown < known);
        again.accept_restored(&found).await.unwrap();
        let ring = enter::enter(&again, "clara", &passphrase).await.unwrap();
        again.matter(&ring, firm.matter).await.unwrap();
        twist(&again, other);
        fork(again.matters(&ring).await);
    });
}

#[test]
fn a_statement_outside_of_the_journal_is_not_shown() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let known = leaves(&firm).await.len();
        firm.invite().await;
        // A journal that continues the known one, with something else in the invitation's place.
        let mut journal = Journal::of(&firm).await;
        for leaf in &mut journal.leaves[known..] {
            *leaf = Hash32([9; 32]);
        }
        // A device of the same person that knows nothing yet has no other journal to compare with.
        let fresh = Device::new(&firm.router, NOW);
        twist(&fresh, journal.twist());
        let passphrase = Secret::new(PASSPHRASE.into());
        let ring = fresh.sign_in_with_words("clara", &firm.words, &passphrase).await.unwrap();
        // The matter is named, and nothing of it is shown.
        let shown = fresh.matters(&ring).await.unwrap();
        let one = shown.iter().find(|one| one.matter == firm.matter).unwrap();
        assert_eq!(one.description.as_ref().err(), Some(&Closed::Stream));
        let refused = fresh.matter(&ring, firm.matter).await.err();
        assert_eq!(refused, Some(ClientError::NotVerified(Thing::Matter)));
    });
}

/// The journal is the true one, and every statement shown stands in it; the last is kept back.
#[test]
fn a_stream_that_ends_before_its_known_end_is_refused() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.invite().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let journal = Journal::of(&firm).await;
        let size = journal.leaves.len() as u64;
        let again = firm.portal.host().reload();
        let ring = enter::enter(&again, "clara", &Secret::new(PASSPHRASE.into())).await.unwrap();
        twist(
            &again,
            Box::new(move |path, question, answer| {
                let Ok(mut news) = serde_json::from_slice::<News>(&answer) else { return answer };
                if path == STREAMS && news.entries.len() > 1 {
                    let asked: ReadStreams = serde_json::from_slice(question).unwrap();
                    news.entries.pop();
                    let lasts: Vec<u64> = shared::journal::wire::last_of_each_stream(&news.entries)
                        .map(|entry| entry.leaf)
                        .collect();
                    news.proof = journal.prove(asked.seen, &lasts, size);
                    return serde_json::to_vec(&news).unwrap();
                }
                answer
            }),
        );
        let shown = again.matters(&ring).await;
        let closed = shown.is_err_and(|error| matches!(error, ClientError::NotVerified(_)));
        assert!(closed || again.matter(&ring, firm.matter).await.is_err());
        let refused = again.matter(&ring, firm.matter).await.err();
        assert!(matches!(refused, Some(ClientError::NotVerified(_))), "{refused:?}");
        untwist(&again);
        again.matter(&ring, firm.matter).await.unwrap();
    });
}

/// What was refused is not remembered as an end: the true stream is read again afterwards.
#[test]
fn a_statement_that_was_altered_once_closes_nothing_for_good() {
    plainly(async {
        let firm = Firm::founded().await;
        let (fresh, ring) = elsewhere(&firm).await;
        let bent = StreamId::Matter(firm.matter);
        let mut once = false;
        twist(
            &fresh,
            Box::new(move |path, _, answer| {
                let Ok(mut news) = serde_json::from_slice::<News>(&answer) else { return answer };
                let last = news.entries.iter_mut().rfind(|entry| {
                    place_of(&entry.statement.0).is_some_and(|place| place.stream == bent)
                });
                let Some(last) = last.filter(|_| path == STREAMS && !once) else { return answer };
                once = true;
                *last.statement.0.last_mut().unwrap() ^= 1;
                serde_json::to_vec(&news).unwrap()
            }),
        );
        let refused = fresh.matter(&ring, firm.matter).await.err();
        assert_eq!(refused, Some(ClientError::NotVerified(Thing::Matter)));
        untwist(&fresh);
        fresh.matter(&ring, firm.matter).await.unwrap();
    });
}

/// Two tabs ask from one known journal, and each is shown another continuation.
#[test]
fn two_tabs_are_not_shown_two_journals() {
    plainly(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let tab = firm.portal.host().reload();
        let ring = enter::enter(&tab, "clara", &Secret::new(PASSPHRASE.into())).await.unwrap();
        firm.invite().await;
        // This tab asks, and while its answer is on the way the other one goes on.
        let mut journal = Journal::of(&firm).await;
        let last = journal.leaves.len() - 1;
        journal.leaves[last] = Hash32([5; 32]);
        journal.leaves.push(Hash32([6; 32]));
        let seen = last as u64;
        let size = journal.leaves.len() as u64;
        twist(
            &tab,
            Box::new(move |path, question, answer| match path {
                PROOF => {
                    let asked: ReadProof = serde_json::from_slice(question).unwrap();
                    // For the pin of the first tab there is no proof that would hold.
                    let size = asked.size.unwrap_or(size).min(size);
                    serde_json::to_vec(&journal.prove(asked.seen, &[], size)).unwrap()
                }
                _ => {
                    let Ok(mut news) = serde_json::from_slice::<News>(&answer) else {
                        return answer;
                    };
                    news.entries.clear();
                    news.proof = journal.prove(seen, &[], size);
                    serde_json::to_vec(&news).unwrap()
                }
            }),
        );
        let refused = fork(tab.matters(&ring).await);
        assert_eq!(checkpoint(&refused.shown).size, size);
    });
}

#[test]
fn a_client_is_not_shown_another_journal_than_her_lawyer_vouched_for() {
    plainly(async {
        let firm = Firm::founded().await;
        let link = firm.invite().await;
        let (invite, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let intake: Intake<Device> = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let filed = hand_in(&intake, "lease.pdf", b"a lease").await.unwrap();
        let sent = intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
        twist(&device, Journal::of(&firm).await.with_another_past().twist());
        let fork = fork(intake.prove_sent().await);
        assert_eq!(checkpoint(&fork.known).origin, checkpoint(&fork.shown).origin);
        // The receipt stays; with the honest journal it gets its proof, once the client has read this.
        untwist(&device);
        assert!(matches!(intake.prove_sent().await, Err(ClientError::Forked(_))));
        device.acknowledge_fork(&fork).await.unwrap();
        let proven = intake.prove_sent().await.unwrap().unwrap();
        assert_eq!(proven.receipt, sent.receipt);
        let checked = shared::client::proven::check(&proven.proven.unwrap()).unwrap();
        assert_eq!(checked.receipt.leaf, sent.number);
    });
}
