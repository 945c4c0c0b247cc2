//! What this device keeps: sealed, under its own name, gone when told, and under one key.

use app::platform::storage::{Storage, StorageFailed};
use futures::future::join;
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::script::{run, wait};

/// Asks the database itself, past the app: `asked` is a request on the store of values.
async fn values(asked: &str, name: &str, bytes: &JsValue) -> JsValue {
    let body = [
        "return new Promise((done, refuse) => {
            const open = indexedDB.open('underseal', 1);
            open.onerror = () => refuse(open.error);
            open.onsuccess = () => {
                const change = open.result.transaction('values', 'readwrite');
                const store = change.objectStore('values');
                const asked = ",
        asked,
        ";
                change.oncomplete = () => { open.result.close(); done(asked.result); };
                change.onabort = () => refuse(change.error);
            };
        });",
    ]
    .concat();
    wait("name, bytes", &body, &[&name.into(), bytes]).await
}

/// The bytes under a name as they lie in the database.
async fn raw(name: &str) -> Vec<u8> {
    let found = values("store.get(name)", name, &JsValue::UNDEFINED).await;
    assert!(!found.is_undefined(), "nothing lies under {name}");
    Uint8Array::new(&found).to_vec()
}

/// Puts bytes under a name as they are.
async fn put_raw(name: &str, bytes: &[u8]) {
    values("store.put(bytes, name)", name, &Uint8Array::from(bytes).into()).await;
}

#[wasm_bindgen_test]
async fn what_is_kept_outlives_the_handle_that_kept_it() {
    let storage = Storage::open().await;
    assert!(storage.lasts(), "this browser has a database");
    storage.put("draft/one", b"her words").await.unwrap();
    drop(storage);
    let again = Storage::open().await;
    assert_eq!(again.get("draft/one").await.unwrap().unwrap(), b"her words");
    again.put("draft/one", b"").await.unwrap();
    assert_eq!(again.get("draft/one").await.unwrap().unwrap(), b"");
    again.remove("draft/one").await.unwrap();
    assert_eq!(again.get("draft/one").await.unwrap(), None);
    // What is not there can be removed again.
    again.remove("draft/one").await.unwrap();
}

#[wasm_bindgen_test]
async fn names_are_found_by_their_beginning() {
    for storage in [Storage::open().await, Storage::in_memory()] {
        for name in ["upload/b/1", "upload/a/2", "upload/a/1", "up"] {
            storage.put(name, name.as_bytes()).await.unwrap();
        }
        assert_eq!(storage.names("upload/a/").await.unwrap(), ["upload/a/1", "upload/a/2"]);
        assert_eq!(storage.names("upload/").await.unwrap().len(), 3);
        for name in storage.names("up").await.unwrap() {
            storage.remove(&name).await.unwrap();
        }
        assert!(storage.names("").await.unwrap().is_empty());
    }
}

#[wasm_bindgen_test]
async fn the_database_holds_no_word_of_a_value_and_takes_none_from_another_name() {
    let storage = Storage::open().await;
    storage.put("here", b"a word nobody else may find").await.unwrap();
    let sealed = raw("here").await;
    assert!(!sealed.windows(6).any(|part| part == b"nobody"));
    // Moved to another name, the same bytes do not open.
    put_raw("there", &sealed).await;
    assert_eq!(storage.get("there").await, Err(StorageFailed));
    let mut damaged = sealed;
    *damaged.last_mut().unwrap() ^= 1;
    put_raw("here", &damaged).await;
    assert_eq!(storage.get("here").await, Err(StorageFailed));
    put_raw("here", b"short").await;
    assert_eq!(storage.get("here").await, Err(StorageFailed));
    storage.remove("here").await.unwrap();
    storage.remove("there").await.unwrap();
}

