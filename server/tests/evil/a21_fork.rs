//! A21: rollback, fork, split view. The server keeps its own log key, so it can sign any journal; what
//! it cannot do is show two of them to one device, or one without what it showed before.

use shared::call::Call as _;
use shared::client::error::Thing;
use shared::client::intake::Intake;
use shared::client::matters::Closed;
use shared::client::transport::{Body, Method, Request, Transport as _};
use shared::client::{ClientError, Fork, Portal};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::SigningKey;
use shared::journal::anchor::Leaf;
use shared::journal::checkpoint::{Checkpoint, Note};
use shared::journal::statement::place_of;
use shared::journal::stream::StreamId;
use shared::journal::tree;
use shared::journal::wire::{Entries, News, Proof, ReadJournal, ReadProof, ReadStreams};

use shared::secret::Secret;

use crate::harness::NOW;
use crate::harness::acts::{Firm, PASSPHRASE, filled, hand_in, link_parts};
use crate::harness::client::{Device, Twist};

const STREAMS: &str = "/api/v1/journal/streams";
const PROOF: &str = "/api/v1/journal/proof";

fn rt(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test);
}

/// A journal that the server made up, and signs.
struct Journal {
    leaves: Vec<Hash32>,
    origin: String,
    key: SigningKey,
}

impl Journal {
    /// The true one.
    async fn of(firm: &Firm) -> Self {
        let key = SigningKey::from_seed(*firm.server.app.secrets.log.seed());
        let journal = firm.portal.journal(&firm.ring).await.unwrap();
        Self { leaves: firm.leaves().await, origin: checkpoint(&journal.note).origin, key }
    }

    /// One statement of the past exchanged for another.
    fn with_another_past(mut self) -> Self {
        self.leaves[1] = Hash32([7; 32]);
        self
    }

    fn node(&self, level: u8, index: u64) -> Hash32 {
        let (from, to) = ((index << level) as usize, ((index + 1) << level) as usize);
        tree::root_of(&self.leaves[from..to])
    }

    fn note(&self, size: u64) -> String {
        let root = tree::root(size, |level, index| self.node(level, index));
        Checkpoint { origin: self.origin.clone(), size, root }.sign(&self.key).unwrap()
    }

    /// Proofs as an honest server would give them, of this journal.
    fn prove(&self, seen: u64, leaves: &[u64], size: u64) -> Proof {
        let get = |level, index| self.node(level, index);
        let consistency =
            if seen == 0 || seen >= size { Vec::new() } else { tree::consistency(seen, size, get) };
        let inclusion = leaves.iter().map(|leaf| tree::inclusion(*leaf, size, get)).collect();
        Proof { note: self.note(size), consistency, inclusion, witnessed: Vec::new() }
    }

    /// Answers every question about the journal from this one.
    fn twist(self) -> Twist {
        let size = self.leaves.len() as u64;
        Box::new(move |path, question, answer| match path {
            STREAMS => {
                let asked: ReadStreams = serde_json::from_slice(question).unwrap();
                let Ok(mut news) = serde_json::from_slice::<News>(&answer) else { return answer };
                news.entries.retain(|entry| entry.leaf < size);
                let lasts: Vec<u64> = shared::journal::wire::last_of_each_stream(&news.entries)
                    .map(|entry| entry.leaf)
                    .collect();
                news.proof = self.prove(asked.seen, &lasts, size);
                serde_json::to_vec(&news).unwrap()
            }
            PROOF => {
                let asked: ReadProof = serde_json::from_slice(question).unwrap();
                let wanted = asked.size.unwrap_or(size);
                if wanted > size {
                    return b"{}".to_vec();
                }
                serde_json::to_vec(&self.prove(asked.seen, &asked.leaves, wanted)).unwrap()
            }
            _ => answer,
        })
    }
}

fn twisted(portal: &Portal<Device>, twist: Twist) {
    *portal.host().twist.borrow_mut() = Some(twist);
}

fn fork<T>(outcome: Result<T, ClientError>) -> Fork {
    match outcome.err() {
        Some(ClientError::Forked(fork)) => *fork,
        other => panic!("{other:?}"),
    }
}

fn checkpoint(note: &str) -> Checkpoint {
    Note::parse(note).unwrap().checkpoint
}

#[test]
fn a_journal_of_yesterday_is_refused() {
    rt(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let yesterday = firm.leaves().await;
        firm.invite().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let journal = Journal { leaves: yesterday, ..Journal::of(&firm).await };
        twisted(&firm.portal, journal.twist());
        let fork = fork(firm.portal.matters(&firm.ring).await);
        assert!(checkpoint(&fork.shown).size < checkpoint(&fork.known).size);
    });
}

#[test]
fn another_past_is_refused_and_convicts_the_server() {
    rt(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        twisted(&firm.portal, Journal::of(&firm).await.with_another_past().twist());
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
        firm.portal.host().twist.borrow_mut().take();
        firm.portal.acknowledge_fork(&fork).await.unwrap();
        firm.portal.matters(&firm.ring).await.unwrap();
    });
}

#[test]
fn a_fork_is_shown_after_a_reload_until_somebody_has_read_it() {
    rt(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        twisted(&firm.portal, Journal::of(&firm).await.with_another_past().twist());
        let found = fork(firm.portal.matters(&firm.ring).await);
        // The server is honest again, and the page is new: the evidence is still there.
        firm.portal.host().twist.borrow_mut().take();
        let again = firm.portal.host().reload();
        let passphrase = Secret::new(PASSPHRASE.into());
        assert_eq!(fork(again.sign_in("clara", &passphrase).await), found);
        again.acknowledge_fork(&found).await.unwrap();
        let ring = again.sign_in("clara", &passphrase).await.unwrap();
        again.matter(&ring, firm.matter).await.unwrap();
        // Read is not accepted: the same journal is refused again.
        twisted(&again, Journal::of(&firm).await.with_another_past().twist());
        fork(again.matters(&ring).await);
    });
}

