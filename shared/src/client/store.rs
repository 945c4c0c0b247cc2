//! What a device keeps between visits: small named values, all of them secret.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::cell::RefCell;

use super::turn::{NamedTurn, Turns};

/// The device keeps nothing now: storage is off, full or failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this device cannot keep data")]
pub struct StoreError;

/// A device's own storage. Values are sealed by whoever implements this: in the browser under a
/// key that cannot be taken out, on the command line in a file only its owner can read.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait DeviceStore {
    /// A lock that is held; it is let go when this is dropped.
    type Lock;

    /// Waits until nobody else who writes to this store, in whatever tab, holds the lock of this name, and
    /// takes it: for reading a value, changing it and keeping it. Held for as short as that, never while
    /// something is asked of the network, and never two at once.
    async fn lock(&self, name: &str) -> Self::Lock;

    /// The value under `key`, if any.
    ///
    /// # Errors
    /// [`StoreError`] when the storage does not answer.
    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps `value` under `key`, durably when this returns.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be kept; then the former value stands.
    async fn save(&self, key: &str, value: &[u8]) -> Result<(), StoreError>;

    /// Forgets `key`.
    ///
    /// # Errors
    /// [`StoreError`] when the storage does not answer.
    async fn remove(&self, key: &str) -> Result<(), StoreError>;

    /// All keys that begin with `prefix`, sorted.
    ///
    /// # Errors
    /// [`StoreError`] when the storage does not answer.
    async fn keys(&self, prefix: &str) -> Result<Vec<String>, StoreError>;
}

/// A store that lives as long as the page: for a browser that keeps nothing, a public computer,
/// and tests.
#[derive(Default)]
pub struct MemoryStore {
    values: RefCell<BTreeMap<String, Vec<u8>>>,
    turns: Turns,
}

impl DeviceStore for MemoryStore {
    type Lock = NamedTurn;

    async fn lock(&self, name: &str) -> NamedTurn {
        self.turns.take(name).await
    }

    async fn load(&self, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.values.borrow().get(key).cloned())
    }

    async fn save(&self, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.values.borrow_mut().insert(key.to_string(), value.to_vec());
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.values.borrow_mut().remove(key);
        Ok(())
    }

    async fn keys(&self, prefix: &str) -> Result<Vec<String>, StoreError> {
        Ok(self.values.borrow().keys().filter(|key| key.starts_with(prefix)).cloned().collect())
    }
}
