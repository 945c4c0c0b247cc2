//! Signatures verified by workers, side by side. A worker's word is the page's own: both come from one build,
//! and what a worker does not answer the page verifies itself, where it reads the statement.

use core::cell::RefCell;

use futures::future::join_all;
use js_sys::Uint8Array;
use shared::client::host::Claim;
use shared::secret::Secret;
use worker::signatures::{VERIFY, pack};

use super::program;
use crate::platform::clock::sleep;
use crate::platform::page::worker_count;
use crate::platform::worker::{Body, Pool, Task};

/// Fewer are verified sooner than a worker starts.
const FEW: usize = 64;
/// How many a worker is given at once.
const SOME: usize = 125;
/// How long workers wait for the next page of a journal, in milliseconds.
const IDLE: i32 = 3000;

thread_local! {
    static HANDS: RefCell<Option<Hands>> = const { RefCell::new(None) };
}

/// The workers, and how often they were called.
struct Hands {
    pool: Pool,
    calls: u32,
}

/// Says of each claim whether a worker found it to hold.
pub async fn verify(claims: &[Claim<'_>]) -> Vec<bool> {
    if claims.len() < FEW {
        return Vec::new();
    }
    let (pool, call) = HANDS.with_borrow_mut(|hands| {
        let hands = hands.get_or_insert_with(|| Hands {
            pool: Pool::new(worker_count(), program::load),
            calls: 0,
        });
        hands.calls = hands.calls.wrapping_add(1);
        (hands.pool.clone(), hands.calls)
    });
    let verdicts = join_all(claims.chunks(SOME).map(|some| judged(&pool, some))).await;
    leptos::task::spawn_local(async move {
        sleep(IDLE).await;
        HANDS.with_borrow(|hands| match hands {
            Some(hands) if hands.calls == call => hands.pool.end(),
            _ => {}
        });
    });
    verdicts.into_iter().flatten().collect()
}

async fn judged(pool: &Pool, claims: &[Claim<'_>]) -> Vec<bool> {
    let body = Body::Bytes(Uint8Array::from(pack(claims).as_slice()).buffer());
    let task = Task { job: VERIFY, head: Secret::new(Vec::new()), body };
    let done = pool.run(task).await;
    // EXPOSE: verdicts are no secret.
    let verdicts = done.ok().filter(|done| done.head.expose().len() == claims.len());
    verdicts.map_or_else(
        || vec![false; claims.len()],
        |done| done.head.expose().iter().map(|verdict| *verdict == 1).collect(),
    )
}
