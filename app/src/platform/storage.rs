//! What this device keeps: an IndexedDB of sealed values.
//!
//! Every value is sealed under a WebCrypto key that cannot be read out and lives in the same
//! database, so that a copied profile folder alone says little. Where the browser gives no
//! database (some private windows), the values stay in memory, and [`Storage::lasts`] says so:
//! the pages then no longer claim that anything was saved.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::oneshot;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    CryptoKey, IdbDatabase, IdbFactory, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use super::page;
use super::sealed_box;

const DATABASE: &str = "underseal";
const VALUES: &str = "values";
const KEYS: &str = "keys";
const DEVICE_KEY: &str = "device";

/// The device refused to keep or give a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageFailed;

enum Place {
    Database { base: IdbDatabase, key: CryptoKey },
    Memory(RefCell<BTreeMap<String, Vec<u8>>>),
}

/// A handle on what this device keeps. Cheap to copy about.
#[derive(Clone)]
pub struct Storage(Rc<Place>);

impl Storage {
    /// Opens the device's database, or a place in memory where there is none.
    pub async fn open() -> Self {
        match Self::open_database().await {
            Ok(place) => Self(Rc::new(place)),
            Err(StorageFailed) => Self::in_memory(),
        }
    }

    /// Keeps nothing beyond the page: the public-computer mode.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Rc::new(Place::Memory(RefCell::default())))
    }

    /// Whether a value outlives the page.
    #[must_use]
    pub fn lasts(&self) -> bool {
        matches!(*self.0, Place::Database { .. })
    }

    async fn open_database() -> Result<Place, StorageFailed> {
        let factory = factory().ok_or(StorageFailed)?;
        let request = factory.open_with_u32(DATABASE, 1).map_err(|_| StorageFailed)?;
        let upgrade = Closure::once_into_js(move |event: web_sys::Event| {
            let request =
                event.target().and_then(|target| target.dyn_into::<IdbOpenDbRequest>().ok());
            let base = request.and_then(|request| request.result().ok());
            if let Some(base) = base.and_then(|base| base.dyn_into::<IdbDatabase>().ok()) {
                let _ = base.create_object_store(VALUES);
                let _ = base.create_object_store(KEYS);
            }
        });
        request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        let base: IdbDatabase = answer(&request).await?.dyn_into().map_err(|_| StorageFailed)?;
        let key = device_key(&base).await?;
        Ok(Place::Database { base, key })
    }

    /// The value under this name.
    ///
    /// # Errors
    /// When the database fails or the value was not sealed by this device under this name.
    pub async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StorageFailed> {
        match &*self.0 {
            Place::Memory(values) => Ok(values.borrow().get(name).cloned()),
            Place::Database { base, key } => {
                let found = read(base, VALUES, name).await?;
                if found.is_undefined() {
                    return Ok(None);
                }
                let sealed = Uint8Array::new(&found);
                sealed_box::open(key, name, &sealed).await.map(Some).ok_or(StorageFailed)
            }
        }
    }

    /// Keeps a value; it is on the device's disk when this returns.
    ///
    /// # Errors
    /// When the database fails, for want of space for instance.
    pub async fn put(&self, name: &str, value: &[u8]) -> Result<(), StorageFailed> {
        match &*self.0 {
            Place::Memory(values) => {
                values.borrow_mut().insert(name.to_owned(), value.to_vec());
                Ok(())
            }
            Place::Database { base, key } => {
                let sealed = sealed_box::seal(key, name, value).await.ok_or(StorageFailed)?;
                write(base, VALUES, name, &sealed).await
            }
        }
    }

    /// Forgets a value.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove(&self, name: &str) -> Result<(), StorageFailed> {
        match &*self.0 {
            Place::Memory(values) => {
                values.borrow_mut().remove(name);
                Ok(())
            }
            Place::Database { base, .. } => {
                let store = store(base, VALUES, IdbTransactionMode::Readwrite)?;
                let request = store.delete(&name.into()).map_err(|_| StorageFailed)?;
                answer(&request).await.map(drop)
            }
        }
    }

    /// The names that begin with `prefix`, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn names(&self, prefix: &str) -> Result<Vec<String>, StorageFailed> {
        match &*self.0 {
            Place::Memory(values) => Ok(values
                .borrow()
                .keys()
                .filter(|name| name.starts_with(prefix))
                .cloned()
                .collect()),
            Place::Database { base, .. } => {
                let store = store(base, VALUES, IdbTransactionMode::Readonly)?;
                let request = store.get_all_keys().map_err(|_| StorageFailed)?;
                let keys: Array = answer(&request).await?.unchecked_into();
                let names = keys.iter().filter_map(|key| key.as_string());
                Ok(names.filter(|name| name.starts_with(prefix)).collect())
            }
        }
    }
}

