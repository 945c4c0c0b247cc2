//! A believable firm for an empty portal: 3 people, 12 clients, 20 matters, 60 documents.
//!
//! [`cast`] says who is who, [`script`] what they answer, [`papers`] what they hand in; [`seed`]
//! plays it through the client core over any transport ([`host`]). There is no special path: the
//! server cannot tell the demonstration from people.

pub mod answers;
pub mod authenticator;
pub mod cast;
pub mod host;
pub mod jpeg;
pub mod papers;
pub mod pdf;
pub mod picture;
pub mod script;
pub mod seed;

pub use seed::{Seeded, seed};

use std::io::{self, Write};

use shared::encoding::{B64, to_hex};

/// Runs a future whose every step is done when it is asked: HTTP here waits by itself.
///
/// # Panics
/// When a step waits for something else: that would wait for ever.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("nothing in the program waits elsewhere"),
    }
}

/// What stands before the key that says which portal a text is about.
const PORTAL: &str = "Log key of the portal: ";
const SIGN_IN: &str = "  sign in at   ";

/// Tells how to sign in; `log_key` is the portal's.
///
/// # Errors
/// When it cannot be written.
pub fn tell(seeded: &Seeded, log_key: &B64, server: &str, out: &mut impl Write) -> io::Result<()> {
    let server = server.trim_end_matches('/');
    writeln!(
        out,
        "\n{} is ready: {} matters, {} documents.\n",
        cast::FIRM,
        seeded.matters.len(),
        seeded.documents
    )?;
    writeln!(out, "Passphrase of everybody: {}\n", seed::PASSPHRASE)?;
    writeln!(
        out,
        "The first time in a browser, choose \"Use your recovery words\", enter the name and the"
    )?;
    writeln!(
        out,
        "twelve words, and make a passkey there, or choose the passphrase again with an app for"
    )?;
    writeln!(out, "six-digit codes. After that the way you chose is enough.\n")?;
    for person in &seeded.people {
        writeln!(out, "{} ({})", person.name, person.post)?;
        writeln!(out, "{SIGN_IN}{server}/unlock")?;
        writeln!(out, "  name         {}", person.handle)?;
        // EXPOSE: telling them is what the demonstration is for.
        writeln!(out, "  words        {}\n", person.words.expose())?;
    }
    writeln!(out, "Links of clients that are still open:")?;
    for (title, link) in &seeded.open_links {
        writeln!(out, "  {title}\n  {server}{link}\n")?;
    }
    writeln!(out, "Fingerprint of the firm: {}", seeded.fingerprint)?;
    writeln!(out, "{PORTAL}{}", to_hex(&log_key.0))
}

/// A text that was told before, with the address where the portal is now; `None` when it is about
/// another portal.
#[must_use]
pub fn told_again(text: &str, log_key: &B64, server: &str) -> Option<String> {
    let about = text.lines().find_map(|line| line.strip_prefix(PORTAL))?;
    let was = text.lines().find_map(|line| line.strip_prefix(SIGN_IN)?.strip_suffix("/unlock"))?;
    (about == to_hex(&log_key.0)).then(|| text.replace(was, server.trim_end_matches('/')))
}