#[wasm_bindgen_test]
async fn memory_keeps_nothing_beyond_itself() {
    let memory = Storage::in_memory();
    assert!(!memory.lasts());
    memory.put("draft/two", b"words").await.unwrap();
    assert_eq!(memory.get("draft/two").await.unwrap().unwrap(), b"words");
    assert_eq!(Storage::open().await.get("draft/two").await.unwrap(), None);
    assert_eq!(Storage::in_memory().get("draft/two").await.unwrap(), None);
}

/// Takes every key and value off this device, as a first visit finds it.
async fn empty_device() {
    drop(Storage::open().await);
    let body = "return new Promise((done, refuse) => {
        const open = indexedDB.open('underseal', 1);
        open.onerror = () => refuse(open.error);
        open.onsuccess = () => {
            const all = open.result.transaction(['values', 'keys'], 'readwrite');
            all.objectStore('values').clear();
            all.objectStore('keys').clear();
            all.oncomplete = () => { open.result.close(); done(); };
            all.onabort = () => refuse(all.error);
        };
    });";
    wait("", body, &[]).await;
}

#[wasm_bindgen_test]
async fn two_tabs_on_a_first_visit_agree_on_one_key() {
    for _ in 0..8 {
        empty_device().await;
        let (one, other) = join(Storage::open(), Storage::open()).await;
        one.put("by/one", b"1").await.unwrap();
        other.put("by/other", b"2").await.unwrap();
        let later = Storage::open().await;
        for storage in [&one, &other, &later] {
            assert_eq!(storage.get("by/one").await.unwrap().unwrap(), b"1");
            assert_eq!(storage.get("by/other").await.unwrap().unwrap(), b"2");
        }
    }
    empty_device().await;
}

#[wasm_bindgen_test]
async fn a_key_that_is_lost_takes_the_values_with_it() {
    empty_device().await;
    let storage = Storage::open().await;
    storage.put("name", b"words").await.unwrap();
    let sealed = raw("name").await;
    empty_device().await;
    let fresh = Storage::open().await;
    put_raw("name", &sealed).await;
    assert_eq!(fresh.get("name").await, Err(StorageFailed));
    empty_device().await;
}

/// While it lives, the browser has another `indexedDB`, or none.
struct Instead(JsValue);

impl Instead {
    fn of(database: &JsValue) -> Self {
        let body = "const kept = Object.getOwnPropertyDescriptor(window, 'indexedDB');
            Object.defineProperty(window, 'indexedDB', { value: database, configurable: true });
            return kept;";
        Self(run("database", body, &[database]))
    }
}

impl Drop for Instead {
    fn drop(&mut self) {
        run("kept", "Object.defineProperty(window, 'indexedDB', kept)", &[&self.0]);
    }
}

/// It works as any other, and says that it keeps nothing.
async fn keeps_nothing() {
    let storage = Storage::open().await;
    assert!(!storage.lasts());
    storage.put("draft/private", b"words").await.unwrap();
    assert_eq!(storage.get("draft/private").await.unwrap().unwrap(), b"words");
    assert_eq!(Storage::open().await.get("draft/private").await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn a_browser_without_a_database_falls_back_to_memory() {
    let instead = Instead::of(&JsValue::UNDEFINED);
    keeps_nothing().await;
    drop(instead);
    assert!(Storage::open().await.lasts());
}

#[wasm_bindgen_test]
async fn a_private_window_that_refuses_its_database_falls_back_to_memory() {
    // It throws when it is opened, as some browsers do.
    let throws = run("", "return Object.create(IDBFactory.prototype)", &[]);
    let instead = Instead::of(&throws);
    keeps_nothing().await;
    drop(instead);
    // It fails a moment after it was opened, as others do.
    let late = "const real = indexedDB;
        return Object.create(IDBFactory.prototype, { open: { value: () => {
            const request = real.open('underseal-refused', 1);
            request.addEventListener('upgradeneeded', () => request.transaction.abort());
            return request;
        } } });";
    let instead = Instead::of(&run("", late, &[]));
    keeps_nothing().await;
    drop(instead);
    assert!(Storage::open().await.lasts());
}
