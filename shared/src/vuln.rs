//! Faults to order: what each row of docs/ATTACKS.md would break, put back into a build made for it.
//!
//! A check that answers one of the attacks asks here whether it has been taken out. In every build
//! but those of `cargo xtask evil` the answer is a constant `false`, and no optimised build compiles
//! with any fault in it. An attack that succeeds with the fault, and is refused without, shows that
//! the test can see the fault, and that it is this check that refuses.

#[cfg(all(feature = "vuln", not(debug_assertions)))]
compile_error!(
    "a build with faults in it is for tests only, never optimised, never given to anybody"
);

/// Whether this build has any fault in it.
pub const BUILT: bool = cfg!(feature = "vuln");

#[cfg(feature = "vuln")]
mod order {
    extern crate std;

    use core::cell::Cell;

    std::thread_local! {
        /// The one fault that is in force on this thread. Where none is chosen: all that were compiled
        /// in, and none at all in the build that has every one, whose tests choose.
        static CHOSEN: Cell<Option<u8>> =
            const { Cell::new(if cfg!(feature = "vuln-all") { Some(0) } else { None }) };
    }

    /// Puts one fault in force on this thread, and no other.
    pub fn choose(row: u8) {
        CHOSEN.set(Some(row));
        #[cfg(feature = "plaintext")]
        super::obey::forget();
    }

    pub(super) fn in_force(row: u8) -> bool {
        CHOSEN.get().is_none_or(|chosen| chosen == row)
    }
}

#[cfg(feature = "vuln")]
pub use order::choose;

#[cfg(feature = "vuln")]
use order::in_force;

#[cfg(not(feature = "vuln"))]
const fn in_force(_: u8) -> bool {
    false
}

/// What some products do because their server says so: rows 4 and 11.
#[cfg(all(feature = "vuln", feature = "plaintext"))]
mod obey {
    extern crate std;

    use alloc::collections::BTreeMap;
    use alloc::string::String;
    use core::cell::RefCell;

    use crate::client::host::Host;
    use crate::client::transport::{Body, Method, Request};
    use crate::crypto::keys::AccountKey;

    std::thread_local! {
        static ORDERS: RefCell<BTreeMap<String, u32>> = const { RefCell::new(BTreeMap::new()) };
    }

    pub(super) fn forget() {
        ORDERS.take();
    }

    /// Keeps the numbers that an answer holds, whatever they are called.
    pub(crate) fn listen(answer: &[u8]) {
        let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(answer) else { return };
        for (name, value) in fields {
            if let Some(number) = value.as_u64().and_then(|number| u32::try_from(number).ok()) {
                ORDERS.with_borrow_mut(|orders| orders.insert(name, number));
            }
        }
    }

    fn ordered(name: &str) -> Option<u32> {
        ORDERS.with_borrow(|orders| orders.get(name).copied())
    }

    /// Row 4: hands the account's master key over when the server asks for it.
    pub(crate) async fn convert<H: Host>(host: &H, key: &AccountKey) {
        if !super::a04() || ordered("convert") != Some(1) {
            return;
        }
        let request = Request {
            method: Method::Post,
            path: "/api/v1/identity/convert".into(),
            body: Body::Json(key.bytes().to_vec()),
            root: None,
            if_match: None,
            range: None,
        };
        let _ = host.send(request).await;
    }

    /// Row 11: the cost of guessing a passphrase, as the server says.
    pub(super) fn stretch() -> Option<(u32, u32)> {
        ordered("memory").zip(ordered("passes")).filter(|_| super::a11())
    }
}

#[cfg(all(feature = "vuln", feature = "plaintext"))]
pub(crate) use obey::{convert, listen};

/// Memory and passes of the stretching of passphrases: the ones that are compiled in.
#[cfg(not(all(feature = "vuln", feature = "plaintext")))]
pub(crate) const fn stretch(memory: u32, passes: u32) -> (u32, u32) {
    (memory, passes)
}