fn factory() -> Option<IdbFactory> {
    let found = js_sys::Reflect::get(&page::window(), &"indexedDB".into()).ok()?;
    found.dyn_into().ok()
}

/// One key a device, made on first use. It can seal and open, and cannot be read.
async fn device_key(base: &IdbDatabase) -> Result<CryptoKey, StorageFailed> {
    let found = read(base, KEYS, DEVICE_KEY).await?;
    if let Ok(key) = found.dyn_into::<CryptoKey>() {
        return Ok(key);
    }
    let key = sealed_box::new_key().await.ok_or(StorageFailed)?;
    // Two tabs may come here at once. The first key stays: a second that took its place would leave
    // behind values that nothing opens.
    let transaction = begin(base, KEYS, IdbTransactionMode::Readwrite)?;
    let store = transaction.object_store(KEYS).map_err(|_| StorageFailed)?;
    store.add_with_key(&key, &DEVICE_KEY.into()).map_err(|_| StorageFailed)?;
    let _ = ended(&transaction).await;
    let kept = read(base, KEYS, DEVICE_KEY).await?;
    kept.dyn_into().map_err(|_| StorageFailed)
}

fn begin(
    base: &IdbDatabase,
    place: &str,
    mode: IdbTransactionMode,
) -> Result<IdbTransaction, StorageFailed> {
    base.transaction_with_str_and_mode(place, mode).map_err(|_| StorageFailed)
}

fn store(
    base: &IdbDatabase,
    name: &str,
    mode: IdbTransactionMode,
) -> Result<web_sys::IdbObjectStore, StorageFailed> {
    begin(base, name, mode)?.object_store(name).map_err(|_| StorageFailed)
}

async fn read(base: &IdbDatabase, place: &str, name: &str) -> Result<JsValue, StorageFailed> {
    let store = store(base, place, IdbTransactionMode::Readonly)?;
    let request = store.get(&name.into()).map_err(|_| StorageFailed)?;
    answer(&request).await
}

async fn write(
    base: &IdbDatabase,
    place: &str,
    name: &str,
    value: &JsValue,
) -> Result<(), StorageFailed> {
    let transaction = begin(base, place, IdbTransactionMode::Readwrite)?;
    let store = transaction.object_store(place).map_err(|_| StorageFailed)?;
    store.put_with_key(value, &name.into()).map_err(|_| StorageFailed)?;
    ended(&transaction).await
}

/// Waits for the transaction, not for the request: only then is the value on the disk.
async fn ended(transaction: &IdbTransaction) -> Result<(), StorageFailed> {
    let (done, wait) = oneshot::channel();
    let done = Rc::new(RefCell::new(Some(done)));
    let tell = |good: bool| {
        let done = Rc::clone(&done);
        Closure::once_into_js(move |_: JsValue| {
            if let Some(done) = done.borrow_mut().take() {
                let _ = done.send(good);
            }
        })
    };
    transaction.set_oncomplete(Some(tell(true).unchecked_ref()));
    transaction.set_onabort(Some(tell(false).unchecked_ref()));
    transaction.set_onerror(Some(tell(false).unchecked_ref()));
    if wait.await == Ok(true) { Ok(()) } else { Err(StorageFailed) }
}

/// The result of a request.
async fn answer(request: &IdbRequest) -> Result<JsValue, StorageFailed> {
    let (done, wait) = oneshot::channel();
    let done = Rc::new(RefCell::new(Some(done)));
    let good = {
        let (done, request) = (Rc::clone(&done), request.clone());
        Closure::once_into_js(move |_: JsValue| {
            if let Some(done) = done.borrow_mut().take() {
                let _ = done.send(request.result().map_err(|_| StorageFailed));
            }
        })
    };
    let bad = Closure::once_into_js(move |_: JsValue| {
        if let Some(done) = done.borrow_mut().take() {
            let _ = done.send(Err(StorageFailed));
        }
    });
    request.set_onsuccess(Some(good.unchecked_ref()));
    request.set_onerror(Some(bad.unchecked_ref()));
    wait.await.unwrap_or(Err(StorageFailed))
}
