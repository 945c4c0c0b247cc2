//! A believable firm for an empty portal: 3 people, 12 clients, 20 matters, 60 documents.
//!
//! [`cast`] says who is who, [`script`] what they answer, [`papers`] what they hand in; [`seed`]
//! plays it through the client core over any transport ([`host`]). There is no special path: the
//! server cannot tell the demonstration from people.

pub mod answers;
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

/// Tells how to sign in.
///
/// # Errors
/// When it cannot be written.
pub fn tell(seeded: &Seeded, server: &str, out: &mut impl Write) -> io::Result<()> {
    let server = server.trim_end_matches('/');
    writeln!(
        out,
        "\n{} is ready: {} matters, {} documents.\n",
        cast::FIRM,
        seeded.matters.len(),
        seeded.documents
    )?;
    writeln!(out, "Passphrase of everybody: {}", seed::PASSPHRASE)?;
    writeln!(out, "A browser that is new to an account asks for its twelve words once.\n")?;
    for person in &seeded.people {
        writeln!(out, "{} ({})", person.name, person.post)?;
        writeln!(out, "  sign in at   {server}/unlock")?;
        writeln!(out, "  name         {}", person.handle)?;
        // EXPOSE: telling them is what the demonstration is for.
        writeln!(out, "  words        {}\n", person.words.expose())?;
    }
    writeln!(out, "Links of clients that are still open:")?;
    for (title, link) in &seeded.open_links {
        writeln!(out, "  {title}\n  {server}{link}\n")?;
    }
    writeln!(out, "Fingerprint of the firm: {}", seeded.fingerprint)
}
