//! What a program without a store remembers between two runs: a server cannot keep back from it what it
//! showed before.

use shared::client::error::Thing;
use shared::client::memory::MemoryV1;
use shared::client::{ClientError, Portal};
use shared::crypto::hash::sha256;
use shared::crypto::keys::SigningKey;
use shared::journal::release::{Release, ReleaseFile};
use shared::time::Timestamp;

use crate::frame::journal::{Journal, leaves};
use crate::frame::{plainly, twist};
use crate::harness::NOW;
use crate::harness::acts::Firm;
use crate::harness::client::Device;

impl Firm {
    async fn accepts(&self, version: &str, key: &SigningKey) {
        let file = ReleaseFile { path: "index.html".into(), size: 1, hash: sha256(b"1") };
        let release = Release {
            format: 1,
            version: version.into(),
            source: "00ff".into(),
            toolchain: "rustc".into(),
            time: Timestamp(0),
            files: vec![file],
        };
        let release = release.sign(key).unwrap();
        let public = key.public();
        self.portal.accept_release(&self.ring, release.as_bytes(), &public).await.unwrap();
    }
}

/// How many acceptances a program is shown that begins with this memory, and what it remembers then.
async fn run(
    firm: &Firm,
    memory: Option<&MemoryV1>,
    journal: Option<Journal>,
) -> Result<(usize, MemoryV1), ClientError> {
    let program: Portal<Device> = Device::new(&firm.router, NOW);
    if let Some(journal) = journal {
        twist(&program, journal.twist());
    }
    if let Some(memory) = memory {
        program.recall(memory).await?;
    }
    let ring = program.visit_with_words("clara", &firm.words).await?;
    let seen = program.accepted_releases(&ring).await?;
    let newest = seen.last().map(|one| one.accepted.clone());
    Ok((seen.len(), program.memory(&ring, newest).await?))
}

#[test]
fn the_newest_acceptance_is_not_kept_back_from_whoever_remembers_it() {
    plainly(async {
        let firm = Firm::founded().await;
        let key = SigningKey::generate();
        firm.accepts("1", &key).await;
        let (one, before) = run(&firm, None, None).await.unwrap();
        firm.accepts("2", &key).await;
        let (two, memory) = run(&firm, Some(&before), None).await.unwrap();
        assert_eq!((one, two), (1, 2));
        assert_ne!(memory.accepted, before.accepted);
        assert_eq!(MemoryV1::read(&memory.write()).as_ref(), Ok(&memory));
        // The journal is the true one, and the newest acceptance is kept back.
        let last = leaves(&firm).await.len() as u64 - 1;
        let kept_back = || async { Journal::of(&firm).await.leave_out(last) };
        let shown = run(&firm, None, Some(kept_back().await)).await.map(|(seen, _)| seen);
        assert_eq!(shown, Ok(1), "nobody can tell who was not there");
        let shown = run(&firm, Some(&before), Some(kept_back().await)).await;
        assert_eq!(shown.map(|(seen, _)| seen), Ok(1));
        let refused = run(&firm, Some(&memory), Some(kept_back().await)).await;
        assert_eq!(refused.err(), Some(ClientError::NotVerified(Thing::Journal)));
        // Nor is the journal one of yesterday.
        let mut yesterday = Journal::of(&firm).await;
        yesterday.leaves.pop();
        let refused = run(&firm, Some(&memory), Some(yesterday)).await.err();
        assert!(matches!(refused, Some(ClientError::Forked(_))), "{refused:?}");
    });
}

#[test]
fn a_memory_that_was_written_otherwise_is_none() {
    plainly(async {
        let firm = Firm::founded().await;
        let (_, good) = run(&firm, None, None).await.unwrap();
        let mut changed = Vec::new();
        let mut other = good.clone();
        other.pin.size += 1;
        changed.push(other);
        let mut other = good.clone();
        other.firm.0[0] ^= 1;
        changed.push(other);
        let mut other = good.clone();
        other.pin.note.push_str("more");
        changed.push(other);
        let mut other = good.clone();
        other.ends.reverse();
        other.ends.extend(good.ends.first().copied());
        changed.push(other);
        for memory in changed {
            assert_eq!(MemoryV1::read(&memory.write()), Err(ClientError::Store));
        }
    });
}
