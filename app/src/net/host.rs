//! The browser as the core's host: fetch, this device's storage, a worker for passphrases, a clock.

use core::cell::Cell;

use js_sys::Uint8Array;
use shared::client::error::ClientError;
use shared::client::host::{Claim, Leisure, PassphraseWork, SignatureWork};
use shared::client::store::{DeviceStore, StoreError};
use shared::client::transport::{Received, Request, Response, Transport, Unreachable};
use shared::crypto::opaque;
use shared::secret::Secret;
use shared::time::{Clock, Timestamp};

use worker::frame;
use worker::outside::{self, Outside};
use worker::passphrase::{REGISTER, SIGN_IN};

use super::program;
use crate::platform::clock;
use crate::platform::locks::{self, Held};
use crate::platform::storage::Storage;
use crate::platform::worker::{Body, Pool, Started, Task, TaskFailed};

thread_local! {
    /// The worker that will stretch the next passphrase.
    static READY: Cell<Option<Started>> = const { Cell::new(None) };
}

/// Starts a worker for the passphrase that is being typed. Whoever is faster than the worker finds it all
/// the same, and waits for it.
pub fn stand_by() {
    let hand = Started::pool(1, program::load);
    let pool = Pool::clone(&hand);
    READY.set(Some(hand));
    leptos::task::spawn_local(async move { pool.stand_by().await });
}

/// Ends the worker that stands by, when nobody types a passphrase any more.
pub fn stand_down() {
    READY.set(None);
}

/// After so many milliseconds a page has drawn what it found.
const LEISURE: i32 = 250;

/// What the core runs on here. Cheap to copy about.
#[derive(Clone)]
pub struct BrowserHost {
    storage: Storage,
}

impl BrowserHost {
    /// On this device's storage.
    #[must_use]
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// Whether what is kept outlives the page.
    #[must_use]
    pub fn lasts(&self) -> bool {
        self.storage.lasts()
    }
}

impl Transport for BrowserHost {
    type Sealed = Outside;

    async fn send(&self, request: Request<Outside>) -> Result<Response, Unreachable> {
        super::client::fetch(request).await
    }

    async fn receive(&self, request: Request<Outside>) -> Result<Received<Outside>, Unreachable> {
        super::client::receive(request).await
    }
}

impl DeviceStore for BrowserHost {
    type Lock = Held;

    async fn lock(&self, name: &str) -> Held {
        // In a box: it would be a part of everything that takes a lock.
        Box::pin(locks::wait(name)).await
    }

    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.storage.get(key).await.map_err(|_| StoreError)
    }

    async fn save(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.storage.put(key, value).await.map_err(|_| StoreError)
    }

    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.storage.remove(key).await.map_err(|_| StoreError)
    }

    async fn keys(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.storage.names(prefix).await.map_err(|_| StoreError)
    }
}

impl Clock for BrowserHost {
    fn now(&self) -> Timestamp {
        clock::now()
    }
}

impl PassphraseWork for BrowserHost {
    async fn finish_registration(
        &self,
        state: &[u8],
        passphrase: &Secret<String>,
        response: &[u8],
    ) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
        stretch(REGISTER, state, passphrase, response, ClientError::Unreadable).await
    }

    async fn finish_sign_in(
        &self,
        state: &[u8],
        passphrase: &Secret<String>,
        response: &[u8],
    ) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
        stretch(SIGN_IN, state, passphrase, response, ClientError::SignIn).await
    }
}

impl Leisure for BrowserHost {
    async fn later(&self, work: impl Future<Output = ()> + 'static) {
        leptos::task::spawn_local(async move {
            // What was found is drawn first.
            clock::sleep(LEISURE).await;
            work.await;
        });
    }
}

impl SignatureWork for BrowserHost {
    async fn verify(&self, claims: &[Claim<'_>]) -> Vec<bool> {
        super::signatures::verify(claims).await
    }
}

async fn stretch(
    job: u32,
    state: &[u8],
    passphrase: &Secret<String>,
    response: &[u8],
    refused: ClientError,
) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
    // EXPOSE: moved to a worker of this page, which is ended when it has answered.
    let secret = Uint8Array::from(passphrase.expose().as_bytes());
    let head = frame::join(&[state, response]);
    let task = Task { job, head, body: Body::Bytes(secret.buffer()) };
    // Ended when it has answered.
    let hand = READY.take().unwrap_or_else(|| Started::pool(1, program::load));
    let done = hand.run(task).await;
    drop(hand);
    // Where no worker could be had, nothing was moved.
    outside::wipe(&secret);
    let done = match done {
        Ok(done) => done,
        Err(TaskFailed::Refused(_)) => return Err(refused),
        // No worker could be had: the page stands still for a second, but it works.
        Err(TaskFailed::Died | TaskFailed::Absent) => {
            return in_place(job, state, passphrase, response, refused);
        }
    };
    // EXPOSE: taken apart; the export key goes from one secret into another.
    let [message, export] = frame::split(done.head.expose()).ok_or(ClientError::Unreadable)?;
    Ok((message.to_vec(), Secret::new(export.to_vec())))
}

fn in_place(
    job: u32,
    state: &[u8],
    passphrase: &Secret<String>,
    response: &[u8],
    refused: ClientError,
) -> Result<(Vec<u8>, Secret<Vec<u8>>), ClientError> {
    // EXPOSE: the passphrase goes into the protocol, which neither logs nor keeps it.
    let passphrase = passphrase.expose().as_bytes();
    let done = match job {
        REGISTER => opaque::registration_finish(state, passphrase, response),
        _ => opaque::login_finish(state, passphrase, response),
    };
    done.map_err(|_| refused)
}