#[test]
fn a_restored_backup_is_taken_on_deliberately_and_nothing_else_with_it() {
    rt(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let backup = firm.leaves().await;
        firm.invite().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let of_backup = || async { Journal { leaves: backup.clone(), ..Journal::of(&firm).await } };
        let twists = [of_backup().await, of_backup().await.with_another_past()];
        let [restored, other] = twists.map(Journal::twist);
        let again = firm.portal.host().reload();
        twisted(&again, restored);
        let passphrase = Secret::new(PASSPHRASE.into());
        let found = fork(again.sign_in("clara", &passphrase).await);
        let (known, shown) = found.sizes().unwrap();
        assert!(shown < known);
        again.accept_restored(&found).await.unwrap();
        let ring = again.sign_in("clara", &passphrase).await.unwrap();
        again.matter(&ring, firm.matter).await.unwrap();
        twisted(&again, other);
        fork(again.matters(&ring).await);
    });
}

#[test]
fn a_statement_outside_of_the_journal_is_not_shown() {
    rt(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let known = firm.leaves().await.len();
        firm.invite().await;
        // A journal that continues the known one, with something else in the invitation's place.
        let mut journal = Journal::of(&firm).await;
        for leaf in &mut journal.leaves[known..] {
            *leaf = Hash32([9; 32]);
        }
        // A device of the same person that knows nothing yet has no other journal to compare with.
        let fresh = Device::new(&firm.router, NOW);
        twisted(&fresh, journal.twist());
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
    rt(async {
        let firm = Firm::founded().await;
        firm.invite().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let journal = Journal::of(&firm).await;
        let size = journal.leaves.len() as u64;
        let again = firm.portal.host().reload();
        let ring = again.sign_in("clara", &Secret::new(PASSPHRASE.into())).await.unwrap();
        twisted(
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
        again.host().twist.borrow_mut().take();
        again.matter(&ring, firm.matter).await.unwrap();
    });
}

/// What was refused is not remembered as an end: the true stream is read again afterwards.
#[test]
fn a_statement_that_was_altered_once_closes_nothing_for_good() {
    rt(async {
        let firm = Firm::founded().await;
        let fresh = Device::new(&firm.router, NOW);
        let passphrase = Secret::new(PASSPHRASE.into());
        let ring = fresh.sign_in_with_words("clara", &firm.words, &passphrase).await.unwrap();
        let bent = StreamId::Matter(firm.matter);
        let mut once = false;
        twisted(
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
        fresh.host().twist.borrow_mut().take();
        fresh.matter(&ring, firm.matter).await.unwrap();
    });
}

/// Two tabs ask from one known journal, and each is shown another continuation.
#[test]
fn two_tabs_are_not_shown_two_journals() {
    rt(async {
        let firm = Firm::founded().await;
        firm.portal.matters(&firm.ring).await.unwrap();
        let tab = firm.portal.host().reload();
        let ring = tab.sign_in("clara", &Secret::new(PASSPHRASE.into())).await.unwrap();
        firm.invite().await;
        // This tab asks, and while its answer is on the way the other one goes on.
        let mut journal = Journal::of(&firm).await;
        let last = journal.leaves.len() - 1;
        journal.leaves[last] = Hash32([5; 32]);
        journal.leaves.push(Hash32([6; 32]));
        let seen = last as u64;
        let size = journal.leaves.len() as u64;
        twisted(
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
    rt(async {
        let firm = Firm::founded().await;
        let link = firm.invite().await;
        let (invite, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        let intake: Intake<Device> = device.open_invite(invite, Some(&fragment)).await.unwrap();
        let filed = hand_in(&intake, "lease.pdf", b"a lease").await.unwrap();
        let sent = intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
        twisted(&device, Journal::of(&firm).await.with_another_past().twist());
        let fork = fork(intake.prove_sent().await);
        assert_eq!(checkpoint(&fork.known).origin, checkpoint(&fork.shown).origin);
        // The receipt stays; with the honest journal it gets its proof, once the client has read this.
        device.host().twist.borrow_mut().take();
        assert!(matches!(intake.prove_sent().await, Err(ClientError::Forked(_))));
        device.acknowledge_fork(&fork).await.unwrap();
        let proven = intake.prove_sent().await.unwrap().unwrap();
        assert_eq!(proven.receipt, sent.receipt);
        let checked = shared::client::proven::check(&proven.proven.unwrap()).unwrap();
        assert_eq!(checked.receipt.leaf, sent.number);
    });
}

impl Firm {
    /// The leaves as the honest server has them.
    async fn leaves(&self) -> Vec<Hash32> {
        let ask = ReadJournal { leaf: 0, limit: 200 };
        let request = Request {
            method: Method::Post,
            path: ReadJournal::ROUTE.into(),
            body: Body::Json(serde_json::to_vec(&ask).unwrap()),
            digest: None,
            if_match: None,
            range: None,
        };
        let answer = self.portal.host().send(request).await.ok().unwrap();
        let page: Entries = serde_json::from_slice(&answer.body).unwrap();
        assert!(!page.more);
        page.entries.iter().map(|entry| Leaf::of(entry).hash).collect()
    }
}
