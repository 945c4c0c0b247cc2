//! What this device keeps, in a real browser: sealed, under its own name, and gone when told.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use app::platform::frame;
use app::platform::locks;
use app::platform::storage::{Storage, StorageFailed};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn what_is_kept_outlives_the_handle_that_kept_it() {
    let storage = Storage::open().await;
    assert!(storage.lasts(), "this browser has a database");
    storage.put("draft/one", b"her words").await.unwrap();
    drop(storage);
    let again = Storage::open().await;
    assert_eq!(again.get("draft/one").await.unwrap().unwrap(), b"her words");
    again.remove("draft/one").await.unwrap();
    assert_eq!(again.get("draft/one").await.unwrap(), None);
}

#[wasm_bindgen_test]
async fn names_are_found_by_their_beginning() {
    let storage = Storage::open().await;
    for name in ["upload/a/1", "upload/a/2", "upload/b/1"] {
        storage.put(name, name.as_bytes()).await.unwrap();
    }
    assert_eq!(storage.names("upload/a/").await.unwrap(), ["upload/a/1", "upload/a/2"]);
    for name in storage.names("upload/").await.unwrap() {
        storage.remove(&name).await.unwrap();
    }
    assert!(storage.names("upload/").await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn the_database_holds_no_word_of_a_value_and_takes_none_from_another_name() {
    let storage = Storage::open().await;
    storage.put("here", b"a word nobody else may find").await.unwrap();
    let sealed = storage.raw("here").await.unwrap();
    assert!(!sealed.windows(6).any(|part| part == b"nobody"));
    // Moved to another name, the same bytes do not open.
    storage.put_raw("there", &sealed).await.unwrap();
    assert_eq!(storage.get("there").await, Err(StorageFailed));
    let mut damaged = sealed;
    *damaged.last_mut().unwrap() ^= 1;
    storage.put_raw("here", &damaged).await.unwrap();
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
}

#[wasm_bindgen_test]
async fn a_lock_is_held_by_one_until_it_is_let_go() {
    let first = locks::take("upload/one").await;
    assert!(first.is_some());
    assert!(locks::take("upload/one").await.is_none());
    assert!(locks::take("upload/two").await.is_some());
    drop(first);
    assert!(locks::take("upload/one").await.is_some());
}

#[wasm_bindgen_test]
fn parameters_of_a_task_come_apart_as_they_were_joined() {
    let joined = frame::join(&[b"job", &7_u32.to_le_bytes()]);
    let [job, index] = frame::split::<2>(&joined).unwrap();
    assert_eq!((job.as_slice(), index.as_slice()), (&b"job"[..], &7_u32.to_le_bytes()[..]));
}
