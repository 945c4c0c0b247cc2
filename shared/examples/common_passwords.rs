//! Writes the list of common passwords that the desk fetches: `common_passwords PASSWORDS LIST`, where
//! PASSWORDS has one in each line, commonest first. `cargo xtask passwords` calls it with the right ones.

use std::error::Error;
use std::fs;

use shared::identity::passphrase::list::encode;

fn main() -> Result<(), Box<dyn Error>> {
    let [_, from, to] = std::env::args()
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "this takes two files: the passwords to read, and the list to write")?;
    fs::write(to, encode(fs::read_to_string(from)?.lines()))?;
    Ok(())
}
