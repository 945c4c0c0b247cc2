//! The secret part of a link: read once, and then nowhere in the address.

use app::platform::page;
use app::portal::Fragment;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::script::run;

/// Arrives at an address, as a click on a link does, and gives the length of the history then.
fn arrive(address: &str) -> f64 {
    run("to", "history.replaceState(null, '', to); return history.length", &[&address.into()])
        .as_f64()
        .unwrap()
}

fn shown() -> String {
    run("", "return location.href", &[]).as_string().unwrap()
}

/// Back to where the tests' own page is.
struct Back(JsValue);

impl Back {
    fn later() -> Self {
        Self(run("", "return location.pathname", &[]))
    }
}

impl Drop for Back {
    fn drop(&mut self) {
        run("to", "history.replaceState(null, '', to)", &[&self.0]);
    }
}

#[wasm_bindgen_test]
fn the_secret_leaves_the_address_when_it_is_read() {
    let _back = Back::later();
    let entries = arrive("/i/00112233445566778899aabbccddeeff#1.secret.print");
    assert_eq!(page::take_fragment().as_deref(), Some("1.secret.print"));
    assert!(shown().ends_with("/i/00112233445566778899aabbccddeeff"), "{}", shown());
    assert_eq!(page::path(), "/i/00112233445566778899aabbccddeeff");
    assert_eq!(page::take_fragment(), None);
    // The entry in the history was replaced: going back does not lead to it.
    assert_eq!(run("", "return history.length", &[]), entries);
}

#[wasm_bindgen_test]
fn a_program_takes_it_once() {
    let _back = Back::later();
    arrive("/i/00112233445566778899aabbccddeeff#1.secret.print");
    Fragment::keep();
    assert!(!shown().contains("secret"));
    assert_eq!(Fragment::take().as_deref(), Some("1.secret.print"));
    assert_eq!(Fragment::take(), None);
}

#[wasm_bindgen_test]
fn an_address_without_one_has_none() {
    let _back = Back::later();
    for address in ["/i/00", "/i/00#", "/unlock?next=1"] {
        arrive(address);
        assert_eq!(page::take_fragment(), None, "{address}");
    }
}
