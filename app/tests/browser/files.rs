//! Files as a person picks them: their slices, and what is saved without standing whole in memory.

use app::platform::file::{BlobUrl, Parts, Picked, chosen, read};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast as _;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::script::{run, wait};

const SIZE: u64 = 10_000;

fn bytes() -> Vec<u8> {
    (0..SIZE).map(|at| (at * 31 % 251) as u8).collect()
}

/// Picks one file by an input, as the system's dialog does.
fn pick(name: &str, bytes: &[u8]) -> Picked {
    let put = "const input = document.createElement('input');
        input.type = 'file';
        const data = new DataTransfer();
        data.items.add(new File([bytes], name, { type: 'application/pdf', lastModified: 1700000000000 }));
        input.files = data.files;
        return input;";
    let bytes = Uint8Array::from(bytes);
    let input = run("name, bytes", put, &[&name.into(), &bytes]).unchecked_into();
    let mut files = chosen(&input);
    assert_eq!(files.len(), 1);
    // Emptied, so that the same file can be chosen again.
    assert!(chosen(&input).is_empty());
    files.remove(0)
}

#[wasm_bindgen_test]
async fn slices_are_exactly_the_bytes_asked_for() {
    let (file, all) = (pick("scan.pdf", &bytes()), bytes());
    for (from, to) in [(0, SIZE), (0, 1), (4095, 4097), (SIZE - 1, SIZE), (7, 7)] {
        let slice = file.slice(from, to).unwrap();
        assert_eq!(read(&slice).await.unwrap(), &all[from as usize..to as usize]);
    }
    // A slice beyond the end is short, never padded.
    let beyond = file.slice(SIZE - 2, SIZE + 100).unwrap();
    assert_eq!(read(&beyond).await.unwrap().len(), 2);
    assert_eq!(read(&file.blob()).await.unwrap(), all);
}

#[wasm_bindgen_test]
fn what_is_known_of_a_file_is_what_the_browser_says() {
    let file = pick("Ünïcode \u{202e}name.pdf", &bytes());
    assert_eq!(file.name(), "Ünïcode \u{202e}name.pdf");
    assert_eq!((file.size(), file.modified()), (SIZE, 1_700_000_000_000));
    assert_eq!(file.media_type(), "application/pdf");
}

#[wasm_bindgen_test]
async fn an_empty_file_is_a_file() {
    let file = pick("empty.txt", b"");
    assert_eq!(file.size(), 0);
    assert_eq!(read(&file.slice(0, 0).unwrap()).await.unwrap(), b"");
}

#[wasm_bindgen_test]
async fn parts_come_together_in_their_order() {
    let parts = Parts::new();
    parts.add(b"first ");
    parts.add(b"");
    parts.add(b"second");
    let whole = parts.join("text/plain").unwrap();
    assert_eq!(whole.type_(), "text/plain");
    assert_eq!(read(&whole).await.unwrap(), b"first second");
    assert_eq!(read(&Parts::new().join("").unwrap()).await.unwrap(), b"");
}

#[wasm_bindgen_test]
async fn an_address_of_opened_bytes_ends_with_its_holder() {
    let parts = Parts::new();
    parts.add(b"opened");
    let url = BlobUrl::new(&parts.join("text/plain").unwrap()).unwrap();
    let address = url.as_str().into();
    let ask = "return fetch(address).then((answer) => answer.text(), () => 'gone')";
    assert_eq!(wait("address", ask, &[&address]).await, "opened");
    drop(url);
    assert_eq!(wait("address", ask, &[&address]).await, "gone");
}