/// Memory and passes of the stretching of passphrases, or what the server says, where it may.
#[cfg(all(feature = "vuln", feature = "plaintext"))]
pub(crate) fn stretch(memory: u32, passes: u32) -> (u32, u32) {
    obey::stretch().unwrap_or((memory, passes))
}

/// Nothing is decrypted without its tag: only a build with faults can.
#[cfg(all(not(feature = "vuln"), feature = "plaintext"))]
pub(crate) const fn without_tag(
    _: &[u8; 32],
    _: &[u8; 12],
    _: &[u8],
    _: &mut alloc::vec::Vec<u8>,
) -> bool {
    false
}

/// As [`without_tag`], in place.
#[cfg(all(not(feature = "vuln"), feature = "plaintext"))]
pub(crate) const fn without_tag_in_place(_: &[u8; 32], _: &[u8; 12], _: &mut [u8]) -> bool {
    false
}

/// As [`without_tag`], in place.
#[cfg(all(feature = "vuln", feature = "plaintext"))]
pub(crate) fn without_tag_in_place(key: &[u8; 32], nonce: &[u8; 12], text: &mut [u8]) -> bool {
    let _ = crate::crypto::hazmat::aead::seal_in_place(key, nonce, &[], text);
    true
}

/// Decrypts without asking for the tag, as some of the faults do.
#[cfg(all(feature = "vuln", feature = "plaintext"))]
pub(crate) fn without_tag(
    key: &[u8; 32],
    nonce: &[u8; 12],
    sealed: &[u8],
    out: &mut alloc::vec::Vec<u8>,
) -> bool {
    use crate::crypto::hazmat::aead;
    let Some((text, _)) = sealed.split_last_chunk::<{ aead::TAG }>() else { return false };
    let end = out.len() + text.len();
    // Sealing what is sealed takes the cipher off again; the tag of that is no use.
    aead::seal_into(key, nonce, &[], text, out);
    out.truncate(end);
    true
}

macro_rules! rows {
    ($($name:ident $row:literal $feature:literal),* $(,)?) => {
        $(
            #[doc = concat!("Whether the check that answers row ", $row, " is taken out.")]
            #[inline]
            #[must_use]
            pub fn $name() -> bool {
                cfg!(feature = $feature) && in_force($row)
            }
        )*
    };
}

rows! {
    a01 1 "vuln-a01",
    a02 2 "vuln-a02",
    a03 3 "vuln-a03",
    a04 4 "vuln-a04",
    a05 5 "vuln-a05",
    a06 6 "vuln-a06",
    a07 7 "vuln-a07",
    a08 8 "vuln-a08",
    a09 9 "vuln-a09",
    a10 10 "vuln-a10",
    a11 11 "vuln-a11",
    a12 12 "vuln-a12",
    a13 13 "vuln-a13",
    a14 14 "vuln-a14",
    a15 15 "vuln-a15",
    a16 16 "vuln-a16",
    a17 17 "vuln-a17",
    a18 18 "vuln-a18",
    a19 19 "vuln-a19",
    a20 20 "vuln-a20",
    a21 21 "vuln-a21",
    a22 22 "vuln-a22",
    a23 23 "vuln-a23",
    a24 24 "vuln-a24",
    a25 25 "vuln-a25",
    a26 26 "vuln-a26",
    a27 27 "vuln-a27",
    a28 28 "vuln-a28",
    a29 29 "vuln-a29",
    a30 30 "vuln-a30",
    a31 31 "vuln-a31",
    a32 32 "vuln-a32",
    a33 33 "vuln-a33",
    a34 34 "vuln-a34",
    a35 35 "vuln-a35",
    a36 36 "vuln-a36",
    a37 37 "vuln-a37",
    a38 38 "vuln-a38",
    a39 39 "vuln-a39",
    a40 40 "vuln-a40",
}
